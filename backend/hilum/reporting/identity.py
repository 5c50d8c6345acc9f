"""Line on a page with the identity of the patient."""

from pydicom import Dataset

from hilum.reporting.report import Report
from hilum.reporting.source import iso_date
from hilum.reporting.typesetting import has_glyphs


def identity_line(report: Report, source: Dataset) -> str:
    """Write the patient's name, number and birth date, and the study's date, in one line.

    Parameters
    ----------
    source : Dataset
        See `hilum.reporting.source.Source.header`.

    Returns
    -------
    str
        Only letters that the page's font has.
    """
    say = report.catalogue.say
    name = str(source.PatientName).split("=", maxsplit=1)[0]
    family, *given = name.split("^")
    shown = ", ".join(part for part in (family, " ".join(given).strip()) if part)
    if not shown or not has_glyphs(shown):
        shown = say("page.no_latin_name") if source.PatientName else say("page.unknown")
    number = str(source.PatientID)
    return say(
        "page.identity_line",
        name=shown,
        id=number if number and has_glyphs(number) else say("page.unknown"),
        born=iso_date(source.PatientBirthDate) or say("page.unknown"),
        study=iso_date(source.StudyDate) or say("page.unknown"),
    )
