"""Cross-validation, on drawn phantoms."""

import pytest

from hilum.datasets.chest_xray import find_radiographs
from hilum.datasets.folds import folds_by_patient
from hilum.imaging import Preprocessing
from hilum.training.classifier import cross_validation
from hilum.training.classifier.cross_validation import cross_validate, gather
from hilum.training.classifier.pneumonia import load_split
from hilum.training.classifier.pneumonia_bundle import tune
from hilum.training.config import Augmentation, TrainingConfig
from tests.datasets.phantom_data import SIDE, write_chest_xray

CONFIG = TrainingConfig(
    seed=1, epochs=1, batch_size=8, learning_rate=5e-3, architecture="tiny", width=4,
    preprocessing=Preprocessing(input_size_px=SIDE), changed_copies=1,
    augmentation=Augmentation(), coverage=0.5,
)  # fmt: skip


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    data = write_chest_xray(tmp_path_factory.mktemp("data"), patients=12)
    return load_split(find_radiographs(data), CONFIG, None)


def test_each_plan_is_measured_by_a_network_that_was_tuned_as_the_bundle_is(
    films, tmp_path, monkeypatch, untraced
):
    tuned_on = []

    def counted(logits, labels, **told):
        tuned_on.append(len(logits))
        return tune(logits, labels, **told)

    monkeypatch.setattr(cross_validation, "tune", counted)
    plans = folds_by_patient(films.radiographs, 3, seed=CONFIG.seed)
    folds = list(cross_validate(CONFIG, films, plans, None, checkpoints=tmp_path, verbose=0))
    found = gather(CONFIG, folds)

    assert tuned_on == [(1 + CONFIG.changed_copies) * len(plan.tune) for plan in plans]
    assert {name: metrics.images for name, metrics in found.folds.items()} == {
        plan.name: len(plan.measure) for plan in plans
    }
    assert found.together.images == len(films.radiographs)
    assert found.together.patients == len(set(films.patients))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fold-0", "fold-1", "fold-2"]
