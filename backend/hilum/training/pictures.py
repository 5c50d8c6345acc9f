"""Images in memory at a network's size, decoded as in the service."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hilum.errors import DatasetError, ImageError
from hilum.imaging import Radiograph, decode
from hilum.imaging.preprocess import resample
from hilum.words.counts import first_few


def load_pictures(
    paths: Sequence[Path], side: int, *, progress: Iterable[Path] | None = None
) -> NDArray[np.float32]:
    """Decode files and resample them to a square, through the service's own code.

    Parameters
    ----------
    progress : iterable of Path, optional
        The same paths, wrapped to show progress.

    Returns
    -------
    ndarray of float32, shape (n, side, side)
        Values in [0, 1], not yet normalised.

    Raises
    ------
    DatasetError
        Files that cannot be decoded; counts them and names the first few.
    """
    pictures = np.empty((len(paths), side, side), dtype=np.float32)
    bad = []
    for index, radiograph in enumerate(decoded(progress or paths, 2 * side)):
        if radiograph is None:
            bad.append(paths[index].name)
        else:
            pictures[index] = resample(radiograph.pixels, side)
    if bad:
        raise DatasetError(
            f"{len(bad)} of {len(paths)} pictures cannot be read: {first_few(bad)}. "
            "Fetch them again or remove them."
        )
    return pictures


def decoded(paths: Iterable[Path], smallest_side_px: int) -> Iterator[Radiograph | None]:
    """Decode images one by one; None for those that cannot be decoded."""
    for path in paths:
        try:
            yield decode(path.read_bytes(), smallest_side_px=smallest_side_px)
        except (ImageError, OSError):
            yield None
