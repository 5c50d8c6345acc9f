import time
from functools import partial

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from hilum.evaluation.figures import statistics as stats
from hilum.evaluation.figures.resampling import PatientBootstrap, mean_interval


def _drawn(pictures, patients, seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.random(pictures) < 0.5
    return truth, rng.normal(truth, 1.0), [str(n) for n in rng.integers(0, patients, pictures)]


def test_intervals_are_those_of_the_plain_bootstrap():
    truth, score, patients = _drawn(200, 90)

    ours = PatientBootstrap(patients).interval(partial(stats.auroc, truth, score))
    rng = np.random.default_rng(0)
    members = [np.flatnonzero(np.array(patients) == each) for each in sorted(set(patients))]
    plain = []
    for _ in range(1000):
        drawn = np.concatenate([members[i] for i in rng.integers(0, len(members), len(members))])
        plain.append(roc_auc_score(truth[drawn], score[drawn]))

    assert ours is not None
    assert ours.value == pytest.approx(roc_auc_score(truth, score), abs=1e-12)
    assert [ours.low, ours.high] == pytest.approx(np.percentile(plain, [2.5, 97.5]), abs=1e-12)


def test_resamples_in_several_parts_are_the_same(monkeypatch):
    truth, score, patients = _drawn(120, 60)
    whole = PatientBootstrap(patients).draws(partial(stats.auroc, truth, score))

    monkeypatch.setattr("hilum.evaluation.figures.resampling._CELLS_AT_ONCE", 120 * 7)

    parts = PatientBootstrap(patients).draws(partial(stats.auroc, truth, score))
    assert parts.tolist() == whole.tolist()


def test_a_centred_interval_is_moved_to_its_value_and_not_below_zero():
    values = np.array([-1.0, 1.0, -1.0, 1.5])
    bootstrap = PatientBootstrap(["a", "b", "c", "d"])

    def gap(weights):
        return np.abs(weights @ values) / weights.sum(axis=1)

    plain, centred = bootstrap.interval(gap), bootstrap.centred_interval(gap)

    shift = 0.125 - bootstrap.draws(gap).mean()
    assert plain.value == centred.value == 0.125
    assert centred.high == pytest.approx(plain.high + shift)
    assert plain.low + shift < 0
    assert centred.low == 0
    assert bootstrap.centred_interval(lambda weights: gap(weights) * np.nan) is None


def test_a_figure_undefined_on_the_pictures_has_no_interval():
    truth = np.array([True, True, True])

    found = PatientBootstrap(["a", "b", "c"]).interval(partial(stats.auroc, truth, truth * 0.5))

    assert found is None


def test_resamples_without_a_class_are_left_out():
    truth = np.array([True, False, False])
    score = np.array([0.9, 0.1, 0.2])

    found = PatientBootstrap(["a", "b", "c"]).interval(partial(stats.auroc, truth, score))

    assert found is not None
    assert (found.low, found.value, found.high) == (1, 1, 1)


def test_ten_figures_of_5000_pictures_take_seconds():
    truth, score, patients = _drawn(5000, 3500)
    started = time.process_time()

    bootstrap = PatientBootstrap(patients)
    for _ in range(5):
        bootstrap.interval(partial(stats.auroc, truth, score))
        bootstrap.interval(partial(stats.accuracy, truth, score > 0.5))

    # About 4 seconds on one core of 2020; the plain bootstrap of these takes about a minute.
    assert time.process_time() - started < 30


def test_interval_of_a_mean_is_that_of_the_normal_law():
    rng = np.random.default_rng(1)
    values = rng.normal(0, 1, 900)

    interval = mean_interval(PatientBootstrap([str(n) for n in range(900)]), values)

    # Standard error 1 / sqrt(900), times 1.96 to either side; the bootstrap is noisy itself.
    assert interval.value == pytest.approx(values.mean())
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * values.std() / 30, rel=0.12)


def test_pictures_of_one_patient_stay_together():
    # Ten patients with a hundred equal pictures each: only ten independent values.
    values = np.repeat(np.arange(10.0), 100)
    patients = [str(n) for n in range(10) for _ in range(100)]

    interval = mean_interval(PatientBootstrap(patients), values)

    expected = 2 * 1.96 * np.arange(10.0).std() / np.sqrt(10)
    assert interval.high - interval.low == pytest.approx(expected, rel=0.15)
