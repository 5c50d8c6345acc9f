"""`hilum check`: an installation whose models answer as their cards say, and others."""

import json
import shutil
import sys

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from hilum.cli import main
from hilum.models.bundle import CARD_FILE, COMPILED_FILE, sha256_of
from hilum.models.check import Comparison
from hilum.models.verification import Expected
from tests.shipped import MODELS

pytestmark = pytest.mark.weights


@pytest.fixture
def check(monkeypatch, capsys, tmp_path):
    """Run the command with a folder of models; its exit status and what it said."""
    monkeypatch.setenv("HILUM_STORE", str(tmp_path / "store"))

    def run(models, *options):
        monkeypatch.setenv("HILUM_MODELS_DIR", str(models))
        monkeypatch.setattr(sys, "argv", ["hilum", "check", *options])
        status = 0
        try:
            main()
        except SystemExit as exc:
            status = exc.code
        return status, capsys.readouterr().out

    return run


@pytest.fixture
def models(tmp_path):
    """A copy of the shipped models, to be spoilt."""
    folder = tmp_path / "models"
    for name in ("anatomy", "pneumonia"):
        shutil.copytree(MODELS / name, folder / name)
    return folder


def _change_card(models, name, change):
    path = models / name / CARD_FILE
    card = json.loads(path.read_text())
    change(card)
    path.write_text(json.dumps(card))


def _scale_a_weight(models, name, factor):
    """Scale the largest table of weights, and let the card have the new file's hash."""
    path = models / name / COMPILED_FILE
    network = onnx.load(path)
    largest = max(network.graph.initializer, key=lambda each: np.prod(each.dims))
    largest.CopyFrom(numpy_helper.from_array(factor * numpy_helper.to_array(largest), largest.name))
    onnx.save(network, path)
    _change_card(models, name, lambda card: card["files"].update({path.name: sha256_of(path)}))


@pytest.mark.parametrize("runtime", ["openvino", "onnxruntime"])
def test_the_shipped_models_answer_as_their_cards_say(check, monkeypatch, tmp_path, runtime):
    monkeypatch.setenv("HILUM_RUNTIME", runtime)
    status, told = check(MODELS, "--json")
    found = json.loads(told)
    assert (status, found["ok"], found["faults"], found["not_verified"]) == (0, True, [], {})
    assert {each["name"] for each in found["parts"]} == {
        "model pneumonia", "model anatomy", "store, which is not made yet",
    }  # fmt: skip
    read = {(each["model"], each["phantom"]) for each in found["verification"]}
    assert len(read) == 2 * 5
    assert not (tmp_path / "store").exists()


def test_a_network_that_computes_otherwise_is_told(check, models):
    _scale_a_weight(models, "pneumonia", 1.01)
    status, told = check(models)
    assert status == 1
    faults = [line.split()[0] for line in told.splitlines() if "FAULT (tolerance" in line]
    assert set(faults) == {"pneumonia"}
    assert "not ready, or not as expected" in told


def test_an_anatomy_model_that_computes_otherwise_is_told(check, models):
    _scale_a_weight(models, "anatomy", 1.01)
    status, told = check(models, "--json")
    wrong = {each["model"] for each in json.loads(told)["verification"] if not each["ok"]}
    assert status == 1
    assert "anatomy" in wrong


@pytest.mark.parametrize(
    ("found", "is_met"),
    [
        (0.501, True),
        (0.499, True),
        (0.5011, False),
        (0.4989, False),
        (None, False),
        (np.nan, False),
    ],
)
def test_a_value_is_met_within_its_tolerance(found, is_met):
    compared = Comparison("normal", "pneumonia", Expected(value=0.5, tolerance=0.001001), found)
    assert compared.is_met is is_met


def test_a_file_that_was_replaced_is_told(check, models):
    path = models / "pneumonia" / COMPILED_FILE
    path.write_bytes(path.read_bytes() + b"\0")
    status, told = check(models)
    assert status == 1
    assert "is not the file that its card describes" in told


def test_values_of_another_anatomy_model_are_no_measure_and_none_are_no_fault(check, models):
    _change_card(
        models, "pneumonia", lambda card: card["verification"].update(anatomy_sha256="0" * 64)
    )
    _change_card(models, "anatomy", lambda card: card.pop("verification"))
    status, told = check(models, "--json")
    found = json.loads(told)
    assert status == 1
    assert len(found["faults"]) == 1
    assert "found with another anatomy model" in found["faults"][0]
    assert found["not_verified"] == {
        "anatomy": "not verified, since its card has no expected values"
    }
    # They are renewed where the models are right.
    status, told = check(models, "--into-card", "--json")
    assert (status, json.loads(told)["not_verified"]) == (0, {})
