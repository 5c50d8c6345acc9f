"""Labels in a table: a CSV file beside the pictures."""

import csv
import io
from collections import Counter, defaultdict
from pathlib import Path

from hilum.datasets.labelled import (
    SUBGROUPS,
    LabelledPicture,
    LabelledSet,
    LeftOut,
    finding_called,
    subgroup,
)
from hilum.errors import DatasetError
from hilum.findings import Finding
from hilum.words.counts import agreeing, counted, first_few

TABLE_FILE = "labels.csv"

_NEEDED = ("path", "label")
_OPTIONAL = ("patient", "split", *SUBGROUPS)
_LISTED = {".bmp", ".dcm", ".dicom", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}

Row = dict[str, str]


def read_rows(table: Path, needed: tuple[str, ...], optional: tuple[str, ...]) -> list[Row]:
    """Rows of a CSV file with a head line, cells stripped, other columns passed over.

    Parameters
    ----------
    table : Path
        UTF-8, with or without byte order mark; separated by commas, semicolons or tabs.
    needed, optional : tuple of str
        Names of columns, in any case.

    Returns
    -------
    list of dict
        With every needed column, and those optional ones that the file has.

    Raises
    ------
    DatasetError
        Not text, no rows, a needed column is missing, or a column is there twice.
    """
    try:
        text = table.read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise DatasetError(f"{table.name} cannot be opened.") from exc
    except UnicodeDecodeError as exc:
        raise DatasetError(f"{table.name} is not UTF-8 text. Save it as CSV (UTF-8).") from exc
    first_line = text.split("\n", 1)[0]
    separator = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        lines = [line for line in reader if any(cell.strip() for cell in line)]
    except csv.Error as exc:
        raise DatasetError(f"{table.name} is not a table that can be read as CSV.") from exc
    head = [cell.strip().lower() for cell in lines[0]] if lines else []
    missing = [name for name in needed if name not in head]
    if missing:
        raise DatasetError(
            f"{table.name} lacks the columns {', '.join(missing)}; it has "
            f"{first_few(head, 8) or 'none'}. Needed: {', '.join(needed)}; "
            f"understood besides: {', '.join(optional)}."
        )
    wanted = [name for name in (*needed, *optional) if name in head]
    twice = [name for name in wanted if head.count(name) > 1]
    if twice:
        raise DatasetError(f"{table.name} has the columns {', '.join(twice)} more than once.")
    short = [str(n) for n, line in enumerate(lines[1:], 2) if len(line) != len(head)]
    if short:
        raise DatasetError(
            f"{counted(len(short), 'row')} of {table.name} {agreeing(len(short), 'has', 'have')} "
            f"not {len(head)} cells as its head has: "
            f"row {first_few(short)}."
        )
    if len(lines) == 1:
        raise DatasetError(f"{table.name} has a head line and no rows.")
    return [{name: line[head.index(name)].strip() for name in wanted} for line in lines[1:]]


def read_table(table: Path) -> dict[str, LabelledSet]:
    """Pictures that a table labels, by split.

    Columns: ``path`` (from the table's folder) and ``label`` (a finding's code or label), and
    where known ``patient``, ``split``, ``age``, ``sex``, ``view``.

    Parameters
    ----------
    table : Path

    Returns
    -------
    mapping of str to LabelledSet
        One split ``"all"`` without a column of that name. Pictures in the folder that have no
        row are among what was left out.

    Raises
    ------
    DatasetError
        Wrong columns, unknown labels, ages, sexes or views, pictures that are not there, or
        pictures with two rows: counted, the first few named.
    """
    rows = read_rows(table, _NEEDED, _OPTIONAL)
    root = table.parent
    _check_cells(table, rows)
    pictures: dict[str, list[LabelledPicture]] = defaultdict(list)
    for row in rows:
        name = _name(row)
        groups = {kind: str(subgroup(kind, row[kind])) for kind in SUBGROUPS if kind in row}
        label = finding_called(row["label"])
        assert label is not None
        pictures[row.get("split") or "all"].append(
            LabelledPicture(root / name, label, row.get("patient") or name, name, groups)
        )
    labelled = {_name(row) for row in rows}
    unlabelled = tuple(
        LeftOut(name, f"no row in {table.name}")
        for path in sorted(root.rglob("*"))
        if path.suffix.lower() in _LISTED
        and (name := path.relative_to(root).as_posix()) not in labelled
    )
    knows_patients = all(row.get("patient") for row in rows)
    return {
        split: LabelledSet(tuple(found), unlabelled, knows_patients)
        for split, found in pictures.items()
    }


def _name(row: Row) -> str:
    return Path(row["path"].replace("\\", "/")).as_posix()


def _check_cells(table: Path, rows: list[Row]) -> None:
    def complain(names: list[str], one: str, many: str, words: str) -> None:
        if names:
            verb = agreeing(len(names), one, many)
            raise DatasetError(
                f"{counted(len(names), 'row')} of {table.name} {verb} {words}: {first_few(names)}."
            )

    known = ", ".join(finding.value for finding in Finding)
    complain(
        [f"{row['label']!r}" for row in rows if finding_called(row["label"]) is None],
        "has",
        "have",
        f"a label that is none of {known}",
    )
    for kind in SUBGROUPS:
        complain(
            [f"{row[kind]!r}" for row in rows if kind in row and subgroup(kind, row[kind]) is None],
            "has",
            "have",
            f"a cell under {kind} that cannot be understood",
        )
    complain(
        [_name(row) for row in rows if not (table.parent / _name(row)).is_file()],
        "names",
        "name",
        "pictures that are not there",
    )
    counts = Counter(_name(row) for row in rows)
    twice = [name for name, count in counts.items() if count > 1]
    complain(twice, "repeats", "repeat", "the picture of another row")
