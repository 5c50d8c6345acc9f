import time
from functools import partial

import numpy as np
import pytest

from hilum.evaluation import metrics
from hilum.evaluation import statistics as stats
from hilum.evaluation.resampling import PatientBootstrap


def _drawn(pictures, patients, seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.random(pictures) < 0.5
    return truth, rng.normal(truth, 1.0), [str(n) for n in rng.integers(0, patients, pictures)]


def test_intervals_are_those_of_the_plain_bootstrap():
    truth, score, patients = _drawn(200, 90)

    ours = PatientBootstrap(patients).interval(partial(stats.auroc, truth, score))
    plain = metrics.bootstrap(lambda i: metrics.auroc(truth[i], score[i]), patients)

    assert ours is not None
    assert ours.model_dump() == pytest.approx(plain.model_dump(), abs=1e-12)


def test_resamples_in_several_parts_are_the_same(monkeypatch):
    truth, score, patients = _drawn(120, 60)
    whole = PatientBootstrap(patients).draws(partial(stats.auroc, truth, score))

    monkeypatch.setattr("hilum.evaluation.resampling._CELLS_AT_ONCE", 120 * 7)

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
    started = time.perf_counter()

    bootstrap = PatientBootstrap(patients)
    for _ in range(5):
        bootstrap.interval(partial(stats.auroc, truth, score))
        bootstrap.interval(partial(stats.accuracy, truth, score > 0.5))

    # About 4 seconds on one core of 2020; the plain bootstrap of these takes about a minute.
    assert time.perf_counter() - started < 30
