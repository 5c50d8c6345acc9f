"""Display names of figures, from the catalogue of texts."""

from hilum.evaluation.figures.decided import NAMES
from hilum.words.catalogue import load_catalogue


def figure_words() -> dict[str, str]:
    """Display name of each figure, in the order of tables."""
    words = load_catalogue()
    return {name: words.say(f"figure.{name}") for name in NAMES}
