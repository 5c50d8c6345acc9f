"""The splits that a card speaks of, found again in a folder that may have changed since."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from hilum.datasets.card_splits import find_split
from hilum.datasets.chest_xray import class_labels, find_radiographs
from hilum.datasets.labelled import LabelledSet
from hilum.datasets.splits import split_by_patient
from hilum.errors import BundleError, DatasetError
from hilum.models import Card, load_bundle
from hilum.models.bundle import Bundle
from hilum.models.split_lists import SPLITS_FILE, read_split_lists, split_lists_text
from tests.shipped import SHIPPED

SHARES = {"validation": 0.2, "test": 0.2}
CONFIG = {"seed": 1, "validation_share": 0.2, "test_share": 0.2}

Parts = dict[str, pd.DataFrame]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The public layout with files that are no pictures: only their names and bytes count."""
    for group, pattern in (
        ("NORMAL", "IM-{n:04d}-{k:04d}.jpeg"),
        ("PNEUMONIA", "person{n}_bacteria_{k}.jpeg"),
        ("PNEUMONIA", "person{n}_virus_{k}.jpeg"),
    ):
        folder = tmp_path / "data/train" / group
        folder.mkdir(parents=True, exist_ok=True)
        for n in range(40):
            for k in range(1 + n % 2):
                name = pattern.format(n=n, k=k)
                (folder / name).write_bytes(name.encode())
    return tmp_path / "data"


@pytest.fixture
def parts(data: Path) -> Parts:
    return _drawn(data)


@pytest.fixture
def old_bundle(parts: Parts, tmp_path: Path, make_card: Callable[..., Card]) -> Bundle[Card]:
    """A bundle that was made on the data, from before bundles listed their pictures."""
    made = {name: {"images": len(part)} for name, part in parts.items()}
    return Bundle(tmp_path, make_card({}, training={"config": CONFIG, "splits": made}))


@pytest.fixture
def bundle(old_bundle: Bundle[Card], parts: Parts) -> Bundle[Card]:
    listed = {name: [path.stem for path in part["path"]] for name, part in parts.items()}
    (old_bundle.folder / SPLITS_FILE).write_text(split_lists_text(listed), encoding="utf-8")
    return old_bundle


def _stems(split: LabelledSet) -> list[str]:
    return _listed(split.radiographs)


def _listed(part: pd.DataFrame) -> list[str]:
    return sorted(path.stem for path in part["path"])


def _drawn(data: Path) -> Parts:
    """The splits as training draws them."""
    found = find_radiographs(data)
    parts = split_by_patient(class_labels(found), found["patient"], SHARES, seed=1)
    return {name: found.iloc[part] for name, part in parts.items()}


def _take_away(path: Path) -> str:
    path.unlink()
    return path.stem


def test_a_list_is_compact_and_sorted():
    text = split_lists_text({"train": ["x", "a"], "test": []})

    assert text == '{"train":["a","x"],"test":[]}\n'


@pytest.mark.parametrize("split", ["validation", "test"])
def test_the_cards_splits_are_found_again(bundle, data, parts, split):
    found = find_split(data, bundle, split).splits

    assert {name: _stems(each) for name, each in found.items()} == {
        name: _listed(part) for name, part in parts.items()
    }
    assert found["test"].cautions == ()


def test_no_train_patient_is_held_out_where_another_is_missing(bundle, data, parts):
    train = parts["train"]
    for path in train["path"][train["patient"] == train["patient"].iloc[0]]:
        _take_away(path)
    again = _drawn(data)
    assert set(_listed(again["test"])) & set(_listed(parts["train"]))

    found = find_split(data, bundle, "test").splits

    assert _stems(found["test"]) == _listed(parts["test"])
    assert found["test"].cautions == ()


def test_pictures_that_the_list_does_not_know_are_in_no_split_and_named(bundle, data, parts):
    stranger = data / "train/NORMAL/IM-7777-0001.jpeg"
    stranger.write_bytes(b"another film")

    found = find_split(data, bundle, "test").splits

    assert not any(stranger in split.radiographs["path"].tolist() for split in found.values())
    (words,) = found["test"].cautions
    assert "in none of the card's splits: 1 picture of the folder (IM-7777-0001.jpeg)" in words


def test_pictures_that_are_listed_and_absent_are_counted_and_named(bundle, data, parts):
    gone = _take_away(parts["test"]["path"].iloc[0])

    found = find_split(data, bundle, "test").splits

    (words,) = found["test"].cautions
    assert f"1 of the {len(parts['test'])} pictures of the card's split test ({gone})" in words
    assert "differ from those of the card" in words
    assert not any("Missing" in words for words in found["train"].cautions)


def test_without_a_list_the_splits_are_drawn_anew(old_bundle, data, parts):
    found = find_split(data, old_bundle, "validation").splits

    assert _stems(found["validation"]) == _listed(parts["validation"])


def test_without_a_list_other_pictures_are_refused(old_bundle, data, parts):
    _take_away(parts["train"]["path"].iloc[0])
    sizes = ", ".join(f"{name} {len(part)}" for name, part in parts.items())

    with pytest.raises(DatasetError, match=rf"has no splits.json.* instead of {sizes}"):
        find_split(data, old_bundle, "test")


def test_pictures_that_trained_the_model_are_told(bundle, data, parts):
    found = find_split(data, bundle, "train").films

    seen = len(parts["train"]) + len(parts["validation"])
    everything = seen + len(parts["test"])
    (words,) = found.cautions
    assert f"trained or tuned on {seen} of these {everything} pictures" in words


@pytest.mark.parametrize("text", ["no JSON", "[]", '{"train": 3}', '{"test": ["a"]}'])
def test_a_list_that_is_not_its_cards_is_refused(bundle, data, text):
    (bundle.folder / SPLITS_FILE).write_text(text, encoding="utf-8")

    with pytest.raises(BundleError, match=r"splits.json is not the list"):
        find_split(data, bundle, "test")


@pytest.mark.parametrize("layout", ["", "chest_xray/"])
def test_a_folder_wins_over_the_cards_split_of_its_name_and_both_can_be_had(
    bundle, data, parts, layout, tmp_path
):
    root = tmp_path / "whole" / layout
    shutil.copytree(data, root)
    for name in ("NORMAL/IM-9001-0001.jpeg", "PNEUMONIA/person9001_virus_1.jpeg"):
        (root / "test" / name).parent.mkdir(parents=True)
        (root / "test" / name).write_bytes(name.encode())

    folder = find_split(tmp_path / "whole", bundle, "test")
    own = find_split(tmp_path / "whole", bundle, "card:test")

    assert (folder.name, folder.origin) == ("test", "the folder test")
    assert _stems(folder.films) == ["IM-9001-0001", "person9001_virus_1"]
    assert (own.name, own.origin) == ("test", "the card's own split test")
    assert _stems(own.films) == _listed(parts["test"])


def test_a_split_that_the_card_has_not_is_named(bundle, data):
    with pytest.raises(DatasetError, match=r"no split 'tst'. Its splits are: train, validation"):
        find_split(data, bundle, "card:tst")


def test_other_data_has_no_split_of_the_cards(bundle, tmp_path):
    for group in ("normal", "pneumonia"):
        (tmp_path / "other" / group).mkdir(parents=True)
        (tmp_path / "other" / group / "a.png").write_bytes(b"")

    with pytest.raises(DatasetError, match=r"no split 'validation'. The splits are: all"):
        find_split(tmp_path / "other", bundle, "validation")
    with pytest.raises(DatasetError, match="validation is a split of the data that the model"):
        find_split(tmp_path / "other", bundle, "card:validation")
    assert find_split(tmp_path / "other", bundle, None).origin == "all of the data"


@pytest.mark.weights
def test_the_shipped_bundle_lists_the_pictures_of_its_card():
    bundle = load_bundle(SHIPPED)

    lists = read_split_lists(bundle)

    assert lists is not None
    assert {name: len(stems) for name, stems in lists.items()} == {
        "train": 3956, "validation": 633, "test": 627,
    }  # fmt: skip
    assert len(frozenset().union(*lists.values())) == 5216
    assert SPLITS_FILE in bundle.card.files
    assert json.loads((SHIPPED / SPLITS_FILE).read_text("utf-8"))["train"][0] == min(lists["train"])
