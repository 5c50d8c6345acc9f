import shutil
from pathlib import Path

import pytest

from hilum.datasets.chest_xray import CLASSES, find_samples
from hilum.errors import DatasetError
from hilum.findings import Finding


def _touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / "train" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


@pytest.fixture
def folder(tmp_path):
    _touch(
        tmp_path,
        "NORMAL/IM-0115-0001.jpeg",
        "NORMAL/IM-0115-0002.jpeg",
        "NORMAL/NORMAL2-IM-0115-0001.jpeg",
        "NORMAL/NORMAL2-IM-0115-0001-0003.jpeg",
        "PNEUMONIA/person7_bacteria_20.jpeg",
        "PNEUMONIA/person7_bacteria_21.jpeg",
        "PNEUMONIA/person7_virus_9.jpeg",
    )
    return tmp_path


def test_class_and_patient_come_from_the_file_name(folder):
    told = {s.path.name: (CLASSES[s.label], s.patient) for s in find_samples(folder)}

    assert told["IM-0115-0002.jpeg"] == (Finding.NORMAL, "IM-0115")
    assert told["NORMAL2-IM-0115-0001-0003.jpeg"] == (Finding.NORMAL, "NORMAL2-IM-0115")
    assert told["person7_bacteria_21.jpeg"] == (Finding.BACTERIAL_PNEUMONIA, "person7_bacteria")
    assert told["person7_virus_9.jpeg"] == (Finding.VIRAL_PNEUMONIA, "person7_virus")


def test_patient_numbers_restart_for_each_cause(folder):
    patients = {s.patient for s in find_samples(folder)}

    assert len(patients) == 4


def test_identical_pictures_join_their_patients(folder):
    train = folder / "train" / "PNEUMONIA"
    shutil.copy(train / "person7_virus_9.jpeg", train / "person8_virus_1.jpeg")
    shutil.copy(train / "person7_virus_9.jpeg", train / "person9_virus_1.jpeg")

    groups = {s.path.name: s.patient for s in find_samples(folder)}

    assert groups["person8_virus_1.jpeg"] == groups["person7_virus_9.jpeg"]
    assert groups["person9_virus_1.jpeg"] == groups["person7_virus_9.jpeg"]
    assert groups["person7_bacteria_20.jpeg"] != groups["person7_virus_9.jpeg"]


def test_the_parent_folder_is_found_too(folder, tmp_path_factory):
    parent = tmp_path_factory.mktemp("parent")
    shutil.copytree(folder, parent / "chest_xray")

    assert len(find_samples(parent)) == 7


def test_absent_data_says_how_to_get_it(tmp_path):
    with pytest.raises(DatasetError, match="hilum data chest_xray"):
        find_samples(tmp_path)


def test_a_missing_class_is_named(tmp_path):
    _touch(tmp_path, "NORMAL/IM-1-1.jpeg", "PNEUMONIA/person1_virus_1.jpeg")

    with pytest.raises(DatasetError, match="Bacterial pneumonia"):
        find_samples(tmp_path)


def test_a_name_that_tells_another_class_than_its_folder_is_named(folder):
    _touch(folder, "NORMAL/person77_bacteria_1.jpeg")

    with pytest.raises(DatasetError, match=r"1 files .*another class .*NORMAL/person77_bacteria_1"):
        find_samples(folder)


def test_a_folder_of_another_class_is_named(folder):
    _touch(folder, "COVID/person99_virus_1.jpeg")

    with pytest.raises(DatasetError, match="COVID"):
        find_samples(folder)


def test_strange_names_are_counted_and_named(folder):
    _touch(folder, "NORMAL/holiday.jpeg")

    with pytest.raises(DatasetError, match=r"1 files .*holiday\.jpeg"):
        find_samples(folder)
