"""Cells of a column for each finding: present, absent, uncertain or unknown."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from hilum.datasets.csv_cells import complain
from hilum.datasets.labels import LABEL_TYPE
from hilum.findings import Finding

# -1 is an uncertain label in the tables of CheXpert: neither present nor absent.
_UNCERTAIN = {"-1", "-1.0"}
_PRESENCE = {"1": True, "1.0": True, "0": False, "0.0": False, "": None} | dict.fromkeys(_UNCERTAIN)


def presence_columns(table: Path, cells: pd.DataFrame, findings: Sequence[Finding]) -> pd.DataFrame:
    """Labels of cells with 1 (present), 0 (absent), -1 (uncertain) or nothing (unknown).

    Parameters
    ----------
    table : Path
        Named in messages.
    cells : DataFrame of str
        With a column for each finding, named by its code.

    Returns
    -------
    DataFrame of `LABEL_TYPE`
        Missing where the label is uncertain or unknown.

    Raises
    ------
    DatasetError
        Other cells: counted, the first few named.
    """
    for name in findings:
        strange = cells[name][~cells[name].isin(_PRESENCE)].map(repr)
        words = f"a label of {name} that is none of 1, 0, -1 and nothing"
        complain(table, strange, "has", "have", words)
    return pd.DataFrame(
        {
            name.value: pd.array(cells[name].map(_PRESENCE).tolist(), LABEL_TYPE)
            for name in findings
        },
        index=cells.index,
    )


def uncertain_cells(
    cells: pd.DataFrame, names: "pd.Series[str]", findings: Iterable[Finding]
) -> frozenset[tuple[str, Finding]]:
    """Names of radiographs and findings that are labelled as uncertain.

    Parameters
    ----------
    cells : DataFrame of str
        See `presence_columns`; findings without a column are passed over.
    names : Series of str
        Of the radiographs, with the index of `cells`.
    """
    return frozenset(
        (name, finding)
        for finding in findings
        if finding in cells
        for name in names[cells[finding].isin(_UNCERTAIN)]
    )
