"""Trains a small network on two virtual devices with Keras' JAX backend, or on one.

Run: ``python -m tests.training.two_devices COUNT``, in a process of its own, because a backend is
chosen for the whole process. Prints JSON.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

_COUNT = int(sys.argv[1])
os.environ["KERAS_BACKEND"] = "jax"
os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={_COUNT}"

import numpy as np  # noqa: E402

from hilum.findings import Finding  # noqa: E402
from hilum.imaging import Box, Preprocessing  # noqa: E402
from hilum.training.classifier.films import Films  # noqa: E402
from hilum.training.classifier.fit import fit_classifier, predicted_logits  # noqa: E402
from hilum.training.classifier.objective import each_by_itself  # noqa: E402
from hilum.training.devices import device_count, share_batches  # noqa: E402
from hilum.training.findings.config import FindingsConfig  # noqa: E402

_SIDE = 64
_FILMS = 39
"""Odd, as are the parts of it: the last batch does not split evenly."""


def main() -> None:
    rng = np.random.default_rng(0)
    films = Films(
        rng.random((_FILMS, _SIDE, _SIDE), dtype=np.float32),
        [Box(0.1, 0.1, 0.9, 0.9)] * _FILMS,
        np.ones((_FILMS, _SIDE, _SIDE), np.uint8),
    )
    targets = (rng.random((_FILMS, 2)) < 0.5).astype(np.float32)
    config = FindingsConfig(
        findings=(Finding.MASS, Finding.NODULE),
        epochs=1,
        batch_size=16,
        architecture="residual",
        width=4,
        head_start=0,
        distilled=0,
        predicted_rereads=0,
        preprocessing=Preprocessing(input_size_px=_SIDE, region="lung_field", sampled_px=_SIDE),
    )
    share_batches(config.batch_size)
    fitted = fit_classifier(
        config,
        (films.take(range(32)), each_by_itself(targets[:32], config.loss)),
        (films.take(range(32, _FILMS)), targets[32:]),
        checkpoints=Path(tempfile.mkdtemp()),
        verbose=0,
    )
    weights = fitted.model.trainable_variables[0].value
    answer = {
        "devices": device_count(),
        "devices_of_weights": len(weights.sharding.device_set),
        "history": fitted.history,
        "logits": predicted_logits(fitted.model, films, config).tolist(),
    }
    print(json.dumps(answer))  # noqa: T201 - a command


if __name__ == "__main__":
    main()
