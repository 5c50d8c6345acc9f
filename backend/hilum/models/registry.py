"""Registry of models: all bundles below one folder, loaded or with the reason why not."""

import logging
import math
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TypeVar

from hilum.errors import BundleError, UnknownModelError
from hilum.models.anatomy import AnatomyCard, AnatomyReader
from hilum.models.bundle import CARD_FILE, load_bundle, load_bundle_of
from hilum.models.card import ALL, AUTOMATIC, BundleCard
from hilum.models.reader import Reader
from hilum.models.runtime import RuntimeName
from hilum.models.screening import Screener
from hilum.models.site_profile import SiteProfile, load_site_profile

logger = logging.getLogger(__name__)

ANATOMY = "anatomy"
"""Name of the bundle that measures; it reads no findings, and is not among the models."""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A bundle that could not be loaded, and why."""

    name: str
    reason: str


class Registry:
    """The readers of all bundles below a folder.

    Parameters
    ----------
    folder : Path
        Each folder in it that holds a card is a bundle, and is named by its folder: ``name``, or
        ``name@version`` where there are several versions.
    default : str
        Name of the model that reads if none is requested, or ``auto`` or ``all``; see
        `hilum.models.reading_models.ReadingModels`.
    site_profiles : sequence of Path
        Each for one bundle; see `hilum.models.site_profile`. A bundle is unavailable if a profile
        is for another version of it; all are if a profile cannot be used for another reason.
    in_background : bool
        Load the models in a thread. Access to any model waits until all are loaded.
    """

    def __init__(
        self,
        folder: Path,
        *,
        default: str,
        runtime: RuntimeName,
        site_profiles: Sequence[Path] = (),
        in_background: bool = False,
    ) -> None:
        self.default = default
        self._all: Future[_All] = Future()
        load = partial(_load, self._all, folder, default, runtime, site_profiles)
        if in_background:
            Thread(target=load, name="models", daemon=True).start()
        else:
            load()
            self.wait()

    def wait(self) -> None:
        """Wait until the models are loaded; raises the error if loading failed."""
        self._all.result()

    @property
    def _models(self) -> dict[str, Reader | Unavailable]:
        return self._all.result().models

    @property
    def _readers(self) -> list[Reader]:
        return [each for each in self._models.values() if isinstance(each, Reader)]

    @property
    def _anatomy(self) -> AnatomyReader | Unavailable:
        return self._all.result().anatomy

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the default first; else those of fewest findings first."""
        return tuple(self._models)

    @property
    def by_address(self) -> list[tuple[str, Reader | Unavailable]]:
        """All models with their unique addresses, the default first.

        That is ``name@version`` where several share a name, else the name of the folder.
        """
        names = Counter(each.card.name for each in self._readers)

        def address(folder: str, entry: Reader | Unavailable) -> str:
            if isinstance(entry, Reader) and names[entry.card.name] > 1:
                return _versioned(entry.card)
            return folder

        return [(address(folder, entry), entry) for folder, entry in self._models.items()]

    def readers(self) -> list[Reader]:
        """The usable models in the order of `names`, of several versions the one named by `name`.

        Raises
        ------
        BundleError
            There is none.
        """
        usable: dict[str, Reader] = {}
        for folder, entry in self._models.items():
            if isinstance(entry, Reader) and (
                folder == entry.card.name or entry.card.name not in usable
            ):
                usable[entry.card.name] = entry
        if not usable:
            reasons = [
                each.reason for each in self._models.values() if isinstance(each, Unavailable)
            ]
            raise BundleError(" ".join(reasons) or "There is no model: the folder has no bundle.")
        return list(usable.values())

    def entry(self, name: str | None = None) -> Reader | Unavailable:
        """The named model (``name`` or ``name@version``), or the first of `names`.

        Raises
        ------
        UnknownModelError
            There is no bundle of that name and version.
        """
        wanted = name or next(iter(self._models), self.default)
        found = self._models.get(wanted)
        if isinstance(found, Reader):
            return found
        for each in self._readers:
            # With a site profile by the bundle's version, too.
            if wanted in {_versioned(each.card), _versioned(each.bundle.card)}:
                return each
        if found is not None:
            return found
        raise UnknownModelError(wanted, self.names)

    def reader(self, name: str | None = None) -> Reader:
        """The named model's reader, or that of the first of `names`.

        Raises
        ------
        UnknownModelError
            There is no bundle of that name.
        BundleError
            There is, but it could not be loaded.
        """
        entry = self.entry(name)
        if isinstance(entry, Unavailable):
            raise BundleError(entry.reason)
        return entry

    @property
    def anatomy_entry(self) -> AnatomyReader | Unavailable:
        """The reader of anatomy, or why there is none."""
        return self._anatomy

    def anatomy(self) -> AnatomyReader:
        """The reader of anatomy.

        Raises
        ------
        BundleError
            Its bundle could not be loaded.
        """
        if isinstance(self._anatomy, Unavailable):
            raise BundleError(self._anatomy.reason)
        return self._anatomy

    def screener(self, *, needed: bool) -> Screener | None:
        """Screener for images before they are read; None without an anatomy bundle.

        Raises
        ------
        BundleError
            It is needed, and there is no usable anatomy bundle.
        """
        if needed or isinstance(self._anatomy, AnatomyReader):
            return Screener(self.anatomy())
        return None


@dataclass(frozen=True, slots=True)
class _All:
    models: dict[str, Reader | Unavailable]
    anatomy: AnatomyReader | Unavailable


def _load(
    into: Future[_All],
    folder: Path,
    default: str,
    runtime: RuntimeName,
    site_profiles: Sequence[Path],
) -> None:
    try:
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
        into.set_result(_All(models, anatomy))
    except BaseException as exc:
        # Raised where they are asked for.
        into.set_exception(exc)


def _decisions(named: tuple[str, Reader | Unavailable]) -> tuple[float, str]:
    """Number of decisions of a model, to sort by; a usable one comes first."""
    name, entry = named
    return (len(entry.card.tasks) if isinstance(entry, Reader) else math.inf, name)


def _refuse_copies(models: dict[str, Reader | Unavailable]) -> None:
    """Keep one bundle of each name and version, which identify the model in readings."""
    folders: dict[str, str] = {}
    for name, entry in models.items():
        if isinstance(entry, Reader):
            first = folders.setdefault(_versioned(entry.card), name)
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
    if name not in {reader.card.name, _versioned(reader.card)}:
        return Unavailable(
            name,
            f"The bundle in folder {name!r} is of model {reader.card.name!r}, version "
            f"{reader.card.version}. Name the folder {reader.card.name} or "
            f"{_versioned(reader.card)}.",
        )
    reader.warm()
    if isinstance(reader, Reader) and not reader.card.shows_evidence:
        logger.warning("Model %r has no evidence layer. Export it again.", name)
    return reader


def _versioned(card: BundleCard) -> str:
    return f"{card.name}@{card.version}"
