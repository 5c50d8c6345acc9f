"""The measurement groups of the structured report: target, parts, evidence, ratio."""

import cv2
import numpy as np
from highdicom.sr import (
    AlgorithmIdentification,
    CoordinatesForMeasurement,
    FindingSite,
    GraphicTypeValues,
    ImageRegion,
    Measurement,
    MeasurementsAndQualitativeEvaluations,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    QualitativeEvaluation,
    SourceImageForMeasurementGroup,
    SourceImageForRegion,
    TrackingIdentifier,
)
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.sr.codedict import codes as standard
from pydicom.sr.coding import Code
from pydicom.uid import UID

from hilum.imaging import Radiograph
from hilum.models.anatomy.measures import Line
from hilum.models.verdict import Part, VerdictCode
from hilum.reporting.dicom import codes
from hilum.reporting.facts import Facts
from hilum.reporting.pictures import CONTOUR_LEVEL, marks, target_evidence
from hilum.reporting.report import Report

Group = MeasurementsAndQualitativeEvaluations | PlanarROIMeasurementsAndQualitativeEvaluations


def _algorithm(facts: Facts) -> AlgorithmIdentification:
    point = facts.main.point
    return AlgorithmIdentification(
        name=facts.model.name,
        version=facts.model.version,
        family=standard.DCM.ArtificialIntelligence,
        parameters=[
            f"operating point {point.threshold:.4f}: {point.criterion}",
            f"weights SHA-256 {facts.model.sha256}",
        ],
    )


def _tracking(report: Report, name: str) -> TrackingIdentifier:
    return TrackingIdentifier(uid=UID(f"2.25.{report.uuid(name).int}"), identifier=name)


def target(report: Report, source: Dataset) -> Group:
    """The target: probability, operating point, presence, and whether the film is suitable."""
    facts = report.facts
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracking(report, facts.main.finding.value),
        finding_type=codes.code_of(facts.main.finding),
        algorithm_id=_algorithm(facts),
        measurements=[
            Measurement(
                codes.PROBABILITY,
                _rounded(100 * facts.main.probability),
                codes.PERCENT,
                algorithm_id=_algorithm(facts),
            ),
            Measurement(
                codes.OPERATING_POINT, _rounded(100 * facts.main.point.threshold), codes.PERCENT
            ),
        ],
        qualitative_evaluations=[
            QualitativeEvaluation(codes.PRESENCE, codes.PRESENCE_OF[facts.main.coded_decision]),
            QualitativeEvaluation(codes.SUITABILITY, codes.SUITABILITY_OF[facts.main.code]),
            *_assessment(facts),
        ],
        source_images=[SourceImageForMeasurementGroup.from_source_image(source)],
    )


def _assessment(facts: Facts) -> list[QualitativeEvaluation]:
    if facts.main.code is not VerdictCode.NOT_ASSESSED:
        return []
    return [QualitativeEvaluation(codes.ASSESSMENT, codes.NOT_ASSESSED)]


def part(report: Report, found: Part, source: Dataset) -> Group:
    """A part that is not assessed is said to be so, and has no number to be taken from it."""
    evaluations: list[QualitativeEvaluation] = []
    measurements: list[Measurement] = []
    if found.is_assessed:
        share = _rounded(100 * found.probability)
        measurements.append(Measurement(codes.PROBABILITY, share, codes.PERCENT))
    else:
        evaluations.append(QualitativeEvaluation(codes.ASSESSMENT, codes.NOT_ASSESSED))
    if not report.facts.main.is_reliable:
        suitability = codes.SUITABILITY_OF[report.facts.main.code]
        evaluations.append(QualitativeEvaluation(codes.SUITABILITY, suitability))
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracking(report, found.finding.value),
        finding_type=codes.code_of(found.finding),
        algorithm_id=_algorithm(report.facts),
        measurements=measurements or None,
        qualitative_evaluations=evaluations or None,
        source_images=[SourceImageForMeasurementGroup.from_source_image(source)],
    )


def evidence(report: Report, source: Dataset) -> list[Group]:
    """Each region as a closed line; the one with the peak says in which part of the chest."""
    placed = target_evidence(report)
    if placed is None:
        return []
    facts = report.facts
    groups: list[Group] = []
    for number, polygon in enumerate(marks(report).evidence, start=1):
        if len(polygon) < 3:
            continue
        sites = None
        if placed.peak is not None and placed.peak_region in codes.REGIONS:
            outline = np.array(polygon, dtype=np.float32)
            if cv2.pointPolygonTest(outline, placed.peak, measureDist=False) >= 0:
                place, side = codes.REGIONS[placed.peak_region]
                sites = [FindingSite(place, laterality=side)]
        name = f"evidence of {facts.main.finding.value}, region {number}"
        groups.append(
            PlanarROIMeasurementsAndQualitativeEvaluations(
                tracking_identifier=_tracking(report, name),
                referenced_region=ImageRegion(
                    GraphicTypeValues.POLYLINE,
                    graphic_data([*polygon, polygon[0]], report.film),
                    SourceImageForRegion.from_source_image(source),
                ),
                finding_type=codes.EVIDENCE,
                algorithm_id=_algorithm(facts),
                finding_sites=sites,
                measurements=[Measurement(codes.CONTOUR_LEVEL, 100 * CONTOUR_LEVEL, codes.PERCENT)],
                qualitative_evaluations=[
                    QualitativeEvaluation(codes.EVIDENCE_FOR, codes.code_of(facts.main.finding))
                ],
            )
        )
    return groups


def graphic_data(points: list[tuple[float, float]], film: Radiograph) -> NDArray[np.float64]:
    """Points as SCOORD has them: in the file's pixels, from the corner of the first one.

    Parameters
    ----------
    points : list of (x, y)
        In the displayed pixels; whole numbers are their centres.
    film : Radiograph

    Returns
    -------
    ndarray of float64, shape (n, 2)
        (column, row), where 0.0 is the first pixel's outer edge (PS3.3 C.18.6.1.2).
    """
    matrix = film.orientation.to_file(film.rows, film.columns)
    in_file = np.array(points, dtype=np.float64) @ matrix[:, :2].T + matrix[:, 2]
    rows, columns = film.file_size
    return np.clip(in_file + 0.5, 0, (columns, rows))


def ratio(report: Report, source: Dataset) -> list[Group]:
    """The cardiothoracic ratio with both widths where they were measured; none where not."""
    measured = report.facts.ratio
    if measured is None:
        return []
    validity = codes.VALID if measured.validity.is_valid else codes.NOT_VALID
    return [
        MeasurementsAndQualitativeEvaluations(
            tracking_identifier=_tracking(report, "cardiothoracic ratio"),
            finding_sites=[FindingSite(codes.HEART)],
            measurements=[
                Measurement(codes.CARDIOTHORACIC_RATIO, _rounded(measured.value), codes.RATIO),
                _width(report, codes.HEART_WIDTH, measured.heart, measured.heart_mm, source),
                _width(report, codes.CHEST_WIDTH, measured.thorax, measured.thorax_mm, source),
            ],
            qualitative_evaluations=[QualitativeEvaluation(codes.VALIDITY, validity)],
            source_images=[SourceImageForMeasurementGroup.from_source_image(source)],
        )
    ]


def _width(
    report: Report, name: Code, line: Line, length_mm: float | None, source: Dataset
) -> Measurement:
    is_known = length_mm is not None
    length = length_mm if length_mm is not None else line[1][0] - line[0][0]
    return Measurement(
        name,
        _rounded(length),
        codes.MILLIMETRES if is_known else codes.PIXELS,
        referenced_coordinates=[
            CoordinatesForMeasurement(
                GraphicTypeValues.POLYLINE,
                graphic_data(list(line), report.film),
                SourceImageForRegion.from_source_image(source),
            )
        ],
    )


def _rounded(value: float) -> float:
    return round(value, 4)
