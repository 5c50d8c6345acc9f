"""The schema of labelled radiographs: what is no such table is refused."""

from pathlib import Path

import pandas as pd
import pytest
from pandera.errors import SchemaError, SchemaErrors

from hilum.datasets.labelled import LabelledSet
from hilum.datasets.labels import LABEL_TYPE

ROWS = pd.DataFrame(
    {
        "path": [Path("films/a.png"), Path("films/b.png")],
        "name": ["a.png", "b.png"],
        "normal": [True, False],
        "viral_pneumonia": [None, True],
        "patient": ["007", "8"],
        "age": ["under 1 year", "not stated"],
    }
)


def test_a_table_of_radiographs_keeps_its_cells_and_knows_its_types():
    found = LabelledSet(ROWS).radiographs

    as_given = ROWS.assign(viral_pneumonia=pd.array([None, True], LABEL_TYPE))
    assert found.to_dict("list") == as_given.to_dict("list")
    assert found["patient"].dtype == "str"
    assert found["viral_pneumonia"].dtype == found["normal"].dtype == LABEL_TYPE


@pytest.mark.parametrize(
    "rows",
    [
        ROWS.assign(name="a.png"),
        ROWS.assign(scoliosis=[True, False]),
        ROWS.assign(normal=["yes", "no"]),
        ROWS.assign(patient=["007", ""]),
        ROWS.assign(patient=["007", None]),
        ROWS.assign(age=["under 1 year", "old"]),
        ROWS.assign(label="normal"),
        ROWS.drop(columns="patient"),
    ],
    ids=[
        "one name twice", "unknown finding", "label that is neither", "empty patient", "no patient",
        "unknown age band", "unknown column", "no column of patients",
    ],
)  # fmt: skip
def test_a_table_that_does_not_fit_is_refused(rows):
    with pytest.raises((SchemaError, SchemaErrors)):
        LabelledSet(rows)
