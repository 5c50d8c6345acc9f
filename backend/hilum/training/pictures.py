"""Pictures in memory at the network's size, and the batches that training draws from them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from hilum.errors import DatasetError, ImageError
from hilum.imaging import Preprocessing, decode
from hilum.imaging.preprocess import normalise, resample
from hilum.training.augment import augment
from hilum.training.config import Augmentation


def load_pictures(
    paths: Sequence[Path], how: Preprocessing, *, progress: Iterable[Path] | None = None
) -> NDArray[np.float32]:
    """Decode files and resample them to the network's size, through the service's own code.

    Parameters
    ----------
    paths : sequence of Path
    how : Preprocessing
    progress : iterable of Path, optional
        The same paths, wrapped to show progress.

    Returns
    -------
    ndarray of float32, shape (n, input_size_px, input_size_px)
        Values in [0, 1], not yet normalised.

    Raises
    ------
    DatasetError
        Files that cannot be decoded; counts them and names the first few.
    """
    side = how.input_size_px
    pictures = np.empty((len(paths), side, side), dtype=np.float32)
    bad = []
    for index, path in enumerate(progress if progress is not None else paths):
        try:
            radiograph = decode(path.read_bytes(), smallest_side_px=2 * side)
        except ImageError:
            bad.append(path.name)
        else:
            pictures[index] = resample(radiograph.pixels, how)
    if bad:
        raise DatasetError(
            f"{len(bad)} of {len(paths)} pictures cannot be read, for example "
            f"{', '.join(bad[:3])}. Fetch them again or remove them."
        )
    return pictures


def model_inputs(pictures: NDArray[np.float32], how: Preprocessing) -> NDArray[np.float32]:
    """Normalise pictures as the service does; shape (n, side, side, 1)."""
    return np.stack([normalise(picture, how) for picture in pictures])


class AugmentedBatches(keras.utils.PyDataset):
    """Shuffled, augmented batches, the same for the same seed and epoch.

    Every picture's change is seeded by (seed, epoch, index), so a run that was killed goes on
    exactly as it would have.

    Parameters
    ----------
    pictures : ndarray of float32, shape (n, side, side)
    targets : ndarray of float32, shape (n, classes)
    how : Preprocessing
    changes : Augmentation
    batch_size, seed : int
    epoch : int
        The epoch to begin with.
    weights : ndarray of float32, shape (n,), optional
        Weight of each picture in the loss.
    """

    def __init__(
        self,
        pictures: NDArray[np.float32],
        targets: NDArray[np.float32],
        how: Preprocessing,
        changes: Augmentation,
        *,
        batch_size: int,
        seed: int,
        epoch: int = 0,
        weights: NDArray[np.float32] | None = None,
    ) -> None:
        super().__init__()
        self._pictures, self._targets = pictures, targets
        self._weights = np.ones(len(targets), np.float32) if weights is None else weights
        self._how, self._changes = how, changes
        self._batch_size, self._seed, self._epoch = batch_size, seed, epoch
        self._order = self._shuffled()

    def _shuffled(self) -> NDArray[np.intp]:
        return np.random.default_rng((self._seed, self._epoch)).permutation(len(self._pictures))

    def __len__(self) -> int:
        return len(self._pictures) // self._batch_size or 1

    def __getitem__(
        self, batch: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        chosen = self._order[batch * self._batch_size : (batch + 1) * self._batch_size]
        pictures = np.stack([self._changed(index) for index in chosen])
        return pictures, self._targets[chosen], self._weights[chosen]

    def _changed(self, index: int) -> NDArray[np.float32]:
        rng = np.random.default_rng((self._seed, self._epoch, int(index)))
        return normalise(augment(self._pictures[index], self._changes, rng), self._how)

    def begin_epoch(self, epoch: int) -> None:
        """Shuffle and change the pictures anew.

        Told from outside, not counted: Keras ends epochs of its own when it peeks at a data set.
        """
        self._epoch = epoch
        self._order = self._shuffled()
