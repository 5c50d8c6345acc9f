"""The whole set of figures, on counts worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from hilum.datasets.labels import columns_of_one
from hilum.errors import DatasetError
from hilum.evaluation.figures.decided import NAMES, prediction_sets
from hilum.evaluation.figures.decisions import (
    confusion_at_point,
    confusion_by_finding,
    decisions_by_truth,
)
from hilum.evaluation.figures.measure import measure, measure_subgroups
from hilum.evaluation.figures.predictions import Predictions, task_metrics
from hilum.evaluation.figures.task_outcomes import task_outcomes
from hilum.findings import Finding

LABELS = ["bacterial_pneumonia"] * 4 + ["viral_pneumonia"] * 4 + ["normal"] * 8
SCORES = [0.9, 0.9, 0.9, 0.4, 0.9, 0.9, 0.4, 0.2, 0.8, *[0.1] * 7]


@pytest.fixture
def outcomes(make_outcomes):
    return make_outcomes(LABELS, SCORES)


def test_figures_at_the_operating_point(outcomes, card):
    found = measure(outcomes, card, card.main_task, prevalence=0.1)
    value = {name: figure.value for name, figure in found.figures.items() if figure}

    assert (found.images, found.patients, found.positives) == (16, 16, 8)
    assert value["sensitivity"] == pytest.approx(5 / 8)
    assert value["specificity"] == pytest.approx(7 / 8)
    assert value["accuracy"] == pytest.approx(12 / 16)
    assert value["positive_predictive_value"] == pytest.approx(5 / 6)
    assert value["negative_predictive_value"] == pytest.approx(7 / 10)
    assert value["f1"] == pytest.approx(2 * 5 / (8 + 6))
    assert value["net_benefit"] == pytest.approx((5 - 1) / 16)
    assert value["positive_predictive_value_at_prevalence"] == pytest.approx(
        0.0625 / (0.0625 + 0.9 / 8)
    )
    # Sets: pneumonia from 0.3, normal up to 0.6. Of the ill only 0.2 misses it; of the well 0.8.
    assert value["conformal_coverage_positive"] == pytest.approx(7 / 8)
    assert value["conformal_coverage_negative"] == pytest.approx(7 / 8)
    # Both labels are in the sets of the two of 0.4.
    assert value["uncertain_share"] == pytest.approx(2 / 16)
    # Both of those are ill; nothing that is right by the operating point is uncertain.
    assert value["decided_sensitivity"] == pytest.approx(5 / 8)
    assert value["decided_specificity"] == pytest.approx(7 / 8)
    assert value["uncertain_share_positive"] == pytest.approx(2 / 8)
    assert value["uncertain_share_negative"] == 0
    # All pneumonia is read as bacterial, whatever it is.
    assert value["parts_auroc"] == pytest.approx(0.5)
    assert value["parts_accuracy"] == pytest.approx(0.5)
    assert set(found.figures) == set(NAMES)


@pytest.mark.parametrize("seed", range(6))
def test_a_calibration_error_lies_in_its_interval(make_outcomes, card, seed):
    rng = np.random.default_rng(seed)
    likely = np.where(rng.random(400) < 0.7, rng.beta(8, 1, 400), rng.beta(1, 8, 400))
    is_ill = rng.random(400) < likely
    labels = ["bacterial_pneumonia" if ill else "normal" for ill in is_ill]

    found = measure(make_outcomes(labels, likely), card, card.main_task)
    found = found.figures["expected_calibration_error"]

    # Calibrated as it can be, so that all of the error is noise, which resampling doubles.
    assert 0 <= found.low < found.value < found.high
    assert found.high - found.low < 0.1


def test_what_the_model_or_the_data_has_not_is_absent(make_outcomes, card):
    plain = card.main_task.model_copy(update={"conformal": None})

    found = measure(make_outcomes(["pneumonia", "normal"] * 20, [0.9, 0.1] * 20), card, plain)

    assert "uncertain_share" not in found.figures
    assert "parts_auroc" not in found.figures
    assert "positive_predictive_value_at_prevalence" not in found.figures


def test_prediction_sets_are_those_of_readings(card):
    sets = prediction_sets(card.main_task, np.array([0.2, 0.4, 0.7]))

    assert sets.tolist() == [[False, True], [True, True], [True, False]]


def test_confusion_counts_every_picture(outcomes, card):
    said = task_outcomes(outcomes, card, card.main)
    assert confusion_at_point(said, card.main_task) == {
        "positive": {"positive": 5, "negative": 3},
        "negative": {"positive": 1, "negative": 7},
    }
    by_finding = confusion_by_finding(outcomes, card)
    assert by_finding["viral_pneumonia"] == {
        "normal": 2,
        "bacterial_pneumonia": 2,
        "viral_pneumonia": 0,
    }


def test_decisions_are_counted_as_the_service_makes_them(outcomes, card):
    # Called from 0.5, but the set holds both labels from 0.3 to 0.6: 0.4 is uncertain.
    said = task_outcomes(outcomes, card, card.main)
    assert decisions_by_truth(said, card.main_task) == {
        "positive": {"positive": 5, "uncertain": 2, "negative": 1},
        "negative": {"positive": 1, "uncertain": 0, "negative": 7},
    }


def test_subgroups_are_measured_alone_and_small_ones_marked(make_outcomes, card):
    ages = ["under 1 year", "6 to 17 years", "18 to 39 years", "not stated"]
    groups = [{"age": ages[n // 4]} for n in range(16)]
    outcomes = make_outcomes(LABELS, SCORES, subgroups=groups)

    found = measure_subgroups(outcomes, card, card.main_task)

    assert list(found) == ["age"]
    assert list(found["age"]) == ages
    infants = found["age"]["under 1 year"]
    assert (infants.images, infants.positives, infants.is_small) == (4, 4, True)
    assert infants.figures["sensitivity"].value == pytest.approx(3 / 4)
    assert infants.figures["auroc"] is None


def test_no_subgroups_where_none_are_stated(outcomes, card):
    assert measure_subgroups(outcomes, card, card.main_task) == {}


def test_the_cards_figures_are_these_figures(outcomes, card):
    labels = columns_of_one(map(Finding, LABELS))
    predictions = Predictions(outcomes.probabilities, labels, outcomes.patients)

    of_card = task_metrics(predictions, card, card.main_task)
    found = measure(outcomes, card, card.main_task)

    shared = set(found.figures) & set(type(of_card).model_fields)
    assert shared >= {"auroc", "auprc", "f1", "uncertain_share", "positive_predictive_value"}
    assert {name: getattr(of_card, name) for name in shared} == {
        name: found.figures[name] for name in shared
    }
    assert of_card.confusion == confusion_by_finding(outcomes, card)


def test_pictures_whose_label_is_unknown_are_in_no_figure(outcomes, card):
    # One of each class; the probabilities of all three are right or wrong on both sides.
    unknown = [0, 7, 8]
    radiographs = outcomes.radiographs.copy()
    radiographs.loc[unknown, [*card.outputs, card.main]] = None
    kept = np.delete(np.arange(len(LABELS)), unknown)

    found = measure(replace(outcomes, radiographs=radiographs), card, card.main_task)

    assert (found.images, found.patients, found.positives) == (13, 13, 6)
    assert found == measure(
        replace(
            outcomes,
            radiographs=outcomes.radiographs.iloc[kept],
            probabilities=outcomes.probabilities[kept],
        ),
        card,
        card.main_task,
    )
    assert found.figures["sensitivity"].value == pytest.approx(4 / 6)
    assert found.figures["specificity"].value == 1


def test_a_finding_that_no_picture_is_labelled_for_has_no_figures(outcomes, card):
    unlabelled = replace(outcomes, radiographs=outcomes.radiographs[["path", "name", "patient"]])
    said = task_outcomes(unlabelled, card, card.main)

    found = measure(unlabelled, card, card.main_task)

    assert (found.images, found.positives, found.figures) == (0, 0, {})
    counts = {"positive": 0, "uncertain": 0, "negative": 0}
    assert decisions_by_truth(said, card.main_task) == {"positive": counts, "negative": counts}
    assert confusion_at_point(said, card.main_task)["positive"] == {"positive": 0, "negative": 0}


def test_a_split_of_one_class_has_no_figures(card):
    labels = columns_of_one([Finding.NORMAL] * 3)
    predictions = Predictions(np.array([[0.9, 0.1, 0.0]] * 3), labels, ["a", "b", "c"])

    with pytest.raises(DatasetError, match="Pneumonia: all 3 pictures are of one class"):
        task_metrics(predictions, card, card.main_task)
