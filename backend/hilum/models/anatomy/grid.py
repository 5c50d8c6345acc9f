"""Square grid of the masks, and the map from it to pixels of the radiograph."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Grid:
    """A square stretched over a whole radiograph.

    Pixel centres are at whole numbers on both sides, so that a picture and its copy of another
    size have the same points (the convention of OpenCV's resize).

    Attributes
    ----------
    side : int
        Pixels of the square.
    rows, columns : int
        Size of the radiograph.
    """

    side: int
    rows: int
    columns: int

    @property
    def scale(self) -> NDArray[np.float64]:
        """Radiograph pixels for one grid pixel, (x, y)."""
        return np.array([self.columns, self.rows], dtype=np.float64) / self.side

    def to_radiograph(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Take points (x, y) of shape (..., 2) from the grid to the radiograph."""
        return np.asarray((points + 0.5) * self.scale - 0.5)
