"""Making of the anatomy bundle: split, fit, measure on test films, write."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hilum.datasets.anatomy_films import (
    AnatomyFilm,
    credits_of,
    film_hash,
    find_anatomy_films,
    split_films,
)
from hilum.errors import DatasetError
from hilum.evaluation.anatomy.measured import measured_anatomy
from hilum.models.anatomy import AnatomyReader, Organ
from hilum.models.anatomy.card import AnatomyCard
from hilum.models.anatomy.picture import PictureKind
from hilum.models.anatomy.reader import anatomy_outputs
from hilum.models.bundle import KERAS_FILE, load_bundle_of, sha256_of
from hilum.models.check import verification_of
from hilum.models.runtime import Outputs
from hilum.models.split_lists import SPLITS_FILE, read_split_lists, split_lists_text
from hilum.training.anatomy.calibrate import calibrate
from hilum.training.anatomy.films import Film, draw_phantoms, load_films
from hilum.training.anatomy.fit import AnatomyConfig, fit_anatomy
from hilum.training.export import Kind, export_bundle
from hilum.training.resumable import Fitted


def _probabilities(_card: AnatomyCard, outputs: Outputs) -> NDArray[np.floating]:
    """All probabilities as one array, with a softmax for exclusive outputs."""
    exclusive = [outputs[name] for name in ("kind", "orientation")]
    odds = [np.exp(each - each.max(axis=1, keepdims=True)) for each in exclusive]
    shares = [(each / each.sum(axis=1, keepdims=True)).ravel() for each in odds]
    each = [outputs[name].ravel() for name in ("masks", "inversion", "adult", "ap")]
    return np.concatenate([*shares, *(1 / (1 + np.exp(-logits)) for logits in each)])


KIND = Kind(AnatomyCard, anatomy_outputs, _probabilities)

_LIMITS = (
    "The heart and the inner edges of the lungs were learned on films of adults alone.",
    "Opaque lungs, tubes and collapsed lungs are rare in its training data.",
    "The cardiothoracic ratio holds for upright PA films of adults.",
    "Age was learned on children of 1 to 5 years and on adults; ages between are often unknown.",
)


@dataclass(frozen=True, slots=True, eq=False)
class AnatomyData:
    """Films by split: their labels, and the training films in memory.

    Attributes
    ----------
    loaded : mapping of str to list of Film
        Of ``train`` and ``validation``.
    """

    splits: dict[str, list[AnatomyFilm]]
    loaded: dict[str, list[Film]]


def load_data(
    data: Path, config: AnatomyConfig, *, earlier: AnatomyReader | None = None
) -> AnatomyData:
    """Find, split and load the films below a folder; see `find_anatomy_films` and `load_films`.

    Raises
    ------
    DatasetError
        `earlier` is not the bundle that the configuration names.
    """
    if (earlier.bundle.sha256 if earlier else None) != config.outlines_from:
        raise DatasetError("The model that outlines organs is not the one the configuration names.")
    shares = {"validation": config.validation_share, "test": config.test_share}
    splits = split_films(find_anatomy_films(data), shares, seed=config.seed)
    side = config.preprocessing.input_size_px
    loaded = {
        name: load_films(splits[name], side, earlier=earlier) for name in ("train", "validation")
    }
    loaded["train"] += draw_phantoms(side, films=config.phantoms)
    return AnatomyData(splits, loaded)


def begin_from(start: Path, data: AnatomyData, config: AnatomyConfig) -> AnatomyConfig:
    """Start a run from an earlier bundle's weights, and record it in the configuration.

    Raises
    ------
    DatasetError
        The earlier run trained on films that this one is to be measured on, or its bundle does
        not list its films.
    BundleError
        The bundle, or its list of films, cannot be read.
    """
    listed = read_split_lists(load_bundle_of(AnatomyCard, start))
    if listed is None:
        raise DatasetError(
            f"{start} has no {SPLITS_FILE}: which films trained it is not known. Start from "
            "nothing."
        )
    seen = listed["train"] | listed["validation"]
    leaked = [film for film in data.splits["test"] if film_hash(film.path) in seen]
    if leaked:
        raise DatasetError(
            f"{len(leaked)} of the test films trained the bundle to start from, for example "
            f"{leaked[0].path.name}. Split with the same seed, or start from nothing."
        )
    return config.model_copy(update={"start_from": sha256_of(start / KERAS_FILE)})


def make_anatomy_bundle(
    fitted: Fitted, data: AnatomyData, config: AnatomyConfig, folder: Path, *, version: str
) -> AnatomyCard:
    """Write the bundle, with figures on films that were not used for training."""
    gate, adult, ap = calibrate(fitted.model, _by_source(data), config)
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
        training_data=credits_of(data.splits["train"]),
        training={
            **fitted.described(config),
            "splits": {name: _described(films) for name, films in data.splits.items()},
        },
        limits=_LIMITS,
        organs=tuple(Organ),
        gate=gate,
        adult=adult,
        ap=ap,
        metrics={},
    )

    def measured(card: AnatomyCard, made: Path) -> AnatomyCard:
        # The figures are those of the compiled network, as the service runs it.
        reader = AnatomyReader(load_bundle_of(AnatomyCard, made))
        figures = measured_anatomy(reader, data.splits["test"], "test", seed=config.seed)
        verification = verification_of(reader, None)
        return card.model_copy(update={**figures.for_card("test"), "verification": verification})

    hashes = {
        name: sorted(film_hash(film.path) for film in films) for name, films in data.splits.items()
    }
    return export_bundle(
        fitted.model,
        lambda files: draft.model_copy(update={"files": files}),
        folder,
        KIND,
        beside={SPLITS_FILE: split_lists_text(hashes)},
        measured=measured,
    )


def train_anatomy_bundle(
    config: AnatomyConfig,
    folder: Path,
    out: Path,
    *,
    checkpoints: Path,
    version: str,
    earlier: AnatomyReader | None = None,
    start: Path | None = None,
    verbose: int = 1,
) -> AnatomyCard:
    """Load the data, fit, measure and write the bundle.

    Parameters
    ----------
    folder : Path
        See `hilum.datasets.anatomy_films.find_anatomy_films`.
    earlier : AnatomyReader, optional
        Model that outlines organs without a drawn mask; see
        `hilum.training.anatomy.films.load_films`.
    start : Path, optional
        Bundle with the weights that training starts from.
    """
    if earlier:
        config = config.model_copy(update={"outlines_from": earlier.bundle.sha256})
    data = load_data(folder, config, earlier=earlier)
    if start:
        config = begin_from(start, data, config)
    fitted = fit_anatomy(
        config,
        data.loaded["train"],
        data.loaded["validation"],
        checkpoints=checkpoints,
        start=start,
        verbose=verbose,
    )
    return make_anatomy_bundle(fitted, data, config, out, version=version)


def _by_source(data: AnatomyData) -> dict[str, list[Film]]:
    """Validation films; those of each source, and those of each other kind."""
    groups: dict[str, list[Film]] = defaultdict(list)
    for film, loaded in zip(data.splits["validation"], data.loaded["validation"], strict=True):
        is_chest = film.kind is PictureKind.FRONTAL_CHEST
        groups[film.source if is_chest else film.kind.value].append(loaded)
    return dict(groups)


def _described(films: Sequence[AnatomyFilm]) -> dict[str, Any]:
    groups: dict[str, int] = defaultdict(int)
    for film in films:
        groups[film.stratum] += 1
    return {
        "images": len(films),
        "patients": len({(film.dataset, film.patient) for film in films}),
        "groups": dict(sorted(groups.items())),
    }
