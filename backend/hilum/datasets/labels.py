"""Labels of radiographs: one column per finding; present, absent or unknown in each row."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hilum.findings import Finding

LABEL_TYPE = pd.BooleanDtype()
"""True: present. False: absent. Missing: unknown."""


def columns_of_one(findings: Iterable[Finding]) -> pd.DataFrame:
    """Labels of radiographs with one finding each; other findings are absent.

    Returns
    -------
    DataFrame of `LABEL_TYPE`
        A column for each finding that occurs, and for the wholes of its parts. A whole is present
        if one of its parts is; if a radiograph is labelled by a whole, its parts are unknown.
    """
    given = list(findings)
    occurring = set(given)
    columns = [each for each in Finding if occurring & {each, *each.parts}]
    return pd.DataFrame(
        {
            column.value: pd.array(
                [
                    None if column in each.parts else each in (column, *column.parts)
                    for each in given
                ],
                dtype=LABEL_TYPE,
            )
            for column in columns
        }
    )


def labelled_findings(radiographs: pd.DataFrame) -> tuple[Finding, ...]:
    """Findings that a table has a column of."""
    return tuple(each for each in Finding if each.value in radiographs)


def find_truth(
    radiographs: pd.DataFrame, finding: Finding, parts: Sequence[Finding] = ()
) -> "pd.Series[bool]":
    """Whether a finding is present, by its own column or those of its parts; a normal one has none.

    A radiograph that is not normal is abnormal.

    Parameters
    ----------
    radiographs : DataFrame
        Columns as `hilum.datasets.labelled.RADIOGRAPHS` has them.
    """
    truth = pd.Series(pd.NA, index=radiographs.index, dtype=LABEL_TYPE)
    if finding.value in radiographs:
        truth = radiographs[finding.value]
    known = [radiographs[part.value] for part in parts if part.value in radiographs]
    if known:
        # Kleene logic: present where any part is, absent where all are, else unknown.
        of_parts = known[0]
        for other in known[1:]:
            of_parts = of_parts | other
        if len(known) < len(parts):
            of_parts = of_parts.where(of_parts, pd.NA)
        truth = truth.fillna(of_parts)
    if finding is not Finding.NORMAL and Finding.NORMAL.value in radiographs:
        normal = radiographs[Finding.NORMAL.value]
        if finding is Finding.ABNORMAL:
            return truth.fillna(~normal)
        truth = truth.mask(truth.isna() & normal.fillna(value=False), other=False)
    return truth


def find_classes(radiographs: pd.DataFrame, classes: Sequence[Finding]) -> NDArray[np.intp]:
    """Which one of exclusive findings each radiograph has.

    Returns
    -------
    ndarray of int, shape (n,)
        Positions in `classes`; -1 where none or several are present.
    """
    is_present = np.stack(
        [
            find_truth(radiographs, each, each.parts).fillna(value=False).to_numpy(dtype=bool)
            for each in classes
        ],
        axis=1,
    )
    return np.where(is_present.sum(axis=1) == 1, is_present.argmax(axis=1), -1)


def labels_in_words(radiographs: pd.DataFrame) -> list[str]:
    """Label of each radiograph as text: codes of present findings, wholes by their parts."""
    columns = {each: radiographs[each.value] for each in labelled_findings(radiographs)}
    is_present = {each: column.fillna(value=False).tolist() for each, column in columns.items()}
    words = []
    for row in range(len(radiographs)):
        present = [each for each, column in is_present.items() if column[row]]
        shown = [each.value for each in present if not set(each.parts) & set(present)]
        words.append(" and ".join(shown) or "none of them")
    return words
