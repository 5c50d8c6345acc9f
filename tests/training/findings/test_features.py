"""Features of weights that were not trained on the images."""

from pathlib import Path

import keras
import numpy as np
import pytest

from hilum.architectures.classifiers.head import ACTIVATION_MAP, LOGITS
from hilum.errors import BundleError, DatasetError
from hilum.findings import Finding
from hilum.imaging import Box, Preprocessing
from hilum.models import load_bundle
from hilum.models.bundle import KERAS_FILE
from hilum.training.classifier.films import Films, model_inputs
from hilum.training.findings import features as module
from hilum.training.findings.config import FindingsConfig
from hilum.training.findings.features import frozen_features
from tests.shipped import MODELS

CONFIG = FindingsConfig(findings=(Finding.MASS, Finding.NODULE), teacher_sides=())


def test_each_side_and_depth_is_a_member(monkeypatch: pytest.MonkeyPatch) -> None:
    films = Films(np.random.default_rng(3).random((5, 96, 96), np.float32), [Box(0, 0, 1, 1)] * 5)
    loaded: list[str] = []

    def load(_: keras.Model, architecture: str, weights: Path) -> None:
        loaded.append(f"{architecture} {weights.name}")

    monkeypatch.setattr(module, "load_starting_weights", load)
    config = CONFIG.model_copy(
        update={
            "architecture": "mobilenet_v2_levels",
            "teacher_sides": (65, 97),
            "teacher_models": (),
            "batch_size": 4,
            "preprocessing": Preprocessing(input_size_px=65),
        }
    )

    features = frozen_features(films, config, Path("w.tflite"))

    assert [each.shape for each in features] == [(5, n) for n in (64, 96, 160, 1280)] * 2
    assert loaded == ["mobilenet_v2_levels w.tflite"] * 2
    # Of pictures of another size.
    assert not np.allclose(features[0], features[4])


def test_an_architecture_without_published_weights_has_no_teacher() -> None:
    films = Films(np.zeros((2, 64, 64), np.float32), [Box(0, 0, 1, 1)] * 2)
    asked = {"architecture": "residual", "teacher_sides": (65,), "teacher_models": ()}
    config = CONFIG.model_copy(update=asked)

    with pytest.raises(DatasetError, match="starts from random weights only"):
        frozen_features(films, config, Path("w.tflite"))


@pytest.mark.weights
def test_features_of_a_model_are_what_its_head_reads() -> None:
    rng = np.random.default_rng(5)
    boxes = [Box(0.1, 0.1, 0.9, 0.9), Box(0.2, 0.1, 0.8, 0.7)]
    films = Films(rng.random((2, 224, 224), np.float32), boxes)

    pneumonia, anatomy = frozen_features(films, CONFIG, Path("w.tflite"), MODELS)

    folder = MODELS / "pneumonia"
    network = keras.saving.load_model(folder / KERAS_FILE, compile=False)
    kernel, bias = network.get_layer(ACTIVATION_MAP).get_weights()
    how = load_bundle(folder).card.preprocessing
    logits = network.predict(model_inputs(films, how), verbose=0)[LOGITS]
    np.testing.assert_allclose(pneumonia @ kernel[0, 0] + bias, logits, atol=1e-4)
    # The anatomy network reads whole images, and the classifier the lung field.
    whole = Films(films.pictures, [Box(0, 0, 1, 1)] * 2)
    other, same = frozen_features(whole, CONFIG, Path("w.tflite"), MODELS)
    np.testing.assert_array_equal(anatomy, same)
    assert np.abs(pneumonia - other).max() > 0.01


def test_a_model_that_is_missing_is_named(tmp_path: Path) -> None:
    films = Films(np.zeros((1, 64, 64), np.float32), [Box(0, 0, 1, 1)])

    with pytest.raises(BundleError, match="'pneumonia'"):
        frozen_features(films, CONFIG, Path("w.tflite"), tmp_path)


def test_models_need_a_folder() -> None:
    films = Films(np.zeros((1, 64, 64), np.float32), [Box(0, 0, 1, 1)])

    with pytest.raises(ValueError, match="name their folder"):
        frozen_features(films, CONFIG, Path("w.tflite"))
