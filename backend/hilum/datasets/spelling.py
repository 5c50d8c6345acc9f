"""Spellings of findings, ages, sexes and view positions in tables of labels."""

import re
from collections.abc import Callable
from pathlib import Path

from hilum.findings import Finding

NOT_STATED = "not stated"

NameRule = Callable[[Path], tuple[Finding | None, str] | None]
"""Tells finding and patient from a file's name, or the patient alone; None where neither."""

_OTHER_NAMES = {
    "no_finding": Finding.NORMAL,
    "bacteria": Finding.BACTERIAL_PNEUMONIA,
    "virus": Finding.VIRAL_PNEUMONIA,
}
_SEXES = {"m": "male", "male": "male", "f": "female", "female": "female"}
_SEXES |= {"o": "other", "other": "other"}
_VIEWS = {"pa": "PA", "ap": "AP", "l": "lateral", "ll": "lateral", "lateral": "lateral"}
_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*([DWMY]?)", re.IGNORECASE)
_A_YEAR = {"": 1.0, "y": 1.0, "m": 12.0, "w": 52.18, "d": 365.25}
_OLDEST_YEARS = 120
_BANDS = (
    (1, "under 1 year"),
    (6, "1 to 5 years"),
    (18, "6 to 17 years"),
    (40, "18 to 39 years"),
    (65, "40 to 64 years"),
    (float("inf"), "65 years and over"),
)

SUBGROUPS: dict[str, tuple[str, ...]] = {
    "age": (*(words for _, words in _BANDS), NOT_STATED),
    "sex": (*dict.fromkeys(_SEXES.values()), NOT_STATED),
    "view": (*dict.fromkeys(_VIEWS.values()), NOT_STATED),
}
"""Groups of radiographs that figures are stated for, by what tells them apart."""


def finding_called(words: str) -> Finding | None:
    """The finding of a folder's or a cell's words: its code or label, in any case; else None."""
    code = re.sub(r"[^a-z0-9]+", "_", words.strip().lower()).strip("_")
    try:
        return Finding(code)
    except ValueError:
        return _OTHER_NAMES.get(code)


def subgroup(kind: str, cell: str) -> str | None:
    """What group a cell puts a radiograph in.

    Parameters
    ----------
    kind : str
        One of `SUBGROUPS`.
    cell : str
        An age in years (``58``, ``2.5``) or as DICOM's Age String (PS3.5 6.2: ``058Y``,
        ``006M``), a sex, or a view position. Empty, or an age over 120 years: not stated.

    Returns
    -------
    str or None
        An age band, ``male`` or ``female``, or a view; None for what cannot be understood.
    """
    said = cell.strip().lower()
    if said in ("", "nan", "unknown", "u", "none"):
        return NOT_STATED
    if kind == "age":
        match = _AGE.fullmatch(said)
        if match is None:
            return None
        years = float(match[1]) / _A_YEAR[match[2].lower()]
        if years > _OLDEST_YEARS:
            # ChestX-ray14 has ages of 411: days or months that lost their unit.
            return NOT_STATED
        return next(words for below, words in _BANDS if years < below)
    if kind == "sex":
        return _SEXES.get(said)
    return _VIEWS.get(said)
