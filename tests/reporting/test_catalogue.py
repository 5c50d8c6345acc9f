"""The words: every code has its own, every language the same fields."""

import re
import string

import pytest

from hilum.errors import LanguageError
from hilum.findings import Finding
from hilum.imaging import View
from hilum.imaging.film_warning import FilmWarningCode
from hilum.models import Decision
from hilum.models.anatomy import Organ
from hilum.models.anatomy.quality import QualityCode
from hilum.models.anatomy.ratio import RatioCaveat
from hilum.models.evidence import Region
from hilum.models.header_check import Disagreement
from hilum.models.suitability import ReasonCode
from hilum.models.verdict import SetCaution, VerdictCode
from hilum.reporting.fonts import PLAIN
from hilum.reporting.typesetting import has_glyphs
from hilum.words.catalogue import languages, load_catalogue

# What a person without training does not know, or is frightened by.
JARGON = re.compile(
    r"probab|sensitiv|specific|operating point|AUROC|radiograph|opacit|consolidat|infiltrat|"
    r"threshold|calibrat|evidence|positive|negative|severe|fatal|danger|healthy|all clear|nothing "
    r"to worry",
    re.IGNORECASE,
)


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_code_has_words():
    entries = load_catalogue("en").entries
    for prefix, codes in {
        "finding": Finding,
        "finding_plain": Finding,
        "region": Region,
        "headline": VerdictCode,
        "short": VerdictCode,
        "decision": Decision,
        "caution": SetCaution,
        "ratio.caveat": RatioCaveat,
        "reason": set(ReasonCode) - {ReasonCode.HEADER},
        "reason.header": Disagreement,
        "quality": QualityCode,
        "film": FilmWarningCode,
        "organ": Organ,
        "view": View,
    }.items():
        for code in codes:
            assert entries.get(f"{prefix}.{code.value}") or entries[f"{prefix}_{code.value}"]


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_same_names_and_fields(language):
    english, other = load_catalogue("en").entries, load_catalogue(language).entries
    assert other.keys() == english.keys()
    for name, text in english.items():
        assert _fields(other[name]) == _fields(text), name


@pytest.mark.parametrize("language", languages())
def test_the_pages_font_has_every_letter(language):
    for name, text in load_catalogue(language).entries.items():
        assert has_glyphs(text), f"{name} has letters that {PLAIN} lacks"


def test_words_for_patients_have_no_jargon_and_neither_alarm_nor_comfort():
    for name, text in load_catalogue("en").entries.items():
        if name.startswith(("patient.", "finding_plain.", "region_plain.")):
            assert not JARGON.search(text), name


def test_an_unknown_language_names_those_that_there_are():
    with pytest.raises(LanguageError, match=", ".join(languages())):
        load_catalogue("../../secret")


@pytest.mark.parametrize(
    ("share", "decimals", "expected"),
    [
        (0.0, 0, "0\u00a0%"),
        (0.004, 0, "under 1\u00a0%"),
        (0.9996, 1, "over 99.9\u00a0%"),
        (0.9994, 1, "99.9\u00a0%"),
        (1.0, 1, "100.0\u00a0%"),
        (0.0004, 1, "under 0.1\u00a0%"),
        (0.745, 1, "74.5\u00a0%"),
    ],
)
def test_shares_are_never_rounded_to_nothing_or_all(share, decimals, expected):
    assert load_catalogue("en").percent(share, decimals) == expected
