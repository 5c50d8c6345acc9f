"""Radiographs with masks of lungs and heart."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hilum.datasets.public.jsrt import JSRT
from hilum.datasets.public.wingspan import WINGSPAN
from hilum.errors import DatasetError

MASKS = ("right_lung", "left_lung", "heart")
"""Order of the masks, everywhere. Right and left are the patient's."""

SOURCES = (JSRT, WINGSPAN)
"""The data sets that have them."""


@dataclass(frozen=True, slots=True)
class MaskedSample:
    """A radiograph with its three masks.

    Attributes
    ----------
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
    for label, source in enumerate(each.name for each in SOURCES):
        for path in sorted((folder / source / "png").glob("[!.]*.png")):
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


def load_masks(paths: Sequence[Path]) -> NDArray[np.float32]:
    """Masks at their own size, shape (rows, columns, len(paths)), values in [0, 1]."""
    planes = [np.asarray(Image.open(path).convert("L"), dtype=np.float32) for path in paths]
    return np.stack(planes, axis=2) / np.float32(255)
