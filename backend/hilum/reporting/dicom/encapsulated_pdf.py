"""Encapsulated PDF: the one-page report in the patient's own study."""

from pydicom import Dataset
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import EncapsulatedPDFStorage, ExplicitVRLittleEndian

from hilum.reporting.dicom.source import read_source
from hilum.reporting.dicom.stamp import Series, equipment, stamp
from hilum.reporting.pdf import write_pdf
from hilum.reporting.report import Report
from hilum.reporting.typesetting import has_glyphs

_WHAT = "An encapsulated PDF"
_TITLE = ("18748-4", "LN", "Diagnostic imaging study")


def write_encapsulated_pdf(report: Report) -> Dataset:
    """Put the page into the source's study, with the line that says whose film it is.

    Parameters
    ----------
    report : Report

    Returns
    -------
    Dataset
        Encapsulated PDF (PS3.3 A.45.1) with file meta information.

    Raises
    ------
    ReportError
        The file is no DICOM image that results can be put beside.
    """
    source = read_source(report, _WHAT)
    page = write_pdf(report, identity=identity_line(report, source))
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = EncapsulatedPDFStorage
    meta.MediaStorageSOPInstanceUID = Series.DOCUMENT.instance_uid(report)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made = FileDataset("", _patient_and_study(source), file_meta=meta, preamble=bytes(128))
    made.SOPClassUID = meta.MediaStorageSOPClassUID
    made.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    made.SpecificCharacterSet = source.SpecificCharacterSet
    made.Modality = "DOC"
    made.SeriesInstanceUID = Series.DOCUMENT.series_uid(report)
    made.SeriesNumber = Series.DOCUMENT.number
    made.InstanceNumber = 1
    made.ConversionType = "SYN"
    made.AcquisitionDateTime = None
    made.BurnedInAnnotation = "YES"
    made.DocumentTitle = report.catalogue.say("page.title")
    made.ConceptNameCodeSequence = [_title()]
    made.VerificationFlag = "UNVERIFIED"
    made.SourceInstanceSequence = [_reference(source)]
    made.MIMETypeOfEncapsulatedDocument = "application/pdf"
    made.EncapsulatedDocumentLength = len(page)
    made.EncapsulatedDocument = page + bytes(len(page) % 2)
    made.ContributingEquipmentSequence = [equipment(report)]
    return stamp(made, report, Series.DOCUMENT, source)


def identity_line(report: Report, source: Dataset) -> str:
    """Whose film it is, for a page that stays in the patient's record.

    Parameters
    ----------
    report : Report
    source : Dataset
        See `hilum.reporting.dicom.source.read_source`.

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
        born=_date(source.PatientBirthDate) or say("page.unknown"),
        study=_date(source.StudyDate) or say("page.unknown"),
    )


def _date(value: object) -> str:
    text = str(value or "")
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if len(text) == 8 else ""


def _patient_and_study(source: Dataset) -> Dataset:
    """Patient and study modules, as far as the source has them."""
    from highdicom.base import SOPClass

    carrier = SOPClass.__new__(SOPClass)
    Dataset.__init__(carrier)
    carrier.copy_patient_and_study_information(source)
    copied = Dataset()
    copied.update(carrier)
    return copied


def _title() -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = _TITLE
    return item


def _reference(source: Dataset) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = source.SOPClassUID
    item.ReferencedSOPInstanceUID = source.SOPInstanceUID
    return item
