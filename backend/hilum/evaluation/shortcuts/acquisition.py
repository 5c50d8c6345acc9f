"""Features of how a radiograph was acquired, without its anatomy."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.imaging import Radiograph

_BINS = 64
_FRAME_SIDE, _FRAME_WIDTH = 32, 2


def border(radiograph: Radiograph) -> NDArray[np.float64]:
    """Grey values along the border of the radiograph, in a picture of 32 x 32."""
    small = cv2.resize(radiograph.pixels, (_FRAME_SIDE, _FRAME_SIDE), interpolation=cv2.INTER_AREA)
    is_frame = np.ones(small.shape, dtype=bool)
    is_frame[_FRAME_WIDTH:-_FRAME_WIDTH, _FRAME_WIDTH:-_FRAME_WIDTH] = False
    return np.asarray(small[is_frame], dtype=np.float64)


def histogram(radiograph: Radiograph) -> NDArray[np.float64]:
    """Square roots of the shares of 64 equal bands of grey."""
    counts, _ = np.histogram(radiograph.pixels, bins=_BINS, range=(0, 1))
    # Square roots: the differences of shares are then alike in size (Hellinger).
    return np.sqrt(counts / radiograph.pixels.size)


def size(radiograph: Radiograph) -> NDArray[np.float64]:
    """Logarithms of rows, columns and their ratio."""
    rows, columns = np.log([radiograph.rows, radiograph.columns])
    return np.array([rows, columns, rows - columns])
