"""Masks drawn with ellipses whose sizes are known."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hilum.models.anatomy.grid import Grid
from hilum.models.anatomy.masks import Organ, OrganMasks

SIDE = 512


def ellipse(x: float, y: float, half_width: float, half_height: float) -> NDArray[np.bool_]:
    """Pixels whose centres lie in an ellipse."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    inside = ((columns - x) / half_width) ** 2 + ((rows - y) / half_height) ** 2 <= 1
    return np.asarray(inside)


@pytest.fixture
def make_organs() -> Callable[..., OrganMasks]:
    """Two lungs of 2 x 70 by 2 x 150, a heart of 2 x 80 by 2 x 70 between them."""

    def make(
        *,
        rows: int = SIDE,
        columns: int = SIDE,
        certainty: float = 0.95,
        **replaced: NDArray[np.bool_],
    ) -> OrganMasks:
        masks: dict[Organ, Any] = {
            Organ.RIGHT_LUNG: ellipse(150, 240, 70.5, 150.5),
            Organ.LEFT_LUNG: ellipse(362, 240, 70.5, 150.5),
            Organ.HEART: ellipse(280, 320, 80.5, 70.5),
        }
        masks |= {Organ(name): mask for name, mask in replaced.items()}
        return OrganMasks(Grid(SIDE, rows, columns), masks, dict.fromkeys(Organ, certainty))

    return make
