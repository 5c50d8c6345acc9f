"""Cross-validation, on drawn phantoms."""

import numpy as np
import pandas as pd
import pytest

from hilum.datasets.chest_xray import CLASSES, find_radiographs
from hilum.datasets.folds import folds_by_patient
from hilum.datasets.labels import columns_of_one
from hilum.errors import DatasetError
from hilum.evaluation.calibration.decisions import Scored
from hilum.evaluation.figures.predictions import Predictions, task_metrics
from hilum.imaging import Preprocessing
from hilum.models.task import Presence
from hilum.training.classifier import cross_validation
from hilum.training.classifier.acquisitions import read_acquisitions, write_acquisitions
from hilum.training.classifier.cross_validation import Fold, cross_validate, decided_across, gather
from hilum.training.classifier.pneumonia import load_split
from hilum.training.classifier.pneumonia_bundle import draft_card
from hilum.training.classifier.pneumonia_config import PneumoniaConfig
from hilum.training.classifier.tune import BACTERIAL, NORMAL, tune
from hilum.training.config import Augmentation
from tests.datasets.phantom_data import SIDE, write_chest_xray

CONFIG = PneumoniaConfig(
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


def _fold(name, tuned_on, said):
    """A fold whose network gave these probabilities of pneumonia, half of them of ill patients."""
    truth = np.arange(len(said)) >= len(said) // 2
    labels = np.where(truth, BACTERIAL, NORMAL)
    logits = np.log(np.column_stack([1 - tuned_on, tuned_on, np.full(len(said), 1e-9)]))
    tuned = tune(logits.astype(np.float32), labels, coverage=0.9, fitted_on="own")
    predictions = Predictions(
        np.column_stack([1 - said, said, np.zeros(len(said))]),
        columns_of_one([CLASSES[label] for label in labels]),
        [str(row) for row in range(len(said))],
    )
    metrics = task_metrics(
        predictions, draft_card(CONFIG, tuned), draft_card(CONFIG, tuned).main_task
    )
    return Fold(name, metrics, predictions, tuned, Scored(tuned_on, truth))


def test_decisions_across_acquisitions_are_chosen_without_the_one_that_is_measured():
    config = CONFIG.model_copy(update={"coverage": 0.9})
    own = np.array([*np.linspace(0.1, 0.3, 20), *np.linspace(0.7, 0.9, 20)])
    high = np.array([*np.linspace(0.4, 0.8, 20), *np.linspace(0.85, 0.95, 20)])
    low = np.array([*np.linspace(0.05, 0.2, 20), *np.linspace(0.5, 0.9, 20)])

    first, second = decided_across(config, [_fold("high", own, high), _fold("low", own, low)])

    # Of its own films the corrected 90 % quantile of 20 scores, half way from the 19th to the 20th;
    # of the other acquisition that of 92 %, the 20th.
    absent, present = Presence.ABSENT, Presence.PRESENT
    assert first.tuned.conformal.quantiles[absent] == pytest.approx(own[18:20].mean())
    assert first.tuned.conformal.quantiles[present] == pytest.approx(1 - low[20])
    assert second.tuned.conformal.quantiles[absent] == pytest.approx(high[19])
    assert second.tuned.conformal.quantiles[present] == pytest.approx(1 - own[20:22].mean())
    covered = (high[:20] <= first.tuned.conformal.quantiles[absent]).mean()
    assert first.metrics.conformal_coverage_negative.value == covered == 0


def test_predictions_across_acquisitions_are_read_as_they_were_written(tmp_path):
    said = {
        name: _fold(name, probability, probability).said
        for name, probability in (
            ("high film numbers", np.linspace(0.02, 0.97, 40)),
            ("low film numbers", np.linspace(0.13, 0.88, 30)),
        )
    }

    write_acquisitions(tmp_path / "said.csv", said)
    found = read_acquisitions(tmp_path / "said.csv")

    assert list(found) == list(said)
    for name, each in said.items():
        np.testing.assert_allclose(found[name].probabilities, each.probabilities, atol=5e-7)
        pd.testing.assert_frame_equal(found[name].labels, each.labels)
        assert found[name].patients == each.patients


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\x00"])
def test_another_file_has_no_predictions(tmp_path, text):
    (tmp_path / "said.csv").write_text(text)
    with pytest.raises(DatasetError, match=r"said\.csv"):
        read_acquisitions(tmp_path / "said.csv")


_HEAD = "acquisition,patient,finding,normal,bacterial_pneumonia,viral_pneumonia\n"


@pytest.mark.parametrize("row", ["a,1,normal,x,0,0", "a,1,normal,0,2,0", "a,,normal,1,0,0"])
def test_a_row_without_patient_or_probability_is_refused(tmp_path, row):
    (tmp_path / "said.csv").write_text(f"{_HEAD}a,1,normal,0.5,0.25,0.25\n{row}\n")
    with pytest.raises(DatasetError, match=r"1 row .* the first is row 3"):
        read_acquisitions(tmp_path / "said.csv")
