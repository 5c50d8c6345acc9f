"""What is counted of a folder of labelled radiographs, and what is not."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from hilum.datasets.boxes import find_boxed_films
from hilum.datasets.chest_xray import find_radiographs
from hilum.datasets.copies import find_copies, tell_copies
from hilum.datasets.folders import find_splits
from hilum.datasets.organ_masks import find_masked_samples
from hilum.datasets.spelling import NOT_STATED, subgroup
from hilum.datasets.walk import files_aside, files_below
from hilum.errors import DatasetError

ASIDE = (
    ".ipynb_checkpoints/a-checkpoint.png", "deep/.ipynb_checkpoints/b-checkpoint.png",
    "@eaDir/a.png/SYNOPHOTO_THUMB_M.jpg", "__MACOSX/._a.png", "._a.png", "#recycle/a.png",
)  # fmt: skip


def _write(root, **content):
    for name, data in content.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _names(root, paths):
    return [path.relative_to(root).as_posix() for path in paths]


def test_what_systems_and_editors_put_beside_files_is_aside(tmp_path):
    _write(tmp_path, **dict.fromkeys((*ASIDE, "a.png", "deep/__b.png"), b""))
    (tmp_path / "deep" / "loop").symlink_to(tmp_path)
    assert _names(tmp_path, files_below(tmp_path)) == ["a.png", "deep/__b.png"]
    assert _names(tmp_path, files_aside(tmp_path)) == sorted(ASIDE)


def test_folders_and_tables_do_not_count_what_is_aside(tmp_path):
    folders, table = tmp_path / "folders", tmp_path / "table"
    for finding in ("NORMAL", "PNEUMONIA"):
        _write(folders / finding, **dict.fromkeys((*ASIDE, f"{finding}.png"), b""))
    _write(folders, **{"@eaDir/x.jpg": b"", ".DS_Store": b"", "._NORMAL": b""})
    found = find_splits(folders)["all"]
    assert found.radiographs["name"].tolist() == ["NORMAL/NORMAL.png", "PNEUMONIA/PNEUMONIA.png"]
    assert {each.reason for each in found.left_out} == {
        "hidden, or in a folder of a system or editor"
    }
    assert len(found.left_out) == 2 * len(ASIDE) + 1
    _write(table, **dict.fromkeys((*ASIDE, "a.png"), b""))
    _write(table, **{"labels.csv": b"path,label\na.png,normal\n"})
    assert find_splits(table)["all"].left_out == ()


def test_hidden_pictures_stop_no_training(tmp_path):
    for finding, name in (("NORMAL", "IM-0001-0001"), ("PNEUMONIA", "person1_bacteria_1"),
                          ("PNEUMONIA", "person2_virus_1")):  # fmt: skip
        _write(tmp_path / "train" / finding,
               **{f"{name}.jpeg": name.encode(), f"._{name}.jpeg": b"\0\5\x16\7"})  # fmt: skip
    assert len(find_radiographs(tmp_path)) == 3
    masks = tuple(f"mask/{organ}/a.png" for organ in ("right_lung", "left_lung", "heart"))
    for source in ("jsrt", "wingspan"):
        _write(tmp_path / source, **dict.fromkeys(("png/a.png", "png/._a.png", *masks), b""))
    assert [each.path.name for each in find_masked_samples(tmp_path)] == ["a.png", "a.png"]


def test_boxes_are_of_the_film_and_not_of_what_lies_aside(tmp_path):
    name = "00000001_000.png"
    _write(tmp_path, **{name: b"", f"zz/@eaDir/{name}": b""})
    head = "Image Index,Finding Label,Bbox [x,y,w,h]\n"
    _write(tmp_path, **{"BBox_List_2017.csv": f"{head}{name},Infiltration,1,2,3,4\n".encode()})
    films = find_boxed_films(tmp_path)
    assert [film.path for film in films] == [tmp_path / name]


def _picture(grey):
    """A PNG whose upper half is as bright as asked for."""
    pixels = np.zeros((64, 64), np.uint8)
    pixels[:32] = grey
    return cv2.imencode(".png", pixels)[1].tobytes()


ONE, TWO, THREE = map(_picture, (100, 150, 200))


def test_copies_within_a_split_are_told(tmp_path):
    _write(tmp_path, **{"NORMAL/a.png": ONE, "NORMAL/b.png": ONE, "NORMAL/c.png": TWO,
                        "PNEUMONIA/d.png": THREE, "PNEUMONIA/deep/e.png": THREE,
                        "PNEUMONIA/f.png": THREE})  # fmt: skip
    films = find_splits(tmp_path)["all"]
    assert find_copies(films) == [[0, 1], [3, 4, 5]]
    told = tell_copies(films)
    assert told.cautions[0] == (
        "3 pictures are byte-identical copies of another and are counted: NORMAL/a.png = "
        "NORMAL/b.png, PNEUMONIA/d.png = PNEUMONIA/deep/e.png = PNEUMONIA/f.png."
    )
    assert len(told.radiographs) == 6


def test_copies_under_opposite_labels_are_an_error_that_names_them(tmp_path):
    _write(tmp_path, **{"NORMAL/a.png": ONE, "PNEUMONIA/b.png": ONE})
    with pytest.raises(DatasetError, match=r"opposite label: .*NORMAL/a.png = PNEUMONIA/b.png"):
        tell_copies(find_splits(tmp_path)["all"])


def test_copies_under_two_kinds_of_pneumonia_are_copies(tmp_path):
    _write(tmp_path, **{"bacteria/a.png": ONE, "virus/b.png": ONE, "normal/c.png": TWO})
    assert (
        "1 picture is a byte-identical copy"
        in tell_copies(find_splits(tmp_path)["all"]).cautions[0]
    )


def test_files_that_are_not_measured_are_no_copies(tmp_path):
    junk = ("SYNOINDEX_MEDIA_INFO", "~$a.jpeg", "half.png")
    contents = (b"a list", b"an editor's lock", ONE[:60])
    _write(tmp_path, **{f"{folder}/{name}": content for folder in ("NORMAL", "PNEUMONIA")
                        for name, content in zip(junk, contents, strict=True)},
           **{"NORMAL/a.png": ONE, "NORMAL/b.png": ONE})  # fmt: skip
    told = tell_copies(find_splits(tmp_path)["all"]).cautions
    assert [words.partition(": ")[2] for words in told] == ["NORMAL/a.png = NORMAL/b.png."]


@pytest.mark.parametrize(
    ("cell", "group"),
    [("411", NOT_STATED), ("121", NOT_STATED), ("999Y", NOT_STATED), ("120", "65 years and over"),
     ("411D", "1 to 5 years"), ("0411M", "18 to 39 years")],
)  # fmt: skip
def test_an_age_that_nobody_has_is_not_known(cell, group):
    assert subgroup("age", cell) == group


def test_a_picture_is_measured_once_however_its_row_spells_the_path(tmp_path):
    _write(tmp_path, **{name: name.encode() for name in ("a.png", "sub/b.png", "c.png", "d.png")})
    rows = [f"{tmp_path}/a.png,normal", "sub/../sub/b.png,pneumonia", "./c.png,normal"]
    _write(tmp_path, **{"labels.csv": "\n".join(["path,label", *rows]).encode()})
    found = find_splits(tmp_path)["all"]
    assert found.radiographs["name"].tolist() == ["a.png", "sub/b.png", "c.png"]
    assert [each.name for each in found.left_out] == ["d.png"]
    _write(tmp_path, **{"labels.csv": "\n".join(["path,label", *rows, "a.png,normal"]).encode()})
    with pytest.raises(DatasetError, match=r"repeats the picture of another row: a\.png"):
        find_splits(tmp_path)


def test_a_picture_elsewhere_keeps_its_whole_path(tmp_path):
    _write(tmp_path, **{"elsewhere/a.png": b"a"})
    path = tmp_path / "elsewhere" / "a.png"
    _write(tmp_path / "data", **{"labels.csv": f"path,label\n{path},normal\n".encode()})
    found = find_splits(tmp_path / "data")["all"]
    assert found.radiographs["path"].tolist() == [path]
    assert found.radiographs["name"].tolist() == [path.as_posix()]


@pytest.mark.parametrize(
    ("folder", "given"),
    [("", "data"), ("", "data/labels.csv"), ("data", "."), ("data", "labels.csv"), ("", "link")],
)
def test_a_row_by_its_absolute_path_is_the_file_however_the_data_is_given(
    tmp_path, monkeypatch, folder, given
):
    data = tmp_path / "data"
    _write(data, **{name: name.encode() for name in ("a.png", "sub/b.png", "c.png")})
    (tmp_path / "link").symlink_to(data)
    monkeypatch.chdir(tmp_path / folder)
    rows = ["path,label", f"{data}/a.png,normal", f"{tmp_path}/link/sub/b.png,pneumonia"]
    _write(data, **{"labels.csv": "\n".join(rows).encode()})
    found = find_splits(Path(given))["all"]
    assert found.radiographs["name"].tolist() == ["a.png", "sub/b.png"]
    assert [each.name for each in found.left_out] == ["c.png"]
    _write(data, **{"labels.csv": "\n".join([*rows, "sub/b.png,normal"]).encode()})
    with pytest.raises(DatasetError, match=r"repeats the picture of another row: sub/b\.png"):
        find_splits(Path(given))
