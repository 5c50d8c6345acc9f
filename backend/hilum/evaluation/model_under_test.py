"""Model under test, which reads as the service does."""

from dataclasses import dataclass

from hilum.errors import BundleError
from hilum.evaluation.figures.outcomes import Answer, Read
from hilum.imaging import DecodeLimits
from hilum.models import Reader, Screener, read_file
from hilum.models.card import Card
from hilum.models.operating_point import Points
from hilum.models.reading_models import ReadingModels
from hilum.models.suitability_words import coded_reasons
from hilum.words.catalogue import load_catalogue


@dataclass(frozen=True, slots=True, eq=False)
class ModelUnderTest:
    """A model to be measured.

    Attributes
    ----------
    sha256 : str
        Of its weights.
    read : callable
        Reads a file as the service does; see `Read`.
    """

    card: Card
    sha256: str
    read: Read


def model_under_test(
    reader: Reader,
    screener: Screener | None,
    *,
    limits: DecodeLimits | None = None,
    points: Points | None = None,
) -> ModelUnderTest:
    """A model that decodes, screens and reads as the service does when forced to read.

    Parameters
    ----------
    screener : Screener or None
        None: images are read without screening, and none is rejected.
    limits : DecodeLimits, optional
    points : mapping of Finding to OperatingPoint, optional
        Operating points to evaluate; default: those of the card.

    Raises
    ------
    BundleError
        The model reads the lung field, and there is no screener to find it.
    """
    if reader.reads_lung_field and screener is None:
        raise BundleError(f"Model {reader.card.name!r} reads the lung field: it needs anatomy.")

    models = ReadingModels.of(reader, screener, points)

    def read(content: bytes) -> Answer:
        found = read_file(content, models, is_forced=True, limits=limits)
        reasons = (
            coded_reasons(found.screening.suitability, load_catalogue()) if found.screening else ()
        )
        return Answer(found.reading, " ".join(words for _, words in reasons))

    card = reader.card
    if points:
        tasks = tuple(
            task.model_copy(
                update={"operating_point": points.get(task.finding, task.operating_point)}
            )
            for task in card.tasks
        )
        card = card.model_copy(update={"tasks": tasks})
    return ModelUnderTest(card, reader.bundle.sha256, read)
