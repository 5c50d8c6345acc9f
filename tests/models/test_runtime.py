"""Forms of a network that a runtime runs."""

from dataclasses import replace

import openvino
import pytest

from hilum.models import Reader, RuntimeName, load_bundle
from hilum.models.anatomy import AnatomyCard, AnatomyReader
from hilum.models.bundle import load_bundle_of
from hilum.models.card import CompiledForm
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
    assert hints == [expected]


def test_the_shipped_anatomy_network_has_a_form_in_bfloat16_and_the_classifier_has_none(hints):
    anatomy = load_bundle_of(AnatomyCard, MODELS / "anatomy")
    AnatomyReader(anatomy, RuntimeName.OPENVINO_BFLOAT16)
    Reader(load_bundle(MODELS / "pneumonia"), RuntimeName.OPENVINO_BFLOAT16)
    assert hints == ["bf16", "f32"]
    form = anatomy.card.compiled[1]
    assert form.changes
    assert max(map(abs, form.changes.values())) <= 0.001


def test_expected_values_are_compared_in_float32():
    assert RuntimeName.OPENVINO_BFLOAT16.verified is RuntimeName.OPENVINO
    assert RuntimeName.KERAS.verified is RuntimeName.KERAS
