"""Pictures with organ masks, and pictures without, for the anatomy network."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hilum.errors import DatasetError
from hilum.imaging import Preprocessing
from hilum.imaging.preprocess import resample
from hilum.models.card import DataCredit
from hilum.populations import Population
from hilum.training.pictures import load_pictures

MASKS = ("right_lung", "left_lung", "heart")
"""Order of the masks, everywhere. Right and left are the patient's."""

SOURCES = ("jsrt", "wingspan")

CREDITS = (
    DataCredit(
        name="JSRT database, with organ masks",
        licence="research use with citation",
        source="Japanese Society of Radiological Technology",
        citation="Shiraishi et al. Development of a digital image database for chest radiographs "
        "with and without a lung nodule. AJR 174, 2000",
    ),
    DataCredit(
        name="Wingspan chest radiographs with organ masks",
        licence="MIT",
        source="Wingspan Technology",
        citation="Dong et al. Unsupervised Domain Adaptation for Automatic Estimation of "
        "Cardiothoracic Ratio. MICCAI 2018",
    ),
)


@dataclass(frozen=True, slots=True)
class MaskedSample:
    """A radiograph with its three masks.

    Attributes
    ----------
    path : Path
    masks : tuple of Path
        In the order of `MASKS`.
    label : int
        Index of its source in `SOURCES`; splits keep the sources' shares.
    patient : str
        One radiograph is one patient in both sources.
    """

    path: Path
    masks: tuple[Path, Path, Path]
    label: int
    patient: str


def find_masked_samples(folder: Path) -> list[MaskedSample]:
    """List the radiographs below ``folder/{jsrt,wingspan}/png`` that have all three masks.

    Raises
    ------
    DatasetError
        No source is there, or a radiograph lacks a mask.
    """
    found, missing = [], []
    for label, source in enumerate(SOURCES):
        for path in sorted((folder / source / "png").glob("*.png")):
            right, left, heart = (folder / source / "mask" / name / path.name for name in MASKS)
            if right.is_file() and left.is_file() and heart.is_file():
                sample = MaskedSample(path, (right, left, heart), label, f"{source}/{path.stem}")
                found.append(sample)
            else:
                missing.append(path.name)
    if missing:
        raise DatasetError(
            f"{len(missing)} radiographs in {folder} lack a mask, for example {missing[0]}."
        )
    if not found:
        raise DatasetError(
            f"No anatomy data in {folder}: {{jsrt,wingspan}}/png and mask/{{right_lung,left_lung,"
            "heart} are expected, one file name in all four folders."
        )
    return found


def load_masks(sample: MaskedSample) -> NDArray[np.float32]:
    """Masks of one sample at their own size, shape (rows, columns, 3), values in [0, 1]."""
    planes = [np.asarray(Image.open(path).convert("L"), dtype=np.float32) for path in sample.masks]
    return np.stack(planes, axis=2) / np.float32(255)


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
    folder : Path
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
    name : str
    population : Population
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
        paths = sorted(
            p for p in films.folder.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png")
        )
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
        Group(source, Population.ADULTS, pictures[labels == label])
        for label, source in enumerate(SOURCES)
        if (labels == label).any()
    ]
