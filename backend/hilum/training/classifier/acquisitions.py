"""File of the predictions across acquisitions, from which a bundle's decisions are chosen."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from hilum.datasets.chest_xray import CLASSES
from hilum.datasets.labels import columns_of_one, find_classes
from hilum.errors import DatasetError
from hilum.evaluation.figures.predictions import Predictions
from hilum.words.counts import counted

_PROBABILITIES = [finding.value for finding in CLASSES]
_COLUMNS = ["acquisition", "patient", "finding", *_PROBABILITIES]


def write_acquisitions(file: Path, predictions: Mapping[str, Predictions]) -> None:
    """Write a CSV file with a row for each film.

    Parameters
    ----------
    predictions : mapping of str to Predictions
        By the name of the acquisition.
    """
    tables = [_table(name, said) for name, said in predictions.items()]
    file.parent.mkdir(parents=True, exist_ok=True)
    pd.concat(tables).to_csv(file, index=False, float_format="%.6f")


def read_acquisitions(file: Path) -> dict[str, Predictions]:
    """Read what `write_acquisitions` wrote.

    Raises
    ------
    DatasetError
        The file is not such a table.
    """
    try:
        table = pd.read_csv(file, dtype={"acquisition": str, "patient": str, "finding": str})
    except (OSError, ValueError) as exc:
        raise DatasetError(f"{file} cannot be read as a table of predictions.") from exc
    classes = {finding.value: finding for finding in CLASSES}
    if list(table.columns) != _COLUMNS or table.empty or not set(table["finding"]) <= set(classes):
        raise DatasetError(
            f"{file} has no predictions across acquisitions: the columns {', '.join(_COLUMNS)} are "
            "expected. Write it with --across-numbers --predictions FILE."
        )
    numbers = table[_PROBABILITIES].apply(pd.to_numeric, errors="coerce")
    wrong = ~((numbers >= 0) & (numbers <= 1)).all(axis=1) | table[_COLUMNS[:2]].isna().any(axis=1)
    if wrong.any():
        raise DatasetError(
            f"{counted(int(wrong.sum()), 'row')} of {file} lack an acquisition, a patient or a "
            f"probability between 0 and 1; the first is row {int(wrong.argmax()) + 2}."
        )
    return {
        str(name): Predictions(
            rows[_PROBABILITIES].to_numpy(dtype="float64"),
            columns_of_one([classes[finding] for finding in rows["finding"]]),
            rows["patient"].tolist(),
        )
        for name, rows in table.groupby("acquisition", sort=False)
    }


def _table(name: str, said: Predictions) -> pd.DataFrame:
    found = [CLASSES[label] for label in find_classes(said.labels, CLASSES)]
    return pd.DataFrame(said.probabilities, columns=_PROBABILITIES).assign(
        acquisition=name, patient=list(said.patients), finding=[each.value for each in found]
    )[_COLUMNS]
