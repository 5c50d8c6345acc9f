"""Registry of models: all bundles below one folder, loaded or with the reason why not."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from threading import Thread

from hilum.errors import BundleError, UnknownModelError
from hilum.models.anatomy import AnatomyReader
from hilum.models.loading import Loaded, Unavailable, load_models, versioned
from hilum.models.reader import Reader
from hilum.models.runtime import RuntimeName
from hilum.models.screening import Screener


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
        self._all: Future[Loaded] = Future()

        def load() -> None:
            try:
                self._all.set_result(
                    load_models(
                        folder, default=default, runtime=runtime, site_profiles=site_profiles
                    )
                )
            except BaseException as exc:
                # Raised where they are asked for.
                self._all.set_exception(exc)

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
                return versioned(entry.card)
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
            if wanted in {versioned(each.card), versioned(each.bundle.card)}:
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
