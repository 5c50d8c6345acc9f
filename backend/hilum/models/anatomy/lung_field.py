"""Lung field: the crop that models read, and the map back to the radiograph."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hilum.imaging import Box
from hilum.models.anatomy.masks import OrganMasks

MARGIN = 0.06
"""Added on every side, as a share of the box's larger side."""


@dataclass(frozen=True, slots=True)
class LungField:
    """A box around both lungs and the heart, in the radiograph's own pixels.

    Edges, not pixel centres: the radiograph spans from 0 to `columns` and to `rows`.

    Attributes
    ----------
    rows, columns : int
        Size of the radiograph.
    """

    left: float
    top: float
    right: float
    bottom: float
    rows: int
    columns: int

    @property
    def box(self) -> Box:
        """The field as shares of the radiograph, as `hilum.imaging.preprocess` takes it."""
        return Box(
            self.left / self.columns,
            self.top / self.rows,
            self.right / self.columns,
            self.bottom / self.rows,
        )

    def to_radiograph(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Take points (x, y) from shares of the field, in [0, 1], to the radiograph's pixels."""
        size = np.array([self.right - self.left, self.bottom - self.top])
        return np.asarray(points * size + np.array([self.left, self.top]) - 0.5)


def find_lung_field(organs: OrganMasks) -> LungField:
    """Box credible masks with a margin, within the radiograph.

    Parameters
    ----------
    organs : OrganMasks
        Credible: see `hilum.models.anatomy.quality.credibility`.
    """
    grid = organs.grid
    anywhere = np.any(list(organs.masks.values()), axis=0)
    rows, columns = np.flatnonzero(anywhere.any(axis=1)), np.flatnonzero(anywhere.any(axis=0))
    corners = np.array([[columns[0], rows[0]], [columns[-1] + 1, rows[-1] + 1]], dtype=np.float64)
    (left, top), (right, bottom) = corners * grid.scale
    margin = MARGIN * max(right - left, bottom - top)
    return LungField(
        left=max(0.0, left - margin),
        top=max(0.0, top - margin),
        right=min(float(grid.columns), right + margin),
        bottom=min(float(grid.rows), bottom + margin),
        rows=grid.rows,
        columns=grid.columns,
    )
