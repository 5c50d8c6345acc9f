"""Reader labels: a table of labels that people gave to images."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pandas as pd

from hilum.datasets.csv_cells import read_cells
from hilum.datasets.spelling import finding_called
from hilum.errors import DatasetError
from hilum.models.card import Card
from hilum.words.counts import agreeing, counted, first_few

_YES = {"positive", "present", "yes", "1", "true"}
_NO = {"negative", "absent", "no", "0", "false"}


@dataclass(frozen=True, slots=True)
class ReaderLabels:
    """Labels that readers gave to images.

    Attributes
    ----------
    by_reader : mapping of str to mapping of str to bool
        By reader, then by radiograph's name: whether the model's main finding was called.
    not_measured : tuple of str
        Pictures that were read, but are not among those measured.
    """

    by_reader: dict[str, dict[str, bool]]
    not_measured: tuple[str, ...] = ()


def load_reader_labels(table: Path, measured: Collection[str], card: Card) -> ReaderLabels:
    """Readers' labels from a CSV file.

    Columns: ``path`` or ``name`` (as in the data; the file's name alone, with another ending or
    none, will do where it is the only one), ``reader``, and ``label``: a finding, or
    positive/negative, present/absent, yes/no, true/false, 1/0 of the model's main finding.

    Parameters
    ----------
    measured : collection of str
        Names of the radiographs that are measured.

    Raises
    ------
    DatasetError
        Wrong columns, unknown labels, no reader's name, a picture twice by one reader, names
        that fit several pictures, or none of the pictures measured.
    """
    cells = read_cells(table, ("reader", "label"), ("path", "name"))
    column = "path" if "path" in cells else "name"
    calls = _calls(table, cells, card)
    fitting = cells[column].map(_Names(measured).fitting)
    fits = fitting.map(len)
    missing, unclear = (cells[column][wrong].tolist() for wrong in (fits == 0, fits > 1))
    reads = pd.DataFrame(
        {
            "reader": cells["reader"],
            "told": cells[column],
            "name": fitting.str[0],
            "is_called": calls,
        }
    )[fits == 1]
    again = reads[reads.duplicated(["reader", "name"])]
    twice = (again["reader"] + ": " + again["told"]).tolist()
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
    if len(missing) == len(cells):
        raise DatasetError(
            f"None of the {len(cells)} pictures in {table.name} is among those measured, "
            f"for example {first_few(missing)}."
        )
    by_reader = {
        str(reader): dict(zip(said["name"], said["is_called"].tolist(), strict=True))
        for reader, said in reads.groupby("reader", sort=False)
    }
    return ReaderLabels(by_reader, tuple(missing))


def _calls(table: Path, cells: pd.DataFrame, card: Card) -> "pd.Series[bool]":
    """Whether each row calls the main finding; refuses rows that lack something."""
    if not {"path", "name"} & set(cells):
        raise DatasetError(f"{table.name} lacks a column path or name.")
    unnamed = int((cells["reader"] == "").sum())
    if unnamed:
        raise DatasetError(
            f"{counted(unnamed, 'row')} of {table.name} "
            f"{agreeing(unnamed, 'names', 'name')} no reader."
        )
    calls = cells["label"].map(lambda words: _called(words, card))
    strange = cells["label"][calls.isna()].map(repr).tolist()
    if strange:
        raise DatasetError(
            f"{counted(len(strange), 'label')} in {table.name} "
            f"{agreeing(len(strange), 'is', 'are')} neither a finding nor positive or negative: "
            f"{first_few(strange)}."
        )
    return calls.astype(bool)


def _called(words: str, card: Card) -> bool | None:
    """Whether a reader's word calls the main finding; None for a word that is not understood."""
    said = words.strip().lower()
    if said in _YES or said in _NO:
        return said in _YES
    finding = finding_called(said)
    if finding is None:
        return None
    return finding in (card.main, *card.main_task.parts)


class _Names:
    """Finds the picture that a table means: by its path, its file's name, or that less ending."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = set(names)
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
