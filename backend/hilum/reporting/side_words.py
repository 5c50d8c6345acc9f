"""What a reading says of left and right, and of a picture that was turned."""

from collections.abc import Iterable

from hilum.imaging import SideDoubt
from hilum.reporting.catalogue import Catalogue
from hilum.reporting.facts import Facts
from hilum.reporting.sentences import Sentence


def side_cautions(facts: Facts, words: Catalogue) -> list[Sentence]:
    """That the picture was turned before reading, and why no side is named."""
    found = []
    degrees = facts.turned_degrees
    if degrees:
        name = "caution.turned" if degrees == 180 else "caution.turned_clockwise"
        text = words.say(name, degrees=degrees)
        found.append(Sentence(name, text, {"degrees": degrees}))
    if facts.side_doubts:
        name = "caution.sides"
        reasons = " ".join(side_doubt_words(facts.side_doubts, words))
        found.append(Sentence(name, words.say(name, reasons=reasons)))
    return found


def side_doubt_words(doubts: Iterable[SideDoubt], words: Catalogue) -> list[str]:
    """Why left and right are not certain, a sentence for each reason."""
    return [words.say(f"side.{doubt.value}") for doubt in doubts]
