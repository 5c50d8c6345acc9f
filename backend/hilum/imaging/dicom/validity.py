"""Validity of element values: representation and meaning."""

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from pydicom import DataElement, Dataset
from pydicom.datadict import dictionary_VM, dictionary_VR, keyword_for_tag
from pydicom.dataelem import RawDataElement
from pydicom.tag import BaseTag
from pydicom.valuerep import PersonName

from hilum.imaging.dicom.damage import DAMAGE
from hilum.imaging.orientation import is_direction

_LONGEST_UID = 64
_UID = re.compile(r"[0-9]+(\.[0-9]+)*")
_VALID_UID = re.compile(r"(?=.*[1-9])[012](\.(0|[1-9][0-9]*))+")

_AGE = re.compile(r"[0-9]{3}[DWMY]")
_CODE = re.compile(r"[A-Z0-9 _]{1,16}")
_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(E[+-]?[0-9]+)?", re.IGNORECASE)
_INTEGER = re.compile(r"[+-]?[0-9]{1,11}")
# Without leap seconds: PS3.5 has them, but validators and most readers refuse them.
_TIME = re.compile(r"([01][0-9]|2[0-3])([0-5][0-9]([0-5][0-9](\.[0-9]{1,6})?)?)?")
# From -1200 to +1400, and not -0000 (PS3.5 6.2).
_OFFSET = re.compile(
    r"(.*?)(-(?!0000)(0[0-9]|1[01])[0-5][0-9]|-1200|\+(0[0-9]|1[0-3])[0-5][0-9]|\+1400)?"
)
# Characters of RFC 3986; what is relative begins with no scheme.
_URI = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+")
# Years that a film and a birth can be of: others stand for "unknown", such as 0001 and 9999.
_YEARS = range(1850, 2201)
_LONGEST_NUMBER = 16
_LONGEST_CODE = 16
_LONGEST_GROUP, _MOST_GROUPS, _MOST_COMPONENTS = 64, 3, 5
_UNDECODABLE = "\N{REPLACEMENT CHARACTER}"
# Without tabs: PS3.5 has them in texts, but validators refuse them.
_LAYOUT = "\n\f\r"

# Enumerated values (PS3.3), where an object with another one is not valid.
_ENUMERATED = {
    "BurnedInAnnotation": ("YES", "NO"),
    "LossyImageCompression": ("00", "01"),
    "PatientIdentityRemoved": ("YES", "NO"),
    "PatientSex": ("M", "F", "O"),
    "TypeOfPatientID": ("TEXT", "RFID", "BARCODE"),
    "UniversalEntityIDType": ("DNS", "EUI64", "ISO", "URI", "UUID", "X400", "X500"),
}
# Lengths and weights: zero is what devices write that do not know them.
_POSITIVE = (
    "ImagerPixelSpacing", "LossyImageCompressionRatio", "PatientSize", "PatientWeight",
)  # fmt: skip


def is_encodable_uid(text: str) -> bool:
    """Whether a UID can be written as one, be it not valid.

    A component that begins with a zero breaks the standard's rule, but the UID identifies the
    object nevertheless: it is passed on unchanged, so that results join their study.
    """
    return len(text) <= _LONGEST_UID and _UID.fullmatch(text) is not None


def is_valid_uid(text: str) -> bool:
    """Whether a UID keeps the rules of PS3.5 9.1: its root, and no component with leading zeros."""
    return is_encodable_uid(text) and _VALID_UID.fullmatch(text) is not None


def valid_element(dataset: Dataset, tag: BaseTag) -> DataElement | None:
    """An element with valid values, in the representation given by PS3.6.

    The bytes of an element of another representation, such as UN, are read anew in that one.
    Modality is in capitals.

    Parameters
    ----------
    tag : BaseTag
        Of an element that it has.

    Returns
    -------
    DataElement or None
        None where it is not valid. Items of sequences are not looked at.
    """
    try:
        element = _in_representation(dataset, tag, dictionary_VR(tag))
        representation = element.VR
        if element.VR == "SQ" or element.is_empty:
            return element
        values = [element.value] if element.VM == 1 else list(element.value)
        if representation == "PN":
            # Anew: it is encoded in the character set of the object that it is written to.
            values = [PersonName(str(each)) for each in values]
        keyword = keyword_for_tag(tag)
        if representation == "CS":
            # Spaces at either end have no meaning (PS3.5 6.2).
            values = [str(each).strip() for each in values]
        if keyword == "Modality":
            values = [each.upper() for each in values]
        is_valid = _has_multiplicity(len(values), dictionary_VM(tag)) and _means(keyword, values)
        if not is_valid or not all(_CHECKS.get(representation, _any)(each) for each in values):
            return None
        return DataElement(tag, representation, values if len(values) > 1 else values[0])
    except (*DAMAGE, NotImplementedError):
        return None


def _in_representation(dataset: Dataset, tag: BaseTag, representation: str) -> DataElement:
    """The element, its bytes read in the representation of the dictionary."""
    found = dataset.get_item(tag)
    # Of some elements the dictionary says "US or SS": the file tells which.
    is_known = "or" in representation or found.VR in {representation, None}
    if isinstance(found, RawDataElement) and not is_known:
        if found.VR == "SQ" or (representation == "SQ" and found.VR != "UN"):
            raise ValueError
        # What is written as UN is in implicit little endian, whatever the file is (PS3.5 6.2.2).
        is_unknown = found.VR == "UN"
        dataset[tag] = found._replace(
            VR=representation,
            is_implicit_VR=found.is_implicit_VR or is_unknown,
            is_little_endian=found.is_little_endian or is_unknown,
        )
    element = dataset[tag]
    if element.VR not in representation.split(" or "):
        raise ValueError
    return element


def _has_multiplicity(count: int, allowed: str) -> bool:
    """Whether so many values are allowed, such as by ``1``, ``2`` or ``1-n`` (PS3.6)."""
    least, _, most = allowed.partition("-")
    return count >= int(least) and (
        count <= int(most or least) if (most or least).isdecimal() else True
    )


def _means(keyword: str, values: list[Any]) -> bool:
    """Whether the values are among those that this element can have."""
    if keyword in _ENUMERATED:
        return all(str(each) in _ENUMERATED[keyword] for each in values)
    if keyword == "Modality":
        return all(" " not in each for each in values)
    if keyword == "PatientOrientation":
        return all(is_direction(str(each)) for each in values)
    if keyword == "LongCodeValue":
        return all(len(str(each).strip()) > _LONGEST_CODE for each in values)
    if keyword == "URNCodeValue":
        return all(_SCHEME.fullmatch(str(each)) for each in values)
    if keyword in _POSITIVE:
        return all(float(each) > 0 for each in values)
    return True


def _any(_value: object) -> bool:
    return True


def _pattern(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: pattern.fullmatch(str(value)) is not None


def _is_finite(value: Any) -> bool:
    return math.isfinite(float(value))


def _is_decimal(value: object) -> bool:
    text = str(value)
    return (
        len(text) <= _LONGEST_NUMBER
        and _DECIMAL.fullmatch(text) is not None
        and math.isfinite(float(text))
    )


def _text(longest: int | None, allowed: str = "") -> Callable[[object], bool]:
    """Characters that can be decoded and printed."""

    def check(value: object) -> bool:
        text = str(value)
        return (longest is None or len(text) <= longest) and not any(
            each == _UNDECODABLE or (unicodedata.category(each) == "Cc" and each not in allowed)
            for each in text
        )

    return check


def _is_name(value: object) -> bool:
    groups = str(value).split("=")
    return len(groups) <= _MOST_GROUPS and all(
        _text(_LONGEST_GROUP)(group) and group.count("^") < _MOST_COMPONENTS for group in groups
    )


def _is_date(value: object) -> bool:
    found = _DATE.fullmatch(str(value))
    if found is None:
        return False
    found_date = date(*map(int, found.groups()))  # A ValueError where no calendar has it.
    return found_date.year in _YEARS


def _is_date_time(value: object) -> bool:
    found = _OFFSET.fullmatch(str(value))
    moment = found[1] if found else ""
    day, clock = moment[:8], moment[8:]
    if found and found[2] and len(clock) < len("HHMMSS"):
        return False  # PS3.5 has it, but validators refuse it.
    if len(day) in {4, 6}:
        day += "0101"[len(day) - 4 :]
    return _is_date(day) and (not clock or _TIME.fullmatch(clock) is not None)


def _is_uid(value: object) -> bool:
    return is_encodable_uid(str(value))


_CHECKS: dict[str, Callable[[object], bool]] = {
    "AS": _pattern(_AGE),
    "CS": _pattern(_CODE),
    "DA": _is_date,
    "DS": _is_decimal,
    "DT": _is_date_time,
    "FD": _is_finite,
    "FL": _is_finite,
    "IS": _pattern(_INTEGER),
    "LO": _text(64),
    "LT": _text(10240, _LAYOUT),
    "PN": _is_name,
    "SH": _text(16),
    "ST": _text(1024, _LAYOUT),
    "TM": _pattern(_TIME),
    "UC": _text(None),
    "UI": _is_uid,
    "UR": _pattern(_URI),
    "UT": _text(None, _LAYOUT),
}
