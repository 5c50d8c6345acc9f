"""Pictures with the truth beside them, and how labels, ages and views are spelled."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hilum.findings import Finding

SUBGROUPS = ("age", "sex", "view")
NOT_STATED = "not stated"

NameRule = Callable[[Path], tuple[Finding, str] | None]
"""Tells finding and patient from a file's name, where a data set's names do; else None."""

_OTHER_NAMES = {
    "no_finding": Finding.NORMAL,
    "bacteria": Finding.BACTERIAL_PNEUMONIA,
    "virus": Finding.VIRAL_PNEUMONIA,
}
_SEXES = {"m": "male", "male": "male", "f": "female", "female": "female"}
_VIEWS = {"pa": "PA", "ap": "AP", "l": "lateral", "ll": "lateral", "lateral": "lateral"}
_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*([DWMY]?)", re.IGNORECASE)
_A_YEAR = {"": 1.0, "y": 1.0, "m": 12.0, "w": 52.18, "d": 365.25}
_BANDS = (
    (1, "under 1 year"),
    (6, "1 to 5 years"),
    (18, "6 to 17 years"),
    (40, "18 to 39 years"),
    (65, "40 to 64 years"),
    (float("inf"), "65 years and over"),
)


@dataclass(frozen=True, slots=True)
class LabelledPicture:
    """One picture and what is true of it.

    Attributes
    ----------
    path : Path
    label : Finding
    patient : str
        Pictures of one patient are never taken as independent.
    name : str
        What the picture is called in messages and reports: its path below the data's folder.
    subgroups : mapping of str to str
        Any of `SUBGROUPS`, in words; see `subgroup`.
    """

    path: Path
    label: Finding
    patient: str
    name: str
    subgroups: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A picture that is not in the figures, and why.

    Attributes
    ----------
    name : str
    reason : str
        In words for people.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """The pictures of one split.

    Attributes
    ----------
    pictures : tuple of LabelledPicture
    left_out : tuple of LeftOut
    knows_patients : bool
        False: each picture was taken for a patient of its own.
    cautions : tuple of str
        What a reader of figures on these pictures must know, in sentences.
    """

    pictures: tuple[LabelledPicture, ...]
    left_out: tuple[LeftOut, ...] = ()
    knows_patients: bool = True
    cautions: tuple[str, ...] = ()


def finding_called(words: str) -> Finding | None:
    """The finding of a folder's or a cell's words: its code or label, in any case; else None."""
    code = re.sub(r"[^a-z0-9]+", "_", words.strip().lower()).strip("_")
    try:
        return Finding(code)
    except ValueError:
        return _OTHER_NAMES.get(code)


def subgroup(kind: str, cell: str) -> str | None:
    """What group a cell puts a picture in.

    Parameters
    ----------
    kind : str
        One of `SUBGROUPS`.
    cell : str
        An age in years (``58``, ``2.5``) or as DICOM's Age String (PS3.5 6.2: ``058Y``,
        ``006M``), a sex, or a view position. Empty: not stated.

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
        return next(words for below, words in _BANDS if years < below)
    if kind == "sex":
        return {**_SEXES, "o": "other", "other": "other"}.get(said)
    return _VIEWS.get(said)
