"""Films in memory, the input of a network for each, and training batches."""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

from hilum.architectures.classifiers.head import ACTIVATION_MAP, LOGITS
from hilum.errors import DatasetError, ImageError
from hilum.imaging import Box, Preprocessing, decode
from hilum.imaging.preprocess import WHOLE, cut, decoded_side_px, normalise, resample
from hilum.models import Screener
from hilum.models.anatomy.masking import chest_area
from hilum.training.augment import Changed, augment
from hilum.training.batches import SeededBatches
from hilum.training.classifier.objective import Objective
from hilum.training.config import Augmentation

_SEEDS = 2**32

_MARKED = 16
"""Images that tell whether films are the same as earlier."""


class Images(Protocol):
    """Images that are read when they are asked for; see `hilum.training.classifier.packed`."""

    def __len__(self) -> int:
        """Number of images."""
        ...

    def __getitem__(self, index: Any) -> Any:
        """One image, shape (side, side); or those of several indices, not yet read."""


@dataclass(frozen=True, slots=True, eq=False)
class Films:
    """Images, in memory or on disk, and the region of each that a network reads.

    Attributes
    ----------
    pictures : ndarray of float32, shape (n, side, side), or Images
        Values in [0, 1].
    boxes : list of Box, length n
    chests : ndarray of uint8, shape (n, side, side), or Images, or None
        1 in lungs and heart, with a margin, or everywhere where they are not made out; None
        where the whole picture is read.
    """

    pictures: "NDArray[np.float32] | Images"
    boxes: list[Box]
    chests: "NDArray[np.uint8] | Images | None" = None

    @property
    def mark(self) -> str:
        """Hash of the boxes, which are found in the images, and of some of the images."""
        found = hashlib.sha256(np.asarray(self.boxes, dtype=np.float64).tobytes())
        some = np.random.default_rng(0).permutation(len(self.boxes))[:_MARKED]
        for row in some:
            found.update(np.ascontiguousarray(self.pictures[int(row)]).tobytes())
        return found.hexdigest()

    def take(self, chosen: Sequence[int]) -> "Films":
        """The chosen films."""
        chests = None if self.chests is None else self.chests[chosen]
        return Films(self.pictures[chosen], [self.boxes[i] for i in chosen], chests)


def load_films(
    paths: Sequence[Path],
    how: Preprocessing,
    screener: Screener | None,
    *,
    progress: Iterable[Path] | None = None,
) -> tuple[Films, list[int]]:
    """Load pictures and, for a network that reads it, find the lung field of each.

    Files that cannot be decoded are left out and returned as indices.

    Parameters
    ----------
    screener : Screener or None
        Required if `how` reads the lung field.
    progress : iterable of Path, optional
        The same paths, wrapped to show progress.

    Returns
    -------
    Films
        If no lungs are found, the box is the whole image.
    list of int
        Which of `paths` are not among them.

    Raises
    ------
    DatasetError
        The lung field is read and there is no screener.
    """
    side = how.sampled_px or how.input_size_px
    pictures = np.empty((len(paths), side, side), dtype=np.float32)
    chests = np.ones(pictures.shape, dtype=np.uint8)
    boxes: list[Box] = []
    unreadable = []
    for index, path in enumerate(progress or paths):
        film = load_film(path, how, screener)
        if film is None:
            unreadable.append(index)
            continue
        pictures[len(boxes)], chests[len(boxes)] = film.picture, film.chest
        boxes.append(film.box)
    count = len(boxes)
    whole = how.sampled_px is None
    return Films(pictures[:count], boxes, None if whole else chests[:count]), unreadable


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """One film; see `Films`."""

    picture: NDArray[np.float32]
    box: Box
    chest: NDArray[np.uint8]


def load_film(path: Path, how: Preprocessing, screener: Screener | None) -> Loaded | None:
    """Load one film, and find its lung field if the network reads it; None if it is unreadable.

    Raises
    ------
    DatasetError
        The lung field is read and there is no screener.
    """
    if how.sampled_px is not None and screener is None:
        raise DatasetError("A model that reads the lung field needs an anatomy bundle to find it.")
    side = how.sampled_px or how.input_size_px
    try:
        radiograph = decode(path.read_bytes(), smallest_side_px=decoded_side_px(how))
    except (ImageError, OSError):
        return None
    box, chest = WHOLE, np.ones((side, side), dtype=np.uint8)
    if how.sampled_px is not None and screener is not None:
        screening = screener.screen(radiograph)
        radiograph, field = screening.radiograph, screening.anatomy.lung_field
        if field:
            area = chest_area(screening.anatomy.organs).astype(np.uint8)
            chest[:] = cv2.resize(area, (side, side), interpolation=cv2.INTER_NEAREST_EXACT)
            box = field.box
    return Loaded(resample(radiograph.pixels, side), box, chest)


def model_inputs(films: Films, how: Preprocessing) -> NDArray[np.float32]:
    """Cut out and normalise as the service does; shape (n, side, side, 1)."""
    return np.stack([_input(films, index, how) for index in range(len(films.boxes))])


def _input(films: Films, index: int, how: Preprocessing) -> NDArray[np.float32]:
    picture = np.asarray(films.pictures[index], dtype=np.float32)
    return normalise(cut(picture, films.boxes[index], how.input_size_px), how)


class PlainBatches(keras.utils.PyDataset):
    """Inputs of a network in batches, in their order, for prediction and validation.

    Parameters
    ----------
    targets : mapping of str to ndarray, optional
        By the network's outputs.
    multiple : int
        The last batch is filled up to a multiple of it with its last image, which has no weight:
        see `hilum.training.devices.device_count`. Predictions have as many rows more.
    """

    def __init__(
        self,
        films: Films,
        how: Preprocessing,
        *,
        batch_size: int,
        targets: Mapping[str, NDArray[np.float32]] | None = None,
        multiple: int = 1,
    ) -> None:
        super().__init__()
        self._films, self._how, self._size = films, how, batch_size
        self._targets, self._multiple = targets, multiple

    def __len__(self) -> int:
        return math.ceil(len(self._films.boxes) / self._size)

    def __getitem__(self, batch: int) -> Any:
        """Inputs of a batch, shape (batch, side, side, 1), with targets and weights if any."""
        last = min((batch + 1) * self._size, len(self._films.boxes))
        own = np.arange(batch * self._size, last)
        chosen = np.pad(own, (0, -len(own) % self._multiple), mode="edge")
        inputs = np.stack([_input(self._films, int(index), self._how) for index in chosen])
        if self._targets is None:
            return (inputs,)
        # Keras divides a batch's loss by its images, not by their weights.
        weights = (np.arange(len(chosen)) < len(own)) * np.float32(len(chosen) / len(own))
        return (
            inputs,
            {name: each[chosen] for name, each in self._targets.items()},
            dict.fromkeys(self._targets, weights),
        )


class AugmentedBatches(SeededBatches):
    """Augmented films with targets, allowed areas of evidence, and weights.

    Parameters
    ----------
    mixup : float
        See `TrainingConfig.mixup`.
    """

    def __init__(
        self,
        films: Films,
        objective: Objective,
        how: Preprocessing,
        changes: Augmentation,
        *,
        batch_size: int,
        seed: int,
        mixup: float = 0.0,
    ) -> None:
        super().__init__(len(films.boxes), batch_size=batch_size, seed=seed)
        self._films, self._objective = films, objective
        self._how, self._changes, self._mixup = how, changes, mixup

    def __getitem__(
        self, batch: int
    ) -> tuple[NDArray[np.float32], dict[str, NDArray[np.float32]], dict[str, NDArray[np.float32]]]:
        chosen = self._chosen(batch)
        changed = [self.changed(int(index)) for index in chosen]
        pictures = np.stack([normalise(each.pixels, self._how) for each in changed])
        chests = np.stack([each.chest for each in changed])
        targets, weights = self._objective.targets[chosen], self._objective.weights[chosen]
        targets[~chests.any(axis=(1, 2))] = self._objective.empty
        if self._mixup:
            # Pictures count up from 0 and batches down from the end: none draws another's numbers.
            rng = self._rng(_SEEDS - 1 - batch)
            share = rng.beta(self._mixup, self._mixup, len(targets)).astype(np.float32)
            other = rng.permutation(len(targets))
            pictures, targets, weights = (
                _mixed(values, share, other) for values in (pictures, targets, weights)
            )
            chests = np.maximum(chests, chests[other])
        return (
            pictures,
            {LOGITS: targets, ACTIVATION_MAP: chests[..., np.newaxis]},
            {LOGITS: weights, ACTIVATION_MAP: np.ones_like(weights)},
        )

    def changed(self, index: int) -> Changed:
        """One film as it is changed in this epoch, before normalisation."""
        return augment(
            self._films.pictures[index],
            self._changes,
            self._rng(index),
            box=self._films.boxes[index],
            chest=None if self._films.chests is None else self._films.chests[index],
            side=self._how.input_size_px,
        )


def _mixed(
    values: NDArray[np.float32], share: NDArray[np.float32], other: NDArray[np.intp]
) -> NDArray[np.float32]:
    share = share.reshape(-1, *[1] * (values.ndim - 1))
    return np.asarray(share * values + (1 - share) * values[other])
