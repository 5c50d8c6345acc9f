"""DICOM Segmentation of lungs, heart and evidence."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from highdicom import AlgorithmIdentificationSequence
from highdicom.color import CIELabColor
from highdicom.seg import (
    SegmentAlgorithmTypeValues,
    Segmentation,
    SegmentationTypeValues,
    SegmentDescription,
)
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.sr.codedict import codes as standard
from pydicom.sr.coding import Code
from pydicom.uid import UID

from hilum.models.anatomy import Organ
from hilum.models.evidence.pictures import on_picture
from hilum.reporting.dicom import codes
from hilum.reporting.dicom.stamp import LONGEST_TEXT, MANUFACTURER, Series, equipment, stamp
from hilum.reporting.errors import ReportError
from hilum.reporting.facts import Model
from hilum.reporting.pictures import CONTOUR_LEVEL, credible_organs, evidence_of
from hilum.reporting.report import Report
from hilum.reporting.side_words import side_lines
from hilum.reporting.source import for_library

_WHAT = "A DICOM segmentation"
_SERIES = Series("seg", 9902)
_NOTHING = (
    "A DICOM segmentation cannot be made: no outline of lungs and heart is credible on this film, "
    "and no evidence is shown."
)
_COLOURS = {
    Organ.RIGHT_LUNG: (92, 195, 214),
    Organ.LEFT_LUNG: (77, 142, 161),
    Organ.HEART: (214, 115, 140),
}
_OF_NO_SIDE = {Organ.RIGHT_LUNG: "organ.one_lung", Organ.LEFT_LUNG: "organ.other_lung"}
_EVIDENCE_COLOUR = (252, 165, 10)


@dataclass(frozen=True, slots=True)
class _Segment:
    label: str
    category: Code
    what: Code
    colour: tuple[int, int, int]
    mask: NDArray[np.bool_]
    model: Model


def write_segmentation(report: Report) -> Dataset:
    """Write masks of lungs, heart and evidence, in the pixels of the file that was read.

    Evidence is what reaches half of its peak, as in the structured report. Segments may overlap.

    Returns
    -------
    Dataset
        Segmentation with file meta information, in the source's study.

    Raises
    ------
    ReportError
        The file is no DICOM image that results can be put beside, or nothing was outlined.
    """
    source = report.source.header(_WHAT)
    segments = _segments(report)
    if not segments:
        raise ReportError(_NOTHING)
    model = report.facts.model
    stacked = np.stack([segment.mask for segment in segments], axis=-1)[np.newaxis]
    made = Segmentation(
        source_images=[for_library(source)],
        pixel_array=stacked.astype(np.uint8),
        segmentation_type=SegmentationTypeValues.BINARY,
        segment_descriptions=[
            _description(report, number, segment) for number, segment in enumerate(segments, 1)
        ],
        series_instance_uid=_SERIES.series_uid(report),
        series_number=_SERIES.number,
        sop_instance_uid=_SERIES.instance_uid(report),
        instance_number=1,
        manufacturer=MANUFACTURER,
        manufacturer_model_name=model.name,
        software_versions=model.version,
        device_serial_number=model.sha256,
        content_label="HILUM",
        content_description=report.words.notice[:64],
        contributing_equipment=equipment(report),
        omit_empty_frames=False,
    )
    _fix_dimensions(made, UID(f"2.25.{report.uuid('seg dimensions').int}"))
    # Of the same pixels as the source; not handed on where the picture speaks against it.
    is_certain = report.film.are_sides_certain
    made.PatientOrientation = (source.get("PatientOrientation") or "") if is_certain else ""
    return stamp(made, report, _SERIES, source)


def _fix_dimensions(made: Segmentation, uid: UID) -> None:
    """Give the dimensions our UID: highdicom draws one at random."""
    for item in (*made.DimensionOrganizationSequence, *made.DimensionIndexSequence):
        item.DimensionOrganizationUID = uid


def _segments(report: Report) -> list[_Segment]:
    """Outlined organs and evidence in the file's own pixels; empty masks are left out."""
    film = report.film
    rows, columns = film.rows, film.columns
    found = []
    organs = credible_organs(report)
    if organs is not None:
        for organ, mask in organs.masks.items():
            # The square of the masks is stretched over the film; see `anatomy.grid`.
            fine = cv2.resize(
                mask.astype(np.float32), (columns, rows), interpolation=cv2.INTER_LINEAR
            )
            what, label = _organ(report, organ)
            found.append(
                _Segment(
                    label,
                    codes.ANATOMICAL_STRUCTURE,
                    what,
                    _COLOURS[organ],
                    fine > 0.5,
                    report.facts.model,
                )
            )
    for number, reading in enumerate(report.facts.readings):
        for placed in evidence_of(report, number):
            if placed.peak is None:
                continue
            heat = on_picture(placed.heat, placed.place, width=columns, height=rows)
            label = f"Evidence, {placed.finding.value}{reading.by}"[:LONGEST_TEXT]
            mask = heat >= CONTOUR_LEVEL * float(placed.heat.max())
            found.append(
                _Segment(
                    label,
                    codes.SPATIAL_CONCEPT,
                    codes.EVIDENCE,
                    _EVIDENCE_COLOUR,
                    mask,
                    reading.model,
                )
            )
    to_file = film.orientation.inverse
    return [
        replace(segment, mask=to_file.display(segment.mask))
        for segment in found
        if segment.mask.any()
    ]


def _organ(report: Report, organ: Organ) -> tuple[Code, str]:
    """Code and name of an organ; without a side if the sides are not certain."""
    label = _OF_NO_SIDE.get(organ)
    if label is None or report.film.are_sides_certain:
        return codes.ORGANS[organ], codes.ORGANS[organ].meaning
    return codes.LUNG, report.catalogue.say(label)


def _description(report: Report, number: int, segment: _Segment) -> SegmentDescription:
    model = segment.model
    made = SegmentDescription(
        segment_number=number,
        segment_label=segment.label,
        segmented_property_category=segment.category,
        segmented_property_type=segment.what,
        algorithm_type=SegmentAlgorithmTypeValues.AUTOMATIC,
        algorithm_identification=AlgorithmIdentificationSequence(
            name=model.name,
            family=standard.DCM.ArtificialIntelligence,
            version=model.version,
            source=MANUFACTURER,
        ),
        tracking_uid=UID(f"2.25.{report.uuid(f'segment {segment.label}').int}"),
        tracking_id=segment.label,
        display_color=CIELabColor.from_rgb(*segment.colour),
    )
    if why := side_lines(report.film.side_doubts, report.catalogue):
        # ST: 1024 characters.
        made.SegmentDescription = " ".join(why)
    return made
