"""Expected answers of a model for the shipped phantoms, as stored in its card."""

from pydantic import Field

from hilum.models.measured import CardPart


class Expected(CardPart):
    """Expected value of a quantity, and its tolerance."""

    value: float
    tolerance: float = Field(ge=0)


class VerifiedPhantom(CardPart):
    """Expected answers of a model for one phantom.

    Attributes
    ----------
    name : str
        Name in `hilum.models.phantoms.PHANTOMS`, which also describes how it is drawn.
    sha256 : str
        Hash of the file.
    opacity : str or None
        See `hilum.imaging.phantom.draw_phantom`.
    display : str
        Change of the drawn image; see `hilum.models.phantoms.Phantom`.
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
    """Expected answers of a model for all shipped phantoms.

    Attributes
    ----------
    anatomy_sha256 : str or None
        Hash of the anatomy model used, for models that read the lung field.
    """

    anatomy_sha256: str | None = None
    phantoms: tuple[VerifiedPhantom, ...]
