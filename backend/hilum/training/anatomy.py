"""Make the anatomy bundle: fit the segmentation network on masked radiographs."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from hilum.evaluation.anatomy import CaseFigures, anatomy_metrics, case_figures
from hilum.imaging import Preprocessing, decode
from hilum.models.anatomy import AnatomyReader, Organ
from hilum.models.anatomy.card import AnatomyCard, AnatomyMetrics
from hilum.models.anatomy.reader import anatomy_outputs
from hilum.models.anatomy_network import build_anatomy_network
from hilum.models.bundle import load_bundle_of
from hilum.models.runtime import Outputs
from hilum.training.anatomy_data import (
    CREDITS,
    SOURCES,
    AnatomyBatches,
    MaskedSample,
    find_masked_samples,
    find_unmasked,
    load_masked,
    load_masks,
)
from hilum.training.checkpoint import Checkpoint
from hilum.training.config import Augmentation
from hilum.training.export import Kind, export_bundle
from hilum.training.fit import Fitted, cosine_with_warmup, fit_resumable
from hilum.training.pictures import load_pictures, model_inputs
from hilum.training.splits import split_by_patient


class AnatomyConfig(BaseModel):
    """Everything that decides a run; see `hilum.training.config.TrainingConfig`.

    Attributes
    ----------
    channels : tuple of int
        Of the network's stages.
    repeats : int
        How many times an epoch goes through the masked pictures.
    unmasked_at_most : int
        Unmasked pictures taken from each folder.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = 20
    epochs: int = Field(default=24, ge=1)
    patience: int = Field(default=24, ge=1)
    batch_size: int = Field(default=16, ge=1)
    repeats: int = Field(default=5, ge=1)
    learning_rate: float = Field(default=4e-3, gt=0)
    weight_decay: float = Field(default=0.01, ge=0)
    channels: tuple[int, ...] = (16, 32, 48, 64, 64)
    unmasked_at_most: int = Field(default=1200, ge=0)
    validation_share: float = Field(default=0.1, gt=0, lt=0.5)
    test_share: float = Field(default=0.2, gt=0, lt=0.5)
    preprocessing: Preprocessing = Preprocessing(input_size_px=256)
    augmentation: Augmentation = Augmentation(
        rotation_degrees=16, shift=0.1, zoom=0.24, stretch=0.22, gamma=2.1, blur_px=1.6,
        noise=0.05, border=0.1, patch=0.2, flip=0.5,
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
    verbose: int = 1,
) -> Fitted:
    """Fit the anatomy network.

    Parameters
    ----------
    config : AnatomyConfig
    train, validation : tuple of ndarray
        Pictures (n, side, side) in [0, 1] and masks (n, side, side, 3) in [0, 1].
    unmasked : ndarray of float32, shape (m, side, side)
        Upright pictures that teach orientation and inversion.
    checkpoints : Path
    verbose : int

    Returns
    -------
    Fitted
    """
    batches = AnatomyBatches(
        *train,
        unmasked,
        config.preprocessing,
        config.augmentation,
        batch_size=config.batch_size,
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
        lambda: _new_model(config, steps=len(batches)),
        batches,
        (model_inputs(validation[0], config.preprocessing), upright),
        checkpoint,
        epochs=config.epochs,
        batch_size=config.batch_size,
        verbose=verbose,
    )


def _new_model(config: AnatomyConfig, *, steps: int) -> keras.Model:
    model = build_anatomy_network(
        input_size_px=config.preprocessing.input_size_px, channels=config.channels
    )
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


Progress = Callable[[Sequence[MaskedSample]], Iterable[MaskedSample]]
_INSIDE = 0.5


def _probabilities(_card: AnatomyCard, outputs: Outputs) -> NDArray[np.floating]:
    """Join all mask and inversion probabilities; orientation is compared by its softmax."""
    odds = np.exp(outputs["orientation"] - outputs["orientation"].max(axis=1, keepdims=True))
    turned = odds / odds.sum(axis=1, keepdims=True)
    flat = [_sigmoid(outputs[name]).ravel() for name in ("masks", "inversion")]
    return np.concatenate([*flat, turned.ravel()])


def _sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)


KIND = Kind(
    AnatomyCard, lambda card: anatomy_outputs(card.preprocessing.input_size_px), _probabilities
)

_LIMITS = (
    "Outlined on films of adults; children's films were only looked at.",
    "Opaque lungs, tubes and collapsed lungs are rare in its training data.",
    "The cardiothoracic ratio holds for upright PA films of adults.",
)


def split_samples(folder: Path, config: AnatomyConfig) -> dict[str, list[MaskedSample]]:
    """Split the masked radiographs by patient, the sources in equal shares."""
    shares = {"validation": config.validation_share, "test": config.test_share}
    return split_by_patient(find_masked_samples(folder), shares, seed=config.seed)


def measure_cases(
    reader: AnatomyReader, samples: Sequence[MaskedSample], *, progress: Progress | None = None
) -> list[CaseFigures]:
    """Read radiographs as the service does, and compare each with its drawn masks."""
    cases = []
    for sample in progress(samples) if progress else samples:
        radiograph = decode(sample.path.read_bytes(), smallest_side_px=reader.smallest_side_px)
        found = reader.read(radiograph).organs
        drawn = load_masks(sample) > _INSIDE
        if drawn.shape[0] != found.grid.side:
            size = (found.grid.side, found.grid.side)
            drawn = cv2.resize(drawn.astype(np.float32), size) > _INSIDE
        cases.append(case_figures(found, drawn, case=sample.patient, source=SOURCES[sample.label]))
    return cases


def summarise(cases: Sequence[CaseFigures], split: str) -> dict[str, AnatomyMetrics]:
    """Figures of a split, and of each of its sources."""
    by_source = {
        f"{split}_{source}": [case for case in cases if case.source == source] for source in SOURCES
    }
    groups = {split: list(cases), **by_source}
    return {name: anatomy_metrics(group) for name, group in groups.items() if group}


def make_anatomy_bundle(
    fitted: Fitted,
    parts: dict[str, list[MaskedSample]],
    config: AnatomyConfig,
    folder: Path,
    *,
    version: str,
) -> AnatomyCard:
    """Write the bundle, with figures on radiographs that trained nothing.

    Parameters
    ----------
    fitted : Fitted
    parts : mapping of str to list of MaskedSample
        As `split_samples` gives them.
    config : AnatomyConfig
    folder : Path
    version : str

    Returns
    -------
    AnatomyCard
    """
    draft = AnatomyCard(
        name="anatomy",
        title="Lungs and heart",
        version=version,
        created=datetime.now(UTC).date(),
        intended_use="Research and education: outlines of lungs and heart, the cardiothoracic "
        "ratio, and the field that other models read. Not a medical device.",
        intended_population="Frontal chest radiographs; the ratio on PA films of adults",
        preprocessing=config.preprocessing,
        files={},
        parameters=fitted.model.count_params(),
        training_data=CREDITS,
        training={
            "config": config.model_dump(mode="json"),
            "keras": keras.__version__,
            "backend": keras.backend.backend(),
            "epochs": len(fitted.history),
            "best_epoch": fitted.best_epoch,
            "history": fitted.history,
            "images": {name: len(samples) for name, samples in parts.items()},
        },
        limits=_LIMITS,
        organs=tuple(Organ),
        metrics={},
    )
    with TemporaryDirectory() as trial:
        # The figures are those of the compiled network, as the service runs it.
        export_bundle(
            fitted.model, lambda files: draft.model_copy(update={"files": files}), Path(trial), KIND
        )
        reader = AnatomyReader(load_bundle_of(AnatomyCard, Path(trial)))
        metrics = {
            name: figures
            for split in ("validation", "test")
            for name, figures in summarise(measure_cases(reader, parts[split]), split).items()
        }
    return export_bundle(
        fitted.model,
        lambda files: draft.model_copy(update={"files": files, "metrics": metrics}),
        folder,
        KIND,
    )


def train_anatomy_bundle(
    config: AnatomyConfig,
    folder: Path,
    unmasked_folders: Sequence[Path],
    out: Path,
    *,
    checkpoints: Path,
    version: str,
    verbose: int = 1,
) -> AnatomyCard:
    """Load the data, fit, measure and write the bundle.

    Parameters
    ----------
    config : AnatomyConfig
    folder : Path
        See `hilum.training.anatomy_data.find_masked_samples`.
    unmasked_folders : sequence of Path
        Upright films without masks, which teach orientation and inversion.
    out, checkpoints : Path
    version : str
    verbose : int

    Returns
    -------
    AnatomyCard
    """
    parts = split_samples(folder, config)
    how = config.preprocessing
    paths = find_unmasked(unmasked_folders, at_most=config.unmasked_at_most, seed=config.seed)
    fitted = fit_anatomy(
        config,
        load_masked(parts["train"], how),
        load_masked(parts["validation"], how),
        load_pictures(paths, how),
        checkpoints=checkpoints,
        verbose=verbose,
    )
    return make_anatomy_bundle(fitted, parts, config, out, version=version)
