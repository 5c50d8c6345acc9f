"""Are the masks credible, and what is wrong with the film's frame."""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.models.anatomy.masks import Organ, OrganMasks

_MIN_LUNG_SHARE = 0.012
_MIN_HEART_SHARE = 0.004
_MIN_CERTAINTY = 0.80
_MIN_SOLIDITY = 0.70
_MAX_AREA_RATIO = 6.0
_MAX_CENTRE_DROP = 0.5
_EDGE_SHARE = 0.02


class QualityCode(StrEnum):
    """What can be said of a film's frame and of its masks."""

    NO_LUNGS = "no_lungs"
    ONE_LUNG = "one_lung"
    NO_HEART = "no_heart"
    UNSURE_OUTLINE = "unsure_outline"
    ROTATED = "rotated"
    INVERTED = "inverted"
    MIRRORED = "mirrored"
    TILTED = "tilted"
    APICES_CUT = "apices_cut"
    BASES_CUT = "bases_cut"
    SIDE_CUT = "side_cut"


@dataclass(frozen=True, slots=True)
class QualityNote:
    """One thing that a reader of the film should know.

    Attributes
    ----------
    code : QualityCode
    words : str
        For people: what was seen, and what it means for the measures.
    """

    code: QualityCode
    words: str


def credibility(organs: OrganMasks) -> list[QualityNote]:
    """What keeps the masks from being believed; empty where they are those of a chest.

    Two lungs side by side at about one height, of about one size, without frayed outlines, and
    one heart that lies between them: what the network draws into a photograph or a hand has
    never all of it.

    Parameters
    ----------
    organs : OrganMasks

    Returns
    -------
    list of QualityNote
    """
    right, left, heart = (organs.masks[organ] for organ in Organ)
    found = [mask.mean() >= _MIN_LUNG_SHARE for mask in (right, left)]
    if not any(found):
        return [QualityNote(QualityCode.NO_LUNGS, "No lungs can be made out in this picture.")]
    if not all(found):
        side = "right" if found[1] else "left"
        words = f"The {side} lung cannot be made out, so nothing was measured."
        return [QualityNote(QualityCode.ONE_LUNG, words)]
    notes = []
    if not _are_two_lungs(right, left):
        words = "What looks like lungs here does not lie as lungs do."
        notes.append(QualityNote(QualityCode.NO_LUNGS, words))
    if heart.mean() < _MIN_HEART_SHARE or not _is_between(heart, right, left):
        words = "The heart cannot be made out between the lungs, so there is no ratio."
        notes.append(QualityNote(QualityCode.NO_HEART, words))
    frayed = [
        organ
        for organ in Organ
        if organs.certainty[organ] < _MIN_CERTAINTY
        or _solidity(organs.masks[organ]) < _MIN_SOLIDITY
    ]
    if frayed:
        names = ", ".join(organ.value.replace("_", " ") for organ in frayed)
        words = f"The outline is unsure ({names})."
        notes.append(QualityNote(QualityCode.UNSURE_OUTLINE, words))
    return notes


def _centre(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Centre (x, y) as shares of the picture."""
    rows, columns = np.nonzero(mask)
    return np.asarray([columns.mean(), rows.mean()]) / float(mask.shape[0])


def _are_two_lungs(right: NDArray[np.bool_], left: NDArray[np.bool_]) -> bool:
    size = sorted((float(right.sum()), float(left.sum())))
    apart = _centre(left) - _centre(right)
    height = np.flatnonzero((right | left).any(axis=1))
    reach = (height[-1] - height[0] + 1) / right.shape[0]
    return bool(
        size[1] <= _MAX_AREA_RATIO * size[0]
        and apart[0] > 0
        and abs(apart[1]) <= _MAX_CENTRE_DROP * reach
    )


def _is_between(
    heart: NDArray[np.bool_], right: NDArray[np.bool_], left: NDArray[np.bool_]
) -> bool:
    if not heart.any():
        return False
    centre = _centre(heart) * heart.shape[0]
    rows, columns = np.nonzero(right | left)
    return bool(
        _centre(right)[0] * heart.shape[0] < centre[0] < _centre(left)[0] * heart.shape[0]
        and rows.min() < centre[1] < rows.max() + 0.1 * (rows.max() - rows.min())
        and columns.min() < centre[0] < columns.max()
    )


def _solidity(mask: NDArray[np.bool_]) -> float:
    """Area over that of the convex hull, in [0, 1]; 1 for an empty mask."""
    points = cv2.findNonZero(mask.astype(np.uint8))
    if points is None:
        return 1.0
    hull = float(cv2.contourArea(cv2.convexHull(points)))
    return min(1.0, float(mask.sum()) / max(hull, 1.0))


def frame_notes(
    organs: OrganMasks, *, tilt_degrees: float, heart_offset: float
) -> list[QualityNote]:
    """What is cut off, tilted or mirrored in a film whose masks are credible.

    Parameters
    ----------
    organs : OrganMasks
    tilt_degrees, heart_offset : float
        As in `hilum.models.anatomy.measures.Measures`.

    Returns
    -------
    list of QualityNote
    """
    lungs = organs.masks[Organ.RIGHT_LUNG] | organs.masks[Organ.LEFT_LUNG]
    least = _EDGE_SHARE * lungs.shape[0]
    notes = []
    if lungs[0].sum() > least:
        notes.append(QualityNote(QualityCode.APICES_CUT, "The tops of the lungs are cut off."))
    if lungs[-1].sum() > least:
        notes.append(QualityNote(QualityCode.BASES_CUT, "The bases of the lungs are cut off."))
    if max(lungs[:, 0].sum(), lungs[:, -1].sum()) > least:
        words = "A side of the chest is cut off: the ratio comes out too large."
        notes.append(QualityNote(QualityCode.SIDE_CUT, words))
    if abs(tilt_degrees) > 12:
        words = f"The chest is tilted by {abs(tilt_degrees):.0f} degrees."
        notes.append(QualityNote(QualityCode.TILTED, words))
    if heart_offset < -0.02:
        words = (
            "The heart lies to the patient's right as the film is shown: it may be mirrored, or "
            "this may be dextrocardia. Nothing was changed."
        )
        notes.append(QualityNote(QualityCode.MIRRORED, words))
    return notes
