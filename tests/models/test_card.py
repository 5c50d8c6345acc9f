"""A card that cannot be used is refused, with what is wrong and what to do."""

import json

import pytest

from hilum.errors import BundleError
from hilum.findings import Finding
from hilum.models.bundle import load_bundle_of
from hilum.models.card import RESERVED_NAMES, Activation, Card
from hilum.models.reading import TaskDecision
from hilum.models.verdict import VerdictCode, find_verdicts

POINT = {"threshold": 0.5, "criterion": "made up", "chosen_on": "nothing"}


@pytest.fixture
def load(tmp_path, make_card):
    """Write a card's facts, changed, and load them as the service does."""

    def loaded(**changes):
        facts = json.loads(make_card({}).model_dump_json()) | changes
        (tmp_path / "card.json").write_text(json.dumps(facts))
        return load_bundle_of(Card, tmp_path).card

    return loaded


@pytest.fixture
def several(make_card):
    """A card of a sigmoid with a task for each of three outputs, and pneumonia the main one."""

    def card(**changes):
        outputs = ("effusion", "pneumonia", "mass", "nodule")
        tasks = [
            {"finding": finding, "operating_point": POINT | {"threshold": threshold}}
            for finding, threshold in (("effusion", 0.3), ("pneumonia", 0.5), ("mass", 0.7))
        ]
        calibration = {"temperature": (1,) * 4, "bias": (0,) * 4, "fitted_on": "nothing"}
        facts = {"activation": "sigmoid", "outputs": outputs, "calibration": calibration}
        return make_card({}, **facts | {"tasks": tasks} | changes)

    return card


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (
            1,
            "has schema 1. .* reads schema 2. Run hilum migrate-card on its folder.",
        ),
        (3, "has schema 3.*Update Hilum."),
        (None, "has no valid schema_version. Restore the bundle."),
        ("2", "has no valid schema_version. Restore the bundle."),
        (0, "has no valid schema_version. Restore the bundle."),
        (True, "has no valid schema_version. Restore the bundle."),
    ],
)
def test_a_card_of_another_schema_is_refused_with_what_to_do(load, version, words):
    with pytest.raises(BundleError, match=words):
        load(schema_version=version)


def _task(**changes):
    return {"finding": "pneumonia", "operating_point": POINT} | changes


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"tasks": [_task(finding="mass")], "main": "mass"},
            "task mass: it is not an output and has no parts",
        ),
        ({"tasks": [_task(parts=["mass"])]}, "task pneumonia: .*parts are not outputs"),
        (
            {"tasks": [_task(parts=["normal", "viral_pneumonia"])]},
            "task pneumonia: normal is not a finding that can be decided on",
        ),
        (
            {"tasks": [_task(finding="normal")], "main": "normal"},
            "task normal: normal is not a finding that can be decided on",
        ),
        ({"tasks": [_task(parts=["viral_pneumonia"] * 2)]}, "task pneumonia: a part occurs twice"),
        *(({"name": name}, f"name: {name} is a command") for name in sorted(RESERVED_NAMES)),
        ({"main": "viral_pneumonia"}, "main is not the finding of a task"),
        ({"tasks": []}, "tasks: too_short"),
        ({"outputs": []}, "outputs: too_short"),
        ({"outputs": ["normal", "viral_pneumonia", "viral_pneumonia"]}, "occurs twice"),
        ({"outputs": ["normal", "unknown", "viral_pneumonia"]}, "outputs.1: enum"),
        ({"activation": "relu"}, "activation: enum"),
        ({"activation": "sigmoid"}, "sigmoid's outputs cannot be added"),
        (
            {"calibration": {"temperature": [1, 2, 1], "bias": [0, 0, 0], "fitted_on": ""}},
            "a softmax has one temperature",
        ),
        (
            {"calibration": {"temperature": [1, 1], "bias": [0, 0], "fitted_on": ""}},
            "calibration needs one temperature and one bias for each output",
        ),
        (
            {"calibration": {"temperature": [0, 1, 1], "bias": [0, 0, 0], "fitted_on": ""}},
            "calibration.temperature.0: greater_than",
        ),
        ({"evidence": {"kind": "guess"}}, "evidence: union_tag_invalid"),
        ({"labels": {"unknown": "present"}}, "labels.unknown: literal_error"),
        ({"surprise": 1}, "surprise: extra_forbidden"),
        (
            {
                "tasks": [
                    _task(
                        parts=["bacterial_pneumonia", "viral_pneumonia"],
                        conformal={"coverage": 0.9, "quantiles": {"present": 1}, "fitted_on": ""},
                    )
                ]
            },
            "tasks.0.conformal: quantiles needs present and absent",
        ),
        (
            {"tasks": 2 * [_task(parts=["bacterial_pneumonia", "viral_pneumonia"])]},
            "an output or a task occurs twice",
        ),
    ],
)
def test_a_card_that_contradicts_itself_is_told_by_place_and_with_what_to_do(load, changes, words):
    with pytest.raises(BundleError, match=rf"does not match its schema \(.*{words}.*restore the"):
        load(**changes)


def test_without_a_contradiction_the_same_card_is_read(load):
    # As far as to its files, of which it has none.
    with pytest.raises(BundleError, match=r"names no model\.keras"):
        load()


def test_the_main_task_goes_first_and_outputs_need_no_task(several):
    card = several()

    assert card.activation is Activation.SIGMOID
    assert [task.finding.value for task in card.tasks_in_order] == ["pneumonia", "effusion", "mass"]
    assert card.findings == card.outputs
    assert card.columns(Finding.MASS) == [2]
    assert card.task_of(Finding.NODULE) is None
    with pytest.raises(KeyError):
        card.task(Finding.NODULE)


def test_each_task_has_a_verdict_at_its_own_point(several):
    said = {Finding.EFFUSION: 0.4, Finding.PNEUMONIA: 0.4, Finding.MASS: 0.8, Finding.NODULE: 0.9}

    verdicts = find_verdicts(said, several(), is_intended={Finding.EFFUSION: False})

    told = {each.finding.value: (each.decision.value, each.code.value) for each in verdicts}
    assert told == {
        "pneumonia": ("negative", "not_assessed"),
        "effusion": ("positive", "outside_population"),
        "mass": ("positive", "not_assessed"),
    }
    assert [each.point.threshold for each in verdicts] == [0.5, 0.3, 0.7]
    # A reading without a task's probability has no verdict of it.
    only = find_verdicts({Finding.MASS: 0.1}, several())
    assert [(each.finding, each.decision.value) for each in only] == [(Finding.MASS, "negative")]


def test_what_goes_for_the_picture_goes_for_all_its_verdicts(several):
    said = dict.fromkeys((Finding.EFFUSION, Finding.PNEUMONIA, Finding.MASS), 0.9)

    codes = {each.code for each in find_verdicts(said, several(), is_forced=True)}

    assert codes == {VerdictCode.FORCED}


def test_a_decision_is_taken_at_the_point_that_is_given(several):
    task = several().task(Finding.MASS)
    point = several().task(Finding.EFFUSION).operating_point

    assert TaskDecision.of(task, 0.4, point).is_above_operating_point
    assert not TaskDecision.of(task, 0.4, task.operating_point).is_above_operating_point
    assert TaskDecision.of(task, 0.4, point).prediction_set is None
