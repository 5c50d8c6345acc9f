"""Patient's Age, or how long before the study the patient was born."""

import re
from datetime import date, datetime

from pydicom import Dataset

from hilum.imaging.dicom.elements import value, values

# Three digits and a unit, by the standard (PS3.5 6.2, AS); many writers leave out leading zeros.
_AGE = re.compile(r"([0-9]{1,3}) ?([YMWD])")
_DAYS_A_YEAR = 365.25
_UNITS_A_YEAR = {"Y": 1.0, "M": 12.0, "W": _DAYS_A_YEAR / 7, "D": _DAYS_A_YEAR}
_OLDEST_YEARS = 125
_WHEN_TAKEN = ("AcquisitionDate", "ContentDate", "StudyDate", "SeriesDate")


def read_age_years(dataset: Dataset) -> float | None:
    """Read an age string such as 034Y or 006M, else work it out from the birth date.

    The age is optional (PS3.3 C.7.2.2), where the birth date may be empty but is always sent. An
    age that nobody has is none.
    """
    years = _stated_years(dataset)
    return years if years is not None and 0 <= years <= _OLDEST_YEARS else None


def leaves_age_out(dataset: Dataset) -> bool:
    """Whether what the data set tells of the age is left out.

    It is no age string, such as ``-3Y``; one that nobody has, such as 411 years; or, where there
    is no age, a birth date of no calendar.
    """
    text = _age_text(dataset)
    if text:
        return _AGE.fullmatch(text) is None or read_age_years(dataset) is None
    if value(dataset, "PatientBirthDate") is not None and not _date(dataset, "PatientBirthDate"):
        return True
    return _stated_years(dataset) is not None and read_age_years(dataset) is None


def _age_text(dataset: Dataset) -> str:
    return "".join(map(str, values(dataset, "PatientAge")[:1])).strip("\0 ").upper()


def _stated_years(dataset: Dataset) -> float | None:
    if found := _AGE.fullmatch(_age_text(dataset)):
        return int(found[1]) / _UNITS_A_YEAR[found[2]]
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
