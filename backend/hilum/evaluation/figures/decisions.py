"""Counts of decisions on labelled radiographs, by label."""

import numpy as np
from numpy.typing import NDArray

from hilum.datasets.labels import labels_in_words
from hilum.evaluation.figures.outcomes import Outcomes
from hilum.evaluation.figures.task_outcomes import TaskOutcomes
from hilum.findings import Finding
from hilum.models.card import Activation, Card
from hilum.models.decision import Decision, decide
from hilum.models.task import Task

_SIDES = {"positive": True, "negative": False}


def decisions(task: Task, score: NDArray[np.float64]) -> list[Decision]:
    """Decisions of the service at a task's operating point.

    Parameters
    ----------
    score : ndarray, shape (n,)
        Probability of the finding.

    Returns
    -------
    list of Decision, length n
    """
    return [decide(float(likely), task.conformal, task.operating_point) for likely in score]


def decisions_by_truth(said: TaskOutcomes, task: Task) -> dict[str, dict[str, int]]:
    """Counts by label, then by decision: positive, uncertain, negative."""
    decided = np.array([each.value for each in decisions(task, said.score)])
    columns = (Decision.POSITIVE, Decision.UNCERTAIN, Decision.NEGATIVE)
    return {
        true: {
            column.value: int(((said.truth == is_true) & (decided == column.value)).sum())
            for column in columns
        }
        for true, is_true in _SIDES.items()
    }


def confusion_at_point(said: TaskOutcomes, task: Task) -> dict[str, dict[str, int]]:
    """Counts by truth, then by decision at the operating point."""
    called = said.score >= task.operating_point.threshold
    return {
        true: {
            words: int(((said.truth == is_true) & (called == is_said)).sum())
            for words, is_said in _SIDES.items()
        }
        for true, is_true in _SIDES.items()
    }


def confusion_by_finding(outcomes: Outcomes, card: Card) -> dict[str, dict[str, int]]:
    """Counts by label, then by the most probable output; empty for a sigmoid, which has none."""
    if card.activation is not Activation.SOFTMAX:
        return {}
    called = outcomes.probabilities.argmax(axis=1)
    labels = np.array(labels_in_words(outcomes.radiographs))
    return {
        true: {
            said.value: int(((labels == true) & (called == j)).sum())
            for j, said in enumerate(card.outputs)
        }
        for true in sorted(set(labels.tolist()), key=_order)
    }


def _order(words: str) -> tuple[int, str]:
    """Findings in the vocabulary's order, then several at once."""
    codes = [finding.value for finding in Finding]
    return (codes.index(words) if words in codes else len(codes), words)
