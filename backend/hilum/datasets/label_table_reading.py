"""Reading of tables of labels by a description of their columns."""

from collections import defaultdict
from functools import cached_property, partial
from pathlib import Path, PurePosixPath

import pandas as pd

from hilum.datasets.csv_cells import complain, read_cells
from hilum.datasets.label_table import LabelTable
from hilum.datasets.labelled import LabelledSet, LeftOut
from hilum.datasets.labels import LABEL_TYPE
from hilum.datasets.presence import presence_columns, uncertain_cells
from hilum.datasets.spelling import SUBGROUPS, subgroup
from hilum.datasets.tables import PICTURE_ENDINGS
from hilum.datasets.walk import files_below
from hilum.errors import DatasetError
from hilum.words.counts import agreeing, counted, first_few

_AROUND = " []'\""


def read_label_table(data: Path, how: LabelTable) -> dict[str, LabelledSet]:
    """Labelled radiographs of a data set's folder, by split.

    Parameters
    ----------
    data : Path
        Folder with the table and the images.

    Returns
    -------
    mapping of str to LabelledSet
        One split ``"all"`` if the data states none. Rows whose image is missing are left out.
        With `LabelTable.labels`, an image without the word of a finding does not have it.

    Raises
    ------
    DatasetError
        No table, wrong columns, words that are not known, an image with two rows, a patient in two
        split lists, no image at all: counted, the first few named.
    """
    table = how.find(data)
    if table is None:
        raise DatasetError(f"{data} has no table {how.file}.")
    cells = _cells(table, how)
    if how.rows == "readers":
        cells = _majority(presence_columns(table, cells, tuple(how.findings)), cells)
    names = cells["image"].map(lambda cell: cell.replace("\\", "/"))
    complain(table, names[names.duplicated()].unique(), "repeats", "repeat", "the image of another")
    paths = names.map(_Images(data, how.images).path_of)
    is_there = paths.notna()
    if not is_there.any():
        raise DatasetError(
            f"None of the {counted(len(names), 'image')} in {table.name} is in "
            f"{data / how.images}, for example {first_few(names.tolist())}."
        )
    patients = _patients(table, cells, how)
    radiographs = pd.DataFrame({"path": paths, "name": names, "patient": patients.mask(
        patients == "", names
    )}).join(_labels(table, cells, how))  # fmt: skip
    for kind in SUBGROUPS:
        if kind in cells:
            radiographs[kind] = cells[kind].map(partial(subgroup, kind))
            strange = cells[kind][radiographs[kind].isna()].map(repr)
            complain(table, strange, "has", "have", f"a cell of {kind} that cannot be understood")
    splits = _splits(data, names, radiographs["patient"], cells, how)
    missing = tuple(LeftOut(name, "image not found") for name in names[~is_there])
    uncertain = uncertain_cells(cells, names, how.findings if how.labels is None else ())
    knows_patients = bool((patients != "").all())
    return {
        str(split): LabelledSet(found, missing, knows_patients, uncertain=uncertain)
        for split, found in radiographs[is_there].groupby(splits[is_there], sort=False)
    }


def _cells(table: Path, how: LabelTable) -> pd.DataFrame:
    """The columns that a description names, under the names of its fields."""
    named = {"image": how.image, "patient": how.patient, "labels": how.labels}
    named |= {"age": how.age, "sex": how.sex, "view": how.view, "split": how.split}
    fields = {field: column.lower() for field, column in named.items() if column is not None}
    if how.labels is None:
        fields |= {finding.value: column for column, finding in how.words.items()}
    columns = tuple(dict.fromkeys([*fields.values(), *map(str.lower, how.only)]))
    cells = read_cells(table, columns, ())
    for column, value in how.only.items():
        cells = cells[cells[column.lower()] == value]
    if cells.empty:
        only = ", ".join(f"{column} {value}" for column, value in how.only.items())
        raise DatasetError(f"{table.name} has no row with {only}.")
    return pd.DataFrame({field: cells[column] for field, column in fields.items()})


def _majority(labels: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """One row for each image, of the rows of its readers; other cells are those of the first."""
    shares = labels.astype("Float64").groupby(cells["image"], sort=False).mean()
    first = cells.drop_duplicates("image").copy()
    for name in labels:
        first[name] = [_said_by(share) for share in shares[name].loc[first["image"]]]
    return first


def _said_by(share: float) -> str:
    """A cell of a column for each finding, by the share of the readers who say present."""
    if pd.isna(share):
        return ""
    return "-1" if share == 0.5 else str(int(share > 0.5))


class _Images:
    """Finds images by path, by name, or by name without ending."""

    def __init__(self, data: Path, pattern: str) -> None:
        folders = [data / pattern] if set(pattern) <= set("./") else sorted(data.glob(pattern))
        self._folders = [each for each in folders if each.is_dir()]

    def path_of(self, name: str) -> Path | None:
        for folder in self._folders:
            if (folder / name).is_file():
                return folder / name
        by_name, by_stem = self._listed
        pure = PurePosixPath(name)
        found = by_name.get(pure.name) or by_stem.get(pure.stem, [])
        return found[0] if len(found) == 1 else None

    @cached_property
    def _listed(self) -> tuple[dict[str, list[Path]], dict[str, list[Path]]]:
        """All images, by name and by name without ending; not needed where paths are exact."""
        by_name: dict[str, list[Path]] = defaultdict(list)
        by_stem: dict[str, list[Path]] = defaultdict(list)
        for folder in self._folders:
            for path in files_below(folder):
                if path.suffix.lower() in PICTURE_ENDINGS:
                    by_name[path.name].append(path)
                    by_stem[path.stem].append(path)
        return by_name, by_stem


def _patients(table: Path, cells: pd.DataFrame, how: LabelTable) -> "pd.Series[str]":
    if how.patient is None:
        return pd.Series("", index=cells.index)
    if how.patient_pattern is None:
        return cells["patient"]
    found = cells["patient"].str.extract(how.patient_pattern, expand=False)
    strange = cells["patient"][found.isna()].map(repr)
    complain(table, strange, "has", "have", "no patient that patient_pattern finds")
    return found


def _labels(table: Path, cells: pd.DataFrame, how: LabelTable) -> pd.DataFrame:
    if how.labels is None:
        return presence_columns(table, cells, tuple(how.findings))
    # PadChest writes a list of Python: ['pleural effusion', 'cardiomegaly'].
    said_of = cells["labels"].map(
        lambda cell: (
            frozenset(word.strip(_AROUND).lower() for word in cell.split(how.separator)) - {""}
        )
    )
    known = how.words
    passed_over = {word.lower() for word in how.ignored}
    if how.other_words == "refused":
        strange = said_of.map(lambda said: sorted(said - known.keys() - passed_over))
        complain(
            table,
            [repr(word) for said in strange for word in said],
            "has",
            "have",
            "a label that the mapping does not name",
        )
    found = said_of.map(lambda said: {known[word] for word in said & known.keys()})
    return pd.DataFrame(
        {
            finding.value: pd.array([finding in findings for findings in found], LABEL_TYPE)
            for finding in how.findings
        },
        index=cells.index,
    )


def _splits(
    data: Path,
    names: "pd.Series[str]",
    patients: "pd.Series[str]",
    cells: pd.DataFrame,
    how: LabelTable,
) -> "pd.Series[str]":
    lists = {
        split: data / file for split, file in how.split_lists.items() if (data / file).is_file()
    }
    if not lists:
        found = cells.get("split", pd.Series("all", index=cells.index))
        return found.replace("", "all")
    of_image: dict[str, str] = {}
    for split, file in lists.items():
        listed = {Path(line.strip()).stem for line in file.read_text("utf-8").splitlines()} - {""}
        twice = sorted(listed & of_image.keys())
        if twice:
            raise DatasetError(
                f"{counted(len(twice), 'image')} of {file.name} "
                f"{agreeing(len(twice), 'is', 'are')} in another list too: {first_few(twice)}."
            )
        of_image |= dict.fromkeys(listed, split)
    splits = names.map(lambda name: of_image.get(PurePosixPath(name).stem, "in no list"))
    listed_in = splits[splits != "in no list"].groupby(patients).nunique()
    shared = sorted(listed_in[listed_in > 1].index)
    if shared:
        raise DatasetError(
            f"{counted(len(shared), 'patient')} {agreeing(len(shared), 'is', 'are')} in several of "
            "the lists "
            f"{', '.join(file.name for file in lists.values())}: {first_few(shared)}. A patient "
            "has to be in one."
        )
    return splits
