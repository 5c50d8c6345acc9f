"""Checkpoints for resuming a killed run with the same result."""

import json
from pathlib import Path
from typing import Any

import keras

_LAST, _BEST, _STATE = "last-{epoch:04d}.keras", "best.weights.h5", "state.json"


class Checkpoint(keras.callbacks.Callback):
    """Saves model, optimiser, best weights and history after every epoch; stops early.

    The state file is replaced in one step and written last: it always names a whole model.

    Parameters
    ----------
    patience : int
        Epochs without a lower validation loss after which training stops.
    fingerprint : str
        Of configuration and data. A checkpoint of another fingerprint is not gone on from.
    """

    def __init__(self, folder: Path, *, patience: int, fingerprint: str, seed: int) -> None:
        super().__init__()
        folder.mkdir(parents=True, exist_ok=True)
        self.seed = seed
        self._folder, self._patience = folder, patience
        self._state: dict[str, Any] = {
            "fingerprint": fingerprint, "epoch": 0, "best_epoch": 0, "best_loss": None,
            "history": [],
        }  # fmt: skip
        path = folder / _STATE
        if path.is_file():
            saved = json.loads(path.read_text(encoding="utf-8"))
            if saved["fingerprint"] == fingerprint:
                self._state = saved

    @property
    def epoch(self) -> int:
        """Epochs that are finished."""
        return int(self._state["epoch"])

    @property
    def history(self) -> list[dict[str, float]]:
        """Losses and metrics of each finished epoch."""
        return list(self._state["history"])

    @property
    def best_epoch(self) -> int:
        """The epoch, counted from 1, with the lowest validation loss."""
        return int(self._state["best_epoch"])

    @property
    def is_finished(self) -> bool:
        """The run stopped early, or must not go on."""
        return self.epoch - self.best_epoch >= self._patience

    def restore(self) -> keras.Model | None:
        """The model as of the last finished epoch, with its optimiser; None at the start."""
        if not self.epoch:
            return None
        return keras.saving.load_model(self._folder / _LAST.format(epoch=self.epoch))

    def load_best(self, model: keras.Model) -> None:
        """Put the weights of the best epoch into `model`."""
        model.load_weights(self._folder / _BEST)

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Give dropout random numbers of this epoch's own: Keras saves no state of them."""
        for layer in self.model.layers:
            if (generator := getattr(layer, "seed_generator", None)) is not None:
                generator.state.assign([self.seed, epoch])

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Save everything; the state last."""
        logs = {name: float(value) for name, value in (logs or {}).items()}
        best = self._state["best_loss"]
        if best is None or logs["val_loss"] < best:
            self.model.save_weights(self._folder / f".new-{_BEST}")
            (self._folder / f".new-{_BEST}").replace(self._folder / _BEST)
            self._state |= {"best_loss": logs["val_loss"], "best_epoch": epoch + 1}
        self.model.save(self._folder / _LAST.format(epoch=epoch + 1))
        self._state |= {"epoch": epoch + 1, "history": [*self._state["history"], logs]}
        new = self._folder / f".new-{_STATE}"
        new.write_text(json.dumps(self._state), encoding="utf-8")
        new.replace(self._folder / _STATE)
        (self._folder / _LAST.format(epoch=epoch)).unlink(missing_ok=True)
        if self.is_finished:
            self.model.stop_training = True
