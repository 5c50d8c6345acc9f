"""What a model answers for phantoms that are shipped, as its card states it."""

from pydantic import Field

from hilum.models.measured import CardPart


class Expected(CardPart):
    """A quantity, and how far from it an installation may come."""

    value: float
    tolerance: float = Field(ge=0)


class VerifiedPhantom(CardPart):
    """What a model answers for one phantom.

    Attributes
    ----------
    name : str
        Of `hilum.models.phantoms.PHANTOMS`, which also says how it was drawn.
    sha256 : str
        Of the file that was read.
    opacity : str or None
        See `hilum.imaging.phantom.draw_phantom`.
    display : str
        What was done with the drawn picture: see `hilum.models.phantoms.Phantom`.
    """

    name: str
    sha256: str
    rows: int
    columns: int
    seed: int
    opacity: str | None
    display: str
    quantities: dict[str, Expected]


class Verification(CardPart):
    """What a model answers for all of them.

    Attributes
    ----------
    anatomy_sha256 : str or None
        Hash of the anatomy model that found the lung field, for a model that reads it.
    """

    anatomy_sha256: str | None = None
    phantoms: tuple[VerifiedPhantom, ...]
