"""Soft targets come from probes that did not see the patient."""

import numpy as np
import pytest
from pydantic import ValidationError

from hilum.findings import Finding
from hilum.training.findings.config import MOST_TAUGHT, FindingsConfig
from hilum.training.findings.teacher import predicted_rereads, taught_targets

CONFIG = FindingsConfig(findings=(Finding.MASS, Finding.NODULE), head_start=50.0, distilled=0.5)


def _predicted(targets: np.ndarray, features: list, patients: list[str]) -> np.ndarray:
    taught = taught_targets(targets, features, patients, CONFIG)
    return (taught - (1 - CONFIG.distilled) * targets) / CONFIG.distilled


def test_a_teacher_needs_the_strength_of_its_probes() -> None:
    with pytest.raises(ValidationError, match="without it, set distilled=0"):
        FindingsConfig(distilled=0.5, head_start=0)


def test_the_ensemble_does_not_see_the_label_that_it_predicts() -> None:
    rng = np.random.default_rng(0)
    patients = [f"p{at // 2}" for at in range(400)]
    # A feature of each patient's own: whoever sees the label of one image knows that of the other.
    labels = np.repeat(rng.random((200, 2)) < 0.5, 2, axis=0).astype(np.float32)
    own = np.repeat(np.eye(200, dtype=np.float32), 2, axis=0)

    predicted = _predicted(labels, [own], patients)

    for column in range(2):
        of_present = predicted[labels[:, column] == 1, column].mean()
        of_absent = predicted[labels[:, column] == 0, column].mean()
        # Who had seen the other image would predict nearly 1 and 0; calibration sees all labels.
        assert of_present == pytest.approx(of_absent, abs=0.15)
        assert predicted[:, column].mean() == pytest.approx(labels[:, column].mean(), abs=0.02)


def test_predictions_are_probabilities_and_their_members_are_averaged() -> None:
    rng = np.random.default_rng(1)
    patients = [f"p{at}" for at in range(2000)]
    cause = rng.normal(size=(2000, 2)).astype(np.float32)
    # The true probability of the first finding is a logistic function of the first cause.
    true = 1 / (1 + np.exp(-2 * cause + 1))
    labels = (rng.random((2000, 2)) < true).astype(np.float32)
    noise = rng.normal(size=(2000, 3)).astype(np.float32)

    both = _predicted(labels, [cause, np.hstack([cause, noise])], patients)

    assert np.abs(both - true).mean() < 0.03
    assert np.corrcoef(both[:, 0], true[:, 0])[0, 1] > 0.98


def test_all_members_of_the_ensemble_count_the_same() -> None:
    rng = np.random.default_rng(6)
    patients = [f"p{at}" for at in range(4000)]
    causes = rng.normal(size=(4000, 2)).astype(np.float32)
    # Both causes count the same, and each member knows one.
    true = 1 / (1 + np.exp(-causes.sum(axis=1)))
    labels = (rng.random((4000, 2)) < true[:, np.newaxis]).astype(np.float32)

    predicted = _predicted(labels, [causes[:, :1], causes[:, 1:]], patients)[:, 0]

    logit = np.log(predicted / (1 - predicted))
    first, second = np.linalg.lstsq(causes, logit, rcond=None)[0]
    assert first == pytest.approx(second, rel=0.15)
    assert np.abs(predicted - true).mean() < 0.03


def test_a_finding_that_no_other_patient_has_is_predicted_as_absent() -> None:
    rng = np.random.default_rng(7)
    labels = (rng.random((60, 2)) < 0.5).astype(np.float32)
    labels[:, 1] = np.arange(60) < 2
    patients = [f"p{max(at, 1)}" for at in range(60)]

    predicted = _predicted(labels, [rng.normal(size=(60, 4)).astype(np.float32)], patients)

    assert np.isfinite(predicted).all()
    assert predicted[:, 1].mean() == pytest.approx(2 / 60, abs=0.02)


def test_a_label_that_is_unknown_stays_unknown() -> None:
    rng = np.random.default_rng(2)
    labels = (rng.random((60, 2)) < 0.5).astype(np.float32)
    labels[:5, 1] = np.nan
    features = rng.normal(size=(60, 4)).astype(np.float32)

    taught = taught_targets(labels, [features], [f"p{at}" for at in range(60)], CONFIG)

    np.testing.assert_array_equal(np.isnan(taught), np.isnan(labels))
    assert taught[~np.isnan(taught)].min() >= 0
    assert taught[~np.isnan(taught)].max() <= 1


def test_what_radiologists_would_say_is_predicted_where_they_did_not_read() -> None:
    rng = np.random.default_rng(4)
    patients = [f"p{at}" for at in range(2000)]
    cause = rng.normal(size=(2000, 2)).astype(np.float32)
    true = 1 / (1 + np.exp(-2 * cause[:, 0]))
    rereads = np.full((2000, 2), np.nan, dtype=np.float32)
    rereads[:1000, 0] = rng.random(1000) < true[:1000]
    rereads[:40, 1] = np.arange(40) % 2  # too few to learn from

    predicted = predicted_rereads(rereads, [cause], patients, CONFIG)

    assert np.isnan(predicted[:1000]).all()
    assert np.isnan(predicted[:, 1]).all()
    assert np.abs(predicted[1000:, 0] - true[1000:]).mean() < 0.03


def test_many_images_are_learned_without_the_ensemble() -> None:
    assert CONFIG.suited_to(MOST_TAUGHT) == CONFIG
    assert CONFIG.suited_to(MOST_TAUGHT + 1) == CONFIG.model_copy(
        update={"distilled": 0.0, "predicted_rereads": 0.0}
    )
