"""Fit a classifier, resumable, from pictures in memory."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from hilum.errors import DatasetError
from hilum.models.bundle import sha256_of
from hilum.models.network import ACTIVATION_MAP, LOGITS, build_mobilenet, build_network
from hilum.training.checkpoint import Checkpoint
from hilum.training.config import TrainingConfig
from hilum.training.memory import KeepMemory
from hilum.training.outside import OutsideChest
from hilum.training.pictures import AugmentedBatches, Films, SeededBatches, model_inputs
from hilum.training.receptive_field import cells_of
from hilum.training.starting_weights import start_mobilenet

_AFTER_THE_FIT = {"kept_epoch", "changed_copies", "coverage"}
"""What of a configuration may change without anything being trained anew."""


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
        """What a card says of the run, whatever was trained."""
        return {
            "config": config.model_dump(mode="json"),
            "keras": keras.__version__,
            "backend": keras.backend.backend(),
            "epochs": len(self.history),
            "best_epoch": self.best_epoch,
            "history": self.history,
        }


def fit_classifier(
    config: TrainingConfig,
    train: tuple[Films, NDArray[np.intp]],
    validation: tuple[Films, NDArray[np.intp]],
    *,
    classes: int,
    checkpoints: Path,
    weights: Path | None = None,
    verbose: int = 1,
) -> Fitted:
    """Fit the network of `config` with class weights and early stopping.

    Parameters
    ----------
    config : TrainingConfig
    train, validation : tuple of Films and ndarray of int
        Pictures, and class indices (n,).
    classes : int
    checkpoints : Path
        Where to save after each epoch; a run of the same configuration and data goes on
        from there.
    weights : Path, optional
        The file that `TrainingConfig.starting_weights` names.
    verbose : int
        As in Keras: 0 silent, 1 a progress bar, 2 a line an epoch.

    Returns
    -------
    Fitted

    Raises
    ------
    DatasetError
        The weights are not those that the configuration names, or do not fit the network.
    """
    if (sha256_of(weights) if weights else None) != config.starting_weights:
        raise DatasetError("The starting weights are not those that the configuration names.")
    side = config.preprocessing.input_size_px
    everywhere = np.ones((len(validation[1]), side, side, 1), dtype=np.float32)
    batches = AugmentedBatches(
        train[0],
        np.eye(classes, dtype=np.float32)[train[1]],
        config.preprocessing,
        config.augmentation,
        batch_size=config.batch_size,
        seed=config.seed,
        weights=_balanced_weights(train[1], classes),
        mixup=config.mixup,
    )
    return fit_resumable(
        lambda: _new_model(config, classes, weights, steps=len(batches)),
        batches,
        (
            model_inputs(validation[0], config.preprocessing),
            {LOGITS: np.eye(classes, dtype=np.float32)[validation[1]], ACTIVATION_MAP: everywhere},
        ),
        Checkpoint(
            checkpoints,
            patience=config.patience,
            fingerprint=_fingerprint(config, train[1]),
            seed=config.seed,
        ),
        epochs=config.epochs,
        batch_size=config.batch_size,
        kept_epoch=config.kept_epoch,
        verbose=verbose,
    )


def fit_resumable(
    new_model: Callable[[], keras.Model],
    batches: SeededBatches,
    validation: tuple[Any, Any],
    checkpoint: Checkpoint,
    *,
    epochs: int,
    batch_size: int,
    kept_epoch: Literal["best", "last"] = "best",
    verbose: int = 1,
) -> Fitted:
    """Fit a network, going on from where a killed run stopped, to the result it would have had.

    Parameters
    ----------
    new_model : callable
        Builds and compiles the network; not called where there is a checkpoint.
    batches : SeededBatches
    validation : tuple
        Inputs and targets, as Keras takes them.
    checkpoint : Checkpoint
    epochs : int
    batch_size : int
        For validation.
    kept_epoch : {"best", "last"}
        Whose weights are kept: those of the lowest validation loss, or the last.
    verbose : int

    Returns
    -------
    Fitted
    """
    keras.utils.set_random_seed(checkpoint.seed)
    model = checkpoint.restore() or new_model()
    if checkpoint.epoch < epochs and not checkpoint.is_finished:
        begin = keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, _: batches.begin_epoch(epoch)
        )
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


def _new_model(
    config: TrainingConfig, classes: int, weights: Path | None, *, steps: int
) -> keras.Model:
    side = config.preprocessing.input_size_px
    if config.architecture == "mobilenet":
        model = build_mobilenet(input_size_px=side, classes=classes, dropout=config.dropout)
        if weights:
            start_mobilenet(model, weights)
    else:
        model = build_network(
            input_size_px=side, classes=classes, width=config.width, dropout=config.dropout
        )
    schedule = cosine_with_warmup(config.learning_rate, steps=steps, epochs=config.epochs)
    model.compile(
        keras.optimizers.AdamW(
            schedule,
            weight_decay=config.weight_decay,
            clipnorm=1.0,
            use_ema=config.averaging > 0,
            ema_momentum=config.averaging or 0.99,
        ),
        {
            LOGITS: keras.losses.CategoricalCrossentropy(
                from_logits=True, label_smoothing=config.label_smoothing
            ),
            ACTIVATION_MAP: OutsideChest(*cells_of(model, ACTIVATION_MAP)),
        },
        loss_weights={LOGITS: 1.0, ACTIVATION_MAP: config.outside_penalty},
        metrics={LOGITS: ["accuracy"]},
    )
    return model


def _balanced_weights(labels: NDArray[np.intp], classes: int) -> NDArray[np.float32]:
    """Each class weighs the same as a whole; the mean weight is 1."""
    counts = np.bincount(labels, minlength=classes)
    return (len(labels) / (classes * counts))[labels].astype(np.float32)


def _fingerprint(config: TrainingConfig, labels: NDArray[np.intp]) -> str:
    text = config.model_dump_json(exclude=_AFTER_THE_FIT) + ",".join(map(str, labels))
    return hashlib.sha256(text.encode()).hexdigest()
