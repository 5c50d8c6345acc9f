"""Text on left and right, and on rotated images."""

from collections.abc import Sequence

from hilum.imaging import SideDoubt
from hilum.imaging.film_warning import turned_warning
from hilum.reporting.facts import Facts
from hilum.reporting.sentences import Sentence
from hilum.words.catalogue import Catalogue


def side_cautions(facts: Facts, words: Catalogue) -> list[Sentence]:
    """Sentences on a rotation before reading, and on why no side is named."""
    degrees = facts.turned_degrees
    found = [
        Sentence("film.turned", text, {"degrees": degrees}) for text in turned_lines(degrees, words)
    ]
    if facts.side_doubts:
        said = side_lines(facts.side_doubts, words)
        if not facts.is_displayed_as_stored:
            said.append(words.say("caution.stored_otherwise"))
        found.append(Sentence("caution.sides", " ".join(said)))
    return found


def turned_lines(degrees: int, words: Catalogue) -> list[str]:
    """Note on the clockwise rotation of the image before reading; none if it was not rotated."""
    return [turned_warning(degrees).words(words)] if degrees else []


def side_lines(doubts: Sequence[SideDoubt], words: Catalogue) -> list[str]:
    """Sentences on why no side is named; none if the sides are certain."""
    return [words.say("caution.sides"), *side_doubt_words(doubts, words)] if doubts else []


def side_doubt_words(doubts: Sequence[SideDoubt], words: Catalogue) -> list[str]:
    """Why left and right are not certain, a sentence for each reason."""
    return [words.say(f"side.{doubt.value}") for doubt in doubts]
