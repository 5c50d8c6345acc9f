"""Models and operating points for a film, and the screening before them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from hilum.errors import ModelChoiceError
from hilum.imaging import Radiograph
from hilum.models.anatomy import Anatomy
from hilum.models.card import ALL, AUTOMATIC
from hilum.models.operating_point import Points, choose_operating_points
from hilum.models.reader import Reader
from hilum.models.registry import Registry
from hilum.models.screening import Screener
from hilum.models.selection import Selection, select

Models = tuple[tuple[Reader, Points], ...]


@dataclass(frozen=True, slots=True)
class ReadingModels:
    """Models that read a film.

    Attributes
    ----------
    models : tuple of (Reader, mapping of Finding to OperatingPoint)
        The main one first; each decides at its points, and at its card's own where none is given.
    screener : Screener or None
        Needed by models that read the lung field.
    is_automatic : bool
        Only those read a film that are meant for its patient; see `hilum.models.selection`.
    """

    models: Models
    screener: Screener | None
    is_automatic: bool = False

    @classmethod
    def of(cls, reader: Reader, screener: Screener | None, points: Points | None = None) -> Self:
        """One model alone."""
        return cls(((reader, points or {}),), screener)

    @classmethod
    def choose(
        cls, registry: Registry, names: Sequence[str] = (), operating_points: Sequence[str] = ()
    ) -> Self:
        """Find the requested models.

        Parameters
        ----------
        names : sequence of str
            Each ``name`` or ``name@version``, the main model first; or ``auto``, by the patient's
            age, or ``all``; empty for the default.
        operating_points : sequence of str
            See `hilum.models.operating_point.choose_operating_points`. One that names a finding is
            for the models that decide on it; the others are for all models.

        Raises
        ------
        UnknownModelError
            There is no model of a name.
        ModelChoiceError
            A model is named twice, or ``auto`` or ``all`` is among other names.
        BundleError
            A model could not be loaded; or it needs an anatomy bundle, and there is none.
        OperatingPointError
            An operating point is not understood, or cannot be found.
        """
        wanted = tuple(names) or (registry.default,)
        readers = _readers(registry, wanted)
        codes = [{task.finding.value for task in reader.card.tasks} for reader in readers]
        of_any = set().union(*codes)
        models = []
        for reader, own in zip(readers, codes, strict=True):
            asked = [each for each in operating_points if _code(each) not in of_any - own]
            models.append((reader, choose_operating_points(reader.card, asked)))
        needed = any(reader.reads_lung_field for reader in readers)
        return cls(tuple(models), registry.screener(needed=needed), wanted == (AUTOMATIC,))

    def for_film(
        self, radiograph: Radiograph, anatomy: Anatomy | None
    ) -> tuple[Models, Selection | None]:
        """The models that read a film, and why these; None if they do not depend on the film."""
        if not self.is_automatic:
            return self.models, None
        selection = select([reader.card for reader, _ in self.models], radiograph, anatomy)
        by_card = {id(reader.card): (reader, points) for reader, points in self.models}
        return tuple(by_card[id(card)] for card in selection.cards), selection


def _readers(registry: Registry, names: Sequence[str]) -> list[Reader]:
    for choice in (AUTOMATIC, ALL):
        if choice in names and len(names) > 1:
            raise ModelChoiceError(f"{choice!r} stands for several models. Name no other with it.")
    if names[0] in (AUTOMATIC, ALL):
        return registry.readers()
    readers = [registry.reader(name) for name in names]
    # By name and by name@version it is the same.
    times = Counter(id(reader) for reader in readers)
    twice = [name for name, reader in zip(names, readers, strict=True) if times[id(reader)] > 1]
    if twice:
        raise ModelChoiceError(
            f"A model is named more than once: {', '.join(twice)}. Name each model once."
        )
    return readers


def _code(asked: str) -> str:
    return asked.strip().lower().partition(":")[0]
