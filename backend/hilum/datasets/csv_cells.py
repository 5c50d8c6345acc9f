"""Cells of CSV tables written by people."""

import csv
import io
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from hilum.errors import DatasetError
from hilum.words.counts import agreeing, counted, first_few


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
        besides = f"; understood besides: {', '.join(optional)}" if optional else ""
        raise DatasetError(
            f"{table.name} lacks the columns {', '.join(missing)}; it has "
            f"{first_few(head, 8) or 'none'}. Needed: {', '.join(needed)}{besides}."
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
