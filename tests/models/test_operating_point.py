"""Operating points that are asked for, on a curve worked out by hand."""

import pytest

from hilum.errors import OperatingPointError
from hilum.findings import Finding
from hilum.models.operating_point import choose_operating_points, rates_at

PNEUMONIA = Finding.PNEUMONIA
CURVE = [
    {"threshold": 1.0, "sensitivity": 0.0, "specificity": 1.0},
    {"threshold": 0.8, "sensitivity": 0.6, "specificity": 1.0},
    {"threshold": 0.5, "sensitivity": 0.9, "specificity": 0.9},
    {"threshold": 0.3, "sensitivity": 0.98, "specificity": 0.7},
    {"threshold": 0.0, "sensitivity": 1.0, "specificity": 0.0},
]
CURVES = {
    "roc": CURVE, "precision_recall": [], "reliability": [], "decision": [],
    "histogram": {"edges": [], "positive": [], "negative": []},
}  # fmt: skip


@pytest.fixture
def card(make_card):
    return make_card({}, curves={"validation": CURVES})


@pytest.mark.parametrize(
    ("asked", "threshold"),
    [
        ("youden", 0.5),
        ("sensitivity:0.95", 0.3),
        ("sensitivity:0.9", 0.5),
        ("specificity:0.9", 0.5),
        ("specificity:0.99", 0.8),
        (" Sensitivity:.98 ", 0.3),
        ("0.4", 0.4),
        ("0", 0.0),
    ],
)
def test_the_point_that_is_asked_for(card, asked, threshold):
    assert choose_operating_points(card, [asked])[PNEUMONIA].threshold == threshold


@pytest.mark.parametrize(
    "asked",
    [
        "", "high", "1.2", "-0.1", "sensitivity", "sensitivity:1.0", "sensitivity:2", "nan",
        "1" * 100_000 + "x", "\u0660.\u0665", "1.", ".",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_said(card, asked):
    with pytest.raises(OperatingPointError, match=r"not understood.*sensitivity:0\.98"):
        choose_operating_points(card, [asked])


@pytest.fixture
def two(make_card):
    """Of pneumonia and effusion, each with a point of its own; effusion has no curve."""
    point = {"threshold": 0.5, "criterion": "made up", "chosen_on": "validation"}
    return make_card(
        {},
        activation="sigmoid",
        outputs=("pneumonia", "effusion"),
        calibration={"temperature": (1, 1), "bias": (0, 0), "fitted_on": "nothing"},
        tasks=(
            {"finding": "pneumonia", "operating_point": point, "curves": {"validation": CURVES}},
            {"finding": "effusion", "operating_point": point},
        ),
    )


@pytest.mark.parametrize(
    ("asked", "thresholds"),
    [
        ([], {}),
        (["0.4"], {"pneumonia": 0.4, "effusion": 0.4}),
        (["effusion:0.4"], {"effusion": 0.4}),
        (["effusion:0.4", "0.7"], {"pneumonia": 0.7, "effusion": 0.4}),
        (["0.7", "Effusion:.4"], {"pneumonia": 0.7, "effusion": 0.4}),
        (["pneumonia:sensitivity:0.95", "effusion:0.1"], {"pneumonia": 0.3, "effusion": 0.1}),
    ],
)
def test_a_point_holds_for_the_finding_that_it_names_and_else_for_all(two, asked, thresholds):
    found = choose_operating_points(two, asked)

    assert {finding.value: point.threshold for finding, point in found.items()} == thresholds
    assert all(point.is_requested for point in found.values())


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (["effusion:0.4", "effusion:0.5"], "two are for the same finding"),
        (["0.4", "youden"], "two are for the same finding"),
        (["mass:0.4"], "'mass:0.4'.*pneumonia:0.4"),
        (["effusion:"], "not understood"),
        (["effusion:youden"], "no curve of effusion"),
        (["youden"], "no curve of effusion"),
    ],
)
def test_points_of_findings_that_cannot_be_had_are_refused(two, asked, words):
    with pytest.raises(OperatingPointError, match=words):
        choose_operating_points(two, asked)


def test_without_a_curve_only_thresholds_can_be_asked_for(make_card):
    card = make_card({})

    assert choose_operating_points(card, ["0.4"])[PNEUMONIA].threshold == 0.4
    assert rates_at(card.main_task, 0.4) is None
    with pytest.raises(OperatingPointError, match="no curve"):
        choose_operating_points(card, ["sensitivity:0.9"])


def test_the_cards_own_point_gives_the_cards_figures(make_card):
    half = {"value": 0.5, "low": 0.4, "high": 0.6}
    figures = dict.fromkeys(("auroc", "accuracy", "brier", "expected_calibration_error"), half)
    figures |= {name: half | {"value": 0.93} for name in ("sensitivity", "specificity")}
    measured = {"patients": 9, "images": 9, "positives": 4, "confusion": {}, **figures}
    card = make_card({}, curves={"validation": CURVES}, metrics={"validation": measured})

    assert rates_at(card.main_task, 0.5) == (0.93, 0.93)
    assert rates_at(card.main_task, 0.4) == pytest.approx((0.94, 0.8))


def test_what_a_threshold_gives_lies_on_the_curve(card):
    assert rates_at(card.main_task, 0.5) == pytest.approx((0.9, 0.9))
    assert rates_at(card.main_task, 0.4) == pytest.approx((0.94, 0.8))
