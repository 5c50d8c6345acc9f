"""The schema of labelled radiographs: what is no such table is refused."""

from pathlib import Path

import pandas as pd
import pytest
from pandera.errors import SchemaError, SchemaErrors

from hilum.datasets.labelled import LabelledSet

ROWS = pd.DataFrame(
    {
        "path": [Path("films/a.png"), Path("films/b.png")],
        "name": ["a.png", "b.png"],
        "finding": ["normal", "viral_pneumonia"],
        "patient": ["007", "8"],
        "age": ["under 1 year", "not stated"],
    }
)


def test_a_table_of_radiographs_keeps_its_cells_and_knows_its_types():
    found = LabelledSet(ROWS).radiographs

    assert found.to_dict("list") == ROWS.to_dict("list")
    assert found["patient"].dtype == "str"
    assert "pneumonia" in found["finding"].cat.categories


@pytest.mark.parametrize(
    "rows",
    [
        ROWS.assign(name="a.png"),
        ROWS.assign(finding=["normal", "hernia"]),
        ROWS.assign(finding=["normal", None]),
        ROWS.assign(patient=["007", ""]),
        ROWS.assign(patient=["007", None]),
        ROWS.assign(age=["under 1 year", "old"]),
        ROWS.assign(label="normal"),
        ROWS.drop(columns="patient"),
    ],
    ids=[
        "one name twice", "unknown finding", "no finding", "empty patient", "no patient",
        "unknown age band", "unknown column", "no column of patients",
    ],
)  # fmt: skip
def test_a_table_that_does_not_fit_is_refused(rows):
    with pytest.raises((SchemaError, SchemaErrors)):
        LabelledSet(rows)
