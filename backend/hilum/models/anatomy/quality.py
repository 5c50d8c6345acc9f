"""Credibility of the masks, and quality of the film."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.models.anatomy.masks import Organ, OrganMasks
from hilum.models.anatomy.measures import heart_offset
from hilum.words.catalogue import Catalogue

_MIN_LUNG_SHARE = 0.012
_MIN_HEART_SHARE = 0.004
_MIN_CERTAINTY = 0.90
_MIN_FIELD_CERTAINTY = 0.70
_MIN_SOLIDITY = 0.55
_MAX_AREA_RATIO = 6.0
_MAX_CENTRE_DROP = 0.4
_BELOW_LUNGS = 0.1
_EDGE_SHARE = 0.02
_TILTED_DEGREES = 10.0
_MIRRORED_OFFSET = -0.05
# As shares of the chest's width. Of 1,197 outlined children one is nearer, of 2,057 outlined films
# of NIH 36; in most of these an opaque lung or the diaphragm lies within the heart's outline.
_MIN_GAP, _MIN_GAP_OF_APEX = 0.10, 0.02
_ASYMMETRY = (-0.27, 0.43)


class QualityCode(StrEnum):
    """Code of a note on image quality or on the masks."""

    NO_LUNGS = "no_lungs"
    ONE_LUNG = "one_lung"
    NO_HEART = "no_heart"
    UNSURE_OUTLINE = "unsure_outline"
    HEART_AT_WALL = "heart_at_wall"
    ROTATED = "rotated"
    INVERTED = "inverted"
    MIRRORED = "mirrored"
    TILTED = "tilted"
    APICES_CUT = "apices_cut"
    BASES_CUT = "bases_cut"
    SIDE_CUT = "side_cut"
    UNEQUAL_LUNGS = "unequal_lungs"


@dataclass(frozen=True, slots=True)
class QualityNote:
    """A note on image quality or on the masks.

    Attributes
    ----------
    variant : str
        Names the wording ``quality.<code>_<variant>`` in place of ``quality.<code>``.
    degrees : int or None
        Of a tilt.
    organs : tuple of str
        Those with an unsure outline, as entries of ``unsure``, which name no side.
    """

    code: QualityCode
    variant: str = ""
    degrees: int | None = None
    organs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its entry in the catalogue."""
        return f"quality.{self.code}_{self.variant}" if self.variant else f"quality.{self.code}"

    def words(self, words: Catalogue) -> str:
        """Say it."""
        organs = words.listed([words.say(f"unsure.{organ}") for organ in self.organs])
        return words.say(self.name, degrees=self.degrees, organs=organs)


def credibility(organs: OrganMasks) -> list[QualityNote]:
    """Reasons why the masks are not credible; empty if they are.

    Two lungs side by side at about one height, of about one size, without frayed outlines, and
    one heart that lies between them: what the network draws into a photograph or a hand has
    never all of it.
    """
    shares = {organ: organs.moments[organ]["m00"] / organs.grid.side**2 for organ in Organ}
    found = [shares[lung] >= _MIN_LUNG_SHARE for lung in (Organ.RIGHT_LUNG, Organ.LEFT_LUNG)]
    if not any(found):
        return [QualityNote(QualityCode.NO_LUNGS)]
    if not all(found):
        return [QualityNote(QualityCode.ONE_LUNG)]
    notes: list[QualityNote] = []
    if not _are_two_lungs(organs):
        notes.append(QualityNote(QualityCode.NO_LUNGS, "misplaced"))
    if shares[Organ.HEART] < _MIN_HEART_SHARE or not _is_between_lungs(organs):
        notes.append(QualityNote(QualityCode.NO_HEART))
    unsure = [
        organ
        for organ in Organ
        if organs.certainty[organ] < _MIN_CERTAINTY
        or _solidity(organs.masks[organ], organs.moments[organ]["m00"]) < _MIN_SOLIDITY
    ]
    if unsure:
        notes.append(QualityNote(QualityCode.UNSURE_OUTLINE, organs=_without_sides(unsure)))
    if not notes and _is_at_wall(organs):
        notes.append(QualityNote(QualityCode.HEART_AT_WALL))
    return notes


_OF_EDGES = {QualityCode.UNSURE_OUTLINE, QualityCode.HEART_AT_WALL}


def _without_sides(organs: Sequence[Organ]) -> tuple[str, ...]:
    """Name organs so that it holds for a mirrored film as well."""
    lungs = sum(organ is not Organ.HEART for organ in organs)
    heart = ("heart",) if Organ.HEART in organs else ()
    return (*((), ("one_lung",), ("both_lungs",))[lungs], *heart)


def bounds_lungs(organs: OrganMasks, doubts: Sequence[QualityNote]) -> bool:
    """Whether masks that may be unfit for measuring still bound the lungs.

    A consolidation blurs a lung's outline, or is taken for heart, so that it gives no number; the
    box around lungs and heart is kept.

    Parameters
    ----------
    doubts : sequence of QualityNote
        What `credibility` said of them.
    """
    is_only_unsure = {doubt.code for doubt in doubts} <= _OF_EDGES
    return is_only_unsure and min(organs.certainty.values()) >= _MIN_FIELD_CERTAINTY


def _reach(mask: NDArray[np.bool_]) -> tuple[int, int]:
    """First and last row of a mask that is not empty."""
    rows = np.flatnonzero(mask.any(axis=1))
    return int(rows[0]), int(rows[-1])


def _are_two_lungs(organs: OrganMasks) -> bool:
    right, left = Organ.RIGHT_LUNG, Organ.LEFT_LUNG
    smaller, larger = sorted(organs.moments[lung]["m00"] for lung in (right, left))
    (right_x, right_y), (left_x, left_y) = organs.centre(right), organs.centre(left)
    first, last = _reach(organs.lungs)
    return (
        larger <= _MAX_AREA_RATIO * smaller
        and right_x < left_x
        and abs(left_y - right_y) <= _MAX_CENTRE_DROP * (last - first + 1)
    )


def _is_between_lungs(organs: OrganMasks) -> bool:
    """Whether the heart lies between the lungs and no lower than they do."""
    x, y = organs.centre(Organ.HEART)
    (right_x, _), (left_x, _) = organs.centre(Organ.RIGHT_LUNG), organs.centre(Organ.LEFT_LUNG)
    first, last = _reach(organs.lungs)
    return right_x < x < left_x and first < y < last + _BELOW_LUNGS * (last - first)


def _is_at_wall(organs: OrganMasks) -> bool:
    """Whether a heart reaches the edge of the chest, as no heart does on the side without its apex.

    An opaque lower lung next to the heart looks like a part of it.
    """
    lungs = np.flatnonzero(organs.lungs.any(axis=0))
    columns = np.flatnonzero(organs.masks[Organ.HEART].any(axis=0))
    gaps = (columns[0] - lungs[0], lungs[-1] - columns[-1])
    of_apex, other = gaps if heart_offset(organs) < _MIRRORED_OFFSET else reversed(gaps)
    width = lungs[-1] - lungs[0] + 1
    return bool(of_apex < _MIN_GAP_OF_APEX * width or other < _MIN_GAP * width)


def _solidity(mask: NDArray[np.bool_], area: float) -> float:
    """Area over that of the convex hull, in [0, 1]; 1 for an empty mask."""
    contours, _ = cv2.findContours(mask.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return 1.0
    hull = float(cv2.contourArea(cv2.convexHull(np.concatenate(contours))))
    return min(1.0, area / max(hull, 1.0))


def frame_notes(
    organs: OrganMasks, *, asymmetry: float, tilt_degrees: float, heart_offset: float
) -> list[QualityNote]:
    """Notes on a film with credible masks: cut off, unequal lungs, tilted, mirrored.

    Parameters
    ----------
    asymmetry, tilt_degrees, heart_offset : float
        As in `hilum.models.anatomy.measures.Measures`.
    """
    lungs = organs.lungs
    least = _EDGE_SHARE * lungs.shape[0]
    notes: list[QualityNote] = []
    if lungs[0].sum() > least:
        notes.append(QualityNote(QualityCode.APICES_CUT))
    if lungs[-1].sum() > least:
        notes.append(QualityNote(QualityCode.BASES_CUT))
    if max(lungs[:, 0].sum(), lungs[:, -1].sum()) > least:
        notes.append(QualityNote(QualityCode.SIDE_CUT))
    if not _ASYMMETRY[0] <= asymmetry <= _ASYMMETRY[1]:
        notes.append(QualityNote(QualityCode.UNEQUAL_LUNGS))
    if abs(tilt_degrees) > _TILTED_DEGREES:
        notes.append(QualityNote(QualityCode.TILTED, degrees=round(abs(tilt_degrees))))
    return notes + mirror_notes(heart_offset)


def mirror_notes(heart_offset: float) -> list[QualityNote]:
    """Whether the heart is placed as in a mirrored film.

    Parameters
    ----------
    heart_offset : float
        As in `hilum.models.anatomy.measures.Measures`.
    """
    return [QualityNote(QualityCode.MIRRORED)] if heart_offset < _MIRRORED_OFFSET else []
