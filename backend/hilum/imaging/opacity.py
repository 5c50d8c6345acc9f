"""Drawing of a synthetic opacity into a lung, for training and for testing models."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Drawn(NamedTuple):
    """A film with an opacity.

    Attributes
    ----------
    pixels : ndarray of float32, shape (rows, columns)
        Values in [0, 1].
    cover : ndarray of float32, shape (rows, columns)
        How much of each pixel the opacity takes, in [0, 1]; 0 outside the lung.
    """

    pixels: NDArray[np.float32]
    cover: NDArray[np.float32]


def draw_opacity(
    pixels: NDArray[np.float32],
    lung: NDArray[np.float32],
    rng: np.random.Generator,
    *,
    weakest: float = 0.4,
) -> Drawn | None:
    """Draw a consolidation or an effusion into a lung, as bright as what lies around lungs.

    Parameters
    ----------
    pixels : ndarray of float32, shape (rows, columns)
        Values in [0, 1].
    lung : ndarray of float32, shape (rows, columns)
        1 in the lung.
    rng : numpy.random.Generator
        Draws place, size and brightness.
    weakest : float
        Least share of the way to that brightness, at the middle.

    Returns
    -------
    Drawn or None
        None where there is no lung.
    """
    inside = np.argwhere(lung > 0.5)
    if not len(inside):
        return None
    rows, columns = pixels.shape
    row, column = inside[rng.integers(len(inside))]
    y, x = np.ogrid[:rows, :columns]
    reach = rng.uniform(0.06, 0.22, 2) * pixels.shape
    cloud = np.exp(-((((y - row) / reach[0]) ** 2 + ((x - column) / reach[1]) ** 2) ** 1.5))
    # Muscle, liver, heart.
    bright = np.quantile(pixels, rng.uniform(0.6, 0.9))
    cover = (rng.uniform(weakest, 1.0) * cloud * lung).astype(np.float32)
    changed = pixels + cover * np.maximum(bright - pixels, 0)
    return Drawn(np.asarray(changed, dtype=np.float32), cover)
