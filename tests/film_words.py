"""What is said of a film, for tests of what is found out about it."""

from hilum.imaging import Radiograph
from hilum.imaging.film_warning import film_words
from hilum.words.catalogue import load_catalogue


def words_of(radiograph: Radiograph) -> list[str]:
    """The warnings of a radiograph in English."""
    return film_words(radiograph.warnings, load_catalogue())
