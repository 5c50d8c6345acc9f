"""Who trains, tunes and is measured."""

from pathlib import Path

import pytest

from hilum.datasets.chest_xray import Sample
from hilum.datasets.folds import across_numbers, folds_by_patient
from hilum.errors import DatasetError

NORMAL, BACTERIAL, VIRAL = range(3)


def sample(name: str, label: int, patient: str | None = None) -> Sample:
    return Sample(Path(f"{name}.jpeg"), label, patient or name.rsplit("-", 1)[0].rsplit("_", 1)[0])


def films(count: int = 24) -> list[Sample]:
    """Normal films of two series, and the ill with numbers up to `count`, two of every third."""
    found = []
    for number in range(count):
        series = "NORMAL2-IM" if number % 2 else "IM"
        for picture in range(1 if number % 3 else 2):
            found += [
                sample(f"{series}-{number:04d}-{picture:04d}", NORMAL),
                sample(f"person{number}_bacteria_{picture}", BACTERIAL),
                sample(f"person{number}_virus_{picture}", VIRAL),
            ]
    return found


SAMPLES = films()
PLANS = {
    "folds": folds_by_patient(SAMPLES, 3, seed=1),
    "numbers": across_numbers(SAMPLES, seed=1),
}


@pytest.mark.parametrize("plans", PLANS.values(), ids=PLANS)
def test_every_film_is_measured_once_and_no_patient_is_in_two_parts_of_a_plan(plans):
    measured = [index for plan in plans for index in plan.measure]
    assert sorted(measured) == list(range(len(SAMPLES)))
    for plan in plans:
        parts = (plan.train, plan.tune, plan.measure)
        patients = [{SAMPLES[index].patient for index in part} for part in parts]
        assert len(set.union(*patients)) == sum(map(len, patients))
        for part in parts:
            assert {SAMPLES[index].label for index in part} == {NORMAL, BACTERIAL, VIRAL}


def test_low_and_high_numbers_lie_apart():
    high, low = PLANS["numbers"]

    assert (high.name, low.name) == ("high", "low")
    assert sorted(high.train + high.tune) == low.measure
    low_names = {SAMPLES[index].path.name for index in low.measure}
    assert {name for name in low_names if "person" not in name} == {
        each.path.name for each in SAMPLES if each.path.name.startswith("IM-")
    }
    numbers = {
        plan.name: {
            int(SAMPLES[index].patient.split("_")[0].removeprefix("person"))
            for index in plan.measure
            if SAMPLES[index].label != NORMAL
        }
        for plan in (low, high)
    }
    assert max(numbers["low"]) < min(numbers["high"])


def test_a_patient_on_both_sides_is_low():
    both = [sample("person0_virus_7", VIRAL, "twice"), sample("person99_virus_8", VIRAL, "twice")]
    samples = [*SAMPLES, *both]

    high, low = across_numbers(samples, seed=1)

    assert {len(SAMPLES), len(SAMPLES) + 1} <= set(low.measure)
    assert not {len(SAMPLES), len(SAMPLES) + 1} & set(high.measure)


def test_names_of_one_series_tell_no_halves():
    one = [each for each in SAMPLES if not each.path.name.startswith("NORMAL2")]

    with pytest.raises(DatasetError, match="high numbers are not of all classes"):
        across_numbers(one, seed=1)


def test_two_folds_are_too_few():
    with pytest.raises(DatasetError, match="2 folds are too few"):
        folds_by_patient(SAMPLES, 2, seed=1)
