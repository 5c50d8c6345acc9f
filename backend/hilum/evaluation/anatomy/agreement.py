"""Agreement of outlines between a radiograph and its changed copies.

For films without drawn masks. The outlines of the unchanged picture are moved as the change
moves the picture, and compared with those that are found in the changed one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from hilum.errors import DatasetError
from hilum.evaluation.anatomy.figures import dice
from hilum.evaluation.robustness.changes import CHANGES, Change
from hilum.evaluation.robustness.suite import Progress, draw_sample
from hilum.imaging import Radiograph
from hilum.models.anatomy import Anatomy, Organ
from hilum.models.anatomy.grid import Grid
from hilum.models.anatomy.masks import OrganMasks
from hilum.models.anatomy.measures import measure
from hilum.models.anatomy.quality import credibility

Measure = Callable[[Sequence[Radiograph]], Sequence[Anatomy]]
"""The anatomy of radiographs: `hilum.models.anatomy.AnatomyReader.read_many`."""


class ChangedOutlines(BaseModel):
    """Agreement under one change at one strength.

    Attributes
    ----------
    dice : mapping of Organ to float
        Mean over films, in [0, 1], including outlines that are not credible.
    lost_share : float
        Share of films that can no longer be measured.
    ratio_difference : float or None
        Mean absolute difference of the cardiothoracic ratio, over films measured both times.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    change: str
    words: str
    unit: str
    strength: float
    dice: dict[Organ, float]
    lost_share: float
    ratio_difference: float | None


class AnatomyAgreement(BaseModel):
    """Agreement under all changes.

    Attributes
    ----------
    images : int
        Films that are measured unchanged, which all shares are of.
    not_measured : int
        Films that are not, and were left out.
    mean_dice, worst_dice : mapping of Organ to float
        Over the rows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    images: int
    not_measured: int
    seed: int
    mean_dice: dict[Organ, float]
    worst_dice: dict[Organ, float]
    mean_lost_share: float
    worst_lost_share: float
    rows: tuple[ChangedOutlines, ...]


@dataclass(frozen=True, slots=True)
class _Compared:
    """One film under one change."""

    dice: tuple[float, ...]
    is_lost: bool
    ratio_difference: float | None


def anatomy_agreement(
    measure_many: Measure,
    radiographs: Sequence[Radiograph],
    *,
    changes: Sequence[Change] = CHANGES,
    seed: int = 0,
    sample: int | None = None,
    batch_size: int = 16,
    progress: Progress | None = None,
) -> AnatomyAgreement:
    """Compare the outlines of each film under each change with those of the unchanged film.

    Parameters
    ----------
    measure_many : callable
        See `Measure`.
    radiographs : sequence of Radiograph
        Each is accessed once, by its index, so that the sequence may decode films on access.
    sample : int, optional
        Number of films, drawn at random.
    progress : callable, optional
        See `hilum.evaluation.robustness.suite.Progress`.

    Raises
    ------
    DatasetError
        None of the films is measured unchanged.
    """
    chosen = draw_sample(len(radiographs), sample, seed)
    steps = [(change, level) for change in changes for level in range(len(change.strengths))]
    compared: list[list[_Compared]] = [[] for _ in steps]
    batches = [chosen[i : i + batch_size] for i in range(0, len(chosen), batch_size)]
    for batch in progress(batches) if progress else batches:
        pictures = [radiographs[int(index)] for index in batch]
        found = measure_many(pictures)
        clean = [
            (picture, anatomy)
            for picture, anatomy in zip(pictures, found, strict=True)
            if anatomy.measures is not None
        ]
        if not clean:
            continue
        for (change, level), row in zip(steps, compared, strict=True):
            changed = measure_many([change.apply(film, level, seed=seed) for film, _ in clean])
            for (film, before), after in zip(clean, changed, strict=True):
                matrix = change.placement(film, level, seed=seed)
                row.append(_compare(before, after, matrix, film.pixels.shape))
    measured = len(compared[0]) if compared else 0
    if not measured:
        raise DatasetError(f"None of the {len(chosen)} radiographs gave outlines to compare.")
    rows = tuple(_row(*step, each) for step, each in zip(steps, compared, strict=True))
    lost = [row.lost_share for row in rows]
    return AnatomyAgreement(
        images=measured,
        not_measured=len(chosen) - measured,
        seed=seed,
        mean_dice={organ: float(np.mean([row.dice[organ] for row in rows])) for organ in Organ},
        worst_dice={organ: min(row.dice[organ] for row in rows) for organ in Organ},
        mean_lost_share=float(np.mean(lost)),
        worst_lost_share=max(lost),
        rows=rows,
    )


def moved(
    organs: OrganMasks, matrix: NDArray[np.float64] | None, shape: tuple[int, ...]
) -> OrganMasks:
    """Move masks as a picture was moved.

    Parameters
    ----------
    matrix : ndarray of float64, shape (2, 3), or None
        As `hilum.evaluation.robustness.changes.Change.placement` gives it.
    shape : (rows, columns)
        Of the pixels that it speaks of.

    Returns
    -------
    OrganMasks
        On the same grid; parts outside the frame are cut off.
    """
    if matrix is None:
        return organs
    side = organs.grid.side
    scale = Grid(side, shape[0], shape[1]).scale
    # From grid to pixels, through the map, and back; centres are half a pixel from the edge.
    shift = matrix[:, :2] @ (0.5 * scale - 0.5) + matrix[:, 2]
    on_grid = np.column_stack(
        [matrix[:, :2] * scale[np.newaxis, :] / scale[:, np.newaxis], (shift + 0.5) / scale - 0.5]
    )
    masks = {
        organ: cv2.warpAffine(mask.astype(np.float32), on_grid, (side, side)) > 0.5
        for organ, mask in organs.masks.items()
    }
    return OrganMasks(organs.grid, masks, organs.certainty)


def _compare(
    before: Anatomy,
    after: Anatomy,
    matrix: NDArray[np.float64] | None,
    shape: tuple[int, ...],
) -> _Compared:
    expected = moved(before.organs, matrix, shape)
    difference = None
    if after.measures is not None and not credibility(expected):
        # A turned or cut chest has another ratio: that of its own moved outlines counts.
        difference = abs(after.measures.ratio.value - measure(expected, None).ratio.value)
    return _Compared(
        dice=tuple(dice(expected.masks[organ], after.organs.masks[organ]) for organ in Organ),
        is_lost=after.measures is None,
        ratio_difference=difference,
    )


def _row(change: Change, level: int, compared: Sequence[_Compared]) -> ChangedOutlines:
    means = np.mean([each.dice for each in compared], axis=0)
    differences = [each.ratio_difference for each in compared if each.ratio_difference is not None]
    return ChangedOutlines(
        change=change.name,
        words=change.words,
        unit=change.unit,
        strength=change.strengths[level],
        dice={organ: float(mean) for organ, mean in zip(Organ, means, strict=True)},
        lost_share=float(np.mean([each.is_lost for each in compared])),
        ratio_difference=float(np.mean(differences)) if differences else None,
    )


def agreement_table(report: AnatomyAgreement) -> str:
    """Write the agreement as a Markdown table.

    Returns
    -------
    str
        Mean and worst, then a row for each change and strength.
    """
    head = f"| {report.images} films, {report.not_measured} not measured | "
    head += " | ".join(f"Dice, {organ.value.replace('_', ' ')}" for organ in Organ)
    lines = [f"{head} | no longer measured | ratio difference |", "|---|---|---|---|---|---|"]
    summary = (
        ("**mean**", report.mean_dice, report.mean_lost_share),
        ("**worst**", report.worst_dice, report.worst_lost_share),
    )
    for words, overlap, lost in summary:
        lines.append(f"| {words} | {_cells(overlap)} | {100 * lost:.1f} % | |")
    for row in report.rows:
        ratio = "-" if row.ratio_difference is None else f"{row.ratio_difference:.3f}"
        words = f"{row.words}, {row.strength:g} ({row.unit})"
        share = f"{100 * row.lost_share:.1f} %"
        lines.append(f"| {words} | {_cells(row.dice)} | {share} | {ratio} |")
    return "\n".join(lines)


def _cells(overlap: dict[Organ, float]) -> str:
    return " | ".join(f"{overlap[organ]:.3f}" for organ in Organ)
