"""Orientation of the displayed image, and the map back to pixels of the file."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

Pixels = TypeVar("Pixels", bound=np.generic)
Directions = tuple[str, str]
"""Where the rows and where the columns lead in the patient, such as L and F."""

_OPPOSITE = dict(zip("LRAPHF", "RLPAFH", strict=True))
_FRONTAL = ("L", "F")
_QUARTERS = 4
_AXES = 3


class SideDoubt(StrEnum):
    """Reason why it is not certain which side of the displayed image is the patient's left."""

    OBLIQUE = "oblique"
    """Patient Orientation does not match the axes of an upright film."""
    UNREADABLE = "unreadable"
    """Patient Orientation does not conform to the standard."""
    LATERAL = "lateral"
    """A lateral film, on which both sides overlap."""
    HEADER_DISAGREES = "header_disagrees"
    """The image shows another orientation than the header states."""
    LOOKS_MIRRORED = "looks_mirrored"
    """The heart is placed as in a mirrored film, and no header states the orientation."""
    NOT_UPRIGHT = "not_upright"
    """The displayed image is on its side or upside down."""


@dataclass(frozen=True, slots=True)
class Orientation:
    """One of the eight ways to lay a picture along its axes.

    Attributes
    ----------
    is_mirrored : bool
        The file's picture is mirrored, left for right, before it is turned.
    quarter_turns : int
        How often it is then turned clockwise, 0 to 3.
    """

    is_mirrored: bool = False
    quarter_turns: int = 0

    @property
    def swaps_axes(self) -> bool:
        """Rows become columns."""
        return self.quarter_turns % 2 == 1

    @property
    def inverse(self) -> Self:
        """The orientation that undoes this one."""
        turns = self.quarter_turns if self.is_mirrored else -self.quarter_turns
        return type(self)(self.is_mirrored, turns % _QUARTERS)

    def then(self, other: "Orientation") -> Self:
        """Follow it by another one."""
        # A turn before a mirror is the opposite turn after it.
        turns = -self.quarter_turns if other.is_mirrored else self.quarter_turns
        return type(self)(
            self.is_mirrored != other.is_mirrored, (other.quarter_turns + turns) % _QUARTERS
        )

    def size(self, rows: int, columns: int) -> tuple[int, int]:
        """Rows and columns of a picture of this size, once displayed (or the other way)."""
        return (columns, rows) if self.swaps_axes else (rows, columns)

    def display(self, pixels: NDArray[Pixels]) -> NDArray[Pixels]:
        """Lay an array of the file's pixels as it is displayed.

        Parameters
        ----------
        pixels : ndarray, shape (rows, columns)

        Returns
        -------
        ndarray, shape (rows, columns) or (columns, rows)
        """
        if self == UPRIGHT:
            return pixels
        mirrored = pixels[:, ::-1] if self.is_mirrored else pixels
        return np.ascontiguousarray(np.rot90(mirrored, -self.quarter_turns))

    def directions(self, stored: Directions) -> Directions:
        """Where rows and columns lead once displayed, if they lead there in the file."""
        row, column = stored
        if self.is_mirrored:
            row = opposite(row)
        for _ in range(self.quarter_turns):
            # Clockwise: what led up leads to the right, what led to the right leads down.
            row, column = opposite(column), row
        return row, column

    def to_file(self, rows: int, columns: int) -> NDArray[np.float64]:
        """Affine map from a displayed pixel (x, y) to the file's.

        Parameters
        ----------
        rows, columns : int
            Size of the displayed picture.

        Returns
        -------
        ndarray of float64, shape (2, 3)
            Whole numbers are pixel centres on both sides.
        """
        x, y = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
        for _ in range(self.quarter_turns):
            # Counter-clockwise, undoing one turn: what is on top comes to the left.
            x, y = y, _last(columns) - x
            rows, columns = columns, rows
        if self.is_mirrored:
            x = _last(columns) - x
        return np.stack([x, y])


def _last(count: int) -> NDArray[np.float64]:
    """The last of so many pixels, as a row of an affine map."""
    return np.array([0.0, 0.0, count - 1.0])


UPRIGHT = Orientation()
"""Displayed as it is in the file."""

ORIENTATIONS = tuple(
    Orientation(is_mirrored, turns) for is_mirrored in (False, True) for turns in range(_QUARTERS)
)

EXIF_ORIENTATIONS = {
    1: UPRIGHT,
    2: Orientation(is_mirrored=True),
    3: Orientation(quarter_turns=2),
    4: Orientation(is_mirrored=True, quarter_turns=2),
    5: Orientation(is_mirrored=True, quarter_turns=3),
    6: Orientation(quarter_turns=1),
    7: Orientation(is_mirrored=True, quarter_turns=1),
    8: Orientation(quarter_turns=3),
}
"""By the value of EXIF's Orientation (0x0112; EXIF 2.32, 4.6.4.A)."""


def is_direction(text: str) -> bool:
    """Whether it is a direction in a person (PS3.3 C.7.6.1.1.1), such as ``F`` or ``LH``.

    Parameters
    ----------
    text : str
        In capitals. Opposites do not stand together, and no letter stands twice.
    """
    return (
        0 < len(text) <= _AXES
        and set(text) <= set(_OPPOSITE)
        and len({frozenset((each, _OPPOSITE[each])) for each in text}) == len(text)
    )


def opposite(direction: str) -> str:
    """The direction that leads the other way, letter by letter."""
    return "".join(_OPPOSITE[letter] for letter in direction)


def orientation_of(stored: Directions) -> tuple[Orientation, SideDoubt | None]:
    """Find how a film is to be displayed, by its Patient Orientation (PS3.3 C.7.6.1.1.1).

    A frontal film is displayed with the patient's left on its right and the feet at its lower
    edge, whether it was taken PA or AP. A lateral one has the feet at its lower edge and is not
    mirrored.

    Parameters
    ----------
    stored : (str, str)
        Where the file's rows and columns lead.

    Returns
    -------
    SideDoubt or None
        Why the sides are not certain: it leads along no axis of either; then it is displayed as
        it is in the file. Or it is lateral.
    """
    for orientation in ORIENTATIONS:
        row, column = orientation.directions(stored)
        if (row, column) == _FRONTAL:
            return orientation, None
        if column == "F" and row in {"A", "P"} and not orientation.is_mirrored:
            return orientation, SideDoubt.LATERAL
    return UPRIGHT, SideDoubt.OBLIQUE
