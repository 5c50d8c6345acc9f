"""Leaks between splits, on drawn films."""

import io
import shutil

import cv2
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from hilum.datasets import leakage
from hilum.datasets.folders import find_splits
from hilum.datasets.labelled import LabelledSet
from hilum.datasets.leakage import (
    Leak,
    LeakKind,
    find_leaks,
    find_leaks_among,
    fingerprint,
    leaks_in_words,
    refuse_leaks,
    similarities,
)
from hilum.errors import DatasetError
from hilum.findings import Finding
from hilum.imaging import decode
from hilum.imaging.phantom import draw_phantom
from tests.datasets.phantom_data import draw_film, draw_to


def _film(seed: int) -> np.ndarray:
    return draw_film(seed, side=320)


def _file(pixels: np.ndarray, image_format: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, image_format, **options)
    return buffer.getvalue()


def _print(content: bytes) -> np.ndarray:
    return fingerprint(decode(content, smallest_side_px=64).pixels)


def _resized(pixels: np.ndarray, columns: int, rows: int) -> np.ndarray:
    return cv2.resize(pixels, (columns, rows), interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize(
    "copy",
    [
        lambda film: _file(film, "JPEG", quality=10),
        lambda film: _file(_resized(film, 120, 100), "JPEG", quality=50),
        lambda film: _file(_resized(film, 1440, 1200), "JPEG", quality=80),
        lambda film: _file(_resized(film, 200, 300)),
        lambda film: _file(np.uint8(255 * (film / 255) ** 1.5)),
        lambda film: _file(255 - film),
    ],
    ids=["jpeg 10", "third", "four times", "stretched", "gamma", "negative"],
)
def test_copies_are_nearly_the_same(copy):
    film = _film(0)

    assert similarities(_print(_file(film))[None], _print(copy(film))[None])[0, 0] > 0.85


def test_films_of_others_are_not():
    prints = np.stack([_print(_file(_film(seed))) for seed in range(12)])

    alike = similarities(prints, prints)

    assert alike.diagonal() == pytest.approx(1, abs=1e-5)
    assert alike[~np.eye(12, dtype=bool)].max() < 0.85


def test_a_flat_picture_is_like_nothing():
    flat, film = np.full((80, 80), 0.5, np.float32), draw_phantom(80, 80)

    prints = np.stack([fingerprint(flat), fingerprint(film)])

    assert similarities(prints[:1], prints).tolist() == [[0, 0]]


def test_the_gravest_kind_is_told_once_for_each_pair(tmp_path):
    for name, seed in (("a", 0), ("b", 1), ("c", 2)):
        draw_to(tmp_path / f"test/normal/{name}.png", seed=seed)
    (tmp_path / "train/normal").mkdir(parents=True)
    same = (tmp_path / "test/normal/a.png").read_bytes()
    (tmp_path / "train/normal/copy.png").write_bytes(same)
    with Image.open(tmp_path / "test/normal/b.png") as image:
        image.resize((200, 200)).save(tmp_path / "train/normal/resaved.jpg", quality=60)
    draw_to(tmp_path / "train/normal/c_again.png", seed=7)
    people = {"a": "1", "copy": "1", "b": "2", "resaved": "2", "c": "3", "c_again": "3"}
    splits = find_splits(tmp_path, tell=lambda path: (Finding.NORMAL, people[path.stem]))

    leaks = find_leaks(splits, "test")

    assert [(leak.kind, leak.names) for leak in leaks] == [
        (LeakKind.FILE, ("normal/a.png", "normal/copy.png")),
        (LeakKind.PICTURE, ("normal/b.png", "normal/resaved.jpg")),
        (LeakKind.PATIENT, ("normal/c.png", "normal/c_again.png")),
    ]
    assert leaks[1].similarity == pytest.approx(0.99, abs=0.02)


def test_any_two_splits_are_compared_and_each_image_is_looked_at_once(tmp_path, monkeypatch):
    for split, seed in (("one", 0), ("two", 1), ("three", 2)):
        draw_to(tmp_path / split / "normal/own.png", seed=seed)
    shutil.copy(tmp_path / "two/normal/own.png", tmp_path / "three/normal/copy.png")
    looked = []

    def looking(content, **how):
        looked.append(content)
        return decode(content, **how)

    monkeypatch.setattr(leakage, "decode", looking)

    leaks = find_leaks_among(find_splits(tmp_path))

    assert [(leak.kind, set(leak.splits)) for leak in leaks] == [(LeakKind.FILE, {"two", "three"})]
    assert len(looked) == 4


def test_unknown_patients_and_unreadable_files_are_no_leaks(tmp_path):
    for split, seed in (("test", 0), ("train", 1)):
        draw_to(tmp_path / split / "normal/x.png", seed=seed)
        (tmp_path / split / f"normal/{split}.png").write_bytes(split.encode())
    splits = find_splits(tmp_path)

    assert find_leaks(splits, "test") == ()
    assert find_leaks({"all": splits["test"]}, "all") == ()


def test_files_that_cannot_be_opened_are_not_the_same_file(tmp_path):
    columns = ["path", "name", "normal", "patient"]
    gone, other = (
        LabelledSet(pd.DataFrame([(tmp_path / name, name, True, name)], columns=columns))
        for name in ("gone", "lost")
    )

    assert find_leaks({"test": gone, "train": other}, "test") == ()


def test_leaks_are_counted_and_named_when_refused():
    leaks = [
        Leak(LeakKind.FILE, ("test", "train"), (f"{n}.png", f"{n}_copy.png")) for n in range(5)
    ]

    refuse_leaks([])
    with pytest.raises(DatasetError) as refused:
        refuse_leaks([*leaks, Leak(LeakKind.PATIENT, ("test", "train"), ("x.png", "y.png"))])

    assert "(same patient: 1, same file: 5)" in str(refused.value)
    assert "test/0.png = train/0_copy.png" in str(refused.value)
    assert "and 3 more" in str(refused.value)


@pytest.mark.parametrize(("alike", "is_leak"), [(0.84, False), (0.86, True)])
def test_pictures_are_nearly_the_same_from_a_correlation_of_085_on(
    monkeypatch, tmp_path, alike, is_leak
):
    # Two unit vectors with that angle between them, in place of what the files hold.
    first = np.zeros(64 * 64, np.float32)
    second = np.zeros(64 * 64, np.float32)
    first[0], second[0], second[1] = 1, alike, np.sqrt(1 - alike**2)
    for split, seed in (("test", 0), ("train", 1)):
        draw_to(tmp_path / split / f"normal/{split}.png", seed=seed)
    prints = iter([first, second])
    monkeypatch.setattr("hilum.datasets.leakage.fingerprint", lambda pixels: next(prints))

    leaks = find_leaks(find_splits(tmp_path), "test")

    assert [leak.kind for leak in leaks] == ([LeakKind.PICTURE] if is_leak else [])
    if is_leak:
        assert leaks[0].similarity == pytest.approx(alike, abs=1e-3)


@pytest.mark.parametrize("kind", LeakKind)
def test_a_report_of_leaks_names_the_picture_of_each_split(kind):
    leak = Leak(kind, ("test", "train"), ("normal/mine.png", "pneumonia/theirs.png"))

    words = leaks_in_words([leak])

    assert "test/normal/mine.png = train/pneumonia/theirs.png" in words
    assert f"({kind.words}: 1)" in words
