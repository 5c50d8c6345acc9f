"""Encapsulated PDF: the one-page report in the patient's study."""

from pydicom import Dataset
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import EncapsulatedPDFStorage, ExplicitVRLittleEndian

from hilum.reporting.dicom.stamp import Series, equipment, stamp
from hilum.reporting.identity import identity_line
from hilum.reporting.pdf import write_pdf
from hilum.reporting.report import Report
from hilum.reporting.source import reference

_WHAT = "An encapsulated PDF"
_SERIES = Series("pdf", 9904)
_TITLE = ("18748-4", "LN", "Diagnostic imaging study")


def write_encapsulated_pdf(report: Report) -> Dataset:
    """Make the page an object of the source's study, with the identity of the patient.

    Returns
    -------
    Dataset
        Encapsulated PDF (PS3.3 A.45.1) with file meta information.

    Raises
    ------
    ReportError
        The file is no DICOM image that results can be put beside.
    """
    source = report.source.header(_WHAT)
    page = write_pdf(report, identity=identity_line(report, source))
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = EncapsulatedPDFStorage
    meta.MediaStorageSOPInstanceUID = _SERIES.instance_uid(report)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made = FileDataset("", _patient_and_study(source), file_meta=meta, preamble=bytes(128))
    made.SOPClassUID = meta.MediaStorageSOPClassUID
    made.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    made.SpecificCharacterSet = source.SpecificCharacterSet
    made.Modality = "DOC"
    made.SeriesInstanceUID = _SERIES.series_uid(report)
    made.SeriesNumber = _SERIES.number
    made.InstanceNumber = 1
    made.ConversionType = "SYN"
    made.AcquisitionDateTime = source.get("AcquisitionDateTime")
    made.BurnedInAnnotation = "YES"
    made.DocumentTitle = report.catalogue.say("page.title")
    made.ConceptNameCodeSequence = [_title()]
    made.VerificationFlag = "UNVERIFIED"
    made.SourceInstanceSequence = [reference(source)]
    made.MIMETypeOfEncapsulatedDocument = "application/pdf"
    made.EncapsulatedDocumentLength = len(page)
    made.EncapsulatedDocument = page + bytes(len(page) % 2)
    made.ContributingEquipmentSequence = equipment(report)
    return stamp(made, report, _SERIES, source)


def _patient_and_study(source: Dataset) -> Dataset:
    """Patient and study modules, with the attributes of the source."""
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
