"""Resumable fitting: a killed run continues to the same result."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import keras
from pydantic import BaseModel

from hilum.training.batches import SeededBatches
from hilum.training.checkpoint import Checkpoint
from hilum.training.memory import KeepMemory


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A trained network and how it got there.

    Attributes
    ----------
    model : keras.Model
        With the weights of the kept epoch.
    history : list of dict
        Losses and metrics of each epoch.
    best_epoch : int
        The kept one, counted from 1.
    """

    model: keras.Model
    history: list[dict[str, float]]
    best_epoch: int

    def described(self, config: BaseModel) -> dict[str, Any]:
        """Description of the run for a card."""
        return {
            "config": config.model_dump(mode="json"),
            "keras": keras.__version__,
            "backend": keras.backend.backend(),
            "epochs": len(self.history),
            "best_epoch": self.best_epoch,
            "history": self.history,
        }


def fit_resumable(
    new_model: Callable[[], keras.Model],
    batches: SeededBatches,
    validation: tuple[Any, ...] | keras.utils.PyDataset,
    checkpoint: Checkpoint,
    *,
    epochs: int,
    batch_size: int | None = None,
    kept_epoch: Literal["best", "last"] = "best",
    verbose: int = 1,
) -> Fitted:
    """Fit a network, going on from where a killed run stopped, to the result it would have had.

    Parameters
    ----------
    new_model : callable
        Builds and compiles the network; not called where there is a checkpoint.
    validation : tuple or PyDataset
        Inputs, targets and perhaps weights, as Keras takes them.
    batch_size : int, optional
        For validation by a tuple.
    kept_epoch : {"best", "last"}
        Whose weights are kept: those of the lowest validation loss, or the last.
    """
    keras.utils.set_random_seed(checkpoint.seed)
    model = checkpoint.restore() or new_model()
    if checkpoint.epoch < epochs and not checkpoint.is_finished:
        begin = keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, _: batches.begin_epoch(epoch)
        )
        _make_variables(model, batches)
        model.fit(
            batches,
            epochs=epochs,
            initial_epoch=checkpoint.epoch,
            shuffle=False,  # the batches shuffle themselves, by the seed
            validation_data=validation,
            validation_batch_size=batch_size,
            callbacks=[begin, KeepMemory(), checkpoint],
            verbose=verbose,
        )
    elif model.optimizer.use_ema:
        # Checkpoints hold the running weights: their mean is put in place at a run's end only.
        model.optimizer.finalize_variable_values(model.trainable_variables)
    if kept_epoch == "last":
        return Fitted(model, checkpoint.history, checkpoint.epoch)
    checkpoint.load_best(model)
    return Fitted(model, checkpoint.history, checkpoint.best_epoch)


def _make_variables(model: keras.Model, batches: SeededBatches) -> None:
    """Make those of loss, metrics and optimiser: a step that makes any itself is traced twice."""
    inputs, targets, weights = batches[0]
    predicted = model(inputs)
    model.compute_loss(inputs, targets, predicted, weights)
    model.compute_metrics(inputs, targets, predicted, weights)
    model.optimizer.build(model.trainable_variables)


def cosine_with_warmup(
    peak: float, *, steps: int, epochs: int
) -> keras.optimizers.schedules.LearningRateSchedule:
    """Learning rate that climbs to `peak` in the first epoch and falls as a half cosine."""
    return keras.optimizers.schedules.CosineDecay(
        peak / 20,
        decay_steps=max(1, (epochs - 1) * steps),
        warmup_target=peak,
        warmup_steps=steps,
    )
