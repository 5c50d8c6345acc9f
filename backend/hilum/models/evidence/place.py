"""Location of a map's cells on the radiograph."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.models.anatomy import LungField
from hilum.models.card import EvidenceLayer

Heat = NDArray[np.float32]

_CELL_PX = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Place of a map's fine raster on the part of a radiograph that the network read.

    Each cell's square reaches half way to its neighbours' centres; what the squares do not
    cover, a border of what was read, has no evidence of its own.

    Attributes
    ----------
    input_size_px : int
        Side of the network's input.
    field : LungField
        What was read; the whole radiograph where no lungs were found.
    """

    layer: EvidenceLayer
    input_size_px: int
    field: LungField

    @property
    def rows(self) -> int:
        """Rows of the raster."""
        return self.layer.grid[0] * _CELL_PX

    @property
    def columns(self) -> int:
        """Columns of the raster."""
        return self.layer.grid[1] * _CELL_PX

    def raster(self, cells: NDArray[np.float64]) -> Heat:
        """Draw the positive part of a map on the raster, by straight lines between centres.

        Parameters
        ----------
        cells : ndarray of float64, shape `layer.grid`

        Returns
        -------
        ndarray of float32, shape (rows, columns)
            Not below zero; its mean is that of the cells' positive parts.
        """
        positive = np.maximum(cells, 0).astype(np.float32)
        fine = cv2.resize(positive, (self.columns, self.rows), interpolation=cv2.INTER_LINEAR)
        return np.asarray(fine, dtype=np.float32)

    def to_radiograph(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Take points (x, y) of shape (..., 2) from the raster to the radiograph's pixels.

        Whole numbers are pixel centres on both.
        """
        cells = (points + 0.5) / _CELL_PX - 0.5
        on_input = self.layer.origin_px + cells * self.layer.step_px
        return self.field.to_radiograph((on_input + 0.5) / self.input_size_px)

    def matrix(self) -> NDArray[np.float64]:
        """`to_radiograph` as an affine map, shape (2, 3)."""
        origin, right, down = self.to_radiograph(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
        return np.column_stack([right - origin, down - origin, origin])

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom edge of the raster in the radiograph's pixels.

        Edges, not pixel centres: the radiograph spans from 0 to its columns and rows.
        """
        ends = np.array([[-0.5, -0.5], [self.columns - 0.5, self.rows - 0.5]])
        (left, top), (right, bottom) = self.to_radiograph(ends) + 0.5
        return float(left), float(top), float(right), float(bottom)
