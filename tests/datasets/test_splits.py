from itertools import chain

import numpy as np
import pytest

from hilum.datasets.splits import split_by_patient
from hilum.errors import DatasetError

SHARES = {"validation": 0.15, "test": 0.1}


@pytest.fixture
def radiographs():
    """Labels and patients of radiographs, one to four of each patient."""
    rng = np.random.default_rng(3)
    labels, patients = zip(
        *(
            (label, f"{label}-{n}")
            for label, patients in ((0, 120), (1, 240), (2, 60))
            for n in range(patients)
            for _ in range(rng.integers(1, 5))
        ),
        strict=True,
    )
    return labels, patients


def test_no_patient_is_in_two_parts(radiographs):
    parts = split_by_patient(*radiographs, SHARES, seed=1)

    patients = [{radiographs[1][index] for index in part} for part in parts.values()]
    assert sum(map(len, patients)) == len(set.union(*patients)) == 420


def test_every_picture_is_in_a_part(radiographs):
    parts = split_by_patient(*radiographs, SHARES, seed=1)

    assert sorted(chain(*parts.values())) == list(range(len(radiographs[0])))


def test_each_class_has_its_share_in_each_part(radiographs):
    parts = split_by_patient(*radiographs, SHARES, seed=1)

    for label in (0, 1, 2):
        total = radiographs[0].count(label)
        for name, share in SHARES.items():
            got = sum(radiographs[0][index] == label for index in parts[name])
            # One patient, of at most four pictures, may be over.
            assert share * total <= got < share * total + 4


def test_the_seed_decides(radiographs):
    same, again, other = (split_by_patient(*radiographs, SHARES, seed=s) for s in (1, 1, 2))

    assert same == again
    assert same["test"] != other["test"]


def test_too_few_patients_is_an_error():
    with pytest.raises(DatasetError, match="2 patients"):
        split_by_patient([0, 0], ["a", "b"], SHARES, seed=1)
