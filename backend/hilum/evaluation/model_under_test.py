"""A model as the check reads with it: the way the service does."""

from dataclasses import dataclass

from hilum.errors import BundleError
from hilum.evaluation.figures.outcomes import Answer, Read
from hilum.imaging import DecodeLimits
from hilum.models import Reader, Screener, read_file
from hilum.models.card import Card, OperatingPoint
from hilum.models.suitability_words import coded_reasons
from hilum.words.catalogue import load_catalogue


@dataclass(frozen=True, slots=True, eq=False)
class ModelUnderTest:
    """A model to be measured.

    Attributes
    ----------
    card : Card
    sha256 : str
        Of its weights.
    read : callable
        Reads a file the way the service does; see `Read`.
    """

    card: Card
    sha256: str
    read: Read


def model_under_test(
    reader: Reader,
    screener: Screener | None,
    *,
    limits: DecodeLimits | None = None,
    point: OperatingPoint | None = None,
) -> ModelUnderTest:
    """A model that decodes, screens and reads as the service does when forced to read.

    Parameters
    ----------
    reader : Reader
    screener : Screener or None
        None: nothing is looked at before it is read, and nothing is refused.
    limits : DecodeLimits, optional
    point : OperatingPoint, optional
        To measure at; the card's own where none is given.

    Returns
    -------
    ModelUnderTest

    Raises
    ------
    BundleError
        The model reads the lung field, and there is no screener to find it.
    """
    if reader.reads_lung_field and screener is None:
        raise BundleError(f"Model {reader.card.name!r} reads the lung field: it needs anatomy.")

    def read(content: bytes) -> Answer:
        found = read_file(content, reader, screener, point=point, is_forced=True, limits=limits)
        reasons = (
            coded_reasons(found.screening.suitability, load_catalogue()) if found.screening else ()
        )
        return Answer(found.reading, " ".join(words for _, words in reasons))

    card = reader.card
    if point is not None:
        points = {**card.operating_points, card.target: point}
        card = card.model_copy(update={"operating_points": points})
    return ModelUnderTest(card, reader.bundle.sha256, read)
