"""The Kermany paediatric data set with its classes and patients, for a classifier."""

import hashlib
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hilum.datasets.folders import read_folders
from hilum.datasets.labels import find_classes
from hilum.datasets.public.chest_xray import CHEST_XRAY, SOURCE, told_by_name
from hilum.errors import DatasetError
from hilum.words.counts import first_few

CLASSES = CHEST_XRAY.findings

_NORMAL, _PNEUMONIA = "NORMAL", "PNEUMONIA"
_PICTURES = frozenset({".jpeg", ".jpg", ".png"})


def find_radiographs(folder: Path, split: str = "train") -> pd.DataFrame:
    """List the data set's radiographs of one public split.

    Parameters
    ----------
    folder : Path
        The folder that holds ``train/NORMAL`` and ``train/PNEUMONIA``, or its parent.
    split : str
        Folder of the public layout: ``train``, ``val`` or ``test``.

    Returns
    -------
    DataFrame
        Columns as `hilum.datasets.labelled.RADIOGRAPHS` has them, sorted by path; findings are
        those of `CLASSES`. A patient is a group that must not be split: patients that share a
        byte-identical file are one.

    Raises
    ------
    DatasetError
        A folder or a class is missing or not known, or files have names that tell no patient, or
        another class than their folder.
    """
    root = _layout_root(folder, split)
    found = read_folders(root, told_by_name, formats=_PICTURES)
    radiographs = found.radiographs
    if not found.knows_patients:
        strange = [path.name for path in radiographs["path"] if told_by_name(path) is None]
        raise DatasetError(
            f"{len(strange)} files in {root} have names without a patient or class: "
            f"{first_few(strange)}. Keep the public data set's names."
        )
    others = sorted(set(radiographs["name"].str.split("/").str[0]) - {_NORMAL, _PNEUMONIA})
    if others:
        raise DatasetError(
            f"{root} has folders of unknown classes: {first_few(others)}. "
            f"Only {_NORMAL} and {_PNEUMONIA} are read; remove the others."
        )
    labels = class_labels(radiographs)
    missing = [each.label for at, each in enumerate(CLASSES) if not (labels == at).any()]
    if missing:
        raise DatasetError(f"{root} has no pictures of: {', '.join(missing)}.")
    return radiographs.assign(patient=_groups(radiographs))


def class_labels(radiographs: pd.DataFrame) -> NDArray[np.intp]:
    """Index into `CLASSES` of each radiograph's finding, shape (n,)."""
    return find_classes(radiographs, CLASSES)


def _layout_root(folder: Path, split: str) -> Path:
    for candidate in (folder / split, folder / "chest_xray" / split):
        if (candidate / _NORMAL).is_dir() and (candidate / _PNEUMONIA).is_dir():
            return candidate
    raise DatasetError(
        f"No chest_xray data in {folder}: {split}/{_NORMAL} and {split}/{_PNEUMONIA} are "
        "expected.\n" + SOURCE.how_to_get()
    )


def _groups(radiographs: pd.DataFrame) -> list[str]:
    """One name for patients that share a byte-identical file: the first in their order."""
    by_content: dict[bytes, list[str]] = defaultdict(list)
    for path, patient in zip(radiographs["path"], radiographs["patient"], strict=True):
        by_content[hashlib.sha256(path.read_bytes()).digest()].append(patient)
    group = {patient: patient for patient in radiographs["patient"]}

    def root(patient: str) -> str:
        while group[patient] != patient:
            patient = group[patient]
        return patient

    for patients in by_content.values():
        for other in patients[1:]:
            first, second = sorted((root(patients[0]), root(other)))
            group[second] = first
    return [root(patient) for patient in radiographs["patient"]]
