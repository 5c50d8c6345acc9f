from dataclasses import dataclass

import numpy as np
import pytest

from hilum.datasets.splits import split_by_patient
from hilum.errors import DatasetError


@dataclass(frozen=True)
class _Picture:
    label: int
    patient: str


@pytest.fixture
def pictures():
    rng = np.random.default_rng(3)
    return [
        _Picture(label, f"{label}-{n}")
        for label, patients in ((0, 120), (1, 240), (2, 60))
        for n in range(patients)
        for _ in range(rng.integers(1, 5))
    ]


SHARES = {"validation": 0.15, "test": 0.1}


def test_no_patient_is_in_two_parts(pictures):
    parts = split_by_patient(pictures, SHARES, seed=1)

    patients = [{p.patient for p in part} for part in parts.values()]
    assert sum(map(len, patients)) == len(set.union(*patients)) == 420


def test_every_picture_is_in_a_part(pictures):
    parts = split_by_patient(pictures, SHARES, seed=1)

    assert sum(map(len, parts.values())) == len(pictures)


def test_each_class_has_its_share_in_each_part(pictures):
    parts = split_by_patient(pictures, SHARES, seed=1)

    for label in (0, 1, 2):
        total = sum(p.label == label for p in pictures)
        for name, share in SHARES.items():
            got = sum(p.label == label for p in parts[name])
            # One patient, of at most four pictures, may be over.
            assert share * total <= got < share * total + 4


def test_the_seed_decides(pictures):
    same, again, other = (split_by_patient(pictures, SHARES, seed=s) for s in (1, 1, 2))

    assert same == again
    assert same["test"] != other["test"]


def test_too_few_patients_is_an_error():
    with pytest.raises(DatasetError, match="2 patients"):
        split_by_patient([_Picture(0, "a"), _Picture(0, "b")], SHARES, seed=1)
