"""Loading of all bundles below one folder: each model, or the reason why it is unavailable."""

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from hilum.errors import BundleError
from hilum.models.anatomy import AnatomyCard, AnatomyReader
from hilum.models.bundle import CARD_FILE, load_bundle, load_bundle_of
from hilum.models.card import ALL, AUTOMATIC, BundleCard
from hilum.models.reader import Reader
from hilum.models.runtime import RuntimeName
from hilum.models.site_profile import SiteProfile, load_site_profile

logger = logging.getLogger(__name__)

ANATOMY = "anatomy"
"""Name of the bundle that measures; it reads no findings, and is not among the models."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A bundle that could not be loaded, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """All models of a folder."""

    models: dict[str, Reader | Unavailable]
    anatomy: AnatomyReader | Unavailable


def load_models(
    folder: Path, *, default: str, runtime: RuntimeName, site_profiles: Sequence[Path]
) -> Loaded:
    """Load the bundles of a folder; parameters as of `hilum.models.registry.Registry`."""
    names = sorted(path.parent.name for path in folder.glob(f"*/{CARD_FILE}"))
    models = {
        name: _loaded(name, partial(_reader, folder / name, runtime))
        for name in {default: None, **dict.fromkeys(names)}
        if name not in (ANATOMY, AUTOMATIC, ALL)
    }
    if default in (AUTOMATIC, ALL):
        models = dict(sorted(models.items(), key=_decisions))
    _refuse_copies(models)
    _put_profiles(models, site_profiles)
    anatomy = _loaded(
        ANATOMY, lambda: AnatomyReader(load_bundle_of(AnatomyCard, folder / ANATOMY), runtime)
    )
    return Loaded(models, anatomy)


def _decisions(named: tuple[str, Reader | Unavailable]) -> tuple[float, str]:
    """Number of decisions of a model, to sort by; a usable one comes first."""
    name, entry = named
    return (len(entry.card.tasks) if isinstance(entry, Reader) else math.inf, name)


def _refuse_copies(models: dict[str, Reader | Unavailable]) -> None:
    """Keep one bundle of each name and version, which identify the model in readings."""
    folders: dict[str, str] = {}
    for name, entry in models.items():
        if isinstance(entry, Reader):
            first = folders.setdefault(versioned(entry.card), name)
            if first != name:
                reason = (
                    f"The bundles in folders {first!r} and {name!r} are both of model "
                    f"{entry.card.name!r}, version {entry.card.version}. Remove one of them."
                )
                models[name] = Unavailable(name, reason)


def _put_profiles(models: dict[str, Reader | Unavailable], paths: Sequence[Path]) -> None:
    """Give models their site profiles.

    If a profile cannot be used, the models that it may be for are unavailable: without it they
    would answer with another calibration than the site asked for.
    """
    for path in paths:
        for_any = list(models)
        try:
            profile = load_site_profile(path)
            names = [name for name in models if name.partition("@")[0] == profile.model]
            for_any = names or for_any
            _put_profile(models, names, profile)
        except BundleError as exc:
            models.update({name: Unavailable(name, str(exc)) for name in for_any})


def _put_profile(
    models: dict[str, Reader | Unavailable], names: Sequence[str], profile: SiteProfile
) -> None:
    if not names:
        raise BundleError(
            f"The site profile of {profile.site!r} is for model {profile.model!r}, which is not "
            f"among the models. Known models: {', '.join(models)}."
        )
    readers = {name: entry for name in names if isinstance(entry := models[name], Reader)}
    fitting = {n: each for n, each in readers.items() if profile.fits(each.bundle)}
    for name, reader in (fitting or readers).items():
        if reader.card.site is not None:
            raise BundleError(
                f"Two site profiles are for model {name!r}: of {reader.card.site.name!r} and of "
                f"{profile.site!r}. Remove one of them."
            )
        models[name] = reader.at_site(profile)


def _reader(folder: Path, runtime: RuntimeName) -> Reader:
    return Reader(load_bundle(folder), runtime)


R = TypeVar("R", Reader, AnatomyReader)


def _loaded(name: str, load: Callable[[], R]) -> R | Unavailable:
    try:
        reader = load()
    except BundleError as exc:
        return Unavailable(name, str(exc))
    if name not in {reader.card.name, versioned(reader.card)}:
        return Unavailable(
            name,
            f"The bundle in folder {name!r} is of model {reader.card.name!r}, version "
            f"{reader.card.version}. Name the folder {reader.card.name} or "
            f"{versioned(reader.card)}.",
        )
    if isinstance(reader, Reader) and not reader.card.shows_evidence:
        logger.warning("Model %r has no evidence layer. Export it again.", name)
    return reader


def versioned(card: BundleCard) -> str:
    """``name@version``, which identifies a model in readings."""
    return f"{card.name}@{card.version}"
