"""All figures of a model on labelled pictures, each with its 95 % interval."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hilum.datasets.spelling import NOT_STATED, SUBGROUPS
from hilum.evaluation.figures import statistics as stats
from hilum.evaluation.figures.decisions import decisions
from hilum.evaluation.figures.outcomes import Outcomes
from hilum.evaluation.figures.resampling import Figure, PatientBootstrap, Weights
from hilum.findings import Finding
from hilum.models.card import Card
from hilum.models.conformal import prediction_set
from hilum.models.decision import Decision
from hilum.models.measured import Interval

WORDS = {
    "auroc": "AUROC",
    "auprc": "AUPRC (average precision)",
    "accuracy": "Accuracy",
    "sensitivity": "Sensitivity",
    "specificity": "Specificity",
    "positive_predictive_value": "Positive predictive value, own prevalence",
    "negative_predictive_value": "Negative predictive value, own prevalence",
    "positive_predictive_value_at_prevalence": "Positive predictive value, stated prevalence",
    "negative_predictive_value_at_prevalence": "Negative predictive value, stated prevalence",
    "f1": "F1",
    "net_benefit": "Net benefit at the operating point",
    "expected_calibration_error": "Expected calibration error",
    "brier": "Brier score",
    "log_loss": "Log loss",
    "conformal_coverage_positive": "Truth in the prediction set, positive pictures",
    "conformal_coverage_negative": "Truth in the prediction set, negative pictures",
    "uncertain_share": "Share read as uncertain",
    "decided_sensitivity": "Positive pictures decided positive",
    "decided_specificity": "Negative pictures decided negative",
    "uncertain_share_positive": "Positive pictures left uncertain",
    "uncertain_share_negative": "Negative pictures left uncertain",
    "bacterial_against_viral_auroc": "AUROC, bacterial against viral",
    "bacterial_against_viral_accuracy": "Accuracy, bacterial against viral",
}
"""Every figure's name in files, and what people are shown, in the order of tables."""

FEW = 30
"""Below so many pictures a subgroup's figures say little, and a warning stands beside them."""

_NOT_IN_SUBGROUPS = frozenset(
    {
        "positive_predictive_value_at_prevalence",
        "negative_predictive_value_at_prevalence",
        "net_benefit",
    }
)


_CENTRED = frozenset({"expected_calibration_error"})
"""Figures that resampling makes larger; see `PatientBootstrap.centred_interval`."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a group of pictures.

    Attributes
    ----------
    images, patients, positives : int
    figures : mapping of str to Interval or None
        By the names of `WORDS`; None where undefined, absent where the model has no such thing.
    """

    images: int
    patients: int
    positives: int
    figures: dict[str, Interval | None]

    @property
    def is_small(self) -> bool:
        """Whether there are too few pictures to say much."""
        return self.images < FEW


class Said(Protocol):
    """What a model said of labelled pictures; `Outcomes`, and `metrics.Predictions`."""

    @property
    def patients(self) -> Sequence[str]: ...
    def of(self, card: Card, finding: Finding) -> NDArray[np.float64]: ...
    def has(self, card: Card, finding: Finding) -> NDArray[np.bool_]: ...


def measure(outcomes: Said, card: Card, *, prevalence: float | None = None) -> Figures:
    """Every figure at the card's operating point.

    Parameters
    ----------
    outcomes : Said
    card : Card
    prevalence : float, optional
        At which predictive values are stated besides, in (0, 1).

    Returns
    -------
    Figures
    """
    truth, score = outcomes.has(card, card.target), outcomes.of(card, card.target)
    bootstrap = PatientBootstrap(outcomes.patients)
    defined = {
        **_of_score(truth, score),
        **_at_point(truth, score, card.operating_points[card.target].threshold, prevalence),
        **_of_sets(truth, prediction_sets(card, score)),
        **_of_decisions(card, truth, score),
    }
    found = {
        name: (bootstrap.centred_interval if name in _CENTRED else bootstrap.interval)(figure)
        for name, figure in defined.items()
    }
    found |= _bacterial_against_viral(outcomes, card)
    return Figures(
        images=len(truth),
        patients=len(set(outcomes.patients)),
        positives=int(truth.sum()),
        figures={name: found[name] for name in WORDS if name in found},
    )


def measure_subgroups(outcomes: Outcomes, card: Card) -> dict[str, dict[str, Figures]]:
    """Figures by age, sex and view, where the data states them.

    Returns
    -------
    mapping of str to mapping of str to Figures
        By kind of subgroup (see `SUBGROUPS`), then by group; a group's AUROC is None where
        one class is absent from it.
    """
    measured: dict[str, dict[str, Figures]] = {}
    for kind in SUBGROUPS:
        if kind not in outcomes.radiographs:
            continue
        groups = outcomes.radiographs[kind].to_numpy()
        names = sorted(set(groups), key=lambda name: (name == NOT_STATED, _order(name)))
        if names == [NOT_STATED]:
            continue
        measured[kind] = {}
        for name in names:
            figures = measure(subset(outcomes, groups == name), card)
            kept = {n: f for n, f in figures.figures.items() if n not in _NOT_IN_SUBGROUPS}
            measured[kind][name] = Figures(
                figures.images, figures.patients, figures.positives, kept
            )
    return measured


def subset(outcomes: Outcomes, chosen: NDArray[np.bool_]) -> Outcomes:
    """Outcomes of some of the radiographs only."""
    return Outcomes(
        outcomes.radiographs[chosen],
        outcomes.probabilities[chosen],
        (),
        outcomes.knows_patients,
    )


def prediction_sets(card: Card, score: NDArray[np.float64]) -> NDArray[np.bool_] | None:
    """Which of positive and negative are in each picture's prediction set.

    Parameters
    ----------
    card : Card
    score : ndarray, shape (n,)
        Probability of the target.

    Returns
    -------
    ndarray of bool, shape (n, 2), or None
        Columns: the target; normal. None where the card has no conformal quantiles.
    """
    if card.conformal is None:
        return None
    sets = [prediction_set(float(likely), card.target, card.conformal) for likely in score]
    return np.array([[label in said for label in (card.target, Finding.NORMAL)] for said in sets])


def _order(name: str) -> tuple[int, str]:
    """Age bands by age, other groups by name."""
    digits = "".join(c if c.isdigit() else " " for c in name).split()
    return (-1 if name.startswith("under") else int(digits[0]) if digits else 0, name)


def _of_score(truth: NDArray[np.bool_], score: NDArray[np.float64]) -> dict[str, Figure]:
    functions: Mapping[str, Callable[..., NDArray[np.float64]]] = {
        "auroc": stats.auroc,
        "auprc": stats.auprc,
        "expected_calibration_error": stats.expected_calibration_error,
        "brier": stats.brier,
        "log_loss": stats.log_loss,
    }
    return {name: partial(function, truth, score) for name, function in functions.items()}


def _at_point(
    truth: NDArray[np.bool_],
    score: NDArray[np.float64],
    threshold: float,
    prevalence: float | None,
) -> dict[str, Figure]:
    called = score >= threshold
    sensitivity = partial(stats.share, truth, called)
    specificity = partial(stats.share, ~truth, ~called)
    figures: dict[str, Figure] = {
        "accuracy": partial(stats.accuracy, truth, called),
        "sensitivity": sensitivity,
        "specificity": specificity,
        "positive_predictive_value": partial(stats.share, called, truth),
        "negative_predictive_value": partial(stats.share, ~called, ~truth),
        "f1": partial(stats.f1, truth, called),
    }
    if threshold < 1:
        figures["net_benefit"] = partial(stats.net_benefit, truth, score, threshold)
    if prevalence is not None:
        for column, name in enumerate(
            ("positive_predictive_value_at_prevalence", "negative_predictive_value_at_prevalence")
        ):

            def value(weights: Weights, column: int = column) -> NDArray[np.float64]:
                rates = sensitivity(weights), specificity(weights)
                return stats.predictive_values(*rates, prevalence)[column]

            figures[name] = value
    return figures


def _of_sets(truth: NDArray[np.bool_], sets: NDArray[np.bool_] | None) -> dict[str, Figure]:
    if sets is None:
        return {}
    return {
        "conformal_coverage_positive": partial(stats.share, truth, sets[:, 0]),
        "conformal_coverage_negative": partial(stats.share, ~truth, sets[:, 1]),
    }


def _of_decisions(
    card: Card, truth: NDArray[np.bool_], score: NDArray[np.float64]
) -> dict[str, Figure]:
    if card.conformal is None:
        return {}
    decided = np.array([each.value for each in decisions(card, score)])
    is_uncertain = decided == Decision.UNCERTAIN
    return {
        "uncertain_share": partial(stats.share, np.ones_like(is_uncertain), is_uncertain),
        "decided_sensitivity": partial(stats.share, truth, decided == Decision.POSITIVE),
        "decided_specificity": partial(stats.share, ~truth, decided == Decision.NEGATIVE),
        "uncertain_share_positive": partial(stats.share, truth, is_uncertain),
        "uncertain_share_negative": partial(stats.share, ~truth, is_uncertain),
    }


def _bacterial_against_viral(outcomes: Said, card: Card) -> dict[str, Interval | None]:
    """Told apart among pictures labelled as one or the other, where the model knows both."""
    both = (Finding.BACTERIAL_PNEUMONIA, Finding.VIRAL_PNEUMONIA)
    if not set(both) <= set(card.findings):
        return {}
    is_bacterial, is_viral = (outcomes.has(card, finding) for finding in both)
    told = np.flatnonzero(is_bacterial | is_viral)
    truth = is_bacterial[told]
    if len(set(truth.tolist())) < 2:
        return {}
    bacterial, viral = (outcomes.of(card, finding)[told] for finding in both)
    leaning = bacterial / np.maximum(bacterial + viral, 1e-12)
    bootstrap = PatientBootstrap([outcomes.patients[int(i)] for i in told])
    return {
        "bacterial_against_viral_auroc": bootstrap.interval(partial(stats.auroc, truth, leaning)),
        "bacterial_against_viral_accuracy": bootstrap.interval(
            partial(stats.accuracy, truth, leaning >= 0.5)
        ),
    }
