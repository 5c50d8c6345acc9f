"""What people said of pictures: a table of their labels."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hilum.datasets.labelled import LabelledPicture, finding_called
from hilum.datasets.tables import Row, read_rows
from hilum.errors import DatasetError
from hilum.models.card import Card
from hilum.words.counts import agreeing, counted, first_few

_YES = {"positive", "present", "yes", "1", "true"}
_NO = {"negative", "absent", "no", "0", "false"}


@dataclass(frozen=True, slots=True)
class ReaderLabels:
    """What people said of pictures.

    Attributes
    ----------
    by_reader : mapping of str to mapping of str to bool
        By reader, then by picture's name: whether the model's target was called.
    not_measured : tuple of str
        Pictures that were read, but are not among those measured.
    """

    by_reader: dict[str, dict[str, bool]]
    not_measured: tuple[str, ...] = ()


def load_reader_labels(
    table: Path, pictures: Sequence[LabelledPicture], card: Card
) -> ReaderLabels:
    """Readers' labels from a CSV file.

    Columns: ``path`` or ``name`` (as in the data; the file's name alone, with another ending or
    none, will do where it is the only one), ``reader``, and ``label``: a finding, or
    positive/negative, present/absent, yes/no, true/false, 1/0 of the model's target.

    Parameters
    ----------
    table : Path
    pictures : sequence of LabelledPicture
        Those measured.
    card : Card

    Returns
    -------
    ReaderLabels

    Raises
    ------
    DatasetError
        Wrong columns, unknown labels, no reader's name, a picture twice by one reader, names
        that fit several pictures, or none of the pictures measured.
    """
    rows = read_rows(table, ("reader", "label"), ("path", "name"))
    column = "path" if "path" in rows[0] else "name"
    _check_cells(table, rows, column, card)
    names = _Names(pictures)
    by_reader: dict[str, dict[str, bool]] = defaultdict(dict)
    missing, twice, unclear = [], [], []
    for row in rows:
        found, reads = names.fitting(row[column]), by_reader[row["reader"]]
        if not found:
            missing.append(row[column])
        elif len(found) > 1:
            unclear.append(row[column])
        elif found[0] in reads:
            twice.append(f"{row['reader']}: {row[column]}")
        else:
            reads[found[0]] = bool(_called(row["label"], card))
    if unclear:
        raise DatasetError(
            f"{counted(len(unclear), 'name')} in {table.name} "
            f"{agreeing(len(unclear), 'fits', 'fit')} several pictures: {first_few(unclear)}. "
            "Give their paths."
        )
    if twice:
        raise DatasetError(
            f"{counted(len(twice), 'picture')} in {table.name} "
            f"{agreeing(len(twice), 'was', 'were')} read twice by one reader: "
            f"{first_few(twice)}."
        )
    if len(missing) == len(rows):
        raise DatasetError(
            f"None of the {len(rows)} pictures in {table.name} is among those measured, "
            f"for example {first_few(missing)}."
        )
    return ReaderLabels({who: reads for who, reads in by_reader.items() if reads}, tuple(missing))


def _check_cells(table: Path, rows: Sequence[Row], column: str, card: Card) -> None:
    if column not in rows[0]:
        raise DatasetError(f"{table.name} lacks a column path or name that tells the picture.")
    unnamed = sum(not row["reader"] for row in rows)
    if unnamed:
        raise DatasetError(
            f"{counted(unnamed, 'row')} of {table.name} "
            f"{agreeing(unnamed, 'names', 'name')} no reader."
        )
    strange = [repr(row["label"]) for row in rows if _called(row["label"], card) is None]
    if strange:
        raise DatasetError(
            f"{counted(len(strange), 'label')} in {table.name} "
            f"{agreeing(len(strange), 'is', 'are')} neither a finding nor positive or negative: "
            f"{first_few(strange)}."
        )


def _called(words: str, card: Card) -> bool | None:
    """Whether a reader's word calls the target; None for a word that is not understood."""
    said = words.strip().lower()
    if said in _YES or said in _NO:
        return said in _YES
    finding = finding_called(said)
    if finding is None:
        return None
    return finding is card.target or finding in card.composites.get(card.target, ())


class _Names:
    """Finds the picture that a table means: by its path, its file's name, or that less ending."""

    def __init__(self, pictures: Sequence[LabelledPicture]) -> None:
        self._names = {picture.name for picture in pictures}
        self._by_file: dict[str, list[str]] = defaultdict(list)
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        for name in self._names:
            self._by_file[PurePosixPath(name).name].append(name)
            self._by_stem[PurePosixPath(name).stem].append(name)

    def fitting(self, words: str) -> list[str]:
        path = PurePosixPath(words.replace("\\", "/"))
        if path.as_posix() in self._names:
            return [path.as_posix()]
        for found in (self._by_file.get(path.name), self._by_stem.get(path.stem)):
            if found:
                return sorted(found)
        return sorted(self._by_stem.get(path.name, []))
