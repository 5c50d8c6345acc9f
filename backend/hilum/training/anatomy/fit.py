"""Fit the segmentation network on masked radiographs."""

import hashlib
from pathlib import Path

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from hilum.architectures.segmentation.unet.network import build_anatomy_network
from hilum.errors import DatasetError
from hilum.imaging import Preprocessing
from hilum.imaging.preprocess import normalise
from hilum.models.bundle import KERAS_FILE, sha256_of
from hilum.training.anatomy.batches import AnatomyBatches, Mixture
from hilum.training.checkpoint import Checkpoint
from hilum.training.config import Augmentation
from hilum.training.resumable import Fitted, cosine_with_warmup, fit_resumable


class AnatomyConfig(BaseModel):
    """Everything that decides a run; see `hilum.training.config.TrainingConfig`.

    Attributes
    ----------
    channels : tuple of int
        Of the network's stages.
    batch_size, unmasked_in_batch, empty_in_batch, opacity_share
        What a batch is mixed of; see `hilum.training.anatomy.batches.Mixture`.
    repeats : int
        How many times an epoch goes through the masked pictures.
    unmasked_at_most : int
        Unmasked pictures taken from each folder.
    start_from : str or None
        SHA-256 of the ``model.keras`` whose weights training starts from; None for random ones.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = 20
    epochs: int = Field(default=40, ge=1)
    patience: int = Field(default=40, ge=1)
    batch_size: int = Field(default=16, ge=1)
    unmasked_in_batch: int = Field(default=4, ge=0)
    empty_in_batch: int = Field(default=2, ge=0)
    opacity_share: float = Field(default=0.3, ge=0, le=1)
    repeats: int = Field(default=5, ge=1)
    learning_rate: float = Field(default=3e-3, gt=0)
    weight_decay: float = Field(default=0.01, ge=0)
    start_from: str | None = None
    channels: tuple[int, ...] = (16, 32, 48, 64, 64)
    unmasked_at_most: int = Field(default=1200, ge=0)
    validation_share: float = Field(default=0.1, gt=0, lt=0.5)
    test_share: float = Field(default=0.2, gt=0, lt=0.5)
    preprocessing: Preprocessing = Preprocessing(input_size_px=256)
    augmentation: Augmentation = Augmentation(
        rotation_degrees=20, shift=0.12, zoom=0.28, stretch=0.25, gamma=2.2, blur_px=2.0,
        noise=0.06, border=0.12, patch=0.25, flip=0.5,
    )  # fmt: skip


@keras.saving.register_keras_serializable("hilum")  # type: ignore[untyped-decorator]
def mask_loss(truth: keras.KerasTensor, logits: keras.KerasTensor) -> keras.KerasTensor:
    """Cross-entropy plus one minus soft Dice (Milletari et al., 3DV 2016), for each picture."""
    cross = ops.mean(
        ops.maximum(logits, 0) - logits * truth + ops.log1p(ops.exp(-ops.abs(logits))),
        axis=(1, 2, 3),
    )
    said = ops.sigmoid(logits)
    both = ops.sum(said * truth, axis=(1, 2))
    dice = (2 * both + 1) / (ops.sum(said, axis=(1, 2)) + ops.sum(truth, axis=(1, 2)) + 1)
    return cross + 1 - ops.mean(dice, axis=1)


def fit_anatomy(
    config: AnatomyConfig,
    train: tuple[NDArray[np.float32], NDArray[np.float32]],
    validation: tuple[NDArray[np.float32], NDArray[np.float32]],
    unmasked: NDArray[np.float32],
    *,
    checkpoints: Path,
    start: Path | None = None,
    verbose: int = 1,
) -> Fitted:
    """Fit the anatomy network.

    Parameters
    ----------
    train, validation : tuple of ndarray
        Pictures (n, side, side) in [0, 1] and masks (n, side, side, 3) in [0, 1].
    unmasked : ndarray of float32, shape (m, side, side)
        Upright pictures that teach orientation and inversion.
    start : Path, optional
        The bundle that `AnatomyConfig.start_from` names.

    Raises
    ------
    DatasetError
        `start` is not the bundle that the configuration names.
    """
    if (sha256_of(start / KERAS_FILE) if start else None) != config.start_from:
        raise DatasetError("The bundle to start from is not the one that the configuration names.")
    batches = AnatomyBatches(
        *train,
        unmasked,
        config.preprocessing,
        config.augmentation,
        mixture=Mixture(
            masked=config.batch_size,
            unmasked=config.unmasked_in_batch,
            empty=config.empty_in_batch,
            opacity_share=config.opacity_share,
        ),
        repeats=config.repeats,
        seed=config.seed,
    )
    count = len(validation[0])
    text = config.model_dump_json() + f"{train[1].sum():.0f} {unmasked.sum():.0f}"
    checkpoint = Checkpoint(
        checkpoints,
        patience=config.patience,
        fingerprint=hashlib.sha256(text.encode()).hexdigest(),
        seed=config.seed,
    )
    upright = {
        "masks": validation[1],
        "orientation": np.eye(4, dtype=np.float32)[np.zeros(count, dtype=int)],
        "inversion": np.zeros((count, 1), dtype=np.float32),
    }
    return fit_resumable(
        lambda: _new_model(config, start, steps=len(batches)),
        batches,
        (np.stack([normalise(x, config.preprocessing) for x in validation[0]]), upright),
        checkpoint,
        epochs=config.epochs,
        batch_size=config.batch_size,
        verbose=verbose,
    )


def _new_model(config: AnatomyConfig, start: Path | None, *, steps: int) -> keras.Model:
    model = build_anatomy_network(
        input_size_px=config.preprocessing.input_size_px, channels=config.channels
    )
    if start:
        begun = keras.saving.load_model(start / KERAS_FILE, compile=False)
        # Without the distances to known films, which are added after training.
        bare = keras.Model(begun.input, {name: begun.output[name] for name in model.output})
        model.set_weights(bare.get_weights())
    model.compile(
        keras.optimizers.AdamW(
            cosine_with_warmup(config.learning_rate, steps=steps, epochs=config.epochs),
            weight_decay=config.weight_decay,
            clipnorm=1.0,
        ),
        loss={
            "masks": mask_loss,
            "orientation": keras.losses.CategoricalCrossentropy(from_logits=True),
            "inversion": keras.losses.BinaryCrossentropy(from_logits=True),
        },
        loss_weights={"masks": 1.0, "orientation": 0.1, "inversion": 0.1},
    )
    return model
