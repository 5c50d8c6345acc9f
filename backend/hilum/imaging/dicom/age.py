"""Patient's Age, or the age computed from the birth date and the study date."""

import re
from datetime import date, datetime

from pydicom import Dataset

from hilum.imaging.dicom.elements import value, values

# Three digits and a unit, by the standard (PS3.5 6.2, AS); many writers leave out leading zeros.
_AGE = re.compile(r"([0-9]{1,3}) ?([YMWD])")
_DAYS_A_YEAR = 365.25
_UNITS_A_YEAR = {"Y": 1.0, "M": 12.0, "W": _DAYS_A_YEAR / 7, "D": _DAYS_A_YEAR}
_OLDEST_YEARS = 125
# An age in years is off by up to one where it is rounded, or counted by calendar years.
_ROUNDING_YEARS = 1
_WHEN_TAKEN = ("AcquisitionDate", "ContentDate", "StudyDate", "SeriesDate")


def read_age_years(dataset: Dataset) -> float | None:
    """Read an age string such as 034Y or 006M, else work it out from the birth date.

    The age is optional (PS3.3 C.7.2.2); the birth date is always sent but may be empty. An
    impossible age is ignored, and so is one that the birth date contradicts.
    """
    years = None if contradicts_age(dataset) else _told_years(dataset)
    return years if years is not None and 0 <= years <= _OLDEST_YEARS else None


def leaves_age_out(dataset: Dataset) -> bool:
    """Whether age information of the data set is ignored.

    It is invalid (``-3Y``) or impossible (411 years) or, if there is no age, the birth date does
    not exist.
    """
    text = _age_text(dataset)
    if text:
        stated = _stated_years(dataset)
        return stated is None or stated > _OLDEST_YEARS
    if value(dataset, "PatientBirthDate") is not None and not _date(dataset, "PatientBirthDate"):
        return True
    return _told_years(dataset) is not None and read_age_years(dataset) is None


def contradicts_age(dataset: Dataset) -> bool:
    """Whether Patient's Age and the birth date are more than a year apart.

    Nothing tells which of the two is wrong.
    """
    stated, by_dates = _stated_years(dataset), _years_by_dates(dataset)
    if stated is None or stated > _OLDEST_YEARS or by_dates is None:
        return False
    return abs(stated - by_dates) > _ROUNDING_YEARS


def _age_text(dataset: Dataset) -> str:
    return "".join(map(str, values(dataset, "PatientAge")[:1])).strip("\0 ").upper()


def _told_years(dataset: Dataset) -> float | None:
    stated = _stated_years(dataset)
    return _years_by_dates(dataset) if stated is None else stated


def _stated_years(dataset: Dataset) -> float | None:
    found = _AGE.fullmatch(_age_text(dataset))
    return int(found[1]) / _UNITS_A_YEAR[found[2]] if found else None


def _years_by_dates(dataset: Dataset) -> float | None:
    born, taken = _date(dataset, "PatientBirthDate"), _date(dataset, *_WHEN_TAKEN)
    if born is None or taken is None:
        return None
    birthdays = taken.year - born.year - ((taken.month, taken.day) < (born.month, born.day))
    # Leap years aside: a birthday is when a year is full.
    return min(max((taken - born).days / _DAYS_A_YEAR, birthdays), birthdays + 0.999)


def _date(dataset: Dataset, *keywords: str) -> date | None:
    """The first of these dates that is one (PS3.5 6.2, DA)."""
    for keyword in keywords:
        try:
            return datetime.strptime(str(value(dataset, keyword)).strip(), "%Y%m%d").date()  # noqa: DTZ007
        except ValueError:
            continue
    return None
