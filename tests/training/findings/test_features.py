"""Features of weights that were not trained on the images."""

from pathlib import Path

import keras
import numpy as np
import pytest

from hilum.errors import DatasetError
from hilum.findings import Finding
from hilum.imaging import Box, Preprocessing
from hilum.training.classifier.films import Films
from hilum.training.findings import features as module
from hilum.training.findings.config import FindingsConfig
from hilum.training.findings.features import frozen_features

CONFIG = FindingsConfig(findings=(Finding.MASS, Finding.NODULE), teacher_sides_px=())


def test_each_side_and_depth_is_a_member(monkeypatch: pytest.MonkeyPatch) -> None:
    films = Films(np.random.default_rng(3).random((5, 96, 96), np.float32), [Box(0, 0, 1, 1)] * 5)
    loaded: list[str] = []

    def load(_: keras.Model, architecture: str, weights: Path) -> None:
        loaded.append(f"{architecture} {weights.name}")

    monkeypatch.setattr(module, "load_starting_weights", load)
    config = CONFIG.model_copy(
        update={
            "architecture": "mobilenet_v2_levels",
            "teacher_sides_px": (65, 97),
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
    asked = {"architecture": "residual", "teacher_sides_px": (65,)}
    config = CONFIG.model_copy(update=asked)

    with pytest.raises(DatasetError, match="starts from random weights only"):
        frozen_features(films, config, Path("w.tflite"))
