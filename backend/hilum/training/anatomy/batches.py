"""The batches that the anatomy network learns from: masked films, films without masks, nothing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hilum.imaging import Preprocessing
from hilum.imaging.opacity import draw_opacity
from hilum.imaging.preprocess import normalise
from hilum.training.anatomy.non_chest_images import draw_non_chest_image
from hilum.training.augment import draw_placement, place, recast
from hilum.training.batches import SeededBatches
from hilum.training.config import Augmentation


@dataclass(frozen=True, slots=True)
class Mixture:
    """What a batch is mixed of.

    Attributes
    ----------
    masked, unmasked, empty : int
        Films with masks; films without, for orientation and inversion; pictures of no chest.
    opacity_share : float
        Share of the masked films that an opacity is drawn into.
    """

    masked: int = 16
    unmasked: int = 5
    empty: int = 0
    opacity_share: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Item:
    """One picture of a batch, and which of its targets count."""

    pixels: NDArray[np.float32]
    masks: NDArray[np.float32]
    turns: int = 0
    is_inverted: bool = False
    masks_count: bool = True
    display_counts: bool = True


class AnatomyBatches(SeededBatches):
    """Masked films; unmasked ones, for orientation and inversion; and pictures of no chest.

    Parameters
    ----------
    pictures : ndarray of float32, shape (n, side, side)
    masks : ndarray of float32, shape (n, side, side, 3)
    unmasked : ndarray of float32, shape (m, side, side)
        May be empty.
    repeats : int
        How many times an epoch goes through the masked pictures.
    """

    def __init__(
        self,
        pictures: NDArray[np.float32],
        masks: NDArray[np.float32],
        unmasked: NDArray[np.float32],
        how: Preprocessing,
        changes: Augmentation,
        *,
        mixture: Mixture,
        repeats: int,
        seed: int,
    ) -> None:
        super().__init__(repeats * len(pictures), batch_size=mixture.masked, seed=seed)
        self._mixture = mixture
        self._pictures, self._masks, self._unmasked = pictures, masks, unmasked
        self._how, self._changes = how, changes

    def __getitem__(
        self, batch: int
    ) -> tuple[NDArray[np.float32], dict[str, NDArray[np.float32]], dict[str, NDArray[np.float32]]]:
        items = [self._masked_item(int(index)) for index in self._chosen(batch)]
        unmasked = self._mixture.unmasked if len(self._unmasked) else 0
        makers = [self._unmasked_item] * unmasked + [self._empty_item] * self._mixture.empty
        first = self._size + batch * len(makers)
        items += [make(self._rng(first + k)) for k, make in enumerate(makers)]
        targets = {
            "masks": np.stack([item.masks for item in items]),
            "orientation": np.eye(4, dtype=np.float32)[[item.turns for item in items]],
            "inversion": np.array([[item.is_inverted] for item in items], dtype=np.float32),
        }
        display = np.array([item.display_counts for item in items], dtype=np.float32)
        weights = {
            "masks": np.array([item.masks_count for item in items], dtype=np.float32),
            "orientation": display,
            "inversion": display,
        }
        return np.stack([item.pixels for item in items]), targets, weights

    def _masked_item(self, index: int) -> _Item:
        rng = self._rng(index)
        index %= len(self._pictures)
        matrix = draw_placement(self._how.input_size_px, self._changes, rng)
        masks = place(self._masks[index], matrix)
        if np.linalg.det(matrix[:, :2]) < 0:
            # A mirrored film shows a lung where the other is: sides are told by the picture.
            masks = masks[:, :, [1, 0, 2]]
        pixels = place(self._pictures[index], matrix, fills=bool(rng.random() < 0.3))
        if rng.random() < self._mixture.opacity_share:
            # The masked radiographs have next to none, and a network taught on them alone leaves
            # an opaque part out of the lung.
            drawn = draw_opacity(pixels, masks[:, :, int(rng.integers(2))], rng)
            pixels = drawn.pixels if drawn else pixels
        inverted = bool(rng.random() < 0.15)
        return _Item(self._finished(pixels, inverted, rng), masks, is_inverted=inverted)

    def _unmasked_item(self, rng: np.random.Generator) -> _Item:
        picture = self._unmasked[rng.integers(len(self._unmasked))]
        turns = int(rng.integers(4)) if rng.random() < 0.75 else 0
        inverted = bool(rng.random() < 0.35)
        matrix = draw_placement(self._how.input_size_px, self._changes, rng)
        pixels = place(np.rot90(picture, turns).copy(), matrix, fills=bool(rng.random() < 0.3))
        return _Item(
            self._finished(pixels, inverted, rng),
            self._no_masks(),
            turns=turns,
            is_inverted=inverted,
            masks_count=False,
        )

    def _empty_item(self, rng: np.random.Generator) -> _Item:
        pool = self._unmasked if len(self._unmasked) else self._pictures
        pixels = draw_non_chest_image(pool[rng.integers(len(pool))], rng)
        return _Item(self._finished(pixels, False, rng), self._no_masks(), display_counts=False)

    def _no_masks(self) -> NDArray[np.float32]:
        return np.zeros(self._masks.shape[1:], dtype=np.float32)

    def _finished(
        self, pixels: NDArray[np.float32], inverted: bool, rng: np.random.Generator
    ) -> NDArray[np.float32]:
        if inverted:
            pixels = 1 - pixels
        return normalise(recast(pixels, self._changes, rng), self._how)
