"""Forms of a network that a runtime runs."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import openvino
import pytest

from hilum.errors import ImageError
from hilum.models import Reader, RuntimeName, load_bundle, read_file
from hilum.models import runtime as runtime_module
from hilum.models.anatomy import AnatomyCard, AnatomyReader
from hilum.models.bundle import load_bundle_of
from hilum.models.card import CompiledForm
from hilum.models.in_progress import READINGS
from hilum.models.reader import classifier_outputs
from hilum.models.reading_models import ReadingModels
from hilum.models.runtime import load_runtime
from tests.shipped import MODELS

pytestmark = pytest.mark.weights
IN_FLOAT32 = CompiledForm(file="model.onnx")
IN_BFLOAT16 = CompiledForm(file="model.onnx", precision="bfloat16")


@pytest.fixture
def hints(monkeypatch):
    """Precisions that OpenVINO was asked for."""
    asked = []
    compile_model = openvino.Core.compile_model

    def compiled(self, model, device, options):
        asked.append(options["INFERENCE_PRECISION_HINT"])
        return compile_model(self, model, device, options)

    monkeypatch.setattr(openvino.Core, "compile_model", compiled)
    return asked


@pytest.mark.parametrize(
    ("forms", "runtime", "expected"),
    [
        ((IN_FLOAT32,), RuntimeName.OPENVINO, "f32"),
        ((IN_FLOAT32,), RuntimeName.OPENVINO_BFLOAT16, "f32"),
        ((IN_FLOAT32, IN_BFLOAT16), RuntimeName.OPENVINO, "f32"),
        ((IN_FLOAT32, IN_BFLOAT16), RuntimeName.OPENVINO_BFLOAT16, "bf16"),
        ((IN_BFLOAT16,), RuntimeName.OPENVINO, "bf16"),
    ],
)
def test_bfloat16_is_used_where_the_card_has_it_and_the_setting_asks(
    hints, forms, runtime, expected
):
    bundle = load_bundle(MODELS / "pneumonia")
    Reader(replace(bundle, card=bundle.card.model_copy(update={"compiled": forms})), runtime)
    assert set(hints) == {expected}


def test_the_shipped_anatomy_network_has_a_form_in_bfloat16_and_the_classifier_has_none(hints):
    anatomy = load_bundle_of(AnatomyCard, MODELS / "anatomy")
    AnatomyReader(anatomy, RuntimeName.OPENVINO_BFLOAT16)
    Reader(load_bundle(MODELS / "pneumonia"), RuntimeName.OPENVINO_BFLOAT16)
    assert list(dict.fromkeys(hints)) == ["bf16", "f32"]
    form = anatomy.card.compiled[1]
    assert form.changes
    assert max(map(abs, form.changes.values())) <= 0.001


def test_expected_values_are_compared_in_float32():
    assert RuntimeName.OPENVINO_BFLOAT16.verified is RuntimeName.OPENVINO
    assert RuntimeName.KERAS.verified is RuntimeName.KERAS


@pytest.fixture
def of_two_cores(monkeypatch):
    """The pneumonia network on two cores, and the compiled form of each of its inferences."""
    monkeypatch.setattr(runtime_module, "_available_cores", lambda: 2)
    bundle = load_bundle(MODELS / "pneumonia")
    network = load_runtime(bundle, RuntimeName.OPENVINO, classifier_outputs(bundle.card))
    threads = []
    request = network._request

    def told():
        found = request()
        threads.append(found.get_compiled_model().get_property("NUM_STREAMS"))
        return found

    monkeypatch.setattr(network, "_request", told)
    return network, threads


def test_a_single_reading_has_all_cores_and_the_same_outputs(of_two_cores):
    network, streams = of_two_cores
    batch = np.random.default_rng(0).normal(size=(2, 161, 161, 1)).astype(np.float32)
    shared = network.infer(batch)
    with READINGS.counted():
        single = network.infer(batch)
        with READINGS.counted():
            network.infer(batch)
        network.infer(batch)
    assert streams == [2, 1, 2, 1]
    for name, values in shared.items():
        np.testing.assert_array_equal(single[name], values)


def test_openvino_sends_no_usage_statistics():
    """It would on import, by a fork of this process."""
    code = "import hilum, openvino.tools.ovc as tools; print(tools.telemetry.__class__.__module__)"
    told = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout
    assert told.strip() == "openvino.tools.ovc.telemetry_stub"


def test_a_file_that_cannot_be_read_is_no_longer_in_progress():
    with READINGS.counted():
        with pytest.raises(ImageError):
            read_file(
                b"no image", ReadingModels.of(Reader(load_bundle(MODELS / "pneumonia")), None)
            )
        assert READINGS.is_single
