"""Values that may stay, because their kinds cannot hold text."""

import re
from typing import Final

from pydicom import DataElement
from pydicom.datadict import dictionary_has_tag, dictionary_VM
from pydicom.uid import UID

from hilum.deidentification.letters import are_letters
from hilum.deidentification.number_bounds import WHOLE_NUMBERS
from hilum.deidentification.number_lists import LISTS, MOST_FREE

TEXT: Final = frozenset({"AE", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
"""Representations of free text."""
BULK: Final = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
"""Representations of bytes."""
NUMBERS: Final = frozenset({"AT", "FD", "FL", "SL", "SS", "SV", "UL", "US", "UV"})
"""Representations of binary numbers."""

COUNTED: Final = NUMBERS | {"DS", "IS"}
"""Representations of numbers, written in text too."""

_PATTERNS = {
    "AS": r"\d{3}[DWMY]",
    "CS": r"[A-Z0-9_ ]{0,16}",
    "DA": r"\d{8}",
    "DS": r"(?=.{1,16}$)[+-]?(\d+\.?\d*|\.\d+)([Ee][+-]?\d+)?",
    "DT": r"\d{4,14}(\.\d{1,6})?([+-]\d{4})?",
    "IS": r"[+-]?\d{1,11}",
    "TM": r"\d{2,6}(\.\d{1,6})?",
    "UI": r"[0-9.]{1,64}",
}
_VALID = {vr: re.compile(pattern, re.ASCII) for vr, pattern in _PATTERNS.items()}
# Of cine pictures (PS3.3 C.7.6.6).
_FRAME_POINTER = "FrameIncrementPointer"
_WHOLE = frozenset({"SL", "SS", "SV", "UL", "US", "UV"})
# PS3.6 table A-3, which the dictionary lacks.
_CONTEXT_GROUP = re.compile(r"1\.2\.840\.10008\.6\.1\.[1-9]\d{0,3}", re.ASCII)
_RANGE = re.compile(r"(\d+)(?:-(\d*)(n?))?")

# Attributes of free text whose values are defined terms (PS3.3 C.11.1.1.2, C.24.2).
_RESCALE_TYPES = frozenset({"ED", "EDW", "HU", "HU_MOD", "MGML", "OD", "PCT", "US", "Z_EFF"})
_UNSPECIFIED = "US"
_DEFINED_TERMS = {
    "RescaleType": _RESCALE_TYPES,
    "ModalityLUTType": _RESCALE_TYPES,
    "MIMETypeOfEncapsulatedDocument": frozenset({"application/pdf", "text/XML", "model/stl"}),
}


def several(element: DataElement) -> list[object]:
    """Values of an element, which may be one or none."""
    if element.value in (None, "", b""):
        return []
    return list(element.value) if element.VM > 1 else [element.value]


def is_valid(element: DataElement) -> bool:
    """Whether a value is one of its representation (PS3.5 6.2), and no text.

    Parameters
    ----------
    element : DataElement
        Neither free text nor bytes nor a sequence.
    """
    values = several(element)
    if element.VR == "AT":
        return all(isinstance(each, int) and dictionary_has_tag(each) for each in values)
    is_text = element.keyword not in LISTS and are_letters(values)
    if element.VR in NUMBERS:
        return _is_as_many(element, len(values)) and not is_text
    valid = _VALID[element.VR]
    return all(valid.fullmatch(_written(each)) for each in values) and not is_text


def is_dispensable(element: DataElement) -> bool:
    """Whether it is a number that no picture needs and that has room for text.

    Lists have room: binary ones that may be as long as one likes, and all of more than two numbers.
    """
    if element.keyword in LISTS or element.keyword == _FRAME_POINTER:
        return False
    is_open = element.VR in NUMBERS and dictionary_VM(element.tag).endswith("n")
    is_unknown = element.VR in _WHOLE and element.keyword not in WHOLE_NUMBERS
    is_long = element.VR in COUNTED and element.VM > MOST_FREE
    return is_open or is_unknown or is_long


def _written(number_or_text: object) -> str:
    original = getattr(number_or_text, "original_string", None)
    return str(number_or_text if original is None else original).strip(" \0")


def defined_term(element: DataElement) -> DataElement | None:
    """Keep text that is a defined term, or use the term for "unspecified" if there is one.

    Parameters
    ----------
    element : DataElement
        Of free text.

    Returns
    -------
    DataElement or None
        None where free text has to go.
    """
    terms = _DEFINED_TERMS.get(element.keyword)
    if terms is None or not element.value:
        return None
    found = str(element.value).strip()
    if found not in terms:
        if _UNSPECIFIED not in terms:
            return None
        found = _UNSPECIFIED
    return DataElement(element.tag, element.VR, found)


def is_uid(uid: str) -> bool:
    """Whether these are the characters of a UID (PS3.5 9.1), leading zeros or not."""
    return _VALID["UI"].fullmatch(uid) is not None


def is_class(uid: str) -> bool:
    """Whether the standard defines a UID (PS3.6 annex A): of a class or a syntax, of no object."""
    return UID(uid).name != uid or _CONTEXT_GROUP.fullmatch(uid) is not None


def _is_as_many(element: DataElement, count: int) -> bool:
    """Whether the number of values conforms to the dictionary (PS3.6)."""
    found = _RANGE.match(dictionary_VM(element.tag))
    if count == 0 or found is None:
        return True
    least, most, is_open = found.groups()
    if most is None:
        return count == int(least)
    return int(least) <= count and (bool(is_open) or count <= int(most or least))
