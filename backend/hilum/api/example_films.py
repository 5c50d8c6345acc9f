"""Synthetic films for trying the service, drawn on request."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.imaging.phantom import Zone, draw_phantom
from hilum.imaging.phantom_files import as_file

_SIDE_PX = 1024
# The shipped model's verdicts on these are negative and positive.
_NORMAL_SEED = 421
_OPACITY_SEED = 40
_OPACITY: Zone = "left_lower"

_Pixels = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ExampleFilm:
    """A synthetic film.

    Attributes
    ----------
    name : str
        In addresses and file names.
    label, description : str
        In words for people.
    ending : str
        Of its file: the format.
    """

    name: str
    label: str
    description: str
    draw: Callable[[], _Pixels]
    ending: str = ".jpg"

    @property
    def file_name(self) -> str:
        """Under which it is saved."""
        return f"synthetic-{self.name}{self.ending}"

    @property
    def media_type(self) -> str:
        """Of its file."""
        return "application/dicom" if self.ending == ".dcm" else "image/jpeg"

    def content(self) -> bytes:
        """The file, drawn at the first call."""
        return _drawn(self.name)


def _normal() -> _Pixels:
    return draw_phantom(_SIDE_PX, _SIDE_PX, seed=_NORMAL_SEED)


def _opacity() -> _Pixels:
    return draw_phantom(_SIDE_PX, _SIDE_PX, seed=_OPACITY_SEED, opacity=_OPACITY)


def _hand() -> _Pixels:
    """Soft tissue around bones, in strokes from (x, y) to (x, y) of a width, in thousandths."""
    strokes = (
        (450, 900, 450, 650, 170), (380, 620, 290, 300, 60), (440, 600, 410, 200, 64),
        (500, 620, 520, 180, 64), (560, 620, 640, 250, 58), (350, 720, 200, 560, 62),
    )  # fmt: skip
    hand = np.full((_SIDE_PX, _SIDE_PX), 0.05, np.float32)
    for brightness, narrowing in ((0.35, 1), (0.75, 3)):
        for x, y, to_x, to_y, width in strokes:
            start, end = (_pixels(x), _pixels(y)), (_pixels(to_x), _pixels(to_y))
            cv2.line(hand, start, end, brightness, _pixels(width / narrowing), cv2.LINE_AA)
    return np.clip(cv2.GaussianBlur(hand, (0, 0), 6), 0, 1)


def _pixels(thousandths: float) -> int:
    return int(thousandths * _SIDE_PX / 1000)


EXAMPLE_FILMS = {
    each.name: each
    for each in (
        ExampleFilm("normal", "Normal", "A chest without an opacity", _normal),
        ExampleFilm("opacity", "Opacity", "An opacity in the left lower zone", _opacity),
        ExampleFilm(
            "upside-down", "Upside down", "The same, turned by 180°",
            lambda: np.rot90(_opacity(), 2),
        ),
        ExampleFilm("inverted", "Inverted", "Bone black, as a negative", lambda: 1 - _normal()),
        ExampleFilm(
            "dicom", "DICOM with header", "A DICOM file with a patient who is made up", _opacity,
            ".dcm",
        ),
        ExampleFilm("hand", "Not a chest", "A drawn hand, which is rejected", _hand),
    )
}  # fmt: skip
"""By name, in the order to show them."""


@cache
def _drawn(name: str) -> bytes:
    film = EXAMPLE_FILMS[name]
    return as_file(np.ascontiguousarray(film.draw(), np.float32), film.ending)
