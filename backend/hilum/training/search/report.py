"""Results of a search as table and plot, each trial against the base."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from hilum.evaluation.figures.resampling import PatientBootstrap, Weights
from hilum.models.measured import Interval
from hilum.training.search.search import TrialFigures, log_losses

_HEADER = (
    "| what differs | log loss | against the base (95 % interval) | AUROC | AUROC, changed films "
    "| sensitivity, changed | specificity, changed | AUROC, bacterial against viral "
    "| parameters |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def against_first(
    found: Sequence[TrialFigures], is_ill: NDArray[np.bool_], patients: Sequence[str]
) -> list[Interval | None]:
    """Difference of each trial's objective from the first one's, by pairs of films.

    Parameters
    ----------
    is_ill : ndarray of bool, shape (n,)
    patients : sequence of str, length n

    Returns
    -------
    list of Interval or None
        By bootstrap over patients; below 0 is better than the first. None for the first.
    """
    resamples = PatientBootstrap(patients)
    clean = np.arange(len(patients)) < found[0].images
    shares = np.where(clean, 0.5 / clean.sum(), 0.5 / max(1, (~clean).sum()))
    losses = [log_losses(np.array(each.probabilities), is_ill) for each in found]

    def difference(loss: NDArray[np.float64]) -> Interval | None:
        gap = shares * (loss - losses[0])

        def figure(weights: Weights) -> NDArray[np.float64]:
            return np.asarray(weights @ gap / (weights @ shares))

        return resamples.interval(figure)

    return [None, *map(difference, losses[1:])]


def search_table(found: Sequence[TrialFigures], against: Sequence[Interval | None]) -> str:
    """All trials as a Markdown table, in the order of `found`."""
    rows = [
        f"| {_words(each)} | {each.objective:.4f} | {_gap(gap)} | {each.auroc:.4f} "
        f"| {each.changed_auroc:.4f} | {each.sensitivity:.3f} | {each.specificity:.3f} "
        f"| {each.parts_auroc:.3f} | {each.parameters:,} |"
        for each, gap in zip(found, against, strict=True)
    ]
    return "\n".join([_HEADER, *rows])


def plot_search(
    axes: Axes, found: Sequence[TrialFigures], against: Sequence[Interval | None]
) -> None:
    """Each trial's difference from the first, with its interval, the best on top."""
    rows = [(_words(each), gap) for each, gap in zip(found, against, strict=True) if gap]
    rows.sort(key=lambda each: each[1].value, reverse=True)
    places = np.arange(len(rows))
    values = np.array([gap.value for _, gap in rows])
    reach = np.array([[gap.value - gap.low, gap.high - gap.value] for _, gap in rows])
    axes.axvline(0, color="grey", linestyle=":")
    axes.errorbar(values, places, xerr=np.abs(reach.reshape(-1, 2).T), fmt="o", capsize=3)
    axes.set_yticks(places, [words for words, _ in rows])
    axes.set(xlabel="log loss against the base (less is better)", title="Search")


def _words(figures: TrialFigures) -> str:
    return ", ".join(f"{name} {value}" for name, value in figures.settings.items()) or "base"


def _gap(gap: Interval | None) -> str:
    return f"{gap.value:+.4f} ({gap.low:+.4f} to {gap.high:+.4f})" if gap else ""
