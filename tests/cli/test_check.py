"""`hilum check`: an installation whose models answer as their cards say, and others."""

import json
import shutil
import sys
from pathlib import Path

import httpx2
import numpy as np
import onnx
import openvino
import pytest
from fastapi.testclient import TestClient
from onnx import numpy_helper

from hilum.api import Settings, create_app
from hilum.cli import main
from hilum.errors import VerificationError
from hilum.models import Reader, Registry, RuntimeName, Screener, load_bundle
from hilum.models.anatomy import AnatomyCard, AnatomyReader
from hilum.models.bundle import CARD_FILE, COMPILED_FILE, load_bundle_of, sha256_of
from hilum.models.check import Comparison, compare
from hilum.models.verification import Expected
from tests.shipped import MODELS

pytestmark = pytest.mark.weights
PHANTOMS = {"normal", "opacity", "inverted", "upside_down", "dicom"}
_CPU = Path("/proc/cpuinfo")
_HAS_BFLOAT16 = _CPU.exists() and "avx512_bf16" in _CPU.read_text()


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


@pytest.fixture(scope="module")
def screener():
    models = Registry(MODELS, default="pneumonia", runtime=RuntimeName.OPENVINO)
    return models.screener(needed=True)


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


def _anatomy(models, runtime=RuntimeName.OPENVINO):
    return AnatomyReader(load_bundle_of(AnatomyCard, models / "anatomy"), runtime)


def _wrong(compared):
    """Phantoms of which a quantity is not as expected."""
    return {each.phantom for each in compared if not each.is_met}


def test_the_shipped_models_answer_as_their_cards_say(check, tmp_path):
    status, told = check(MODELS, "--json")
    found = json.loads(told)
    assert (status, found["ok"], found["faults"], found["not_verified"]) == (0, True, [], {})
    assert {each["name"] for each in found["parts"]} == {
        "model pneumonia", "model findings", "model anatomy", "decoding",
        "store, which is not made yet",
    }  # fmt: skip
    read = {(each["model"], each["phantom"]) for each in found["verification"]}
    models = ("pneumonia", "findings", "anatomy")
    assert read == {(model, each) for model in models for each in PHANTOMS}
    assert not (tmp_path / "store").exists()


def test_another_runtime_answers_as_the_cards_say():
    anatomy = _anatomy(MODELS, RuntimeName.ONNXRUNTIME)
    reader = Reader(load_bundle(MODELS / "pneumonia"), RuntimeName.ONNXRUNTIME)
    for each in (anatomy, reader):
        compared = compare(each, Screener(anatomy))
        assert {one.phantom for one in compared} == PHANTOMS
        assert _wrong(compared) == set()


def test_a_network_that_computes_otherwise_is_told(models, screener):
    for name, factor in (("pneumonia", 1.05), ("anatomy", 1.3)):
        _scale_a_weight(models, name, factor)
    assert _wrong(compare(Reader(load_bundle(models / "pneumonia")), screener)) == PHANTOMS
    assert _wrong(compare(_anatomy(models), None)) >= PHANTOMS - {"upside_down"}


@pytest.mark.skipif(not _HAS_BFLOAT16, reason="needs a processor with bfloat16")
def test_a_runtime_of_less_precision_is_told(screener, monkeypatch):
    compile_model = openvino.Core.compile_model

    def compile_in_bfloat16(self, model, device, options):
        return compile_model(self, model, device, options | {"INFERENCE_PRECISION_HINT": "bf16"})

    monkeypatch.setattr(openvino.Core, "compile_model", compile_in_bfloat16)
    assert _wrong(compare(Reader(load_bundle(MODELS / "pneumonia")), screener)) == PHANTOMS
    # Outlines move by less than a cell on most phantoms.
    assert _wrong(compare(_anatomy(MODELS), None))


def test_expected_values_are_compared_in_float32_whatever_reads(check, models, monkeypatch):
    monkeypatch.setenv("HILUM_RUNTIME", "openvino-bfloat16")
    status, told = check(models)
    assert status == 0, told


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
    for name in ("pneumonia", "anatomy"):
        path = models / name / COMPILED_FILE
        path.write_bytes(path.read_bytes() + b"\0")
    status, told = check(models)
    assert status == 1
    assert told.count("is not the file that its card describes") == 3, told
    assert "not ready, or not as expected" in told


@pytest.mark.parametrize(
    ("change", "words"),
    [(lambda stated: stated.update(anatomy_sha256="0" * 64), "found with another anatomy model"),
     (lambda stated: stated["phantoms"][0].update(sha256="0" * 64), "The phantom 'normal'"),
     (lambda stated: stated["phantoms"][0].update(name="x"), "The phantom 'x'")],
)  # fmt: skip
def test_values_of_another_model_or_phantom_are_not_compared_with(models, screener, change, words):
    _change_card(models, "pneumonia", lambda card: change(card["verification"]))
    with pytest.raises(VerificationError, match=words):
        compare(Reader(load_bundle(models / "pneumonia")), screener)


def test_what_models_answer_is_written_into_their_cards(check, models):
    shipped = json.loads((MODELS / "pneumonia" / CARD_FILE).read_text())
    _change_card(models, "pneumonia", lambda card: card["verification"].update(phantoms=[]))
    _change_card(models, "anatomy", lambda card: card.pop("verification"))
    status, told = check(models, "--into-card")
    assert (status, told.count("5 phantoms written into the card of")) == (0, 2)
    assert _wrong(compare(_anatomy(models), None)) == set()
    made = json.loads((models / "pneumonia" / CARD_FILE).read_text())
    assert made["verification"].pop("phantoms")
    assert made.pop("verification")["anatomy_sha256"]
    shipped.pop("verification")
    assert made == shipped


@pytest.fixture
def service(monkeypatch):
    """Have the command ask a service in this process, with these models, for one at an address."""

    def serve(models):
        app = create_app(Settings(models_dir=models, page_dir=models))
        client = TestClient(app, base_url="http://127.0.0.1:8000")
        monkeypatch.setattr(httpx2, "Client", lambda **_: client)

    return serve


def test_a_service_is_asked_and_compared(check, service):
    service(MODELS)
    status, told = check(MODELS, "--url", "http://127.0.0.1:8000", "--json")
    found = json.loads(told)
    assert (status, found["parts"]) == (0, [{"name": "service", "fault": None}])
    assert {each["phantom"] for each in found["verification"]} == PHANTOMS


def test_a_service_that_is_none_is_told_without_its_address(check):
    status, told = check(MODELS, "--url", "http://doe:secret@127.0.0.1:9")
    assert status == 1
    assert "FAULT The service does not answer as Hilum does: ConnectError." in told
    assert "secret" not in told
