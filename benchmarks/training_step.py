"""How long a training step takes with freed memory kept, and without.

Run: ``python -m benchmarks.training_step``. Drawn phantoms, the shipped recipe; each way in a
process of its own, since the C library is told once for all. Prints seconds a step: by the clock,
of the user's time and of the system's.
"""

import json
import resource
import subprocess
import sys
import time
from typing import Any

import keras
import numpy as np

from hilum.imaging.phantom import draw_phantom
from hilum.imaging.preprocess import WHOLE
from hilum.training.classifier.films import AugmentedBatches, Films
from hilum.training.classifier.fit import compiled_network
from hilum.training.classifier.objective import one_of_many
from hilum.training.classifier.pneumonia_config import PneumoniaConfig
from hilum.training.memory import KeepMemory

FILMS, WARM_UP = 16 * 32, 4


class _Clock(keras.callbacks.Callback):
    def __init__(self) -> None:
        super().__init__()
        self.took: dict[str, float] = {}

    def _now(self) -> np.ndarray:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return np.array([time.perf_counter(), used.ru_utime, used.ru_stime])

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        if batch == WARM_UP:
            self._start = self._now()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        seconds = (self._now() - self._start) / (self.params["steps"] - WARM_UP)
        self.took = dict(zip(("seconds", "user", "system"), seconds.tolist(), strict=True))


def _measure(*, keeps_memory: bool) -> dict[str, float]:
    config = PneumoniaConfig()
    side = config.preprocessing.sampled_px
    assert side is not None
    pictures = np.stack([draw_phantom(side, side, seed=seed) for seed in range(8)])
    films = Films(pictures[np.arange(FILMS) % 8], [WHOLE] * FILMS)
    objective = one_of_many(np.arange(FILMS) % 3, 3, label_smoothing=config.label_smoothing)
    batches = AugmentedBatches(
        films, objective, config.preprocessing, config.augmentation,
        batch_size=config.batch_size, seed=0,
    )  # fmt: skip
    model = compiled_network(config, objective, None, steps=len(batches))
    clock = _Clock()
    keep = [KeepMemory()] if keeps_memory else []
    batches.begin_epoch(0)
    model.fit(batches, epochs=1, shuffle=False, verbose=0, callbacks=[*keep, clock])
    return clock.took


def main() -> None:
    """Measure both ways, in turn, and print them as JSON."""
    found = {}
    for way in ("freed", "kept"):
        command = [sys.executable, "-m", "benchmarks.training_step", way]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found[way] = json.loads(done.stdout.splitlines()[-1])
    found["times_as_fast"] = found["freed"]["seconds"] / found["kept"]["seconds"]
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(_measure(keeps_memory=sys.argv[1] == "kept")))
    else:
        main()
