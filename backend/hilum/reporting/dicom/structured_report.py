"""Comprehensive 3D SR by template TID 1500, as the IHE profile AI Results asks for."""

from uuid import NAMESPACE_OID, uuid5

from highdicom.sr import (
    CodedConcept,
    Comprehensive3DSR,
    DeviceObserverIdentifyingAttributes,
    LanguageOfContentItemAndDescendants,
    MeasurementReport,
    ObservationContext,
    ObserverContext,
    RelationshipTypeValues,
    TextContentItem,
)
from pydicom import Dataset
from pydicom.sr.codedict import codes as standard
from pydicom.uid import (
    UID,
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
)

from hilum.reporting.dicom import codes
from hilum.reporting.dicom import measurement_groups as groups
from hilum.reporting.dicom.stamp import MANUFACTURER, Series, equipment, stamp
from hilum.reporting.report import Report
from hilum.reporting.source import for_library

_WHAT = "A DICOM structured report"
_SERIES = Series("sr", 9901)
_LONGEST_TEXT = 64


def write_structured_report(report: Report) -> Dataset:
    """Write a reading as a structured report.

    Groups: each finding that a model decides on, with its probability and operating point; its
    parts, or that they are not assessed; each region in which the evidence reaches half of its
    peak; the cardiothoracic ratio with both diameters. Preliminary and unverified.

    Returns
    -------
    Dataset
        Comprehensive 3D SR with file meta information, in the source's study.

    Raises
    ------
    ReportError
        The file is no DICOM image that results can be put beside.
    """
    source = report.source.header(_WHAT)
    shown = for_library(source)
    content = MeasurementReport(
        observation_context=_observation(report),
        procedure_reported=codes.CHEST_RADIOGRAPHY,
        imaging_measurements=[
            *groups.findings(report, shown),
            *groups.ratio(report, shown),
        ],
        title=standard.DCM.ImagingMeasurementReport,
        language_of_content_item_and_descendants=LanguageOfContentItemAndDescendants(
            CodedConcept(report.catalogue.language, "RFC5646", report.catalogue.language)
        ),
        referenced_images=[shown] if _fits_library(shown) else None,
    )
    content[0].ContentSequence.append(
        TextContentItem(
            codes.COMMENT,
            "\r\n".join(report.words.lines),
            relationship_type=RelationshipTypeValues.CONTAINS,
        )
    )
    made = Comprehensive3DSR(
        evidence=[shown],
        content=content,
        series_instance_uid=_SERIES.series_uid(report),
        series_number=_SERIES.number,
        sop_instance_uid=_SERIES.instance_uid(report),
        instance_number=1,
        manufacturer=MANUFACTURER,
        is_complete=True,
        is_final=False,
        is_verified=False,
        contributing_equipment=equipment(report),
    )
    return stamp(made, report, _SERIES, source)


def _fits_library(source: Dataset) -> bool:
    """The image library's entry is made of attributes that a CR or SC need not have."""
    has_orientation = len(source.get("PatientOrientation") or ()) == 2
    has_spacing = len(source.get("ImagerPixelSpacing") or ()) == 2
    return has_orientation and has_spacing and source.SOPClassUID in _PROJECTION


_PROJECTION = (
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
)


def _observation(report: Report) -> ObservationContext:
    model = report.facts.model
    # One device, one UID: the weights are what makes it this one.
    uid = UID(f"2.25.{uuid5(NAMESPACE_OID, model.sha256).int}")
    return ObservationContext(
        observer_device_context=ObserverContext(
            observer_type=standard.DCM.Device,
            observer_identifying_attributes=DeviceObserverIdentifyingAttributes(
                uid=uid,
                name=f"Hilum {model.name} {model.version}"[:_LONGEST_TEXT],
                manufacturer_name=MANUFACTURER,
                model_name=model.name[:_LONGEST_TEXT],
                serial_number=model.sha256,
            ),
        )
    )
