"""Layouts that are understood, and what is said of those that are not."""

import re
from pathlib import Path

import pandas as pd
import pytest

from hilum.datasets.folders import choose_split, find_splits
from hilum.datasets.labelled import LabelledSet
from hilum.datasets.labels import labels_in_words
from hilum.datasets.spelling import SUBGROUPS, finding_called, subgroup
from hilum.errors import DatasetError
from hilum.findings import Finding


def _touch(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"")
    return root


def _table(root: Path, *lines: str, encoding: str = "utf-8") -> Path:
    (root / "labels.csv").write_text("\n".join(lines) + "\n", encoding=encoding)
    return root


def _named(films: LabelledSet, column: str) -> list[tuple[str, str]]:
    labels = labels_in_words(films.radiographs)
    return list(zip(films.radiographs[column], labels, strict=True))


@pytest.mark.parametrize(
    ("words", "finding"),
    [
        ("NORMAL", Finding.NORMAL),
        ("Bacterial pneumonia", Finding.BACTERIAL_PNEUMONIA),
        ("viral-pneumonia", Finding.VIRAL_PNEUMONIA),
        ("No Finding", Finding.NORMAL),
        ("scoliosis", None),
    ],
)
def test_labels_are_understood_in_any_spelling(words, finding):
    assert finding_called(words) is finding


@pytest.mark.parametrize(
    ("kind", "cell", "group"),
    [
        ("age", "0.5", "under 1 year"),
        ("age", "011M", "under 1 year"),
        ("age", "012M", "1 to 5 years"),
        ("age", "058Y", "40 to 64 years"),
        ("age", "65", "65 years and over"),
        ("age", "400D", "1 to 5 years"),
        ("age", "", "not stated"),
        ("age", "old", None),
        ("sex", "F", "female"),
        ("sex", "male", "male"),
        ("sex", "x", None),
        ("view", "pa", "PA"),
        ("view", "LL", "lateral"),
    ],
)
def test_cells_put_pictures_into_subgroups(kind, cell, group):
    assert subgroup(kind, cell) == group
    assert group is None or group in SUBGROUPS[kind]


def test_folders_named_by_finding(tmp_path):
    _touch(tmp_path, "NORMAL/a.png", "PNEUMONIA/deep/b.jpg", "PNEUMONIA/c.dcm", "NORMAL/.hidden")
    _touch(tmp_path, "NORMAL/notes.txt")

    found = find_splits(tmp_path)

    assert list(found) == ["all"]
    assert _named(found["all"], "name") == [
        ("NORMAL/a.png", "normal"),
        ("PNEUMONIA/c.dcm", "pneumonia"),
        ("PNEUMONIA/deep/b.jpg", "pneumonia"),
    ]
    assert not found["all"].knows_patients
    assert [(left.name, left.reason) for left in found["all"].left_out] == [
        ("NORMAL/notes.txt", "not a picture format (.txt)")
    ]


def test_a_picture_beside_the_folders_of_findings_is_left_out(tmp_path):
    _touch(tmp_path, "NORMAL/a.png", "PNEUMONIA/b.png", "stray.JPG", "LICENSE", "notes.txt")

    found = find_splits(tmp_path)["all"]

    assert [(each.name, each.reason) for each in found.left_out] == [
        ("stray.JPG", "not in a folder of a finding")
    ]


@pytest.mark.parametrize("above", ["", "chest_xray/"])
def test_folders_by_split(tmp_path, above):
    _touch(tmp_path, f"{above}train/normal/a.png", f"{above}test/normal/b.png", "readme.md")

    found = find_splits(tmp_path)

    assert {split: found[split].radiographs["name"].item() for split in found} == {
        "test": "normal/b.png",
        "train": "normal/a.png",
    }
    assert choose_split(found, "test") == "test"
    with pytest.raises(DatasetError, match="several splits: name one of test, train"):
        choose_split(found, None)
    with pytest.raises(DatasetError, match="no split 'val'"):
        choose_split(found, "val")


def test_names_of_files_refine_the_label_and_tell_the_patient(tmp_path):
    _touch(tmp_path, "normal/p1_normal.png", "pneumonia/p2_virus.png")
    told = {"p1_normal": Finding.NORMAL, "p2_virus": Finding.VIRAL_PNEUMONIA}

    found = find_splits(tmp_path, tell=lambda path: (told[path.stem], path.stem[:2]))["all"]

    assert found.knows_patients
    assert _named(found, "patient") == [
        ("p1", "normal"),
        ("p2", "viral_pneumonia"),
    ]


def test_names_that_contradict_their_folder_are_refused(tmp_path):
    _touch(tmp_path, "normal/a.png", "normal/b.png", "pneumonia/c.png")

    with pytest.raises(DatasetError, match=r"2 file names .* normal/a.png, normal/b.png"):
        find_splits(tmp_path, tell=lambda path: (Finding.VIRAL_PNEUMONIA, path.stem))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), "neither labels.csv nor folders named by finding"),
        (("cats/a.png", "dogs/b.png"), "Found: cats, dogs"),
        (("normal/a.png", "scoliosis/b.png", "tumour/c.png"), "2 folders .*: scoliosis, tumour"),
        (("normal/a.png", "pneumonia/b.txt"), "1 folder in .* holds no pictures: pneumonia"),
        (("normal/a.txt", "pneumonia/b.txt"), "hold no pictures: normal, pneumonia"),
    ],
)
def test_folders_that_are_not_understood_are_named(tmp_path, names, words):
    _touch(tmp_path, *names)

    with pytest.raises(DatasetError, match=words):
        find_splits(tmp_path)


def test_nothing_there(tmp_path):
    with pytest.raises(DatasetError, match="gone does not exist"):
        find_splits(tmp_path / "gone")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_table_labels_pictures(tmp_path, separator, encoding):
    _touch(tmp_path, "films/a.png", "films/b.dcm", "films/unlabelled.png")
    rows = [
        ("Path", "Label", "Patient", "Split", "Age", "Sex", "Remark"),
        ("films/a.png", "normal", "p1", "test", "3", "F", "x"),
        ("films/b.dcm", "Pneumonia", "p2", "train", "061Y", "", "y"),
    ]
    _table(tmp_path, *(separator.join(row) for row in rows), encoding=encoding)

    found = find_splits(tmp_path)

    assert list(found) == ["test", "train"]
    assert found["test"].radiographs.iloc[0].to_dict() == {
        "path": tmp_path / "films/a.png",
        "name": "films/a.png",
        "normal": True,
        "pneumonia": False,
        "patient": "p1",
        "age": "1 to 5 years",
        "sex": "female",
    }
    second = found["train"].radiographs.iloc[0]
    assert (second["age"], second["sex"]) == ("40 to 64 years", "not stated")
    assert found["test"].left_out[0].name == "films/unlabelled.png"
    assert found["test"].knows_patients


def test_a_table_with_a_column_for_each_finding_tells_present_absent_and_unknown(tmp_path):
    _touch(tmp_path, *(f"{n}.png" for n in range(4)))
    rows = ("0.png,1,0", "1.png,0.0,1.0", "2.png,-1,", "3.png,-1.0,1")
    _table(tmp_path, "path,effusion,Pneumonia", *rows)

    found = find_splits(tmp_path)["all"].radiographs

    assert found["effusion"].tolist() == [True, False, pd.NA, pd.NA]
    assert found["pneumonia"].tolist() == [False, True, pd.NA, True]


def test_a_table_without_patients_says_so(tmp_path):
    _touch(tmp_path, "a.png", "b.png")
    table = (
        _table(tmp_path, "path,label,patient", "a.png,normal,p1", "b.png,normal,") / "labels.csv"
    )

    found = find_splits(table)["all"]

    assert not found.knows_patients
    assert found.radiographs["patient"].tolist() == ["p1", "b.png"]


def test_cells_of_a_table_stay_as_they_are_written(tmp_path):
    patients = ["007", "NA", "1e3", "None", "nan", "null", "\x00", "x" * 1000]
    names = [f"{n}.png" for n in range(len(patients))]
    rows = [f'{name},normal,"{patient}"' for name, patient in zip(names, patients, strict=True)]
    _table(_touch(tmp_path, *names), "path,label,patient", *rows)

    found = find_splits(tmp_path)["all"]

    assert found.knows_patients
    assert found.radiographs["patient"].tolist() == patients


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("file,label", "a.png,normal"), "lacks the columns path; it has file, label"),
        (("path,finding,label,label", "a.png,,,"), "the columns label more than once"),
        (("path,label",), "a header and no rows"),
        (("",), "lacks the columns path; it has none"),
        (("path", "a.png"), "needs labels: either a column label, or columns named by findings"),
        (("path,label,mass", "a.png,mass,1"), "needs labels: either a column label, or columns"),
        (("path,mass", "a.png,yes"), "a label of mass that is none of 1, 0, -1 .*: 'yes'"),
        (("path,label", "a.png"), "1 row of labels.csv does not have 2 cells, .* row 2"),
        (
            ("path,label", "a.png,normal", "", "a.png,normal,3", "a.png", "a.png,normal,,"),
            "3 rows of labels.csv do not have 2 cells, as the header has: row 3, 4, 5",
        ),
        (("path,label", f"a.png,{'n' * 200_000}"), "not a table that can be read as CSV"),
        (
            ("path,label", *(f"{n}.png,scoliosis" for n in range(5))),
            "5 rows .* none of normal.*: 'scoliosis', 'scoliosis', 'scoliosis' and 2 more",
        ),
        (
            ("path,label", "gone.png,normal", "a.png,normal"),
            "1 row .* names .* there: gone.png",
        ),
        (
            ("path,label", "a.png,normal", "a.png,pneumonia"),
            "1 row of .* repeats .*: a.png",
        ),
        (("path,label,age", "a.png,normal,old"), "under age that cannot be understood: 'old'"),
    ],
)
def test_wrong_tables_are_counted_and_named(tmp_path, lines, words):
    _table(_touch(tmp_path, "a.png"), *lines)

    with pytest.raises(DatasetError, match=words):
        find_splits(tmp_path)


def test_a_table_that_is_no_text(tmp_path):
    (tmp_path / "labels.csv").write_bytes(b"path,label\n\xff\xfe\x00")

    with pytest.raises(DatasetError, match=re.escape("not UTF-8")):
        find_splits(tmp_path)
