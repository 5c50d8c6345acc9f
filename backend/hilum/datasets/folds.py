"""Folds for cross-validation, by patient or across film numbers."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hilum.datasets.chest_xray import CLASSES, class_labels
from hilum.datasets.splits import split_by_patient
from hilum.errors import DatasetError

_TUNED_ON = 8
"""One part in so many of the patients trained on is kept to tune, across film numbers."""

_SECOND_SERIES = "NORMAL2-"
_PERSON = re.compile(r"^person(\d+)_", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Plan:
    """One training: indices of the films that it learns from, is tuned on and is measured on.

    Attributes
    ----------
    name : str
        Of what is measured.
    train, tune, measure : list of int
        No patient is in two of them.
    """

    name: str
    train: list[int]
    tune: list[int]
    measure: list[int]


def folds_by_patient(radiographs: pd.DataFrame, folds: int, *, seed: int) -> list[Plan]:
    """Each fold is measured by a network that was tuned on the next one and trained on the rest.

    Parameters
    ----------
    radiographs : DataFrame
        Of the data set; see `hilum.datasets.chest_xray.find_radiographs`.
    folds : int
        At least 3.

    Returns
    -------
    list of Plan
        Every film is measured in one. Each fold has the classes' shares.

    Raises
    ------
    DatasetError
        Fewer than 3 folds, or a class has too few patients.
    """
    if folds < 3:
        raise DatasetError(
            f"{folds} folds are too few: at least three are needed, to measure on, to tune on and "
            "to train on."
        )
    parts = _dealt(radiographs, folds, seed=seed)
    return [
        Plan(
            name=f"fold-{number}",
            train=[
                index
                for other, part in enumerate(parts)
                if other not in (number, (number + 1) % folds)
                for index in part
            ],
            tune=parts[(number + 1) % folds],
            measure=part,
        )
        for number, part in enumerate(parts)
    ]


def across_numbers(radiographs: pd.DataFrame, *, seed: int) -> list[Plan]:
    """Train and tune on films of low numbers and measure on those of high ones; and the reverse.

    The data set's names number its films, and films far apart in number differ more than
    patients drawn at random do (docs/experiments.md): so this stands in for films of another time
    or machine, as far as one hospital's films can.

    Parameters
    ----------
    radiographs : DataFrame
        Of the data set; see `hilum.datasets.chest_xray.find_radiographs`.

    Returns
    -------
    list of Plan
        Two: ``high``, measured on high numbers, and ``low``. Low are the normal films of the
        first series (``IM``, not ``NORMAL2-IM``), and positives up to the median number; a
        patient with both is low.

    Raises
    ------
    DatasetError
        The names tell no two halves with all classes in both.
    """
    patients = radiographs["patient"]
    is_low = patients.isin(patients[_has_low_number(radiographs)])
    halves = {
        "low": np.flatnonzero(is_low).tolist(),
        "high": np.flatnonzero(~is_low).tolist(),
    }
    labels = class_labels(radiographs)
    for name, half in halves.items():
        if len(np.unique(labels[half])) < len(CLASSES):
            raise DatasetError(
                f"Films of {name} numbers are not of all classes: the names must tell two series "
                f"of normal films, IM and {_SECOND_SERIES}IM, and persons' numbers."
            )
    plans = []
    for name, other in (("high", "low"), ("low", "high")):
        half = halves[other]
        tune, *rest = _dealt(radiographs.iloc[half], _TUNED_ON, seed=seed)
        plans.append(
            Plan(
                name=name,
                train=[half[i] for part in rest for i in part],
                tune=[half[i] for i in tune],
                measure=halves[name],
            )
        )
    return plans


def _has_low_number(radiographs: pd.DataFrame) -> "pd.Series[bool]":
    """Whether a name has an ill child's low number, or is of the normal films' first series.

    Normal films are divided by series only, because each series has its own numbering.
    """
    names = radiographs["path"].map(lambda path: path.name)
    numbers = pd.to_numeric(names.str.extract(_PERSON, expand=False))
    is_first_series = ~names.str.upper().str.startswith(_SECOND_SERIES)
    return is_first_series.where(numbers.isna(), numbers <= numbers.median())


def _dealt(radiographs: pd.DataFrame, parts: int, *, seed: int) -> list[list[int]]:
    """Indices of the films dealt out by patient, each part with the classes' shares."""
    dealt = split_by_patient(
        class_labels(radiographs),
        radiographs["patient"],
        dict.fromkeys([str(number) for number in range(1, parts)], 1 / parts),
        seed=seed,
        names=[finding.label for finding in CLASSES],
    )
    return list(dealt.values())
