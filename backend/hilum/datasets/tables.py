"""The table of labels beside radiographs."""

from functools import partial
from pathlib import Path

import pandas as pd

from hilum.datasets.csv_cells import complain, read_cells
from hilum.datasets.labelled import LabelledSet, LeftOut
from hilum.datasets.labels import columns_of_one
from hilum.datasets.presence import presence_columns, uncertain_cells
from hilum.datasets.spelling import SUBGROUPS, finding_called, subgroup
from hilum.datasets.walk import files_below, located
from hilum.errors import DatasetError
from hilum.findings import Finding

TABLE_FILE = "labels.csv"

_NEEDED = ("path",)
_LABEL = "label"
_OPTIONAL = (_LABEL, "patient", "split", *SUBGROUPS, *(finding.value for finding in Finding))
PICTURE_ENDINGS = frozenset(
    {
        ".avif", ".bmp", ".dcm", ".dicom", ".heic", ".heif", ".j2k", ".jls", ".jp2", ".jpeg",
        ".jpg", ".jxl", ".png", ".tif", ".tiff", ".webp",
    }
)  # fmt: skip
"""Of files that are read, in lower case."""


def read_table(table: Path) -> dict[str, LabelledSet]:
    """Radiographs that a table labels, by split.

    Columns: ``path`` (from the table's folder); ``label`` (a finding's code or label, where each
    radiograph has one and lacks the others), or a column for each finding, named by its code,
    with 1 (present), 0 (absent), -1 (uncertain) or nothing (unknown); and where known
    ``patient``, ``split``, ``age``, ``sex``, ``view``.

    Returns
    -------
    mapping of str to LabelledSet
        One split ``"all"`` without a column of that name. Radiographs in the folder that have no
        row are among what was left out.

    Raises
    ------
    DatasetError
        Wrong columns, unknown labels, ages, sexes or views, radiographs that are not there, or
        radiographs with two rows: counted, the first few named.
    """
    cells = read_cells(table, _NEEDED, _OPTIONAL)
    root = table.parent
    paths = cells["path"].map(lambda cell: located(root / cell.replace("\\", "/")))
    names = pd.Series(map(partial(_named, root.resolve()), paths, cells["path"]), cells.index)
    patients = cells.get("patient", pd.Series("", index=cells.index))
    radiographs = pd.DataFrame(
        {
            "path": paths,
            "name": names,
            "patient": patients.where(patients != "", names),
            **{
                kind: cells[kind].map(partial(subgroup, kind))
                for kind in SUBGROUPS
                if kind in cells
            },
        }
    )
    labels = _labels(table, cells)
    _check(table, cells, radiographs)
    radiographs = radiographs.join(labels)
    labelled = set(paths)
    unlabelled = tuple(
        LeftOut(path.relative_to(root).as_posix(), f"no row in {table.name}")
        for path in files_below(root)
        if path.suffix.lower() in PICTURE_ENDINGS and located(path) not in labelled
    )
    splits = cells["split"].replace("", "all") if "split" in cells else names.map(lambda _: "all")
    uncertain = uncertain_cells(cells, names, Finding)
    return {
        str(split): LabelledSet(
            found, unlabelled, bool((patients != "").all()), uncertain=uncertain
        )
        for split, found in radiographs.groupby(splits, sort=False)
    }


def _named(root: Path, path: Path, cell: str) -> str:
    """The path below the table's folder, however the cell has it; the cell itself if elsewhere."""
    if path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return cell.replace("\\", "/")


def _labels(table: Path, cells: pd.DataFrame) -> pd.DataFrame:
    """A column for each finding, of one column of labels or of columns that are there."""
    columns = [finding for finding in Finding if finding.value in cells]
    known = ", ".join(finding.value for finding in Finding)
    if (_LABEL in cells) == bool(columns):
        raise DatasetError(
            f"{table.name} needs labels: either a column {_LABEL}, or columns named by findings "
            f"({known})."
        )
    if columns:
        return presence_columns(table, cells, columns)
    findings = cells[_LABEL].map(finding_called)
    strange = cells[_LABEL][findings.isna()].map(repr)
    complain(table, strange, "has", "have", f"a label that is none of {known}")
    return columns_of_one(findings).set_index(cells.index)


def _check(table: Path, cells: pd.DataFrame, radiographs: pd.DataFrame) -> None:
    """Refuse cells that were not understood, radiographs that are not there or there twice."""
    for kind in cells.columns.intersection(list(SUBGROUPS)):
        complain(
            table,
            cells[kind][radiographs[kind].isna()].map(repr),
            "has",
            "have",
            f"a cell under {kind} that cannot be understood",
        )
    names = radiographs["name"]
    is_there = radiographs["path"].map(Path.is_file)
    complain(table, names[~is_there], "names", "name", "pictures that are not there")
    twice = names[radiographs["path"].duplicated()].unique()
    complain(table, twice, "repeats", "repeat", "the picture of another row")
