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


class SeededBatches(keras.utils.PyDataset):
    """Batches that are the same for the same seed and epoch, whoever asks for them and when.

    Parameters
    ----------
    size : int
        How many things there are to draw from.
    batch_size, seed : int
    """

    def __init__(self, size: int, *, batch_size: int, seed: int) -> None:
        super().__init__()
        self._size, self._batch_size, self._seed = size, batch_size, seed
        self.begin_epoch(0)

    def begin_epoch(self, epoch: int) -> None:
        """Shuffle anew.

        Told from outside, not counted: Keras ends epochs of its own when it peeks at a data set.
        """
        self._epoch = epoch
        self._order = np.random.default_rng((self._seed, epoch)).permutation(self._size)

    def __len__(self) -> int:
        return self._size // self._batch_size or 1

    def _chosen(self, batch: int) -> NDArray[np.intp]:
        return self._order[batch * self._batch_size : (batch + 1) * self._batch_size]

    def _rng(self, index: int) -> np.random.Generator:
        """Random numbers for one thing's change in this epoch."""
        return np.random.default_rng((self._seed, self._epoch, int(index)))


class AugmentedBatches(SeededBatches):
    """Augmented pictures with their targets and weights.

    Parameters
    ----------
    pictures : ndarray of float32, shape (n, side, side)
    targets : ndarray of float32, shape (n, classes)
    how : Preprocessing
    changes : Augmentation
    batch_size, seed : int
    weights : ndarray of float32, shape (n,)
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
        weights: NDArray[np.float32],
    ) -> None:
        super().__init__(len(pictures), batch_size=batch_size, seed=seed)
        self._pictures, self._targets, self._weights = pictures, targets, weights
        self._how, self._changes = how, changes

    def __getitem__(
        self, batch: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        chosen = self._chosen(batch)
        pictures = np.stack([self._changed(index) for index in chosen])
        return pictures, self._targets[chosen], self._weights[chosen]

    def _changed(self, index: int) -> NDArray[np.float32]:
        changed = augment(self._pictures[index], self._changes, self._rng(index))
        return normalise(changed, self._how)
