"""Figures of an anatomy bundle against drawn masks, with bootstrap intervals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_erosion, distance_transform_edt

from hilum.errors import DatasetError
from hilum.evaluation.figures.resampling import PatientBootstrap, Weights, mean_interval
from hilum.models.anatomy import Organ
from hilum.models.anatomy.card import AnatomyMetrics, RatioError
from hilum.models.anatomy.grid import Grid
from hilum.models.anatomy.masks import OrganMasks
from hilum.models.anatomy.measures import measure
from hilum.models.anatomy.quality import credibility
from hilum.models.measured import Interval

_AGREEMENT = 1.96
_STATED_SIDE_PX = 512


def dice(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Overlap of two masks of one shape (Dice, Ecology 1945), in [0, 1]; 1 for two empty ones."""
    total = int(one.sum()) + int(other.sum())
    return 1.0 if not total else float(2 * (one & other).sum() / total)


def hausdorff95(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """95th percentile of the distances between two outlines, both ways, in pixels.

    Parameters
    ----------
    one, other : ndarray of bool, shape (rows, columns)

    Returns
    -------
    float
        The larger of both directions; the picture's diagonal where only one mask is empty.
    """
    if not one.any() or not other.any():
        return 0.0 if one.any() == other.any() else float(np.hypot(*one.shape))
    first, second = (mask & ~binary_erosion(mask) for mask in (one, other))
    return max(
        float(np.percentile(distance_transform_edt(~to)[start], 95))
        for start, to in ((first, second), (second, first))
    )


@dataclass(frozen=True, slots=True)
class CaseFigures:
    """Figures of one radiograph.

    Attributes
    ----------
    ratio, drawn_ratio : float or None
        Cardiothoracic ratio as measured, None where the masks are not credible; and that of
        the drawn masks.
    """

    case: str
    source: str
    dice: dict[Organ, float]
    hausdorff95_px: dict[Organ, float]
    ratio: float | None
    drawn_ratio: float


def case_figures(
    found: OrganMasks, drawn: NDArray[np.bool_], *, case: str, source: str
) -> CaseFigures:
    """Compare the masks of one radiograph with drawn ones.

    Parameters
    ----------
    found : OrganMasks
        On a grid of the drawn masks' side.
    drawn : ndarray of bool, shape (side, side, 3)
        In the order of `Organ`.
    """
    side = drawn.shape[0]
    planes = {organ: drawn[:, :, index] for index, organ in enumerate(Organ)}
    truth = OrganMasks(Grid(side, side, side), planes, dict.fromkeys(Organ, 1.0))
    is_credible = not credibility(found)
    return CaseFigures(
        case=case,
        source=source,
        dice={organ: dice(found.masks[organ], planes[organ]) for organ in Organ},
        hausdorff95_px={
            organ: _STATED_SIDE_PX / side * hausdorff95(found.masks[organ], planes[organ])
            for organ in Organ
        },
        ratio=measure(found, None).ratio.value if is_credible else None,
        drawn_ratio=measure(truth, None).ratio.value,
    )


def anatomy_metrics(cases: Sequence[CaseFigures]) -> AnatomyMetrics:
    """Sum up cases, each of another patient.

    Raises
    ------
    DatasetError
        On none of them were the masks credible.
    """
    measured = [case for case in cases if case.ratio is not None]
    if not measured:
        raise DatasetError(
            f"None of the {len(cases)} radiographs gave credible masks: no error of the ratio "
            "can be stated."
        )
    errors = np.array([float(case.ratio or 0.0) - case.drawn_ratio for case in measured])
    return AnatomyMetrics(
        images=len(cases),
        not_credible=len(cases) - len(measured),
        dice={organ: _mean([case.dice[organ] for case in cases]) for organ in Organ},
        hausdorff95_px={
            organ: _mean([case.hausdorff95_px[organ] for case in cases]) for organ in Organ
        },
        cardiothoracic_ratio=RatioError(
            mae=_mean(np.abs(errors)),
            bias=_mean(errors),
            limits_of_agreement=(_limit(errors, -_AGREEMENT), _limit(errors, _AGREEMENT)),
        ),
    )


def _resamples(count: int) -> PatientBootstrap:
    return PatientBootstrap([str(index) for index in range(count)])


def _mean(values: Sequence[float] | NDArray[np.float64]) -> Interval:
    array = np.asarray(values, dtype=np.float64)
    return mean_interval(_resamples(len(array)), array)


def _limit(errors: NDArray[np.float64], deviations: float) -> Interval:
    def limit(weights: Weights) -> NDArray[np.float64]:
        counts = weights.sum(axis=1)
        mean = weights @ errors / counts
        # Two passes: the mean of squares less the squared mean loses digits.
        variance = (weights * (errors - mean[:, np.newaxis]) ** 2).sum(axis=1) / counts
        return np.asarray(mean + deviations * np.sqrt(variance))

    found = _resamples(len(errors)).interval(limit)
    assert found is not None
    return found


def as_plain_figures(metrics: AnatomyMetrics) -> dict[str, Any]:
    """Figures as plain numbers, with their 95 % intervals beside them under ``intervals``.

    Returns
    -------
    dict
        ``dice`` and ``hausdorff95_px`` by organ; ``cardiothoracic_ratio`` with ``mae``,
        ``bias`` and ``limits_of_agreement``; ``images``; ``not_credible``.
    """
    ratio = metrics.cardiothoracic_ratio
    nested = {
        "dice": {organ.value: figure for organ, figure in metrics.dice.items()},
        "hausdorff95_px": {organ.value: each for organ, each in metrics.hausdorff95_px.items()},
        "cardiothoracic_ratio": {
            "mae": ratio.mae,
            "bias": ratio.bias,
            "limits_of_agreement": list(ratio.limits_of_agreement),
        },
    }
    return {
        **_mapped(nested, lambda figure: round(figure.value, 5)),
        "images": metrics.images,
        "not_credible": metrics.not_credible,
        "intervals": _mapped(nested, lambda each: [round(each.low, 5), round(each.high, 5)]),
    }


def _mapped(nested: Any, of: Callable[[Interval], Any]) -> Any:
    if isinstance(nested, dict):
        return {name: _mapped(value, of) for name, value in nested.items()}
    if isinstance(nested, list):
        return [_mapped(value, of) for value in nested]
    return of(nested)


def figures_table(metrics: AnatomyMetrics) -> str:
    """Figures as a Markdown table, each with its 95 % interval."""
    ratio = metrics.cardiothoracic_ratio
    low, high = ratio.limits_of_agreement
    rows = [
        *((f"Dice, {_words(organ)}", figure) for organ, figure in metrics.dice.items()),
        *(
            (f"Hausdorff 95 %, {_words(organ)}, pixels of 512", figure)
            for organ, figure in metrics.hausdorff95_px.items()
        ),
        ("Cardiothoracic ratio, mean absolute error", ratio.mae),
        ("Cardiothoracic ratio, bias", ratio.bias),
        ("Cardiothoracic ratio, lower limit of agreement", low),
        ("Cardiothoracic ratio, upper limit of agreement", high),
    ]
    head = f"| {metrics.images} radiographs, {metrics.not_credible} not measured "
    lines = [head + "| figure | 95 % interval |", "|---|---|---|"]
    lines += [
        f"| {words} | {each.value:.3f} | {each.low:.3f} to {each.high:.3f} |"
        for words, each in rows
    ]
    return "\n".join(lines)


def _words(organ: Organ) -> str:
    return organ.value.replace("_", " ")
