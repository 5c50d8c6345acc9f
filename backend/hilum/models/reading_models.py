"""Models and operating points for a film, and the screening before them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from hilum.models.operating_point import Points, choose_operating_points
from hilum.models.reader import Reader
from hilum.models.registry import Registry
from hilum.models.screening import Screener


@dataclass(frozen=True, slots=True)
class ReadingModels:
    """Models that read a film.

    Attributes
    ----------
    models : tuple of (Reader, mapping of Finding to OperatingPoint)
        The main one first; each decides at its points, and at its card's own where none is given.
    screener : Screener or None
        Needed by models that read the lung field.
    """

    models: tuple[tuple[Reader, Points], ...]
    screener: Screener | None

    @property
    def main(self) -> Reader:
        """The reader of the main model."""
        return self.models[0][0]

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
            Each ``name`` or ``name@version``, the main model first; empty for the default.
        operating_points : sequence of str
            See `hilum.models.operating_point.choose_operating_points`. One that names a finding is
            for the models that decide on it; the others are for all models.

        Raises
        ------
        UnknownModelError
            There is no model of a name.
        BundleError
            There is, but it could not be loaded; or it needs an anatomy bundle, and there is none.
        OperatingPointError
            An operating point is not understood, or cannot be found.
        """
        readers = [registry.reader(name) for name in names] or [registry.reader()]
        # By name and by name@version it is the same.
        readers = list({id(reader): reader for reader in readers}.values())
        codes = [{task.finding.value for task in reader.card.tasks} for reader in readers]
        of_any = set().union(*codes)
        models = []
        for reader, own in zip(readers, codes, strict=True):
            asked = [each for each in operating_points if _code(each) not in of_any - own]
            models.append((reader, choose_operating_points(reader.card, asked)))
        needed = any(reader.reads_lung_field for reader in readers)
        return cls(tuple(models), registry.screener(needed=needed))


def _code(asked: str) -> str:
    return asked.strip().lower().partition(":")[0]
