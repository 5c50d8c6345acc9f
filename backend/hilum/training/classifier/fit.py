"""Fit a classifier, resumable."""

import hashlib
from dataclasses import replace
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
from hilum.training.classifier.films import AugmentedBatches, Films, PlainBatches
from hilum.training.classifier.head_start import start_head
from hilum.training.classifier.objective import Objective
from hilum.training.classifier.saliency_penalty import SaliencyPenalty
from hilum.training.config import TrainingConfig
from hilum.training.devices import device_count, number_format
from hilum.training.resumable import Fitted, cosine_with_warmup, fit_resumable

_MOST_PROBED = 10_000
"""Images that a head's start is fitted to, at most."""

_AFTER_THE_FIT = {"kept_epoch", "changed_copies", "coverage", "coverage_elsewhere"}
"""What of a configuration may change without anything being trained anew."""


def fit_classifier(
    config: TrainingConfig,
    train: tuple[Films, Objective],
    validation: tuple[Films, NDArray[np.float32]],
    *,
    checkpoints: Path,
    weights: Path | None = None,
    verbose: int = 1,
) -> Fitted:
    """Fit the network of `config` with early stopping.

    Parameters
    ----------
    train : tuple of Films and Objective
    validation : tuple of Films and ndarray of float32
        Images, and targets (n, k) as `Objective.targets` has them.
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
    films, objective = train
    side = config.preprocessing.input_size_px
    # One number that looks like a mask for each film, however many there are.
    everywhere = np.broadcast_to(np.float32(1), (len(validation[1]), side, side, 1))
    batches = AugmentedBatches(
        films,
        objective,
        config.preprocessing,
        config.augmentation,
        batch_size=config.batch_size,
        seed=config.seed,
        mixup=config.mixup,
    )

    def new_model() -> keras.Model:
        with number_format(is_mixed=config.mixed_precision):
            model = compiled_network(config, objective, weights, steps=len(batches))
        if config.head_start:
            chosen = np.sort(_drawn(len(objective.targets), _MOST_PROBED, seed=config.seed))
            inputs = PlainBatches(
                films.take(chosen.tolist()),
                config.preprocessing,
                batch_size=config.batch_size,
                multiple=device_count(),
            )
            start_head(model, inputs, objective.targets[chosen], strength=config.head_start)
        return model

    fitted = fit_resumable(
        new_model,
        batches,
        PlainBatches(
            validation[0],
            config.preprocessing,
            batch_size=config.batch_size,
            targets={LOGITS: validation[1], ACTIVATION_MAP: everywhere},
            multiple=device_count(),
        ),
        Checkpoint(
            checkpoints,
            patience=config.patience,
            fingerprint=_fingerprint(config, objective.targets, films, *validation),
            seed=config.seed,
        ),
        epochs=config.epochs,
        kept_epoch=config.kept_epoch,
        verbose=verbose,
    )
    if not config.mixed_precision:
        return fitted
    in_float32 = compiled_network(config, objective, None, steps=len(batches))
    in_float32.set_weights(fitted.model.get_weights())
    return replace(fitted, model=in_float32)


def load_starting_weights(model: keras.Model, architecture: str, weights: Path) -> None:
    """Put published weights into a network of an architecture.

    Raises
    ------
    DatasetError
        The architecture has none, or the file does not fit.
    """
    starting = find_classifier(architecture).starting_weights
    if starting is None:
        raise DatasetError(
            f"The architecture {architecture} starts from random weights only: name no file of "
            "weights."
        )
    starting.load(model, weights)


def predicted_logits(
    model: keras.Model, films: Films, config: TrainingConfig
) -> NDArray[np.float32]:
    """Logits of each film, shape (n, k)."""
    inputs = PlainBatches(
        films, config.preprocessing, batch_size=config.batch_size, multiple=device_count()
    )
    return np.asarray(model.predict(inputs, verbose=0)[LOGITS])[: len(films.boxes)]


def _drawn(count: int, most: int, *, seed: int) -> NDArray[np.intp]:
    return np.random.default_rng(seed).permutation(count)[:most]


def compiled_network(
    config: TrainingConfig, objective: Objective, weights: Path | None, *, steps: int
) -> keras.Model:
    """The network of a configuration before training, with its optimiser and losses.

    Parameters
    ----------
    weights : Path or None
        See `fit_classifier`; the head is random.
    steps : int
        Batches of an epoch.
    """
    side = config.preprocessing.input_size_px
    architecture = find_classifier(config.architecture)
    settings = {name: getattr(config, name) for name in architecture.settings}
    model = architecture.build(input_size_px=side, classes=objective.targets.shape[1], **settings)
    if weights:
        load_starting_weights(model, config.architecture, weights)
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
            LOGITS: objective.loss,
            ACTIVATION_MAP: SaliencyPenalty(*cells_of(model, ACTIVATION_MAP)),
        },
        loss_weights={LOGITS: 1.0, ACTIVATION_MAP: config.saliency_penalty},
        metrics={LOGITS: [objective.metric]},
    )
    return model


def _fingerprint(
    config: TrainingConfig,
    targets: NDArray[np.float32],
    films: Films,
    validation: Films,
    truth: NDArray[np.float32],
) -> str:
    """Changes with the configuration, the labels and the images."""
    mark = hashlib.sha256(config.model_dump_json(exclude=_AFTER_THE_FIT).encode())
    for labels, pictures in ((targets, films), (truth, validation)):
        mark.update(labels.tobytes() + pictures.mark.encode())
    return mark.hexdigest()
