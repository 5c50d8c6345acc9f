"""Memory for large results: shared in a worker, so that they need not be copied."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_reserve: list[Callable[[int], memoryview]] = []


def reserve_by(reserve: Callable[[int], memoryview]) -> None:
    """Take memory from here in this process, a worker.

    Parameters
    ----------
    reserve : callable
        Gives memory of so many bytes.
    """
    _reserve[:] = [reserve]


def empty_pixels(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """An array for pixels, not filled, as by `numpy.empty`.

    Returns
    -------
    ndarray of float32
    """
    if not _reserve:
        return np.empty(shape, np.float32)
    memory = _reserve[0](4 * math.prod(shape))
    return np.frombuffer(memory, np.float32).reshape(shape)
