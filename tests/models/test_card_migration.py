"""A card of schema 1 becomes one of schema 2, and no figure of it changes."""

import json
from copy import deepcopy

import pytest
from typer.testing import CliRunner

from hilum.cli import app
from hilum.errors import BundleError
from hilum.findings import Finding
from hilum.models.card import Card
from hilum.models.card_migration import migrate_card


def _around(value):
    return {"value": value, "low": value - 0.05, "high": value + 0.05}


FIGURES = {
    "patients": 9, "images": 10,
    "auroc": _around(0.91), "accuracy": _around(0.82), "sensitivity": _around(0.83),
    "specificity": _around(0.84), "brier": _around(0.15),
    "expected_calibration_error": _around(0.06), "uncertain_share": _around(0.17),
    "bacterial_against_viral_auroc": _around(0.78),
    "bacterial_against_viral_accuracy": _around(0.69),
    "confusion": {
        "normal": {"normal": 3, "bacterial_pneumonia": 0, "viral_pneumonia": 1},
        "bacterial_pneumonia": {"normal": 0, "bacterial_pneumonia": 2, "viral_pneumonia": 1},
        "viral_pneumonia": {"normal": 1, "bacterial_pneumonia": 1, "viral_pneumonia": 1},
    },
}  # fmt: skip
CURVES = {
    "roc": [
        {"threshold": 1.0, "sensitivity": 0.0, "specificity": 1.0},
        {"threshold": 0.0, "sensitivity": 1.0, "specificity": 0.0},
    ],
    "precision_recall": [{"recall": 1.0, "precision": 0.6}],
    "reliability": [{"predicted": 0.5, "observed": 0.6, "count": 10}],
    "histogram": {"edges": [0.0, 1.0], "positive": [6], "negative": [4]},
    "decision": [{"threshold": 0.5, "model": 0.3, "treat_all": 0.2}],
}
POINT = {"threshold": 0.61, "criterion": "Youden", "chosen_on": "validation"}
TRIAL = {"words": "Peak in the opacity", "figure": _around(0.93), "images": 50, "patients": 50}
OLD = {
    "kind": "classifier",
    "schema_version": 1,
    "name": "pneumonia",
    "title": "Of before",
    "version": "0.1",
    "created": "2026-01-02",
    "intended_use": "Tests.",
    "intended_population": "Children of 1 to 5 years",
    "intended": "children",
    "intended_years": [1, 6],
    "preprocessing": {"input_size_px": 64},
    "findings": ["normal", "bacterial_pneumonia", "viral_pneumonia"],
    "composites": {"pneumonia": ["bacterial_pneumonia", "viral_pneumonia"]},
    "target": "pneumonia",
    "calibration": {"temperature": 1.37, "bias": [0.1, 0.0, -0.1], "fitted_on": "validation"},
    "operating_points": {"pneumonia": POINT},
    "conformal": {
        "coverage": 0.95,
        "quantiles": {"normal": 0.41, "pneumonia": 0.72},
        "fitted_on": "validation",
    },
    "evidence": {"layer": "activation_map", "grid": [9, 9], "origin_px": 15.0, "step_px": 16.0},
    "files": {"model.keras": "ab" * 32, "model.onnx": "cd" * 32},
    "parameters": 1234,
    "metrics": {"validation": FIGURES, "test": FIGURES | {"auroc": _around(0.89)}},
    "curves": {"validation": CURVES},
    "across_acquisitions": {"high numbers": FIGURES | {"auroc": _around(0.71)}},
    "trials": {"localisation": [TRIAL]},
    "training_data": [{"name": "F", "licence": "CC0", "source": "H", "citation": "N"}],
    "training": {"config": {"seed": 20}},
    "limits": ["It has learnt nothing."],
}


@pytest.fixture
def folder(tmp_path):
    def write(name="pneumonia", **changes):
        facts = {each: value for each, value in (OLD | changes).items() if value is not None}
        (tmp_path / name).mkdir()
        (tmp_path / name / "card.json").write_text(json.dumps(facts))
        return tmp_path / name

    return write


def _card(folder):
    return Card.model_validate_json((folder / "card.json").read_text())


def _run(*folders):
    return CliRunner().invoke(app, ["migrate-card", *map(str, folders)])


def _renamed(figures):
    new = deepcopy(figures)
    for name in ("auroc", "accuracy"):
        new[f"parts_{name}"] = new.pop(f"bacterial_against_viral_{name}")
    # Of the confusion's rows: 3 bacterial, 3 viral.
    return new | {"positives": 6}


def test_every_figure_of_an_old_card_is_in_the_new_one(folder):
    there = folder()

    assert migrate_card(there)

    card = _card(there)
    (task,) = card.tasks
    facts = task.model_dump(mode="json", exclude_none=True)
    for name in ("metrics", "across_acquisitions"):
        assert facts[name] == {split: _renamed(found) for split, found in OLD[name].items()}
    assert facts["curves"] == OLD["curves"]
    assert facts["trials"] == OLD["trials"]
    assert facts["operating_point"] == POINT
    assert facts["conformal"]["quantiles"] == {"absent": 0.41, "present": 0.72}
    assert facts["intended"] == {"population": "children", "years": [1.0, 6.0]}
    assert card.main is task.finding is Finding.PNEUMONIA
    assert [part.value for part in task.parts] == OLD["composites"]["pneumonia"]
    assert [output.value for output in card.outputs] == OLD["findings"]
    assert card.calibration.temperature == (1.37, 1.37, 1.37)
    assert card.calibration.bias == (0.1, 0.0, -0.1)
    assert card.evidence.model_dump(mode="json") == OLD["evidence"] | {"kind": "map"}
    same = ("name", "title", "version", "created", "files", "parameters", "training", "limits")
    dumped = card.model_dump(mode="json")
    assert {name: dumped[name] for name in same} == {name: OLD[name] for name in same}


def test_a_card_of_the_newest_schema_stays_as_it_is(folder):
    there = folder()
    migrate_card(there)
    before = (there / "card.json").read_bytes()

    assert not migrate_card(there)
    assert (there / "card.json").read_bytes() == before


@pytest.mark.parametrize(
    "changes",
    [{"conformal": None}, {"evidence": None}, {"intended": None, "intended_years": None},
     {"metrics": {}}, {"trials": None}, {"across_acquisitions": None}],
)  # fmt: skip
def test_what_an_old_card_lacks_the_new_one_lacks(folder, changes):
    there = folder(**changes)

    assert migrate_card(there)
    (name, *_) = changes
    holder = _card(there) if name == "evidence" else _card(there).main_task
    assert not getattr(holder, name)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"target": None}, "does not match schema 1, which it states"),
        ({"operating_points": {}}, "does not match schema 1, which it states"),
        ({"calibration": 1}, "does not match schema 1, which it states"),
        ({"kind": "palmistry"}, "does not match schema 1, which it states"),
        ({"metrics": {"test": {"confusion": {}}}}, "does not match schema 1, which it states"),
        ({"findings": ["normal", "unknown", "viral_pneumonia"]}, "does not match its schema"),
        ({"surprise": 1}, "surprise: extra_forbidden"),
        ({"schema_version": 3}, "has schema 3.*Update Hilum"),
        ({"schema_version": None}, "has no valid schema_version"),
    ],
)
def test_a_card_that_cannot_be_migrated_stays_as_it_is(folder, changes, words):
    there = folder(**changes)
    before = (there / "card.json").read_bytes()

    with pytest.raises(BundleError, match=words):
        migrate_card(there)
    assert (there / "card.json").read_bytes() == before


def test_the_command_goes_on_after_an_error_and_says_what_it_did(folder, tmp_path):
    old, damaged, new = folder("old"), folder("damaged", target=None), folder("new")
    migrate_card(new)

    done = _run(old, damaged, tmp_path / "gone", new)

    assert done.exit_code == 1
    assert f"{old}: migrated to schema 2" in done.stdout.replace("\n", "")
    assert f"{new}: nothing to do" in done.stdout.replace("\n", "")
    told = " ".join(done.stderr.split())
    assert "'damaged' does not match schema 1, which it states" in told
    assert "'gone' has no card.json. Restore the bundle" in told
    assert "0.890 (0.840 to 0.940)" in (old / "card.md").read_text(encoding="utf-8")
    assert not (new / "card.md").exists()
    assert _run(old).exit_code == 0
