"""Changes of the robustness suite, each at three strengths.

They stand for what differs from one hospital's machine to the next: exposure and display,
the machine's own processing, storage, framing, and what is burned into the picture. Every size
is a share of the picture, so that files of 224 and of 2000 pixels are changed alike.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.evaluation.robustness.grey_changes import (
    Pixels,
    Rng,
    add_noise,
    blur,
    burn_in,
    collimate,
    curve,
    equalise,
    equalise_locally,
    flatten,
    lose_highlights,
    lose_resolution,
    lose_shadows,
    save_as_jpeg,
    sharpen,
)
from hilum.imaging import Radiograph

Matrix = NDArray[np.float64]

_GREY_LEVELS = 255


@dataclass(frozen=True, slots=True)
class Change(ABC):
    """One kind of change.

    Attributes
    ----------
    name : str
        Stable snake_case code.
    words : str
        Display name.
    unit : str
        Unit of the strengths.
    strengths : tuple of float
        Mild, middle and strong; the strong one is still readable by a radiologist.
    """

    name: str
    words: str
    unit: str
    strengths: tuple[float, float, float]

    def apply(self, radiograph: Radiograph, level: int, *, seed: int = 0) -> Radiograph:
        """Change one radiograph.

        Parameters
        ----------
        radiograph : Radiograph
            Not written to.
        level : {0, 1, 2}
            Index into `strengths`.
        seed : int
            With the file's hash it decides what is drawn, whatever the level.

        Returns
        -------
        Radiograph
            Pixels of the same shape, in the 256 grey levels of a file that was saved again.
        """
        changed = self._changed(
            radiograph.pixels, self.strengths[level], self._rng(radiograph, seed)
        )
        return replace(radiograph, pixels=_stored(changed))

    def placement(self, radiograph: Radiograph, level: int, *, seed: int = 0) -> Matrix | None:
        """Map of the image's points under the change; None if they do not move.

        Returns
        -------
        ndarray of float64, shape (2, 3), or None
            Affine map from a pixel centre (x, y) of ``radiograph.pixels`` to where it goes.
        """
        rng = self._rng(radiograph, seed)
        return self._placement(radiograph.pixels.shape, self.strengths[level], rng)

    def _rng(self, radiograph: Radiograph, seed: int) -> Rng:
        key = f"{radiograph.sha256} {seed} {self.name}".encode()
        return np.random.default_rng(int.from_bytes(hashlib.sha256(key).digest()[:8]))

    @abstractmethod
    def _changed(self, pixels: Pixels, strength: float, rng: Rng) -> Pixels:
        """Changed pixels, perhaps out of [0, 1]."""

    def _placement(
        self,
        shape: tuple[int, ...],  # noqa: ARG002
        strength: float,  # noqa: ARG002
        rng: Rng,  # noqa: ARG002
    ) -> Matrix | None:
        return None


@dataclass(frozen=True, slots=True)
class _GreyChange(Change):
    recast: Callable[[Pixels, float, Rng], Pixels]

    def _changed(self, pixels: Pixels, strength: float, rng: Rng) -> Pixels:
        return self.recast(pixels, strength, rng)


@dataclass(frozen=True, slots=True)
class _Move(Change):
    place: Callable[[tuple[int, ...], float, Rng], Matrix]

    def _changed(self, pixels: Pixels, strength: float, rng: Rng) -> Pixels:
        matrix = self.place(pixels.shape, strength, rng)
        # Cubic: a linear warp would blur as well. Black comes in from outside.
        moved = cv2.warpAffine(pixels, matrix, pixels.shape[::-1], flags=cv2.INTER_CUBIC)
        return np.asarray(moved, dtype=np.float32)

    def _placement(self, shape: tuple[int, ...], strength: float, rng: Rng) -> Matrix:
        return self.place(shape, strength, rng)


def _stored(pixels: Pixels) -> Pixels:
    levels = np.rint(np.clip(pixels, 0, 1) * _GREY_LEVELS)
    return np.asarray(levels / np.float32(_GREY_LEVELS), dtype=np.float32)


def _about(linear: Matrix, shape: tuple[int, ...], shift: Matrix | float = 0.0) -> Matrix:
    """A linear map about the picture's middle, then a shift in pixels."""
    middle = (np.array(shape[::-1], dtype=np.float64) - 1) / 2
    return np.column_stack([linear, middle - linear @ middle + shift])


def _turn(shape: tuple[int, ...], degrees: float, rng: Rng) -> Matrix:
    angle = np.deg2rad(degrees) * (1 if rng.random() < 0.5 else -1)
    cos, sin = np.cos(angle), np.sin(angle)
    return _about(np.array([[cos, -sin], [sin, cos]]), shape)


def _cut(shape: tuple[int, ...], lost: float, rng: Rng) -> Matrix:
    """Crop the sides unevenly, and stretch the rest to the frame, as a model does."""
    kept = 1 - lost
    size = np.array(shape[::-1], dtype=np.float64)
    cut = lost * rng.uniform(0.25, 0.75, 2) * size
    # Edges, not centres, are what the frame is cut at.
    return np.column_stack([np.eye(2) / kept, (0.5 - cut) / kept - 0.5])


def _shrink(shape: tuple[int, ...], filled: float, rng: Rng) -> Matrix:
    """Show the picture smaller within its frame, not quite in the middle."""
    spare = (1 - filled) / 2 * np.array(shape[::-1], dtype=np.float64)
    return _about(filled * np.eye(2), shape, spare * rng.uniform(-0.5, 0.5, 2))


CHANGES: tuple[Change, ...] = (
    _GreyChange("contrast", "flat contrast", "share of contrast kept", (0.7, 0.45, 0.25), flatten),
    _GreyChange("gamma_darker", "darker display", "gamma exponent", (1.25, 1.6, 2.0), curve),
    _GreyChange("gamma_brighter", "brighter display", "gamma exponent", (0.8, 0.62, 0.5), curve),
    _GreyChange(
        "overexposure", "shadows lost in black", "share of inner pixels", (0.05, 0.1, 0.15),
        lose_shadows,
    ),
    _GreyChange(
        "underexposure", "highlights lost in white", "share of inner pixels", (0.1, 0.2, 0.3),
        lose_highlights,
    ),
    _GreyChange(
        "borders", "collimation borders on all sides", "share of each side, at most",
        (0.04, 0.08, 0.12), collimate,
    ),
    _GreyChange("blur", "blur", "sigma, share of longer side", (0.0025, 0.005, 0.008), blur),
    _GreyChange("noise", "quantum noise", "deviation, of white", (0.015, 0.03, 0.05), add_noise),
    _GreyChange("sharpening", "edge enhancement", "unsharp mask amount", (0.75, 1.5, 3), sharpen),
    _GreyChange("jpeg", "JPEG of a thumbnail", "quality", (40, 20, 10), save_as_jpeg),
    _GreyChange(
        "resolution", "few pixels", "pixels of the longer side", (144, 112, 80), lose_resolution
    ),
    _Move("rotation", "turned film", "degrees", (4, 8, 15), _turn),
    _Move("crop", "cut off sides", "share of width and height", (0.05, 0.1, 0.15), _cut),
    _Move("scale", "small in its frame", "share of frame filled", (0.9, 0.8, 0.65), _shrink),
    _GreyChange(
        "markers", "burned-in letter and label", "height of letter, share of longer side",
        (0.04, 0.08, 0.12), burn_in,
    ),
    _GreyChange(
        "equalisation", "histogram equalised", "weight", (0.33, 0.67, 1.0), equalise
    ),
    _GreyChange(
        "local_contrast", "local contrast processing (CLAHE)", "clip limit", (1.5, 2.5, 4.0),
        equalise_locally,
    ),
)  # fmt: skip
"""All changes, in the order of the suite's table."""
