"""Text on header values that the results do not carry over unchanged."""

from hilum.reporting.facts import Facts
from hilum.reporting.sentences import Sentence
from hilum.words.catalogue import Catalogue

_MOST_NAMES = 8


def header_words(facts: Facts, words: Catalogue) -> list[Sentence]:
    """Which elements results leave out, and which UIDs break a rule of DICOM; never a value."""
    names = {
        "header.left_out": facts.header_left_out,
        "header.invalid_uids": facts.invalid_uids,
    }
    return [
        Sentence(name, words.say(name, names=_listed(keywords, words)))
        for name, keywords in names.items()
        if keywords
    ]


def _listed(keywords: tuple[str, ...], words: Catalogue) -> str:
    """The first of them, so that the sentence stays on its page; all are in the figures."""
    named, more = list(keywords[:_MOST_NAMES]), len(keywords) - _MOST_NAMES
    return words.listed(named + ([words.say("header.more", count=more)] if more > 0 else []))
