"""Figures of a classifier on radiographs with simulated changes of acquisition."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hilum.errors import DatasetError
from hilum.evaluation.figures.resampling import PatientBootstrap, Weights
from hilum.evaluation.figures.statistics import auroc, share
from hilum.evaluation.robustness.changes import CHANGES, Change
from hilum.evaluation.robustness.report import (
    FIGURES,
    ChangedFigures,
    FiguresWithIntervals,
    Robustness,
)
from hilum.imaging import Radiograph

Read = Callable[[Sequence[Radiograph]], NDArray[np.float64]]
"""Probabilities of the targets for each radiograph, shape (n, k); nan where the model refuses to
read it."""
Progress = Callable[[Sequence[NDArray[np.intp]]], Iterable[NDArray[np.intp]]]
"""Wraps the batches of indices to show how far it is."""
OfResamples = Callable[[str, Weights], NDArray[np.float64]]
"""A named figure in each resample."""


class Target(NamedTuple):
    """A finding that is decided on.

    Attributes
    ----------
    is_positive : ndarray of bool, shape (n,)
    threshold : float
    """

    is_positive: NDArray[np.bool_]
    threshold: float


def robustness(
    read: Read,
    radiographs: Sequence[Radiograph],
    targets: Sequence[Target],
    patients: Sequence[str],
    *,
    changes: Sequence[Change] = CHANGES,
    seed: int = 0,
    sample: int | None = None,
    batch_size: int = 32,
    progress: Progress | None = None,
) -> tuple[Robustness, ...]:
    """Compare the readings of each picture under each change with that of the unchanged picture.

    Each is read once for all targets.

    Parameters
    ----------
    read : callable
        See `Read`; the service's own way, so that what it would refuse is refused here.
    radiographs : sequence of Radiograph
        Taken by index, each once: it may decode on the way.
    targets : sequence of Target, length k
    patients : sequence of str, length n
    seed : int
        Decides what the changes draw, and the sample.
    sample : int, optional
        Run on so many pictures, drawn at random.
    batch_size : int
        Pictures in one call of `read`.
    progress : callable, optional
        See `Progress`.

    Returns
    -------
    tuple of Robustness
        One for each target.

    Raises
    ------
    DatasetError
        Fewer than two patients of a class of a target are left.
    """
    chosen = draw_sample(len(radiographs), sample, seed)
    steps = [(change, level) for change in changes for level in range(len(change.strengths))]
    batches = [chosen[i : i + batch_size] for i in range(0, len(chosen), batch_size)]
    read_so_far = []
    for batch in progress(batches) if progress else batches:
        pictures = [radiographs[int(index)] for index in batch]
        columns = [read(pictures)]
        columns += [
            read([change.apply(picture, level, seed=seed) for picture in pictures])
            for change, level in steps
        ]
        read_so_far.append(np.stack(columns))
    nothing = np.empty((1, 0, len(targets)))
    probabilities = np.concatenate(read_so_far, axis=1) if read_so_far else nothing
    kept = ~np.isnan(probabilities[0, :, 0])
    owners = [patients[int(i)] for i in chosen[kept]]
    truths = [target.is_positive[chosen][kept] for target in targets]
    for truth in truths:
        _check(truth, owners)
    return tuple(
        _summed_up(
            probabilities[:, kept, at], truth, owners, target.threshold, steps, seed,
            int((~kept).sum()),
        )
        for at, (truth, target) in enumerate(zip(truths, targets, strict=True))
    )  # fmt: skip


def draw_sample(count: int, sample: int | None, seed: int) -> NDArray[np.intp]:
    """Draw indices without replacement, in order; all of them if no fewer are requested."""
    if sample is None or sample >= count:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, sample, replace=False))


def _check(truth: NDArray[np.bool_], patients: Sequence[str]) -> None:
    for is_positive, name in ((True, "positive"), (False, "negative")):
        found = {patients[int(i)] for i in np.flatnonzero(truth == is_positive)}
        if len(found) < 2:
            raise DatasetError(
                f"Robustness needs two patients of each class; of {len(truth)} pictures that the "
                f"model reads, {name} ones come from {len(found)}. Take a larger sample."
            )


def _summed_up(
    probabilities: NDArray[np.float64],
    truth: NDArray[np.bool_],
    patients: Sequence[str],
    threshold: float,
    steps: Sequence[tuple[Change, int]],
    seed: int,
    refused: int,
) -> Robustness:
    resamples = PatientBootstrap(patients)
    rows = range(1, len(probabilities))

    def of(name: str, row: int, weights: Weights) -> NDArray[np.float64]:
        return _figure(name, truth, probabilities[row], threshold, weights)

    def mean(name: str, weights: Weights) -> NDArray[np.float64]:
        each = np.stack([of(name, row, weights) for row in rows])
        count = (~np.isnan(each)).sum(axis=0)
        return np.where(count, np.nansum(each, axis=0) / np.maximum(count, 1), np.nan)

    once = np.ones((1, len(truth)))
    values = {name: np.array([of(name, row, once)[0] for row in rows]) for name in FIGURES}
    has_all = all(len(each) and not np.isnan(each).all() for each in values.values())
    worst = {name: 1 + int(np.nanargmin(each)) for name, each in values.items() if has_all}

    def with_intervals(figure: OfResamples) -> FiguresWithIntervals | None:
        found = {name: resamples.interval(partial(figure, name)) for name in FIGURES}
        kept = {name: each for name, each in found.items() if each is not None}
        return FiguresWithIntervals(**kept) if len(kept) == len(found) else None

    clean = with_intervals(lambda name, weights: of(name, 0, weights))
    assert clean is not None, "both classes were checked to be there"
    return Robustness(
        images=len(truth),
        patients=len(set(patients)),
        positives=int(truth.sum()),
        refused_clean=refused,
        threshold=threshold,
        seed=seed,
        clean=clean,
        mean=with_intervals(mean) if has_all else None,
        worst=with_intervals(lambda name, w: of(name, worst[name], w)) if has_all else None,
        worst_rows={name: _named(*steps[row - 1]) for name, row in worst.items()},
        rows=tuple(
            _row(change, level, probabilities[[0, row]], threshold, values, row - 1)
            for row, (change, level) in enumerate(steps, start=1)
        ),
    )


def _figure(
    name: str,
    truth: NDArray[np.bool_],
    probability: NDArray[np.float64],
    threshold: float,
    weights: Weights,
) -> NDArray[np.float64]:
    """One figure in each resample, on the pictures that were read."""
    is_read = ~np.isnan(probability)
    truth, probability, weights = truth[is_read], probability[is_read], weights[:, is_read]
    if name == "auroc":
        if not len(truth):
            return np.full(len(weights), np.nan)
        return auroc(truth, probability, weights)
    called = probability >= threshold
    if name == "sensitivity":
        return share(truth, called, weights)
    return share(~truth, ~called, weights)


def _row(
    change: Change,
    level: int,
    before_and_after: NDArray[np.float64],
    threshold: float,
    values: dict[str, NDArray[np.float64]],
    index: int,
) -> ChangedFigures:
    refused = np.isnan(before_and_after[1])
    before, after = before_and_after[:, ~refused]
    flipped = (after >= threshold) != (before >= threshold)
    return ChangedFigures(
        change=change.name,
        words=change.words,
        unit=change.unit,
        strength=change.strengths[level],
        **{figure: _or_none(float(each[index])) for figure, each in values.items()},
        mean_absolute_change=float(np.abs(after - before).mean()) if len(after) else None,
        flipped_share=float(flipped.mean()) if len(after) else None,
        refused_share=float(refused.mean()),
    )


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value


def _named(change: Change, level: int) -> str:
    return f"{change.name} {change.strengths[level]:g}"
