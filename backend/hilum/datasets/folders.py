"""Labelled radiographs on disk: folders named by finding, or a table."""

from collections.abc import Iterable, Set
from pathlib import Path

import pandas as pd

from hilum.datasets.label_table import LabelTable, load_mapping
from hilum.datasets.label_table_reading import read_label_table
from hilum.datasets.labelled import LabelledSet, LeftOut
from hilum.datasets.labels import columns_of_one
from hilum.datasets.spelling import NameRule, finding_called
from hilum.datasets.tables import PICTURE_ENDINGS, TABLE_FILE, read_table
from hilum.datasets.walk import files_aside, files_below, is_aside
from hilum.errors import DatasetError
from hilum.findings import Finding
from hilum.words.counts import agreeing, counted, first_few

WHOLE = "all"
"""Name of the one split of data that is not split."""

MAPPING_FILE = "mapping.toml"
"""Describes the table of labels in its folder; see `hilum.datasets.label_table.LabelTable`."""

PICTURES = PICTURE_ENDINGS | {""}
"""Endings of files that are read, in lower case; DICOM files often have none."""


def find_splits(
    data: Path, *, tell: NameRule | None = None, tables: Iterable[LabelTable] = ()
) -> dict[str, LabelledSet]:
    """List labelled radiographs, by split.

    These layouts are understood: a table ``labels.csv``, or another CSV file given itself (see
    `hilum.datasets.tables`); a table that ``mapping.toml`` describes (see
    `hilum.datasets.label_table`), or one of `tables`; folders ``DATA/<finding>/``; folders
    ``DATA/<split>/<finding>/``, also below ``DATA/chest_xray``. A folder's name is a finding's
    code or label in any case.

    Parameters
    ----------
    data : Path
        A folder, or a CSV file.
    tell : callable, optional
        See `NameRule`. What it tells of a file refines the folder's label, and names the
        patient; without it, or where it is silent, each file is its own patient.
    tables : iterable of LabelTable
        Descriptions of other tables that the folder may have.

    Returns
    -------
    mapping of str to LabelledSet
        Under ``"all"`` where there are no splits. No file has been opened yet.

    Raises
    ------
    DatasetError
        Nothing there, no layout that is understood, folders of unknown findings, file names
        that contradict their folder, or what is wrong with a table.
    """
    if not data.exists():
        raise DatasetError(f"{data} does not exist.")
    table = data / TABLE_FILE if data.is_dir() else data
    if table.is_file():
        return read_table(table)
    mapping = data / MAPPING_FILE
    described = (
        load_mapping(mapping)
        if mapping.is_file()
        else next((each for each in tables if each.find(data)), None)
    )
    if described is not None:
        return read_label_table(data, described)
    for root in (data, data / "chest_xray"):
        if _class_folders(root):
            return {WHOLE: read_folders(root, tell)}
        splits = [folder for folder in _folders(root) if _class_folders(folder)]
        if splits:
            return {folder.name: read_folders(folder, tell) for folder in splits}
    known = ", ".join(finding.value for finding in Finding)
    raise DatasetError(
        f"{data} has neither {TABLE_FILE} nor folders named by finding ({known}), "
        f"nor such folders one level below. Found: {_listed(data)}."
    )


def choose_split(splits: dict[str, LabelledSet], wanted: str | None) -> str:
    """The split to measure on.

    Raises
    ------
    DatasetError
        There is none of that name, or there are several and none was named.
    """
    names = ", ".join(splits)
    if wanted is None:
        if len(splits) > 1:
            raise DatasetError(f"The data has several splits: name one of {names}.")
        return next(iter(splits))
    if wanted not in splits:
        raise DatasetError(f"The data has no split {wanted!r}. The splits are: {names}.")
    return wanted


def _folders(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return sorted(p for p in root.iterdir() if p.is_dir() and not is_aside(p.name))


def _class_folders(root: Path) -> dict[Path, Finding]:
    named = {folder: finding_called(folder.name) for folder in _folders(root)}
    return {folder: finding for folder, finding in named.items() if finding is not None}


def read_folders(
    root: Path, tell: NameRule | None = None, *, formats: Set[str] = PICTURES
) -> LabelledSet:
    """List the radiographs in ``ROOT/<finding>/``, at any depth below it.

    Parameters
    ----------
    tell : callable, optional
        See `find_splits`.
    formats : set of str
        Endings of the files to list; others are left out.

    Returns
    -------
    LabelledSet
        Sorted by folder, then by path.

    Raises
    ------
    DatasetError
        Folders of unknown findings or without radiographs, or file names that contradict their
        folder.
    """
    classes = _class_folders(root)
    strange = [folder.name for folder in _folders(root) if folder not in classes]
    if strange:
        known = ", ".join(finding.value for finding in Finding)
        raise DatasetError(
            f"{counted(len(strange), 'folder')} in {root} "
            f"{agreeing(len(strange), 'is', 'are')} not named by a finding: {first_few(strange)}. "
            f"Known findings: {known}."
        )
    rows: list[tuple[Path, str, Finding, str]] = []
    left_out = [
        LeftOut(path.name, "not in a folder of a finding")
        for path in sorted(root.iterdir())
        if path.is_file()
        and path.suffix
        and path.suffix.lower() in formats
        and not path.name.startswith(".")
    ]
    left_out += [
        LeftOut(path.relative_to(root).as_posix(), "hidden, or in a folder of a system or editor")
        for path in files_aside(root)
        if path.suffix and path.suffix.lower() in formats
    ]
    contradictions: list[str] = []
    knows_patients = True
    for folder, label in classes.items():
        for path in files_below(folder):
            name = path.relative_to(root).as_posix()
            if path.suffix.lower() not in formats:
                left_out.append(LeftOut(name, f"not a picture format ({path.suffix})"))
                continue
            named, patient = (tell(path) if tell else None) or (None, None)
            finding = named or label
            if (finding is Finding.NORMAL) != (label is Finding.NORMAL):
                contradictions.append(name)
            knows_patients &= patient is not None
            rows.append((path, name, finding, patient or name))
    if contradictions:
        raise DatasetError(
            f"{counted(len(contradictions), 'file name')} in {root} "
            f"{agreeing(len(contradictions), 'tells', 'tell')} another finding than the folder: "
            f"{first_few(contradictions)}. Put them where they belong."
        )
    if not rows:
        raise DatasetError(f"The folders in {root} hold no pictures: {_listed(root)}.")
    radiographs = pd.DataFrame(
        [(path, name, patient) for path, name, _, patient in rows],
        columns=["path", "name", "patient"],
    ).join(columns_of_one(finding for _, _, finding, _ in rows))
    full = set(radiographs["name"].str.split("/").str[0])
    empty = [folder.name for folder in classes if folder.name not in full]
    if empty:
        raise DatasetError(
            f"{counted(len(empty), 'folder')} in {root} {agreeing(len(empty), 'holds', 'hold')} "
            f"no pictures: {first_few(empty)}."
        )
    return LabelledSet(radiographs, tuple(left_out), knows_patients)


def _listed(root: Path) -> str:
    names = sorted(path.name for path in root.iterdir() if not path.name.startswith("."))
    return first_few(names, 5) or "nothing"
