"""The measurement groups of the structured report: findings, parts, evidence, ratio."""

from dataclasses import dataclass

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
from hilum.models.evidence import FindingEvidence
from hilum.models.verdict import Part, Verdict, VerdictCode
from hilum.reporting.dicom import codes
from hilum.reporting.facts import ReadingFacts
from hilum.reporting.pictures import CONTOUR_LEVEL, evidence_of, evidence_outlines
from hilum.reporting.report import Report

Group = MeasurementsAndQualitativeEvaluations | PlanarROIMeasurementsAndQualitativeEvaluations


def findings(report: Report, source: Dataset) -> list[Group]:
    """What each model decides on, the main model's first: findings, their parts, their evidence.

    Parameters
    ----------
    source : Dataset
        The film's header.
    """
    return [
        group
        for number, reading in enumerate(report.facts.readings)
        for group in _of_reading(_Decided(report, reading, source), evidence_of(report, number))
    ]


@dataclass(frozen=True, slots=True)
class _Decided:
    """A model's reading, to be put beside a film."""

    report: Report
    reading: ReadingFacts
    source: Dataset

    def algorithm(self, verdict: Verdict) -> AlgorithmIdentification:
        point, model = verdict.point, self.reading.model
        return AlgorithmIdentification(
            name=model.name,
            version=model.version,
            family=standard.DCM.ArtificialIntelligence,
            parameters=[
                f"operating point {point.threshold:.4f}: {point.criterion}",
                f"weights SHA-256 {model.sha256}",
            ],
        )

    def tracking(self, name: str) -> TrackingIdentifier:
        return _tracking(self.report, f"{name}{self.reading.by}")

    def images(self) -> list[SourceImageForMeasurementGroup]:
        return [SourceImageForMeasurementGroup.from_source_image(self.source)]


def _tracking(report: Report, name: str) -> TrackingIdentifier:
    return TrackingIdentifier(uid=UID(f"2.25.{report.uuid(name).int}"), identifier=name)


def _of_reading(decided: _Decided, placed: tuple[FindingEvidence, ...]) -> list[Group]:
    verdicts = [task.verdict for task in decided.reading.tasks]
    by_finding = {each.finding: each for each in placed}
    return [
        *(_finding(decided, verdict) for verdict in verdicts),
        *(_part(decided, verdict, each) for verdict in verdicts for each in verdict.parts),
        *(
            group
            for verdict in verdicts
            if verdict.finding in by_finding
            for group in _evidence(decided, verdict, by_finding[verdict.finding])
        ),
    ]


def _finding(decided: _Decided, verdict: Verdict) -> Group:
    """A finding: probability, operating point, presence, and whether the film is suitable."""
    algorithm = decided.algorithm(verdict)
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=decided.tracking(verdict.finding.value),
        finding_type=codes.code_of(verdict.finding),
        algorithm_id=algorithm,
        measurements=[
            Measurement(
                codes.PROBABILITY,
                _rounded(100 * verdict.probability),
                codes.PERCENT,
                algorithm_id=algorithm,
            ),
            Measurement(
                codes.OPERATING_POINT, _rounded(100 * verdict.point.threshold), codes.PERCENT
            ),
        ],
        qualitative_evaluations=[
            QualitativeEvaluation(codes.PRESENCE, codes.PRESENCE_OF[verdict.coded_decision]),
            QualitativeEvaluation(codes.SUITABILITY, codes.SUITABILITY_OF[verdict.code]),
            *_assessment(verdict),
        ],
        source_images=decided.images(),
    )


def _assessment(verdict: Verdict) -> list[QualitativeEvaluation]:
    if verdict.code is not VerdictCode.NOT_ASSESSED:
        return []
    return [QualitativeEvaluation(codes.ASSESSMENT, codes.NOT_ASSESSED)]


def _part(decided: _Decided, verdict: Verdict, found: Part) -> Group:
    """A part; if it is not assessed, the group states that and has no number."""
    evaluations: list[QualitativeEvaluation] = []
    measurements: list[Measurement] = []
    if found.is_assessed:
        share = _rounded(100 * found.probability)
        measurements.append(Measurement(codes.PROBABILITY, share, codes.PERCENT))
    else:
        evaluations.append(QualitativeEvaluation(codes.ASSESSMENT, codes.NOT_ASSESSED))
    if not verdict.is_reliable:
        suitability = codes.SUITABILITY_OF[verdict.code]
        evaluations.append(QualitativeEvaluation(codes.SUITABILITY, suitability))
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=decided.tracking(found.finding.value),
        finding_type=codes.code_of(found.finding),
        algorithm_id=decided.algorithm(verdict),
        measurements=measurements or None,
        qualitative_evaluations=evaluations or None,
        source_images=decided.images(),
    )


def _evidence(decided: _Decided, verdict: Verdict, placed: FindingEvidence) -> list[Group]:
    """Each region as a closed line; the one with the peak names its part of the chest."""
    groups: list[Group] = []
    for number, polygon in enumerate(evidence_outlines(placed), start=1):
        if len(polygon) < 3:
            continue
        sites = None
        if placed.peak is not None and placed.peak_region in codes.REGIONS:
            outline = np.array(polygon, dtype=np.float32)
            if cv2.pointPolygonTest(outline, placed.peak, measureDist=False) >= 0:
                place, side = codes.REGIONS[placed.peak_region]
                sites = [FindingSite(place, laterality=side)]
        name = f"evidence of {verdict.finding.value}, region {number}"
        groups.append(
            PlanarROIMeasurementsAndQualitativeEvaluations(
                tracking_identifier=decided.tracking(name),
                referenced_region=ImageRegion(
                    GraphicTypeValues.POLYLINE,
                    graphic_data([*polygon, polygon[0]], decided.report.film),
                    SourceImageForRegion.from_source_image(decided.source),
                ),
                finding_type=codes.EVIDENCE,
                algorithm_id=decided.algorithm(verdict),
                finding_sites=sites,
                measurements=[Measurement(codes.CONTOUR_LEVEL, 100 * CONTOUR_LEVEL, codes.PERCENT)],
                qualitative_evaluations=[
                    QualitativeEvaluation(codes.EVIDENCE_FOR, codes.code_of(verdict.finding))
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
    """The cardiothoracic ratio with both widths; none if not measured."""
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
