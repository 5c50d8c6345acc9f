"""CSV tables written by people, and label tables beside radiographs."""

import csv
import io
from collections.abc import Collection
from functools import partial
from pathlib import Path

import pandas as pd

from hilum.datasets.labelled import LabelledSet, LeftOut
from hilum.datasets.labels import LABEL_TYPE, columns_of_one
from hilum.datasets.spelling import SUBGROUPS, finding_called, subgroup
from hilum.datasets.walk import files_below, located
from hilum.errors import DatasetError
from hilum.findings import Finding
from hilum.words.counts import agreeing, counted, first_few

TABLE_FILE = "labels.csv"

_NEEDED = ("path",)
_LABEL = "label"
_OPTIONAL = (_LABEL, "patient", "split", *SUBGROUPS, *(finding.value for finding in Finding))
# -1 is an uncertain label in the tables of CheXpert: neither present nor absent.
_PRESENCE = {"1": True, "1.0": True, "0": False, "0.0": False, "-1": None, "-1.0": None, "": None}
PICTURE_ENDINGS = frozenset(
    {
        ".avif", ".bmp", ".dcm", ".dicom", ".heic", ".heif", ".j2k", ".jls", ".jp2", ".jpeg",
        ".jpg", ".jxl", ".png", ".tif", ".tiff", ".webp",
    }
)  # fmt: skip
"""Of files that are read, in lower case."""


def read_cells(table: Path, needed: tuple[str, ...], optional: tuple[str, ...]) -> pd.DataFrame:
    """Read a CSV file with a head line; cells are stripped, other columns passed over.

    Parameters
    ----------
    table : Path
        UTF-8, with or without byte order mark; separated by commas, semicolons or tabs.
    needed, optional : tuple of str
        Names of columns, in any case.

    Returns
    -------
    DataFrame of str
        All needed columns, and the optional ones that the file has. Cells are not converted to
        numbers or missing values: ``007`` and ``NA`` stay text.

    Raises
    ------
    DatasetError
        Not text, no rows, rows of another length than the head, a needed column is missing, or a
        column is there twice.
    """
    lines = _lines(table)
    head = [cell.strip().lower() for cell in lines[0]] if lines else []
    missing = [name for name in needed if name not in head]
    if missing:
        raise DatasetError(
            f"{table.name} lacks the columns {', '.join(missing)}; it has "
            f"{first_few(head, 8) or 'none'}. Needed: {', '.join(needed)}; "
            f"understood besides: {', '.join(optional)}."
        )
    wanted = {name: head.index(name) for name in (*needed, *optional) if name in head}
    twice = [name for name in wanted if head.count(name) > 1]
    if twice:
        raise DatasetError(f"{table.name} has the columns {', '.join(twice)} more than once.")
    short = [str(n) for n, line in enumerate(lines[1:], 2) if len(line) != len(head)]
    if short:
        raise DatasetError(
            f"{counted(len(short), 'row')} of {table.name} {agreeing(len(short), 'does', 'do')} "
            f"not have {len(head)} cells, as the header has: "
            f"row {first_few(short)}."
        )
    if len(lines) == 1:
        raise DatasetError(f"{table.name} has a header and no rows.")
    rows = [[line[at].strip() for at in wanted.values()] for line in lines[1:]]
    return pd.DataFrame(rows, columns=list(wanted), dtype=str)


def _lines(table: Path) -> list[list[str]]:
    """Cells of the lines that have any.

    Not by `pandas.read_csv`, which fills short rows up and does not tell which are too long.
    """
    try:
        text = table.read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise DatasetError(f"{table.name} cannot be opened.") from exc
    except UnicodeDecodeError as exc:
        raise DatasetError(f"{table.name} is not UTF-8 text. Save it as CSV (UTF-8).") from exc
    separator = max(",;\t", key=text.split("\n", 1)[0].count)
    try:
        return [
            line
            for line in csv.reader(io.StringIO(text), delimiter=separator)
            if any(cell.strip() for cell in line)
        ]
    except csv.Error as exc:
        raise DatasetError(f"{table.name} is not a table that can be read as CSV.") from exc


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
    return {
        str(split): LabelledSet(found, unlabelled, bool((patients != "").all()))
        for split, found in radiographs.groupby(splits, sort=False)
    }


def _named(root: Path, path: Path, cell: str) -> str:
    """The path below the table's folder, however the cell has it; the cell itself if elsewhere."""
    if path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return cell.replace("\\", "/")


def _labels(table: Path, cells: pd.DataFrame) -> pd.DataFrame:
    """A column for each finding, of one column of labels or of columns that are there."""
    columns = [finding.value for finding in Finding if finding.value in cells]
    known = ", ".join(finding.value for finding in Finding)
    if (_LABEL in cells) == bool(columns):
        raise DatasetError(
            f"{table.name} needs labels: either a column {_LABEL}, or columns named by findings "
            f"({known})."
        )
    if columns:
        for name in columns:
            strange = cells[name][~cells[name].isin(_PRESENCE)].map(repr)
            words = f"a cell under {name} that is none of 1, 0, -1 and nothing"
            complain(table, strange, "has", "have", words)
        return pd.DataFrame(
            {name: pd.array(cells[name].map(_PRESENCE).tolist(), LABEL_TYPE) for name in columns},
            index=cells.index,
        )
    findings = cells[_LABEL].map(finding_called)
    strange = cells[_LABEL][findings.isna()].map(repr)
    complain(table, strange, "has", "have", f"a label that is none of {known}")
    return columns_of_one(findings).set_index(cells.index)


def complain(table: Path, of: Collection[str], one: str, many: str, words: str) -> None:
    """Raise for invalid rows, if any: counted, the first few named.

    Parameters
    ----------
    of : collection of str
        Names of the rows.
    one, many : str
        The verb for one row and for several.
    words : str
        What is wrong, after the verb.
    """
    if len(of):
        raise DatasetError(
            f"{counted(len(of), 'row')} of {table.name} {agreeing(len(of), one, many)} "
            f"{words}: {first_few(list(of))}."
        )


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
