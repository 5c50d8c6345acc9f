"""Items of code sequences: known codes with the dictionary's meaning, no others."""

import re
from functools import cache

from pydicom import Dataset

from hilum.imaging.dicom.elements import value

CODE_KEYWORDS = (
    "CodeValue",
    "LongCodeValue",
    "URNCodeValue",
    "CodingSchemeDesignator",
    "CodingSchemeVersion",
    "CodeMeaning",
)
"""Attributes of the Code Sequence Macro (PS3.3 table 8.8-1) that hold text."""

_UNKNOWN = ("REMOVED", "99REMOVED", "Removed")
_SCT, _SRT = "SCT", "SRT"
# Earlier designators of the SNOMED-RT codes (PS3.16 table 8-1).
_OLD_SNOMED = frozenset({_SRT, "SNM3", "99SDM"})
# Codes of SNOMED-RT that pydicom's dictionary lacks, and that are read.
_MORE = {"R-10214": "postero-anterior", "R-10228": "lateral"}
_VERSION = re.compile(r"[0-9][0-9.]{0,15}")


def has_code(dataset: Dataset) -> bool:
    """Whether a data set is an item of a code sequence."""
    return any(keyword in dataset for keyword in CODE_KEYWORDS)


def known_code(dataset: Dataset) -> Dataset:
    """Write a code again with the dictionary's meaning.

    A site's private code, scheme or meaning may reveal the identity.

    Parameters
    ----------
    dataset : Dataset
        An item that `has_code`.

    Returns
    -------
    Dataset
        The code with the dictionary's meaning, or a code that says that it was removed.
    """
    found = [_text(dataset, keyword) for keyword in ("CodeValue", "LongCodeValue")]
    code, scheme = "".join(found), _text(dataset, "CodingSchemeDesignator")
    meaning = _meaning(code, scheme)
    made = Dataset()
    if meaning is None:
        made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = _UNKNOWN
        return made
    setattr(made, "CodeValue" if found[0] else "LongCodeValue", code)
    made.CodingSchemeDesignator, made.CodeMeaning = scheme, meaning
    version = _text(dataset, "CodingSchemeVersion")
    if _VERSION.fullmatch(version):
        made.CodingSchemeVersion = version
    return made


def _text(dataset: Dataset, keyword: str) -> str:
    found = value(dataset, keyword)
    return found.strip() if isinstance(found, str) else ""


def _meaning(code: str, scheme: str) -> str | None:
    """Meaning by the dictionary, at most 64 characters of it (LO, PS3.5 6.2)."""
    if scheme in _OLD_SNOMED:
        known = _dictionary().get((_SCT, _successors().get(code, "")))
        found = known or _MORE.get(code)
    else:
        found = _dictionary().get((scheme, code))
    return found[:64] if found else None


@cache
def _dictionary() -> dict[tuple[str, str], str]:
    """Meanings by scheme and value: the codes of PS3.16."""
    # It takes a second to load.
    from pydicom.sr.codedict import codes

    return {
        (code.scheme_designator, code.value): code.meaning
        for scheme in codes.schemes()
        for code in getattr(codes, scheme).concepts.values()
    }


@cache
def _successors() -> dict[str, str]:
    """Codes of SNOMED CT by those of SNOMED-RT (PS3.16 annex O)."""
    from pydicom.sr._snomed_dict import mapping

    return dict(mapping[_SRT])
