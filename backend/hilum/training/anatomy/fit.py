"""Fit the anatomy network."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from keras import ops
from pydantic import BaseModel, ConfigDict, Field

from hilum.architectures.segmentation.unet.network import STRIDE, build_anatomy_network
from hilum.errors import DatasetError
from hilum.imaging import Preprocessing
from hilum.imaging.preprocess import normalise
from hilum.models.anatomy.picture import PictureKind
from hilum.models.bundle import KERAS_FILE, sha256_of
from hilum.training.anatomy.batches import AnatomyBatches, Mixture
from hilum.training.anatomy.films import Film
from hilum.training.anatomy.targets import Batch, Targets, organ_targets, stacked
from hilum.training.checkpoint import Checkpoint
from hilum.training.config import Augmentation
from hilum.training.resumable import Fitted, cosine_with_warmup, fit_resumable

_AS_IT_IS = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


class AnatomyConfig(BaseModel):
    """Configuration of a training run; see `hilum.training.config.TrainingConfig`.

    Attributes
    ----------
    steps : int
        Batches in an epoch.
    phantoms : int
        Number of synthetic phantoms in training.
    channels, depth : tuple of int
        Channels and blocks of the network's stages.
    left_out : tuple of PictureKind
        Kinds of images left out of training, to measure the model on unseen kinds.
    first_side, first_epochs : int
        Side of the images, in pixels, and number of epochs in a first phase of training, in which
        a step takes a third of the time. 0 epochs: no such phase.
    outlines_from : str or None
        SHA-256 of the anatomy bundle that outlines organs without a drawn mask; None if unused.
    start_from : str or None
        SHA-256 of the ``model.keras`` with the weights that training starts from, at full image
        size; None for random weights.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = 20
    epochs: int = Field(default=30, ge=1)
    steps: int = Field(default=75, ge=1)
    first_side: int = Field(default=128, ge=32)
    first_epochs: int = Field(default=50, ge=0)
    learning_rate: float = Field(default=3e-3, gt=0)
    weight_decay: float = Field(default=0.01, ge=0)
    outlines_from: str | None = None
    start_from: str | None = None
    channels: tuple[int, ...] = (8, 16, 48, 80, 128)
    depth: tuple[int, ...] = (0, 2, 2, 2, 2)
    mixture: Mixture = Mixture()
    phantoms: int = Field(default=60, ge=0)
    left_out: tuple[PictureKind, ...] = ()
    validation_share: float = Field(default=0.1, gt=0, lt=0.5)
    test_share: float = Field(default=0.2, gt=0, lt=0.5)
    preprocessing: Preprocessing = Preprocessing(input_size_px=224)
    augmentation: Augmentation = Augmentation(
        rotation_degrees=20, shift=0.12, zoom=0.28, stretch=0.25, gamma=2.2, blur_px=2.0,
        noise=0.06, border=0.12, patch=0.25, flip=0.5, coarsest_jpeg=20,
        local_contrast=4.0, saturation=0.1,
    )  # fmt: skip


@keras.saving.register_keras_serializable("hilum")  # type: ignore[untyped-decorator]
def mask_loss(truth: keras.KerasTensor, logits: keras.KerasTensor) -> keras.KerasTensor:
    """Cross-entropy plus one minus soft Dice (Milletari et al., 3DV 2016), for each picture.

    Computed for each organ on the pixels where it is known, and for all organs together on pixels
    that are known to be one of them. Each pixel counts in one of the two: pixels that may be lung
    or heart would otherwise tend to be classified as heart.

    Parameters
    ----------
    truth : tensor, shape (n, side, side, 4)
        See `hilum.training.anatomy.targets`.
    logits : tensor, shape (n, side, side, 3)
    """
    organs, together = truth[..., :3], truth[..., 3]
    area = ops.cast(ops.shape(truth)[1] * ops.shape(truth)[2], logits.dtype)
    said = ops.sigmoid(logits)

    known = ops.cast(organs >= 0, logits.dtype)
    organs = ops.maximum(organs, 0)
    cross = known * (ops.softplus(logits) - organs * logits)
    loss = ops.sum(cross, axis=(1, 2, 3)) / (3 * area)
    loss += ops.mean(_dice_loss(known, said, organs), axis=1)

    either = ops.cast(together >= 0, logits.dtype)[..., None]
    together = ops.maximum(together, 0)[..., None]
    # Logarithm of the probability that it is no organ.
    none = ops.minimum(-ops.sum(ops.softplus(logits), axis=-1, keepdims=True), -1e-6)
    cross = -(together * ops.log1p(-ops.exp(none)) + (1 - together) * none)
    loss += ops.sum(either * cross, axis=(1, 2, 3)) / area
    return loss + _dice_loss(either, 1 - ops.exp(none), together)[:, 0]


def _dice_loss(
    known: keras.KerasTensor, said: keras.KerasTensor, truth: keras.KerasTensor
) -> keras.KerasTensor:
    """One minus soft Dice on known pixels, 0 if there are none, shape (n, planes)."""
    both = ops.sum(known * said * truth, axis=(1, 2))
    sizes = ops.sum(known * (said + truth), axis=(1, 2))
    return ops.max(known, axis=(1, 2)) * (1 - (2 * both + 1) / (sizes + 1))


def fit_anatomy(
    config: AnatomyConfig,
    train: Sequence[Film],
    validation: Sequence[Film],
    *,
    checkpoints: Path,
    start: Path | None = None,
    verbose: int = 1,
) -> Fitted:
    """Fit the anatomy network.

    Parameters
    ----------
    start : Path, optional
        The bundle that `AnatomyConfig.start_from` names.

    Raises
    ------
    DatasetError
        `start` is not the bundle that the configuration names.
    """
    if (sha256_of(start / KERAS_FILE) if start else None) != config.start_from:
        raise DatasetError("The bundle to start from is not the one that the configuration names.")
    if start:
        begun = keras.saving.load_model(start / KERAS_FILE, compile=False)
        return _fit(config, train, validation, checkpoints, begun, verbose=verbose)
    if not config.first_epochs:
        return _fit(config, train, validation, checkpoints, None, verbose=verbose)
    # The network is convolutional: what it learned of small pictures it uses on larger ones.
    side = config.first_side
    first = _fit(
        config.model_copy(
            update={
                "epochs": config.first_epochs,
                "preprocessing": config.preprocessing.model_copy(update={"input_size_px": side}),
            }
        ),
        [film.resized(side) for film in train],
        [film.resized(side) for film in validation],
        checkpoints / "first",
        None,
        verbose=verbose,
    )
    then = _fit(config, train, validation, checkpoints, first.model, verbose=verbose)
    return Fitted(then.model, first.history + then.history, first.best_epoch + then.best_epoch)


def _fit(
    config: AnatomyConfig,
    train: Sequence[Film],
    validation: Sequence[Film],
    checkpoints: Path,
    begun: keras.Model | None,
    *,
    verbose: int,
) -> Fitted:
    """Fit with pictures of one size, from the weights of a network that has begun to learn."""
    seen = hashlib.sha256(config.model_dump_json().encode())
    for film in train:
        seen.update(film.pixels.tobytes())
    checkpoint = Checkpoint(
        checkpoints, patience=config.epochs, fingerprint=seen.hexdigest(), seed=config.seed
    )
    return fit_resumable(
        lambda: _new_model(config, begun),
        anatomy_batches(config, train),
        plain_batch(validation, config),
        checkpoint,
        epochs=config.epochs,
        batch_size=32,
        kept_epoch="last",
        verbose=verbose,
    )


def anatomy_batches(config: AnatomyConfig, films: Sequence[Film]) -> AnatomyBatches:
    """The batches that a configuration makes of films."""
    return AnatomyBatches(
        films,
        config.preprocessing,
        config.augmentation,
        mixture=config.mixture,
        left_out=config.left_out,
        steps=config.steps,
        stride=STRIDE,
        seed=config.seed,
    )


def plain_batch(films: Sequence[Film], config: AnatomyConfig) -> Batch:
    """Films as they are, with their targets."""
    how = config.preprocessing
    pictures = [normalise(film.grey, how) for film in films]
    targets = [
        Targets(
            film.kind,
            masks=None if film.is_unmasked else organ_targets(film, _AS_IT_IS, STRIDE),
            is_adult=film.is_adult,
            is_ap=film.is_ap,
        )
        for film in films
    ]
    return stacked(pictures, targets, stride=STRIDE)


def _new_model(config: AnatomyConfig, begun: keras.Model | None) -> keras.Model:
    model = build_anatomy_network(
        input_size_px=config.preprocessing.input_size_px,
        kinds=len(PictureKind),
        channels=config.channels,
        depth=config.depth,
    )
    if begun:
        model.set_weights(begun.get_weights())
    binary = keras.losses.BinaryCrossentropy(from_logits=True)
    several = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(
        keras.optimizers.AdamW(
            cosine_with_warmup(config.learning_rate, steps=config.steps, epochs=config.epochs),
            weight_decay=config.weight_decay,
            clipnorm=1.0,
        ),
        loss={
            "masks": mask_loss,
            "kind": several,
            "orientation": several,
            "inversion": binary,
            "adult": binary,
            "ap": binary,
        },
        loss_weights={
            "masks": 1.0, "kind": 0.2, "orientation": 0.1, "inversion": 0.1, "adult": 0.1,
            "ap": 0.1,
        },
    )  # fmt: skip
    return model
