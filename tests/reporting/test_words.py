"""Sentences follow from figures: each rule with the figure that turns it."""

from dataclasses import replace

import pytest

from hilum.findings import Finding
from hilum.imaging import SideDoubt, View
from hilum.models import Decision
from hilum.models.anatomy.quality import QualityCode
from hilum.models.evidence import Region
from hilum.models.suitability import ReasonCode
from hilum.models.verdict import VerdictCode
from hilum.populations import Population
from hilum.reporting.evidence_words import evidence_sentence
from hilum.reporting.patient_words import patient_words
from hilum.reporting.side_words import side_cautions, side_doubt_words
from hilum.words.catalogue import load_catalogue


def _names(sentences):
    return [sentence.name for sentence in sentences]


def _said(sentences):
    return {sentence.name: sentence.text for sentence in sentences}


def test_a_positive_reading_tells_probability_and_operating_point(draw):
    words = draw(probability=0.9).words

    assert words.headline.text == "Signs of pneumonia"
    first = words.clinician[0]
    assert first.text == (
        "Probability of pneumonia 90.0\u00a0%, at or above the operating point of 60.0\u00a0%."
    )
    assert first.figures == {"probability": 0.9, "threshold": 0.6}


def test_a_negative_reading_does_not_rule_out(draw):
    words = draw(probability=0.1).words

    assert words.headline.text == "No sign of pneumonia"
    assert "does not rule out pneumonia" in words.clinician[0].text
    assert "clinician.no_evidence_below" in _names(words.clinician)
    assert not any("parts" in name for name in _names(words.clinician))


@pytest.mark.parametrize(
    ("probability", "threshold", "expected"),
    [
        # The drawn card: normal is left up to 0.5, pneumonia from 0.3 on.
        (0.40, 0.6, "clinician.uncertain_both"),
        (0.55, 0.6, "clinician.uncertain_below"),
        # The set holds normal alone.
        (0.25, 0.2, "clinician.uncertain_above"),
    ],
)
def test_what_cannot_be_told_is_called_uncertain(draw, probability, threshold, expected):
    point = {"threshold": threshold, "criterion": "d", "chosen_on": "validation"}
    report = draw(probability=probability, threshold=threshold, operating_point=point)

    assert report.facts.main.decision is Decision.UNCERTAIN
    assert report.words.headline.name == "headline.uncertain"
    assert report.words.clinician[0].name == expected
    assert "patient.uncertain" in _names(report.words.patient)


def test_a_set_without_labels_is_told_as_typical_of_neither(draw):
    conformal = {
        "coverage": 0.95,
        "quantiles": {"absent": 0.6, "present": 0.2},
        "fitted_on": "validation",
    }
    report = draw(probability=0.7, conformal=conformal)

    assert report.words.clinician[0].name == "clinician.uncertain_neither"
    assert "50.0\u00a0% to 80.0\u00a0%" in report.words.clinician[0].text


def test_more_likely_than_not_is_never_called_no_signs(draw):
    point = {"threshold": 0.8, "criterion": "drawn", "chosen_on": "validation"}
    report = draw(probability=0.55, threshold=0.8, operating_point=point, conformal=None)

    assert report.words.headline.name == "headline.uncertain"
    assert report.words.clinician[0].name == "clinician.uncertain_likely"
    assert "patient.negative" not in _names(report.words.patient)


def test_rates_of_the_cards_own_point_are_the_test_patients(draw):
    said = _said(draw().words.clinician)["clinician.rates_test_uncertain"]

    assert "On 425 test patients" in said
    assert "90.0\u00a0% (88.0\u00a0% to 92.0\u00a0%) are decided positive and 4.0\u00a0%" in said
    assert "83.0\u00a0% (81.0\u00a0% to 85.0\u00a0%) are decided negative and 5.0\u00a0%" in said


def test_without_a_zone_the_rates_are_those_of_the_operating_point(draw):
    point = {"threshold": 0.3, "criterion": "drawn", "chosen_on": "validation"}
    report = draw(threshold=0.3, operating_point=point, conformal=None)

    said = _said(report.words.clinician)["clinician.rates_test"]
    assert "sensitivity 93.0\u00a0% (91.0\u00a0% to 95.0\u00a0%)" in said


def test_rates_of_a_point_that_was_asked_for_are_the_validation_patients(draw):
    curve = {
        "roc": [
            {"threshold": 1.0, "sensitivity": 0.0, "specificity": 1.0},
            {"threshold": 0.5, "sensitivity": 0.8, "specificity": 0.9},
            {"threshold": 0.0, "sensitivity": 1.0, "specificity": 0.0},
        ],
        "precision_recall": [],
        "reliability": [],
        "histogram": {"edges": [0, 1], "positive": [1], "negative": [1]},
        "decision": [],
    }
    report = draw(probability=0.9, threshold=0.5, curves={"validation": curve})

    said = _said(report.words.clinician)["clinician.rates_validation"]
    assert "sensitivity 80.0\u00a0%, specificity 90.0\u00a0%" in said
    # 1 - 0.9: ten false alarms of a hundred, in words for the patient.
    assert "about 10." in _said(report.words.patient)["patient.positive"]


def test_natural_frequencies_are_those_of_the_answer_given(draw):
    # 1 - 0.83 - 0.05 of those without are decided positive, 1 - 0.9 - 0.04 of those with negative.
    assert "about 12." in _said(draw(probability=0.9).words.patient)["patient.positive"]
    assert "misses about 6." in _said(draw(probability=0.1).words.patient)["patient.negative"]


def test_bacterial_and_viral_have_no_figure_where_not_assessed(draw):
    words = draw(probability=0.9).words

    said = _said(words.clinician)["clinician.parts_not_assessed"]
    assert "Bacterial pneumonia and viral pneumonia: not assessed" in said
    assert "AUROC 0.70, 0.60 to 0.80" in said
    everything = " ".join(s.text for s in (*words.clinician, *words.patient))
    assert "67.5" not in everything  # 0.75 of 0.9, the bacterial part.
    assert "patient.cause" in _names(words.patient)


@pytest.mark.parametrize(
    ("changes", "caution"),
    [
        ({"age_years": 60.0}, "caution.outside_age"),
        ({"age_years": 0.5}, "caution.outside_age"),
        ({"age_years": None, "population": Population.ADULTS}, "caution.outside_look"),
        ({"forced": (ReasonCode.UNLIKE_TRAINING,)}, "caution.forced"),
    ],
)
@pytest.mark.parametrize("probability", [0.05, 0.95])
def test_a_reading_not_to_be_relied_on_claims_nothing(draw, changes, caution, probability):
    words = draw(probability=probability, **changes).words

    assert words.headline.text.startswith("Not a reliable reading: ")
    assert caution in _names(words.cautions)
    assert "patient.unreliable" in _names(words.patient)
    claims = {"patient.positive", "patient.negative", "patient.where", "patient.uncertain"}
    assert not claims & set(_names(words.patient))


def test_a_film_that_does_not_tell_its_patient_says_whom_the_model_is_for(draw):
    words = draw(age_years=None, is_known=False).words

    assert _names(words.cautions) == ["caution.population_unknown"]
    assert "Children of 1 to 5 years" in words.cautions[0].text


def test_the_side_of_the_evidence_is_the_patients(draw):
    left = draw(hot="left_lower").words
    assert "left lower zone" in _said(left.clinician)["clinician.evidence"]
    assert "left lung, which is on the right of the picture" in _said(left.patient)["patient.where"]

    right = draw(hot="right_lower").words
    assert "right lower zone" in _said(right.clinician)["clinician.evidence"]


def test_a_film_that_may_be_mirrored_names_no_side_to_the_patient(draw):
    words = draw(quality=(QualityCode.MIRRORED,), hot="left_lower").words
    where = _said(words.patient)["patient.where"]
    assert "the lower parts of the lungs" in where
    assert "lower zones" in _said(words.clinician)["clinician.evidence"]
    assert "left" not in _said(words.clinician)["clinician.evidence"]
    cautions = _said(words.cautions)
    assert "so no side is named" in cautions["caution.sides"]
    assert "may be mirrored" in cautions["caution.sides"]
    # Said once.
    assert "quality.mirrored" not in _names(words.clinician)


@pytest.mark.parametrize(("degrees", "words"), [(180, "by 180° before"), (90, "90° clockwise")])
def test_a_turned_film_is_marked(draw, degrees, words):
    report = draw()
    facts = replace(report.facts, turned_degrees=degrees)
    assert words in _said(side_cautions(facts, report.catalogue))["film.turned"]


def test_every_reason_for_uncertain_sides_has_words(draw):
    catalogue = draw().catalogue
    words = side_doubt_words(tuple(SideDoubt), catalogue)
    assert len(set(words)) == len(SideDoubt)
    assert len({catalogue.say(f"region.{region.value}") for region in Region}) == len(Region)


def test_evidence_outside_the_chest_is_told(draw):
    words = draw(hot="outside").words
    assert "clinician.evidence_outside" in _names(words.clinician)
    assert "patient.where" not in _names(words.patient)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"age_years": 30.0, "intended": None}, None),
        ({"age_years": 4.0}, "Not valid by the adult limit"),
        ({"age_years": None}, "the film looks like a child's"),
        ({"age_years": 30.0, "view": View.AP}, "Not valid: an AP film magnifies the heart."),
        ({"age_years": 30.0, "view": View.UNKNOWN}, "the file does not state the view."),
        ({"age_years": 30.0, "quality": (QualityCode.TILTED,)}, "Not valid: the chest is tilted."),
    ],
)
def test_the_ratio_says_whether_it_holds(draw, changes, expected):
    report = draw(**changes)

    ratio = report.facts.ratio
    assert ratio is not None
    # Widths of the drawn ellipses: 161 of 512 and, outer edge to outer edge, 353 of 512.
    assert ratio.value == pytest.approx(161 / 353, abs=0.005)
    said = _said(report.words.clinician)["ratio.value"]
    assert said.startswith("Cardiothoracic ratio 0.46 (no spacing in the file, so no lengths).")
    if expected is None:
        assert ratio.validity.is_valid
        assert said.endswith("no lengths).")
    else:
        assert expected in said


def test_lengths_are_told_where_the_file_has_spacing(draw, source):
    said = _said(draw(source).words.clinician)["ratio.value_mm"]
    # 161 / 512 of 800 columns, a quarter of a millimetre each.
    assert "heart 63\u00a0mm" in said
    assert "as projected on the detector" in said


def test_every_figure_in_a_sentence_is_a_figure_of_the_reading(draw):
    for probability in (0.05, 0.4, 0.9):
        report = draw(probability=probability)
        for sentence in (*report.words.clinician, *report.words.patient):
            digits = any(letter.isdigit() for letter in sentence.text.replace("100 X-rays", ""))
            assert bool(sentence.figures) or not digits, sentence.text


def test_the_sentence_of_evidence_names_the_strongest_regions_and_no_crumbs(draw):
    report = draw()
    (placed, *_) = report.result.main.evidence.findings
    shares = {Region.RIGHT_LOWER_ZONE: 0.62, Region.HEART: 0.29, Region.OUTSIDE: 0.09}
    said = evidence_sentence(replace(placed, shares=shares), report.catalogue)
    assert said.replace("\u00a0", " ") == (
        "The evidence lies mainly in the right lower zone (62 %) and in the heart shadow and lung "
        "behind it (29 %)."
    )
    shares = {Region.BOTH_LOWER_ZONES: 0.49, Region.HEART: 0.26, Region.OUTSIDE: 0.25}
    said = evidence_sentence(replace(placed, shares=shares), report.catalogue)
    assert said.replace("\u00a0", " ") == (
        "The evidence lies in the lower zones (49 %), in the heart shadow and lung behind it "
        "(26 %) and in the area outside lungs and heart (25 %)."
    )
    nowhere = evidence_sentence(replace(placed, shares={}), report.catalogue)
    assert "cannot be named" in nowhere
    assert evidence_sentence(replace(placed, peak=None), report.catalogue) == (
        "No part of the picture supports this finding."
    )


@pytest.mark.parametrize(
    ("finding", "expected"), [(Finding.MASS, ["patient.other_positive"]), (Finding.PNEUMONIA, [])]
)
def test_what_several_models_say_of_a_finding_is_told_to_the_patient_once(draw, finding, expected):
    facts = draw(probability=0.1).facts
    (own,) = facts.readings
    (task,) = own.tasks
    others = [
        replace(
            own, tasks=(replace(task, verdict=replace(task.verdict, finding=finding, code=code)),)
        )
        for code in (VerdictCode.UNCERTAIN, VerdictCode.POSITIVE, VerdictCode.NEGATIVE)
    ]
    told = patient_words(replace(facts, readings=(own, *others)), load_catalogue())
    assert [name for name in _names(told) if name.startswith("patient.other_")] == expected
