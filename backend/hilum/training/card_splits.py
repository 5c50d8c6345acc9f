"""The splits that a card speaks of, found again in its data."""

from collections.abc import Sequence
from pathlib import Path

from hilum.evaluation.dataset import find_splits
from hilum.evaluation.labelled import LabelledPicture, LabelledSet
from hilum.models.card import Card
from hilum.training.chest_xray import CLASSES, Sample, find_samples, told_by_name
from hilum.training.splits import split_by_patient


def find_all_splits(folder: Path, card: Card, *, wanted: str | None) -> dict[str, LabelledSet]:
    """The splits of a data set; those that a model's training made, where one of them is wanted.

    A folder of the wanted name wins over a split that training made under that name.

    Parameters
    ----------
    folder : Path
        See `hilum.evaluation.dataset.find_splits`.
    card : Card
    wanted : str or None

    Returns
    -------
    mapping of str to LabelledSet

    Raises
    ------
    DatasetError
        The data cannot be understood.
    """
    splits = find_splits(folder, tell=told_by_name)
    made = card.training.get("splits", {})
    if wanted is None or wanted in splits or wanted not in made:
        return splits
    config = card.training["config"]
    shares = {name: config[f"{name}_share"] for name in ("validation", "test")}
    parts = split_by_patient(find_samples(folder), shares, seed=config["seed"])
    return {name: _labelled(samples) for name, samples in parts.items()}


def _labelled(samples: Sequence[Sample]) -> LabelledSet:
    return LabelledSet(
        tuple(
            LabelledPicture(
                sample.path,
                CLASSES[sample.label],
                sample.patient,
                f"{sample.path.parent.name}/{sample.path.name}",
            )
            for sample in samples
        )
    )
