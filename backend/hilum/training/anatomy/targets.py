"""Training targets of the anatomy network, with unknown values marked."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.models.anatomy import Organ
from hilum.models.anatomy.picture import PictureKind
from hilum.training.anatomy.films import Film
from hilum.training.augment import place

UNKNOWN = -1.0
"""Value of unknown pixels in a plane of masks."""

_HEART_EDGE, _HEART_UNSURE = 0.02, 0.05
"""Margin around the edge of a heart without a drawn mask, as a share of the side, in which its
pixels count as unknown; and the blurred value that they have at the margin's end."""

PLANES = len(Organ) + 1
"""Planes: right lung, left lung, heart, and one for pixels of an unknown one of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """Targets of one image; None means unknown.

    Attributes
    ----------
    masks : ndarray of float32, shape (side, side, PLANES), or None
        In [0, 1], or `UNKNOWN`.
    turns : int or None
        Quarter turns counter-clockwise.
    """

    kind: PictureKind
    masks: NDArray[np.float32] | None = None
    turns: int | None = None
    is_inverted: bool | None = None
    is_adult: bool | None = None
    is_ap: bool | None = None


def organ_targets(film: Film, matrix: NDArray[np.float64], stride: int) -> NDArray[np.float32]:
    """Masks of a film, placed by a matrix; see `hilum.training.augment.draw_placement`.

    Parameters
    ----------
    film : Film
        Film with at least one known mask; see `Film.planes`.
    stride : int
        Pixels of the film per pixel of the targets.

    Returns
    -------
    ndarray of float32, shape (side / stride, side / stride, PLANES)
    """
    planes = film.planes
    assert planes is not None
    side = planes.shape[0] // stride
    large = place(planes, matrix) / np.float32(255)
    small = cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA)
    placed: NDArray[np.float32] = np.asarray(small, dtype=np.float32)
    if np.linalg.det(matrix[:, :2]) < 0:
        # In a mirrored film the lungs change places: sides are defined by position.
        placed = placed[:, :, [1, 0, *range(2, placed.shape[2])]]
    targets = np.full((side, side, PLANES), UNKNOWN, dtype=np.float32)
    if film.lungs is None:
        targets[:, :, : len(Organ)] = placed
        return targets
    # Drawn lungs include the part behind the heart: a pixel inside is either lung or heart. The
    # outline of the heart decides, except near its edge. Pixels outside are not lung.
    lungs = placed[:, :, :2]
    within = lungs > 0
    is_heart, is_not = (each[:, :, np.newaxis] for each in _by_heart(film, placed))
    either_or = np.where(within, np.float32(UNKNOWN), np.float32(0))
    targets[:, :, :2] = np.where(is_not, lungs, np.where(is_heart, 0, either_or))
    targets[:, :, 2:3] = np.where(is_not, 0, np.where(is_heart, 1, np.float32(UNKNOWN)))
    # Pixels that belong to an unknown one of them.
    is_either = (within & (targets[:, :, :2] == UNKNOWN)).any(axis=2)
    together = np.minimum(lungs.sum(axis=2), 1)
    targets[:, :, -1] = np.where(is_either, together, np.float32(UNKNOWN))
    return targets


def _by_heart(
    film: Film, placed: NDArray[np.float32]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Masks of pixels certainly in the heart and certainly not; both empty without its outline."""
    if film.outlined is None:
        nowhere = np.zeros(placed.shape[:2], dtype=bool)
        return nowhere, nowhere
    reach = _HEART_EDGE * placed.shape[0]
    soft = cv2.GaussianBlur(placed[:, :, 2], (0, 0), reach)
    return np.asarray(soft > 1 - _HEART_UNSURE), np.asarray(soft < _HEART_UNSURE)


def lung_area(targets: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Area of the lungs, shape (side, side), in [0, 1]."""
    lungs = np.maximum(targets[:, :, [0, 1, -1]].max(axis=2), 0)
    return np.asarray(cv2.resize(lungs, (side, side)), dtype=np.float32)


def no_organs(side: int) -> NDArray[np.float32]:
    """Targets of a picture that shows none, shape (side, side, PLANES)."""
    targets = np.zeros((side, side, PLANES), dtype=np.float32)
    targets[:, :, -1] = UNKNOWN
    return targets


Batch = tuple[NDArray[np.float32], dict[str, NDArray[np.float32]], dict[str, NDArray[np.float32]]]


def stacked(
    pictures: Sequence[NDArray[np.float32]], targets: Sequence[Targets], *, stride: int
) -> Batch:
    """Images, targets and weights for Keras; unknown targets have the weight 0."""
    side = pictures[0].shape[0] // stride
    unknown = np.full((side, side, PLANES), UNKNOWN, dtype=np.float32)
    kinds = list(PictureKind)
    truth = {
        "masks": np.stack([unknown if t.masks is None else t.masks for t in targets]),
        "kind": np.eye(len(kinds), dtype=np.float32)[[kinds.index(t.kind) for t in targets]],
        "orientation": np.eye(4, dtype=np.float32)[[t.turns or 0 for t in targets]],
    }
    turns = {"orientation": [t.turns for t in targets]}
    flags = {
        "inversion": [t.is_inverted for t in targets],
        "adult": [t.is_adult for t in targets],
        "ap": [t.is_ap for t in targets],
    }
    for name, values in flags.items():
        truth[name] = np.array([[bool(value)] for value in values], dtype=np.float32)
    weights = {
        name: np.array([value is not None for value in values], dtype=np.float32)
        for name, values in (turns | flags).items()
    }
    weights |= {name: np.ones(len(targets), dtype=np.float32) for name in ("masks", "kind")}
    return np.stack(pictures), truth, weights
