"""Splits of a card, found again in its data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from hilum.datasets.chest_xray import class_labels, find_radiographs
from hilum.datasets.copies import tell_copies
from hilum.datasets.folders import WHOLE, choose_split, find_splits
from hilum.datasets.labelled import LabelledSet
from hilum.datasets.listed_names import Lists, are_named_alike, names_as_listed
from hilum.datasets.public import label_tables, told_by_name
from hilum.datasets.splits import split_by_patient
from hilum.datasets.tables import TABLE_FILE
from hilum.errors import DatasetError
from hilum.models.bundle import Bundle
from hilum.models.card import Card
from hilum.models.split_lists import SPLITS_FILE, read_split_lists
from hilum.words.counts import counted, first_few

OWN = "card:"
"""Before the name of a split: the card's own, and not a folder of that name."""

_NOT_TRAINED_ON = frozenset({"test", "children"})


@dataclass(frozen=True, slots=True)
class ChosenSplit:
    """The split to measure on, and all splits that it must be independent of.

    Attributes
    ----------
    splits : mapping of str to LabelledSet
        With cautions if the images differ from those of the model's splits, or include training
        images.
    origin : str
        Description of the split: a folder, a split of a table, or one of the card.
    """

    splits: dict[str, LabelledSet]
    name: str
    origin: str

    @property
    def films(self) -> LabelledSet:
        """The pictures to measure on."""
        return self.splits[self.name]


def find_split(folder: Path, bundle: Bundle[Card], wanted: str | None) -> ChosenSplit:
    """Find the requested split: one of the data, or one of the model's training.

    A folder of the wanted name wins over a split that training made under that name;
    ``card:NAME`` is always the latter.

    Parameters
    ----------
    folder : Path
        See `hilum.datasets.folders.find_splits`.
    wanted : str or None
        None where the data is not split.

    Raises
    ------
    DatasetError
        The data cannot be understood, has no such split, is not what the card's splits were made
        of, or holds the same file under opposite labels.
    BundleError
        The bundle's list of pictures is not its card's.
    """
    splits = find_splits(folder, tell=told_by_name, tables=label_tables())
    lists = read_split_lists(bundle)
    own = _own_split(bundle.card, folder, wanted, splits, lists)
    if own is not None:
        is_chest_xray = _is_chest_xray(folder)
        found = find_radiographs(folder) if is_chest_xray else _together(splits)
        made = _made_again(found, bundle.card) if lists is None else _listed(found, lists)
        return ChosenSplit(_told(made, own), own, f"the card's own split {own}")
    name = choose_split(splits, wanted)
    seen = {each: _with_seen(split, lists) for each, split in splits.items()}
    is_folder = folder.is_dir() and not (folder / TABLE_FILE).is_file()
    origin = f"the folder {name}" if is_folder else f"the table's split {name}"
    return ChosenSplit(_told(seen, name), name, "all of the data" if name == WHOLE else origin)


def _told(splits: Mapping[str, LabelledSet], name: str) -> dict[str, LabelledSet]:
    """The splits, with a caution where the one to measure on holds copies."""
    return {**splits, name: tell_copies(splits[name])}


def _own_split(
    card: Card,
    folder: Path,
    wanted: str | None,
    splits: Mapping[str, LabelledSet],
    lists: Lists | None,
) -> str | None:
    """Name of the split of the card's own that is meant; None where one of the data's is."""
    made = card.training.get("splits", {})
    name = (wanted or "").removeprefix(OWN)
    if wanted is None or wanted in splits:
        return None
    is_its_data = _is_chest_xray(folder) or _is_listed(splits, lists)
    if wanted == name:
        return name if name in made and is_its_data else None
    if name not in made:
        known = ", ".join(made) or "none"
        raise DatasetError(f"The card has no split {name!r}. Its splits are: {known}.")
    if not is_its_data:
        raise DatasetError(
            f"The card's split {name} is a split of the data that the model was trained on, and "
            f"{folder} holds no image of it. Give the folder of that data."
        )
    return name


def _is_listed(splits: Mapping[str, LabelledSet], lists: Lists | None) -> bool:
    """Whether an image of the data is in the bundle's list."""
    if lists is None:
        return False
    known = frozenset().union(*lists.values())
    return any(
        not known.isdisjoint(names_as_listed(split.radiographs, lists)) for split in splits.values()
    )


def _together(splits: Mapping[str, LabelledSet]) -> pd.DataFrame:
    return pd.concat([split.radiographs for split in splits.values()])


def _is_chest_xray(folder: Path) -> bool:
    return any(
        all((root / "train" / group).is_dir() for group in ("NORMAL", "PNEUMONIA"))
        for root in (folder, folder / "chest_xray")
    )


def _listed(radiographs: pd.DataFrame, lists: Lists) -> dict[str, LabelledSet]:
    """Splits by the bundle's list, with additional and missing images of the folder."""
    found = pd.Series(names_as_listed(radiographs, lists), radiographs.index)
    known = frozenset().union(*lists.values())
    strange = [path.name for path in radiographs["path"][~found.isin(known)]]
    besides = []
    if strange:
        besides.append(
            "Ignored, because they are in none of the card's splits: "
            f"{counted(len(strange), 'picture')} of the folder ({first_few(strange)})."
        )
    splits = {}
    for name, listed in lists.items():
        cautions = (*besides, *_missing(sorted(listed - set(found)), len(listed), name))
        split = LabelledSet(radiographs[found.isin(listed)], cautions=cautions)
        splits[name] = _with_seen(split, lists)
    return splits


def _missing(names: Sequence[str], listed: int, split: str) -> list[str]:
    if not names:
        return []
    words = (
        f"Missing from the folder: {len(names)} of the {counted(listed, 'picture')} of the card's "
        f"split {split} ({first_few(names)}). The figures will differ from those of the card."
    )
    return [words]


def _made_again(radiographs: pd.DataFrame, card: Card) -> dict[str, LabelledSet]:
    """Splits as training draws them, which are the card's only if every picture is there."""
    config = card.training["config"]
    shares = {name: config[f"{name}_share"] for name in ("validation", "test")}
    labels, patients = class_labels(radiographs), radiographs["patient"]
    parts = split_by_patient(labels, patients, shares, seed=config["seed"])
    images = {name: len(part) for name, part in parts.items()}
    expected = {name: split["images"] for name, split in card.training["splits"].items()}
    if images != expected:
        raise DatasetError(
            f"Model {card.name!r} has no {SPLITS_FILE}, and splits drawn from these "
            f"{counted(len(radiographs), 'picture')} differ from those of the card: "
            f"{_sizes(images)} instead of {_sizes(expected)}. The test split may contain pictures "
            "that the model was trained on. Use the pictures that the model was made from."
        )
    return {name: LabelledSet(radiographs.iloc[part]) for name, part in parts.items()}


def _sizes(images: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in images.items())


def _with_seen(split: LabelledSet, lists: Lists | None) -> LabelledSet:
    """A split with a caution where the model was made on its pictures, by their files' names."""
    if lists is None:
        return split
    own = names_as_listed(split.radiographs, lists)
    if not are_named_alike(own, lists):
        return split
    seen = frozenset().union(*(each for name, each in lists.items() if name not in _NOT_TRAINED_ON))
    names = split.radiographs["name"][[name in seen for name in own]].tolist()
    if not names:
        return split
    words = (
        f"The model was trained or tuned on {len(names)} of these "
        f"{counted(len(own), 'picture')}, by their names ({first_few(names)}): the "
        "figures are too good."
    )
    return replace(split, cautions=(*split.cautions, words))
