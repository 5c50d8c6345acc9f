"""Who trains, tunes and is measured."""

from pathlib import Path

import pandas as pd
import pytest

from hilum.datasets.folds import across_numbers, folds_by_patient
from hilum.datasets.labels import columns_of_one, labels_in_words
from hilum.errors import DatasetError
from hilum.findings import Finding

NORMAL, BACTERIAL, VIRAL = "normal", "bacterial_pneumonia", "viral_pneumonia"


def film(name: str, finding: str, patient: str | None = None) -> dict[str, object]:
    told = name.rsplit("-", 1)[0].rsplit("_", 1)[0]
    return {"path": Path(f"{name}.jpeg"), "finding": Finding(finding), "patient": patient or told}


def labelled(rows: list[dict[str, object]]) -> pd.DataFrame:
    films = pd.DataFrame(rows)
    return films.join(columns_of_one(films.pop("finding")))


def films(count: int = 24) -> pd.DataFrame:
    """Normal films of two series, and the ill with numbers up to `count`, two of every third."""
    found = []
    for number in range(count):
        series = "NORMAL2-IM" if number % 2 else "IM"
        for picture in range(1 if number % 3 else 2):
            found += [
                film(f"{series}-{number:04d}-{picture:04d}", NORMAL),
                film(f"person{number}_bacteria_{picture}", BACTERIAL),
                film(f"person{number}_virus_{picture}", VIRAL),
            ]
    return labelled(found)


FILMS = films()
PLANS = {
    "folds": folds_by_patient(FILMS, 3, seed=1),
    "numbers": across_numbers(FILMS, seed=1),
}


@pytest.mark.parametrize("plans", PLANS.values(), ids=PLANS)
def test_every_film_is_measured_once_and_no_patient_is_in_two_parts_of_a_plan(plans):
    measured = [index for plan in plans for index in plan.measure]
    assert sorted(measured) == list(range(len(FILMS)))
    for plan in plans:
        parts = (plan.train, plan.tune, plan.measure)
        patients = [set(FILMS["patient"].iloc[part]) for part in parts]
        assert len(set.union(*patients)) == sum(map(len, patients))
        for part in parts:
            assert set(labels_in_words(FILMS.iloc[part])) == {NORMAL, BACTERIAL, VIRAL}


def test_low_and_high_numbers_lie_apart():
    high, low = PLANS["numbers"]

    assert (high.name, low.name) == ("high", "low")
    assert sorted(high.train + high.tune) == low.measure
    names = [path.name for path in FILMS["path"]]
    low_names = {names[index] for index in low.measure}
    assert {name for name in low_names if "person" not in name} == {
        name for name in names if name.startswith("IM-")
    }
    lows, highs = (
        {
            int(names[index].split("_")[0].removeprefix("person"))
            for index in plan.measure
            if "person" in names[index]
        }
        for plan in (low, high)
    )
    assert max(lows) < min(highs)


def test_a_patient_on_both_sides_is_low():
    both = [film("person0_virus_7", VIRAL, "twice"), film("person99_virus_8", VIRAL, "twice")]
    more = pd.concat([FILMS, labelled(both)])

    high, low = across_numbers(more, seed=1)

    assert {len(FILMS), len(FILMS) + 1} <= set(low.measure)
    assert not {len(FILMS), len(FILMS) + 1} & set(high.measure)


def test_names_of_one_series_tell_no_halves():
    one = FILMS[[not path.name.startswith("NORMAL2") for path in FILMS["path"]]]

    with pytest.raises(DatasetError, match="high numbers are not of all classes"):
        across_numbers(one, seed=1)


def test_two_folds_are_too_few():
    with pytest.raises(DatasetError, match="2 folds are too few"):
        folds_by_patient(FILMS, 2, seed=1)
