"""Batches determined by a seed and an epoch."""

import keras
import numpy as np
from numpy.typing import NDArray


class SeededBatches(keras.utils.PyDataset):
    """Batches that are the same for the same seed and epoch, whoever asks for them and when.

    Parameters
    ----------
    size : int
        How many things there are to draw from.
    """

    def __init__(self, size: int, *, batch_size: int, seed: int) -> None:
        super().__init__()
        self._size, self._batch_size, self._seed = size, batch_size, seed
        self.begin_epoch(0)

    def begin_epoch(self, epoch: int) -> None:
        """Shuffle for a new epoch.

        Told from outside, not counted: Keras ends epochs of its own when it peeks at a data set.
        """
        self._epoch = epoch
        self._order = np.random.default_rng((self._seed, epoch)).permutation(self._size)

    @property
    def order(self) -> NDArray[np.intp]:
        """Indices in the order of this epoch."""
        return self._order

    def __len__(self) -> int:
        return self._size // self._batch_size or 1

    def _chosen(self, batch: int) -> NDArray[np.intp]:
        return self._order[batch * self._batch_size : (batch + 1) * self._batch_size]

    def _rng(self, index: int) -> np.random.Generator:
        """Random numbers for one thing's change in this epoch."""
        return np.random.default_rng((self._seed, self._epoch, int(index)))
