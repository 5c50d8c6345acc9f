"""The public data sets that are known: each is described in a module of its own."""

from pathlib import Path

import pytest

from hilum.cli.data import find_source, public_sources
from hilum.datasets.folders import find_splits
from hilum.datasets.public import DATASETS, told_by_name
from hilum.findings import Finding
from tests.datasets.phantom_data import draw_to


@pytest.mark.parametrize("name", DATASETS)
def test_a_data_set_is_credited_and_fetched_by_its_name(name):
    known = DATASETS[name]
    assert known.name == name
    assert all(known.credit.model_dump().values())
    if known.source is not None:
        assert find_source(name) is known.source
        assert known.source.origins
    assert known.tell is None or known.tell(Path("of_no_data_set.png")) is None


def test_starting_weights_are_fetched_beside_the_data_sets():
    fetched = {each.source.name for each in DATASETS.values() if each.source}
    assert {"chest_xray", "nih_chestxray14"} <= fetched
    assert {*public_sources()} - fetched >= {"mobilenet_v2"}


def test_a_name_is_read_by_the_data_set_in_whose_folder_it_is(monkeypatch):
    class Clinic:
        name = "clinic"

        def tell(self, path):
            return None, f"clinic {path.stem}"

    monkeypatch.setattr("hilum.datasets.public.DATASETS", {**DATASETS, "clinic": Clinic()})
    name = "IM-0007-0001.jpeg"
    assert told_by_name(Path("data/chest_xray") / name) == (Finding.NORMAL, "IM-0007")
    assert told_by_name(Path("data/clinic") / name) == (None, "clinic IM-0007-0001")
    assert told_by_name(Path("mine") / name) == (Finding.NORMAL, "IM-0007")
    assert told_by_name(Path("mine/film.png")) == (None, "clinic film")


def test_where_a_name_tells_the_patient_alone_the_folder_tells_the_finding(tmp_path):
    for seed, name in enumerate(("normal/p1_a.png", "normal/p1_b.png", "effusion/p2_a.png")):
        draw_to(tmp_path / name, seed=seed)
    found = find_splits(tmp_path, tell=lambda path: (None, path.stem[:2]))["all"]
    assert found.knows_patients
    assert found.radiographs["patient"].tolist() == ["p2", "p1", "p1"]
    assert found.radiographs["effusion"].tolist() == [True, False, False]
