"""Names by which the list of a model's images knows them."""

from pathlib import Path

import pandas as pd
import pytest

from hilum.datasets.listed_names import are_named_alike, listed_names, names_as_listed


def radiographs(*names: str) -> pd.DataFrame:
    return pd.DataFrame({"name": names, "path": [Path("data") / name for name in names]})


def test_stems_are_listed_where_they_are_unique():
    found = radiographs("images_001/00000001_000.png", "images_002/00000002_000.png")
    assert listed_names(found) == ["00000001_000", "00000002_000"]
    # Copies elsewhere, of another kind, are known again.
    lists = {"train": frozenset(listed_names(found))}
    assert names_as_listed(radiographs("00000001_000.jpg"), lists) == ["00000001_000"]


def test_paths_are_listed_where_stems_repeat():
    # As in CheXpert, where each study has its view1_frontal.jpg.
    names = ("patient1/study1/view1_frontal.jpg", "patient2/study1/view1_frontal.jpg")
    found = listed_names(radiographs(*names))
    assert found == ["patient1/study1/view1_frontal", "patient2/study1/view1_frontal"]
    lists = {"test": frozenset(found[:1]), "train": frozenset(found[1:])}
    assert names_as_listed(radiographs(*names), lists) == found


@pytest.mark.parametrize(
    ("name", "is_alike"),
    [
        ("00031234_012", True), ("IM-0001-0001", True), ("im-3-1", True), ("person7_virus_2", True),
        ("person7_fungus_2", False), ("00031234", False), ("scan_0001", False), ("", False),
    ],
)  # fmt: skip
def test_names_of_the_same_data_have_the_same_form(name, is_alike):
    lists = {"train": frozenset({"00000001_000", "person1_virus_6"}), "test": frozenset({"IM-2-1"})}
    assert are_named_alike([name, "00000007_000"], lists) == is_alike
