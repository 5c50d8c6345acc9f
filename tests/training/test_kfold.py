"""Cross-validation by patient, on drawn phantoms."""

import pytest

from hilum.imaging import Preprocessing
from hilum.training.chest_xray import find_samples
from hilum.training.config import Augmentation, TrainingConfig
from hilum.training.kfold import cross_validate, fold_by_patient, gather
from hilum.training.pneumonia import load_split
from tests.training.phantom_data import SIDE, write_chest_xray

CONFIG = TrainingConfig(
    seed=1, epochs=1, batch_size=8, learning_rate=5e-3, architecture="residual", width=4,
    preprocessing=Preprocessing(input_size_px=SIDE), augmentation=Augmentation(), coverage=0.5,
)  # fmt: skip


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    data = write_chest_xray(tmp_path_factory.mktemp("data"), patients=12)
    return load_split(find_samples(data), CONFIG, None)


def test_every_film_is_in_one_fold_and_no_patient_in_two(films):
    folds = fold_by_patient(films, 3, seed=1)

    assert sorted(index for fold in folds for index in fold) == list(range(len(films.samples)))
    patients = [{films.patients[index] for index in fold} for fold in folds]
    for number, of_fold in enumerate(patients):
        assert not of_fold & set().union(*patients[number + 1 :])
    for fold in folds:
        assert set(films.labels[fold]) == {0, 1, 2}


def test_each_film_is_measured_once_by_a_network_that_never_saw_it(films, tmp_path):
    folds = list(cross_validate(CONFIG, films, 3, checkpoints=tmp_path, verbose=0))
    found = gather(CONFIG, folds)

    assert [fold.metrics.images for fold in folds] == [
        len(fold) for fold in fold_by_patient(films, 3, seed=CONFIG.seed)
    ]
    assert found.together.images == len(films.samples)
    assert found.together.patients == len(set(films.patients))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fold-0", "fold-1", "fold-2"]
