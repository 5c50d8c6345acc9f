"""Films with organ masks, and films without, in memory at the anatomy network's size."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hilum.datasets.organ_masks import SOURCES, MaskedSample, load_masks
from hilum.datasets.walk import files_below
from hilum.errors import DatasetError
from hilum.imaging import Preprocessing
from hilum.imaging.preprocess import resample
from hilum.populations import Population
from hilum.training.pictures import load_pictures


def load_masked(
    samples: Sequence[MaskedSample], how: Preprocessing
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Pictures (n, side, side) and masks (n, side, side, 3) at the network's size."""
    pictures = load_pictures([sample.path for sample in samples], how.input_size_px)
    masks = [
        np.stack(
            [resample(plane, how.input_size_px) for plane in np.moveaxis(load_masks(sample), 2, 0)],
            axis=2,
        )
        for sample in samples
    ]
    return pictures, np.stack(masks)


@dataclass(frozen=True, slots=True)
class Unmasked:
    """A folder of upright chest radiographs without masks.

    Attributes
    ----------
    population : Population
        Whose films they are.
    """

    folder: Path
    population: Population


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Films of one source.

    Attributes
    ----------
    pictures : ndarray of float32, shape (n, side, side)
        Upright, values in [0, 1].
    """

    name: str
    population: Population
    pictures: NDArray[np.float32]


def load_unmasked(
    unmasked: Sequence[Unmasked], how: Preprocessing, *, at_most: int, seed: int
) -> list[Group]:
    """A random choice of the pictures below some folders, `at_most` from each.

    Raises
    ------
    DatasetError
        A folder has no pictures, or some cannot be read.
    """
    rng = np.random.default_rng(seed)
    groups = []
    for number, films in enumerate(unmasked, start=1):
        paths = [
            path
            for path in files_below(films.folder)
            if path.suffix.lower() in (".jpg", ".jpeg", ".png")
        ]
        if not paths:
            raise DatasetError(f"There are no pictures in {films.folder}.")
        chosen = [paths[i] for i in rng.permutation(len(paths))[:at_most]]
        name = f"{films.population.value} {number}"
        groups.append(Group(name, films.population, load_pictures(chosen, how.input_size_px)))
    return groups


def together(groups: Sequence[Group], how: Preprocessing) -> NDArray[np.float32]:
    """Pictures of all groups, shape (n, side, side)."""
    none = np.empty((0, how.input_size_px, how.input_size_px), dtype=np.float32)
    return np.concatenate([none, *(group.pictures for group in groups)])


def masked_groups(samples: Sequence[MaskedSample], pictures: NDArray[np.float32]) -> list[Group]:
    """The masked films as groups, by source; both sources are of adults."""
    labels = np.array([sample.label for sample in samples])
    return [
        Group(source.name, Population.ADULTS, pictures[labels == label])
        for label, source in enumerate(SOURCES)
        if (labels == label).any()
    ]
