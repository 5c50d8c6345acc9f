"""Queries of a QIDO-RS search (PS3.18 8.3.4 and 10.6.1)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydicom.datadict import dictionary_VR, tag_for_keyword

from hilum.errors import HilumError

STUDY, SERIES, INSTANCE = "0020000D", "0020000E", "00080018"

_MOST_RESULTS = 1000
_MOST_VALUES = 1000
# Representations whose values hold neither a comma nor a backslash.
_LISTED = {"CS", "UI"}
# One value or a range of them, which may be open at one end (PS3.4 C.2.2.2.5).
_DATE = r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
_TIME = r"([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,6})?)?)?"
_FORMS = {
    representation: re.compile(f"{one}(-({one})?)?|-{one}", re.ASCII)
    for representation, one in (("DA", _DATE), ("TM", _TIME))
} | {"IS": re.compile(r"[+-]?\d{1,11}", re.ASCII)}
_HEX_TAG = re.compile(r"[0-9A-Fa-f]{8}")
_UNKNOWN = (
    "An attribute of the query is not known: name it by its keyword or by the eight digits of "
    "its tag."
)


class Level(StrEnum):
    """Level of a search."""

    STUDIES = "studies"
    SERIES = "series"
    INSTANCES = "instances"


class QueryError(HilumError):
    """A query that is not understood."""


@dataclass(frozen=True, slots=True)
class Query:
    """A search.

    Attributes
    ----------
    keys : mapping of str to str
        Values to be matched, by tag of eight hexadecimal digits.
    included : frozenset of str
        Tags that are answered besides; ``all`` among them for all.
    """

    level: Level
    keys: Mapping[str, str]
    included: frozenset[str] = frozenset()
    limit: int = _MOST_RESULTS
    offset: int = 0


def parse_query(level: Level, parameters: Iterable[tuple[str, str]], **path: str | None) -> Query:
    """Parse the parameters of a search.

    Parameters
    ----------
    parameters : iterable of (str, str)
        Of the address.
    **path : str or None
        `study` and `series`, where the address is of one.

    Raises
    ------
    QueryError
        An attribute that is not known, or a number, a date or a time that is none.
    """
    keys: dict[str, str] = {}
    included: set[str] = set()
    numbers = {"limit": _MOST_RESULTS, "offset": 0}
    for name, value in parameters:
        if name in numbers:
            if not value.isdecimal() or len(value) > 9:
                raise QueryError(f"'{name}' takes a number.")
            numbers[name] = int(value)
        elif name == "includefield":
            included |= {each if each == "all" else _tag(each) for each in value.split(",")}
        elif name != "fuzzymatching":
            tag = _tag(name)
            if _is_universal(value):
                included.add(tag)
            elif tag not in keys:
                _check_form(tag, value)
                keys[tag] = value
            elif _vr(tag) in _LISTED:
                keys[tag] += f",{value}"
            else:
                raise QueryError("An attribute of the query is given more than once.")
    keys |= {
        tag: value
        for tag, value in ((STUDY, path.get("study")), (SERIES, path.get("series")))
        if value
    }
    if any(len(listed(keys[tag])) > _MOST_VALUES for tag in keys if _vr(tag) in _LISTED):
        raise QueryError(f"An attribute of the query has over {_MOST_VALUES} values.")
    limit = min(numbers["limit"], _MOST_RESULTS)
    return Query(level, keys, frozenset(included), limit, numbers["offset"])


def _is_universal(value: str) -> bool:
    """Whether a key matches whatever there is, and asks for it (PS3.4 C.2.2.2.3, C.2.2.2.4)."""
    return value.strip(", \\") in {"", "*"}


def _check_form(tag: str, value: str) -> None:
    form = _FORMS.get(_vr(tag))
    if form is not None and form.fullmatch(value) is None:
        raise QueryError(
            "An attribute of the query is no date (20260131), time (1015) or whole number, and no "
            "range of dates or times (20260101-20260131)."
        )


def listed(wanted: str) -> list[str]:
    """Values of a list, which viewers separate by commas and DICOM by backslashes."""
    return [each.strip() for each in re.split(r"[,\\]", wanted)]


def _tag(name: str) -> str:
    """Tag of eight digits from such digits or a keyword."""
    if _HEX_TAG.fullmatch(name):
        _vr(name)
        return name.upper()
    tag = tag_for_keyword(name)
    if tag is None:
        raise QueryError(_UNKNOWN)
    return f"{tag:08X}"


def _vr(tag: str) -> str:
    try:
        return dictionary_VR(tag)
    except KeyError:
        raise QueryError(_UNKNOWN) from None
