"""What was decided on labelled radiographs, counted by the truth."""

import numpy as np
from numpy.typing import NDArray

from hilum.evaluation.figures.outcomes import Outcomes
from hilum.findings import Finding
from hilum.models.card import Card
from hilum.models.decision import Decision, decide

_SIDES = {"positive": True, "negative": False}


def decisions(card: Card, score: NDArray[np.float64]) -> list[Decision]:
    """What the service decides at the card's operating point.

    Parameters
    ----------
    card : Card
    score : ndarray, shape (n,)
        Probability of the target.

    Returns
    -------
    list of Decision, length n
    """
    point = card.operating_points[card.target]
    return [decide(float(likely), card.target, card.conformal, point) for likely in score]


def decisions_by_truth(outcomes: Outcomes, card: Card) -> dict[str, dict[str, int]]:
    """Counts by truth, then by what the service decides: positive, uncertain, negative."""
    truth = outcomes.has(card, card.target)
    said = np.array([each.value for each in decisions(card, outcomes.of(card, card.target))])
    columns = (Decision.POSITIVE, Decision.UNCERTAIN, Decision.NEGATIVE)
    return {
        true: {
            column.value: int(((truth == is_true) & (said == column.value)).sum())
            for column in columns
        }
        for true, is_true in _SIDES.items()
    }


def confusion_at_point(outcomes: Outcomes, card: Card) -> dict[str, dict[str, int]]:
    """Counts by truth, then by decision at the operating point."""
    truth = outcomes.has(card, card.target)
    called = outcomes.of(card, card.target) >= card.operating_points[card.target].threshold
    return {
        true: {
            said: int(((truth == is_true) & (called == is_said)).sum())
            for said, is_said in _SIDES.items()
        }
        for true, is_true in _SIDES.items()
    }


def confusion_by_finding(outcomes: Outcomes, card: Card) -> dict[str, dict[str, int]]:
    """Counts by labelled finding, then by the most probable of the model's findings."""
    called = outcomes.probabilities.argmax(axis=1)
    labels = outcomes.radiographs["finding"].to_numpy()
    present = [f.value for f in Finding if (labels == f.value).any()]
    return {
        true: {
            said.value: int(((labels == true) & (called == j)).sum())
            for j, said in enumerate(card.findings)
        }
        for true in present
    }
