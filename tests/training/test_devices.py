"""Training on several devices gives the result of one, in mixed precision about the same."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np

from hilum.findings import Finding
from hilum.imaging import Box, Preprocessing
from hilum.training.classifier.films import Films, PlainBatches
from hilum.training.classifier.fit import fit_classifier
from hilum.training.classifier.objective import each_by_itself
from hilum.training.devices import number_format, share_batches
from hilum.training.findings.config import FindingsConfig
from tests.made_once import ROOT

_HOW = Preprocessing(input_size_px=64, region="lung_field", sampled_px=64)


def _trained(devices: int) -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, "-m", "tests.training.two_devices", str(devices)],
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout.splitlines()[-1])


def test_two_devices_train_as_one_does() -> None:
    one, two = _trained(1), _trained(2)

    assert (one["devices"], two["devices"]) == (1, 2)
    # Each has all weights.
    assert two["devices_of_weights"] == 2
    np.testing.assert_allclose(two["logits"], one["logits"], atol=1e-4)
    assert len(two["logits"]) == 39
    # Keras' AUROC counts at thresholds, which a rounding error may cross.
    losses = {name: value for name, value in one["history"][0].items() if "loss" in name}
    assert len(losses) == 6
    for name, value in losses.items():
        assert abs(two["history"][0][name] - value) < 1e-4, name


def test_with_another_backend_training_stays_on_one_device() -> None:
    assert keras.backend.backend() != "jax"
    assert share_batches(32) == 1
    assert keras.distribution.distribution() is None


def test_a_filled_up_batch_gives_the_filling_no_weight() -> None:
    films = Films(np.random.default_rng(0).random((5, 64, 64), np.float32), [Box(0, 0, 1, 1)] * 5)
    targets = {"logits": np.arange(5, dtype=np.float32)[:, np.newaxis]}

    batches = PlainBatches(films, _HOW, batch_size=4, targets=targets, multiple=4)
    inputs, told, weights = batches[1]

    assert inputs.shape == (4, 64, 64, 1)
    assert told["logits"][:, 0].tolist() == [4, 4, 4, 4]
    # The mean over the four is that of the one.
    assert weights["logits"].tolist() == [4, 0, 0, 0]
    # A whole batch has none.
    assert batches[0][2]["logits"].tolist() == [1, 1, 1, 1]


def test_mixed_precision_computes_in_bfloat16_and_leaves_a_network_in_float32(
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(0)
    films = Films(rng.random((32, 64, 64), np.float32), [Box(0, 0, 1, 1)] * 32)
    targets = (rng.random((32, 2)) < 0.5).astype(np.float32)
    losses = {}
    for is_mixed in (False, True):
        config = FindingsConfig(
            findings=(Finding.MASS, Finding.NODULE), epochs=2, batch_size=16, width=4,
            architecture="residual", head_start=0, distilled=0, predicted_rereads=0, dropout=0,
            preprocessing=_HOW, mixed_precision=is_mixed,
        )  # fmt: skip
        fitted = fit_classifier(
            config,
            (films, each_by_itself(targets, config.loss)),
            (films, targets),
            checkpoints=tmp_path / str(is_mixed),
            verbose=0,
        )
        losses[is_mixed] = [epoch["loss"] for epoch in fitted.history]
        assert {layer.compute_dtype for layer in fitted.model.layers} == {"float32"}
        assert {weights.dtype for weights in fitted.model.weights} == {"float32"}

    # Three digits of a bfloat16 agree, and not all of them.
    assert losses[True] != losses[False]
    np.testing.assert_allclose(losses[True], losses[False], rtol=0.05)


def test_the_number_format_is_that_of_before_afterwards() -> None:
    with number_format(is_mixed=True):
        assert keras.layers.Dense(1).compute_dtype == "bfloat16"
    assert keras.layers.Dense(1).compute_dtype == "float32"
