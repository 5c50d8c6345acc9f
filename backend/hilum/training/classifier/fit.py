"""Fit a classifier from images in memory, resumable."""

import hashlib
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from hilum.architectures.classifiers import find_classifier
from hilum.architectures.classifiers.head import ACTIVATION_MAP, LOGITS
from hilum.architectures.receptive_field import cells_of
from hilum.errors import DatasetError
from hilum.models.bundle import sha256_of
from hilum.training.checkpoint import Checkpoint
from hilum.training.classifier.films import AugmentedBatches, Films, model_inputs
from hilum.training.classifier.saliency_penalty import SaliencyPenalty
from hilum.training.config import TrainingConfig
from hilum.training.resumable import Fitted, cosine_with_warmup, fit_resumable

_AFTER_THE_FIT = {"kept_epoch", "changed_copies", "coverage"}
"""What of a configuration may change without anything being trained anew."""


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
    train, validation : tuple of Films and ndarray of int
        Pictures, and class indices (n,).
    checkpoints : Path
        Where to save after each epoch; a run of the same configuration and data goes on
        from there.
    weights : Path, optional
        The file that `TrainingConfig.starting_weights` names.
    verbose : int
        As in Keras: 0 silent, 1 a progress bar, 2 a line an epoch.

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


def _new_model(
    config: TrainingConfig, classes: int, weights: Path | None, *, steps: int
) -> keras.Model:
    side = config.preprocessing.input_size_px
    architecture = find_classifier(config.architecture)
    settings = {name: getattr(config, name) for name in architecture.settings}
    model = architecture.build(input_size_px=side, classes=classes, **settings)
    if weights:
        if architecture.starting_weights is None:
            raise DatasetError(
                f"The architecture {config.architecture} starts from random weights only: name "
                "no file of weights."
            )
        architecture.starting_weights.load(model, weights)
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
            ACTIVATION_MAP: SaliencyPenalty(*cells_of(model, ACTIVATION_MAP)),
        },
        loss_weights={LOGITS: 1.0, ACTIVATION_MAP: config.saliency_penalty},
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
