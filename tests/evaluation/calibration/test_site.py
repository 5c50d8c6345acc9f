"""Calibration and decisions fitted to a site whose films a model reads too high."""

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.metrics import roc_auc_score

from hilum.errors import DatasetError
from hilum.evaluation.calibration.recalibrate import changed_probabilities, recalibrated
from hilum.evaluation.calibration.site import (
    LEAST_IMAGES,
    LEAST_PATIENTS,
    _folds,
    fit_site,
    fit_values,
)
from hilum.evaluation.figures.decided import measure_change, measure_decided
from hilum.evaluation.figures.outcomes import probability_of
from hilum.findings import Finding
from hilum.models.conformal import prediction_set
from hilum.models.task import Presence
from tests.site_films import SHIFT, draw_logits, said_of_pneumonia

PNEUMONIA, EFFUSION, MASS = Finding.PNEUMONIA, Finding.EFFUSION, Finding.MASS


def _names(count):
    return [f"p{number}" for number in range(count)]


@pytest.fixture
def two_findings(make_card):
    """A card of two sigmoids."""
    point = {"threshold": 0.5, "criterion": "none", "chosen_on": "nothing"}
    return make_card(
        {"model.keras": "ab" * 32},
        activation="sigmoid",
        outputs=("effusion", "mass"),
        main="effusion",
        tasks=[{"finding": each, "operating_point": point} for each in ("effusion", "mass")],
        calibration={"temperature": (2.0, 1.0), "bias": (0.5, 0.0), "fitted_on": "nothing"},
    )


def test_a_known_shift_of_a_softmax_is_found_again(card):
    logits, truth = draw_logits(6000, seed=0)
    said = said_of_pneumonia(logits)

    found = recalibrated(said, {PNEUMONIA: truth.astype(float)}, card, fitted_on="site")

    changed = changed_probabilities(said, card, found)
    # Only the difference of normal and pneumonia counts: its own bias is 0.1, and 0 and -0.1.
    shift = (found.bias[1] - 0.0) - (found.bias[0] - 0.1)
    assert shift == pytest.approx(-SHIFT, abs=0.1)
    assert found.temperature == pytest.approx((0.5,) * 3, rel=0.06)
    assert probability_of(changed, card, PNEUMONIA) == pytest.approx(expit(logits), abs=0.03)
    # Parts are shifted alike: their odds of 1.5 feel the temperature alone.
    odds = np.full(6000, 1.5 ** (0.5 / found.temperature[0]))
    assert changed[:, 1] / changed[:, 2] == pytest.approx(odds)


def test_a_known_shift_and_temperature_of_one_sigmoid_leave_the_other_alone(two_findings):
    logits, truth = draw_logits(6000, seed=1)
    said = np.stack([expit(2 * logits + 1.0), np.full(6000, 0.3)], axis=1)

    found = recalibrated(said, {EFFUSION: truth.astype(float)}, two_findings, fitted_on="site")

    # The network's logit is 2 (2 z + 1 - 0.5), and z is what is wanted.
    assert found.temperature == pytest.approx((4.0, 1.0), rel=0.06)
    assert found.bias == pytest.approx((-0.25, 0.0), abs=0.06)
    changed = changed_probabilities(said, two_findings, found)
    assert changed[:, 0] == pytest.approx(expit(logits), abs=0.03)
    assert changed[:, 1] == pytest.approx(said[:, 1])


def test_few_films_without_a_shift_change_little(card):
    logits, truth = draw_logits(50, seed=2)
    said = said_of_pneumonia(logits, shift=0)

    found = recalibrated(said, {PNEUMONIA: truth.astype(float)}, card, fitted_on="site")

    changed = probability_of(changed_probabilities(said, card, found), card, PNEUMONIA)
    moved = logit(changed) - logits
    assert np.abs(moved).mean() < 1


def test_a_site_s_values_hold_on_its_next_films(card):
    logits, truth = draw_logits(400, seed=3)
    said = said_of_pneumonia(logits)
    calibration, tasks = fit_values(
        said, {PNEUMONIA: truth.astype(float)}, _names(400), card, fitted_on="site"
    )

    logits, truth = draw_logits(8000, seed=4)
    said = said_of_pneumonia(logits)
    score = probability_of(changed_probabilities(said, card, calibration), card, PNEUMONIA)
    task = tasks[PNEUMONIA]
    called = score >= task.operating_point.threshold
    best = max(
        np.mean(expit(logits)[truth] >= at) + np.mean(expit(logits)[~truth] < at)
        for at in np.linspace(0.05, 0.95, 91)
    )
    assert called[truth].mean() + (~called[~truth]).mean() == pytest.approx(best, abs=0.03)
    sets = [prediction_set(each, task.conformal) for each in score]
    for is_ill, label in ((True, Presence.PRESENT), (False, Presence.ABSENT)):
        held = [label in each for each, ill in zip(sets, truth, strict=True) if ill == is_ill]
        # 200 films of a label leave a standard deviation of 1.5 points.
        assert np.mean(held) == pytest.approx(card.main_task.conformal.coverage, abs=0.05)


def test_figures_before_are_the_bundle_s_and_those_after_are_better(card):
    logits, truth = draw_logits(300, seed=5)
    said = said_of_pneumonia(logits)

    found = fit_site(said, {PNEUMONIA: truth.astype(float)}, _names(300), card, fitted_on="site")

    fit = found.tasks[PNEUMONIA]
    before, after = (measure_decided(*each).figures for each in (fit.before, fit.after))
    likely = expit(logits + SHIFT)
    assert before["auroc"].value == pytest.approx(roc_auc_score(truth, likely))
    assert after["auroc"].value == pytest.approx(before["auroc"].value, abs=0.01)
    assert before["specificity"].value == pytest.approx(np.mean(likely[~truth] < 0.5))
    # All of 1.5 too high: about a fifth on the scale of probabilities.
    assert before["expected_calibration_error"].value > 0.15
    assert after["expected_calibration_error"].value < 0.09
    changes = measure_change(*fit.before, *fit.after)
    assert changes["specificity"].low > 0
    for name in ("brier", "sensitivity"):
        difference = after[name].value - before[name].value
        assert changes[name].value == pytest.approx(difference)
        assert changes[name].low <= difference <= changes[name].high


def test_a_film_is_measured_with_what_was_fitted_to_other_patients(card):
    logits, truth = draw_logits(200, seed=6)
    patients = [f"p{number // 2}" for number in range(200)]
    truths = {PNEUMONIA: truth.astype(float)}
    changed = logits.copy()
    changed[:2] += 9

    first, second = (
        fit_site(said_of_pneumonia(each), truths, patients, card, fitted_on="site")
        .tasks[PNEUMONIA]
        .after
        for each in (logits, changed)
    )

    folds = _folds(truths[PNEUMONIA], np.array(patients), seed=0)
    with_them = folds == folds[0]
    assert folds[1] == folds[0]
    assert (first[1].thresholds == second[1].thresholds)[with_them].all()
    # The share of positives among the others, which is no end of a zone of uncertainty here.
    of_others = truth[~with_them].mean()
    assert of_others != truth.mean()
    assert first[1].thresholds[with_them] == pytest.approx(of_others)
    others = np.arange(200) > 1
    assert (first[0].score == second[0].score).tolist() == (with_them & others).tolist()


def test_folds_hold_whole_patients_and_each_label_evenly():
    truth = np.repeat([1.0, 0.0, np.nan], 25)
    names = np.array(_names(75))
    twice = np.concatenate([names, names])

    folds = _folds(np.concatenate([truth, truth]), twice, seed=7)

    assert (folds[:75] == folds[75:]).all()
    for label in (1, 0):
        assert np.bincount(folds[:75][truth == label]).tolist() == [5] * 5


def _fit(card, present, absent, *, unknown=0, patients=None):
    truth = np.array([1.0] * present + [0.0] * absent + [np.nan] * unknown)
    logits = np.random.default_rng(8).normal(np.nan_to_num(truth), 1)
    return fit_site(
        said_of_pneumonia(logits),
        {PNEUMONIA: truth},
        patients or _names(len(truth)),
        card,
        fitted_on="site",
    )


def test_as_few_films_as_are_allowed_can_be_fitted(card):
    assert (LEAST_IMAGES, LEAST_PATIENTS) == (50, 25)
    strict = card.model_copy(
        update={"tasks": (card.main_task.model_copy(update={"conformal": None}),)}
    )

    fit = _fit(strict, 25, 25).tasks[PNEUMONIA]

    assert fit.task.conformal.coverage == 0.95
    assert len(fit.after[0].truth) == 50


@pytest.mark.parametrize(
    ("present", "absent", "more", "told"),
    [
        (24, 26, {}, "50 labelled radiographs, 24 patients with it and 26 without it"),
        (80, 24, {}, "80 patients with it and 24 without it"),
        (100, 0, {}, "100 patients with it and 0 without it"),
        (24, 24, {"unknown": 50}, "48 labelled radiographs"),
        (
            30, 30, {"patients": [f"p{number // 2}" for number in range(60)]},
            "15 patients with it and 15 without it",
        ),
    ],
)  # fmt: skip
def test_too_few_or_one_sided_films_are_refused(card, present, absent, more, told):
    with pytest.raises(DatasetError, match="There are too few labelled radiographs") as refused:
        _fit(card, present, absent, **more)

    assert told in str(refused.value)
    assert "at least 50 radiographs, of at least 25 patients with the finding" in str(refused.value)


def test_a_task_with_too_few_films_keeps_the_bundle_s_values(two_findings):
    logits, truth = draw_logits(100, seed=9)
    said = np.stack([expit(logits + SHIFT), np.full(100, 0.3)], axis=1)
    few = np.where(np.arange(100) < 10, 1.0, 0.0)

    found = fit_site(
        said, {EFFUSION: truth.astype(float), MASS: few}, _names(100), two_findings,
        fitted_on="site",
    )  # fmt: skip

    assert list(found.tasks) == [EFFUSION]
    assert (found.calibration.temperature[1], found.calibration.bias[1]) == (1.0, 0.0)
    assert found.calibration.bias[0] < two_findings.calibration.bias[0]
