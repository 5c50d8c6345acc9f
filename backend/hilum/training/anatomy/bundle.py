"""Make the anatomy bundle: split, fit, measure on radiographs that trained nothing, write."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hilum.datasets.organ_masks import SOURCES, MaskedSample, find_masked_samples, sample_hash
from hilum.datasets.splits import split_by_patient
from hilum.errors import DatasetError
from hilum.evaluation.anatomy.cases import measure_cases, summarise
from hilum.models.anatomy import AnatomyReader, Organ
from hilum.models.anatomy.card import AnatomyCard
from hilum.models.anatomy.reader import anatomy_outputs
from hilum.models.bundle import CARD_FILE, KERAS_FILE, load_bundle_of, sha256_of
from hilum.models.check import verification_of
from hilum.models.runtime import Outputs
from hilum.training.anatomy.films import (
    Group,
    Unmasked,
    load_masked,
    load_unmasked,
    masked_groups,
    together,
)
from hilum.training.anatomy.fit import AnatomyConfig, fit_anatomy
from hilum.training.anatomy.known_films import drawn_group, with_distances
from hilum.training.export import Kind, export_bundle
from hilum.training.resumable import Fitted


def _probabilities(_card: AnatomyCard, outputs: Outputs) -> NDArray[np.floating]:
    """Join all mask and inversion probabilities; orientation is compared by its softmax."""
    odds = np.exp(outputs["orientation"] - outputs["orientation"].max(axis=1, keepdims=True))
    turned = odds / odds.sum(axis=1, keepdims=True)
    flat = [_sigmoid(outputs[name]).ravel() for name in ("masks", "inversion")]
    return np.concatenate([*flat, turned.ravel()])


def _sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)


KIND = Kind(AnatomyCard, anatomy_outputs, _probabilities)

_LIMITS = (
    "Outlined on films of adults; children's films were only looked at.",
    "Opaque lungs, tubes and collapsed lungs are rare in its training data.",
    "The cardiothoracic ratio holds for upright PA films of adults.",
)


def split_samples(folder: Path, config: AnatomyConfig) -> dict[str, list[MaskedSample]]:
    """Split the masked radiographs by patient, the sources in equal shares."""
    shares = {"validation": config.validation_share, "test": config.test_share}
    samples = find_masked_samples(folder)
    parts = split_by_patient(
        [sample.label for sample in samples],
        [sample.patient for sample in samples],
        shares,
        seed=config.seed,
    )
    return {name: [samples[index] for index in part] for name, part in parts.items()}


def begin_from(
    start: Path, parts: dict[str, list[MaskedSample]], config: AnatomyConfig
) -> AnatomyConfig:
    """Let a run start from an earlier bundle's weights, and say so in its configuration.

    Its card may be of an earlier schema: only what it has seen counts.

    Raises
    ------
    DatasetError
        The earlier run trained on radiographs that this one is to be measured on.
    """
    card = json.loads((start / CARD_FILE).read_text(encoding="utf-8"))
    seen = set(card["training"]["seen"])
    leaked = [sample for sample in parts["test"] if sample_hash(sample) in seen]
    if leaked:
        raise DatasetError(
            f"{len(leaked)} of the test radiographs trained the bundle to start from, for example "
            f"{leaked[0].path.name}. Split with the same seed, or start from nothing."
        )
    return config.model_copy(update={"start_from": sha256_of(start / KERAS_FILE)})


_SEEN = ("train", "validation")


def make_anatomy_bundle(
    fitted: Fitted,
    parts: dict[str, list[MaskedSample]],
    groups: list[Group],
    config: AnatomyConfig,
    folder: Path,
    *,
    version: str,
) -> AnatomyCard:
    """Write the bundle, with figures on radiographs that trained nothing.

    Parameters
    ----------
    parts : mapping of str to list of MaskedSample
        As `split_samples` gives them.
    groups : list of Group
        The films that the network is to know as chest radiographs.
    """
    model, known_films = with_distances(
        fitted.model, groups, config.preprocessing, seed=config.seed
    )
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
        parameters=model.count_params(),
        training_data=tuple(source.credit for source in SOURCES),
        training={
            **fitted.described(config),
            "images": {name: len(samples) for name, samples in parts.items()},
            "seen": sorted(sample_hash(s) for name in _SEEN for s in parts[name]),
        },
        limits=_LIMITS,
        organs=tuple(Organ),
        known_films=known_films,
        metrics={},
    )

    def measured(card: AnatomyCard, made: Path) -> AnatomyCard:
        # The figures are those of the compiled network, as the service runs it.
        reader = AnatomyReader(load_bundle_of(AnatomyCard, made))
        metrics = {
            name: figures
            for split in ("validation", "test")
            for name, figures in summarise(measure_cases(reader, parts[split]), split).items()
        }
        verification = verification_of(reader, None)
        return card.model_copy(update={"metrics": metrics, "verification": verification})

    return export_bundle(
        model,
        lambda files: draft.model_copy(update={"files": files}),
        folder,
        KIND,
        measured=measured,
    )


def train_anatomy_bundle(
    config: AnatomyConfig,
    folder: Path,
    unmasked: Sequence[Unmasked],
    out: Path,
    *,
    checkpoints: Path,
    version: str,
    start: Path | None = None,
    verbose: int = 1,
) -> AnatomyCard:
    """Load the data, fit, measure and write the bundle.

    Parameters
    ----------
    folder : Path
        See `hilum.datasets.organ_masks.find_masked_samples`.
    unmasked : sequence of Unmasked
        Upright films without masks, which teach orientation, inversion, and what films are like.
    start : Path, optional
        A bundle whose weights training starts from.
    """
    parts = split_samples(folder, config)
    if start:
        config = begin_from(start, parts, config)
    how = config.preprocessing
    train = load_masked(parts["train"], how)
    groups = load_unmasked(unmasked, how, at_most=config.unmasked_at_most, seed=config.seed)
    fitted = fit_anatomy(
        config,
        train,
        load_masked(parts["validation"], how),
        together(groups, how),
        checkpoints=checkpoints,
        start=start,
        verbose=verbose,
    )
    known = [*masked_groups(parts["train"], train[0]), *groups, drawn_group(how.input_size_px)]
    return make_anatomy_bundle(fitted, parts, known, config, out, version=version)
