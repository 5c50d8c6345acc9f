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
from hilum.training.findings.features import frozen_features, kept_features

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


def test_features_are_kept_for_the_same_films_and_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rng = np.random.default_rng(3)
    films = Films(rng.random((5, 96, 96), np.float32), [Box(0, 0, 1, 1)] * 5)
    computed: list[int] = []

    def compute(films: Films, *_: object) -> list[np.ndarray]:
        computed.append(len(films.boxes))
        return [np.full((5, 2), len(computed), np.float32), np.zeros((5, 3), np.float32)]

    monkeypatch.setattr(module, "frozen_features", compute)
    file = tmp_path / "features.npz"

    first = kept_features(films, CONFIG, Path("w.tflite"), file)
    again = kept_features(films, CONFIG, Path("w.tflite"), file)
    assert len(computed) == 1
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other)
    # Other labels and losses read the same features; other films, boxes or sides do not.
    kept_features(films, CONFIG.model_copy(update={"loss": "focal"}), Path("w"), file)
    assert len(computed) == 1
    others = (
        (Films(films.pictures[::-1], films.boxes), CONFIG),
        (Films(films.pictures, [Box(0.1, 0, 1, 1)] * 5), CONFIG),
        (films, CONFIG.model_copy(update={"teacher_sides_px": (97,)})),
    )
    for at, (changed, config) in enumerate(others, start=2):
        found = kept_features(changed, config, Path("w"), file)
        assert len(computed) == at
        assert found[0].max() == at


def test_an_architecture_without_published_weights_has_no_teacher() -> None:
    films = Films(np.zeros((2, 64, 64), np.float32), [Box(0, 0, 1, 1)] * 2)
    asked = {"architecture": "residual", "teacher_sides_px": (65,)}
    config = CONFIG.model_copy(update=asked)

    with pytest.raises(DatasetError, match="starts from random weights only"):
        frozen_features(films, config, Path("w.tflite"))
