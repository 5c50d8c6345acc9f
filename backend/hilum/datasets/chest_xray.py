"""The Kermany paediatric data set: its files, their labels and whose they are."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hilum.datasets.public.chest_xray import CHEST_XRAY, SOURCE, told_by_name
from hilum.errors import DatasetError
from hilum.findings import Finding
from hilum.words.counts import first_few

CLASSES = CHEST_XRAY.findings

_NORMAL, _PNEUMONIA = "NORMAL", "PNEUMONIA"
_PICTURES = {".jpeg", ".jpg", ".png"}


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled picture.

    Attributes
    ----------
    path : Path
    label : int
        Index into `CLASSES`.
    patient : str
        Group that must not be split; one patient, or several that share a picture.
    """

    path: Path
    label: int
    patient: str


def find_samples(folder: Path, split: str = "train") -> list[Sample]:
    """List the data set's pictures of one public split.

    Parameters
    ----------
    folder : Path
        The folder that holds ``train/NORMAL`` and ``train/PNEUMONIA``, or its parent.
    split : str
        Folder of the public layout: ``train``, ``val`` or ``test``.

    Returns
    -------
    list of Sample
        Sorted by path. Patients that share a byte-identical picture are one group.

    Raises
    ------
    DatasetError
        A folder or a class is missing or not known, or files have names that tell no patient, or
        another class than their folder.
    """
    root = _layout_root(folder, split)
    found = []
    strange, contradictions = [], []
    for path in sorted(root.glob("*/*")):
        if path.suffix.lower() not in _PICTURES:
            continue
        told = told_by_name(path)
        if told is None:
            strange.append(path.name)
        elif (told[0] is Finding.NORMAL) != (path.parent.name == _NORMAL):
            contradictions.append(f"{path.parent.name}/{path.name}")
        else:
            found.append(Sample(path, CLASSES.index(told[0]), told[1]))
    if strange:
        raise DatasetError(
            f"{len(strange)} files in {root} have names that tell no patient or class: "
            f"{first_few(strange)}. Keep the public data set's names."
        )
    if contradictions:
        raise DatasetError(
            f"{len(contradictions)} files in {root} have names that tell another class than "
            f"their folder: {first_few(contradictions)}. Put them where they belong."
        )
    others = sorted({path.parent.name for path in root.glob("*/*")} - {_NORMAL, _PNEUMONIA})
    if others:
        raise DatasetError(
            f"{root} has folders of no class that is learned: {first_few(others)}. "
            f"Only {_NORMAL} and {_PNEUMONIA} are read; remove the others."
        )
    present = {sample.label for sample in found}
    missing = [finding.label for i, finding in enumerate(CLASSES) if i not in present]
    if missing:
        raise DatasetError(f"{root} has no pictures of: {', '.join(missing)}.")
    return _merge_identical(found)


def _layout_root(folder: Path, split: str) -> Path:
    for candidate in (folder / split, folder / "chest_xray" / split):
        if (candidate / _NORMAL).is_dir() and (candidate / _PNEUMONIA).is_dir():
            return candidate
    raise DatasetError(
        f"No chest_xray data in {folder}: {split}/{_NORMAL} and {split}/{_PNEUMONIA} are "
        "expected.\n" + SOURCE.how_to_get()
    )


def _merge_identical(samples: Iterable[Sample]) -> list[Sample]:
    """Give patients that share a byte-identical picture one group name."""
    samples = list(samples)
    by_content: dict[bytes, list[str]] = defaultdict(list)
    for sample in samples:
        by_content[hashlib.sha256(sample.path.read_bytes()).digest()].append(sample.patient)
    group = {sample.patient: sample.patient for sample in samples}

    def root(patient: str) -> str:
        while group[patient] != patient:
            patient = group[patient]
        return patient

    for patients in by_content.values():
        for other in patients[1:]:
            first, second = sorted((root(patients[0]), root(other)))
            group[second] = first
    return [Sample(s.path, s.label, root(s.patient)) for s in samples]
