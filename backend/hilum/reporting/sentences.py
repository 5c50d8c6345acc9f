"""A sentence, and the figures that it states."""

from dataclasses import dataclass, field

from hilum.findings import Finding
from hilum.words.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or a few that belong together.

    Attributes
    ----------
    name : str
        Of its entry in the catalogue.
    figures : mapping of str to float
        The figures in it.
    """

    name: str
    text: str
    figures: dict[str, float] = field(default_factory=dict)


def plain(name: str, words: Catalogue) -> Sentence:
    """A sentence that has no figures."""
    return Sentence(name, words.say(name))


def sentence_case(text: str) -> str:
    """The text with a capital first letter."""
    return f"{text[:1].upper()}{text[1:]}"


def finding_words(finding: Finding, words: Catalogue) -> str:
    """A finding in words, to begin a line with."""
    return sentence_case(words.say(f"finding.{finding.value}"))
