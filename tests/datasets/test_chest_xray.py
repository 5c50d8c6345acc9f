import shutil
from pathlib import Path

import pytest

from hilum.datasets.chest_xray import CLASSES, class_labels, find_radiographs
from hilum.datasets.labels import labels_in_words
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
    found = find_radiographs(folder)

    assert list(zip(found["name"], labels_in_words(found), found["patient"], strict=True)) == [
        ("NORMAL/IM-0115-0001.jpeg", "normal", "IM-0115"),
        ("NORMAL/IM-0115-0002.jpeg", "normal", "IM-0115"),
        ("NORMAL/NORMAL2-IM-0115-0001-0003.jpeg", "normal", "NORMAL2-IM-0115"),
        ("NORMAL/NORMAL2-IM-0115-0001.jpeg", "normal", "NORMAL2-IM-0115"),
        ("PNEUMONIA/person7_bacteria_20.jpeg", "bacterial_pneumonia", "person7_bacteria"),
        ("PNEUMONIA/person7_bacteria_21.jpeg", "bacterial_pneumonia", "person7_bacteria"),
        ("PNEUMONIA/person7_virus_9.jpeg", "viral_pneumonia", "person7_virus"),
    ]
    assert CLASSES == (Finding.NORMAL, Finding.BACTERIAL_PNEUMONIA, Finding.VIRAL_PNEUMONIA)
    assert class_labels(found).tolist() == [0, 0, 0, 0, 1, 1, 2]


def test_patient_numbers_restart_for_each_cause(folder):
    assert find_radiographs(folder)["patient"].nunique() == 4


def test_identical_pictures_join_their_patients(folder):
    train = folder / "train" / "PNEUMONIA"
    shutil.copy(train / "person7_virus_9.jpeg", train / "person8_virus_1.jpeg")
    shutil.copy(train / "person7_virus_9.jpeg", train / "person9_virus_1.jpeg")

    found = find_radiographs(folder)

    groups = dict(zip(found["path"].map(lambda path: path.name), found["patient"], strict=True))
    assert groups["person8_virus_1.jpeg"] == groups["person7_virus_9.jpeg"]
    assert groups["person9_virus_1.jpeg"] == groups["person7_virus_9.jpeg"]
    assert groups["person7_bacteria_20.jpeg"] != groups["person7_virus_9.jpeg"]


def test_the_parent_folder_is_found_too(folder, tmp_path_factory):
    parent = tmp_path_factory.mktemp("parent")
    shutil.copytree(folder, parent / "chest_xray")

    assert len(find_radiographs(parent)) == 7


def test_absent_data_says_how_to_get_it(tmp_path):
    with pytest.raises(DatasetError, match="hilum data chest_xray"):
        find_radiographs(tmp_path)


def test_other_files_are_passed_over(folder):
    _touch(folder, "NORMAL/notes.txt", "PNEUMONIA/.DS_Store", "PNEUMONIA/README")

    assert len(find_radiographs(folder)) == 7


def test_a_folder_named_by_a_finding_that_the_public_layout_lacks_is_named(folder):
    _touch(folder, "VIRAL_PNEUMONIA/person9_virus_1.jpeg")

    with pytest.raises(DatasetError, match="unknown classes: VIRAL_PNEUMONIA"):
        find_radiographs(folder)


def test_a_missing_class_is_named(tmp_path):
    _touch(tmp_path, "NORMAL/IM-1-1.jpeg", "PNEUMONIA/person1_virus_1.jpeg")

    with pytest.raises(DatasetError, match="Bacterial pneumonia"):
        find_radiographs(tmp_path)


def test_a_name_that_tells_another_class_than_its_folder_is_named(folder):
    _touch(folder, "NORMAL/person77_bacteria_1.jpeg")

    with pytest.raises(DatasetError, match=r"1 file name .*another .*: NORMAL/person77_bact"):
        find_radiographs(folder)


def test_a_folder_of_another_class_is_named(folder):
    _touch(folder, "COVID/person99_virus_1.jpeg")

    with pytest.raises(DatasetError, match="COVID"):
        find_radiographs(folder)


def test_strange_names_are_counted_and_named(folder):
    _touch(folder, "NORMAL/holiday.jpeg")

    with pytest.raises(DatasetError, match=r"1 files .*holiday\.jpeg"):
        find_radiographs(folder)
