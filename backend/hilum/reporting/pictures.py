"""The film and its findings as images of display size."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.imaging import Radiograph
from hilum.models.anatomy.masks import OrganMasks, outline
from hilum.models.evidence import FindingEvidence
from hilum.models.evidence.contours import contours
from hilum.models.evidence.pictures import overlay
from hilum.reporting.report import Report

LONGEST_SIDE_PX = 1024
CONTOUR_LEVEL = 0.5
"""Share of the evidence's peak that outlines are drawn at."""

Colour = NDArray[np.uint8]
Polygons = list[list[tuple[float, float]]]


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks drawn on a film, in the radiograph's own pixels.

    Attributes
    ----------
    evidence : list of list of (x, y)
        Where the evidence reaches half of its peak; empty where none is shown.
    organs : list of list of (x, y)
        Lungs and heart; empty where they were not credible.
    """

    evidence: Polygons
    organs: Polygons


def marks(report: Report) -> Marks:
    """Outline evidence and organs."""
    placed = shown_evidence(report)
    found = evidence_outlines(placed) if placed is not None else []
    lines: Polygons = []
    organs = credible_organs(report)
    if organs is not None:
        lines = [line for mask in organs.masks.values() for line in outline(mask, organs.grid)]
    return Marks(evidence=found, organs=lines)


def evidence_outlines(placed: FindingEvidence) -> Polygons:
    """Where evidence reaches half of its peak."""
    return contours(placed.heat, placed.place, (CONTOUR_LEVEL,))[CONTOUR_LEVEL]


def credible_organs(report: Report) -> OrganMasks | None:
    """Lungs and heart; None if they were not segmented or are not credible."""
    screening = report.result.screening
    if screening is None or screening.anatomy.measures is None:
        return None
    return screening.anatomy.organs


def evidence_of(report: Report, reading: int) -> tuple[FindingEvidence, ...]:
    """The evidence for findings that a model decides on, the main one's first.

    Parameters
    ----------
    reading : int
        Which of the report's readings.
    """
    evidence = report.result.readings[reading].evidence
    findings = evidence.findings if evidence else ()
    return tuple(each for each in findings if each.finding is each.task)


def shown_evidence(report: Report) -> FindingEvidence | None:
    """The evidence that pictures show: the first, for they show one finding's; None without any."""
    readings = range(len(report.facts.readings))
    return next((each for index in readings for each in evidence_of(report, index)), None)


def has_outlines(report: Report) -> bool:
    """Whether lungs and heart, or a peak of the evidence, can be outlined."""
    readings = range(len(report.facts.readings))
    has_peak = any(
        each.peak is not None for index in readings for each in evidence_of(report, index)
    )
    return has_peak or credible_organs(report) is not None


def film_picture(film: Radiograph) -> Colour:
    """The film in grey.

    Returns
    -------
    ndarray of uint8, shape (rows, columns)
        Its longer side has at most 1024 pixels.
    """
    width, height = _size(film)
    pixels = cv2.resize(film.pixels, (width, height), interpolation=cv2.INTER_AREA)
    return np.rint(255 * np.clip(pixels, 0, 1)).astype(np.uint8)


def evidence_picture(report: Report) -> Colour:
    """The film with evidence painted on it; the plain film if none is shown.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 3)
        RGB, of the size of `film_picture`.
    """
    placed = shown_evidence(report)
    if placed is None:
        return np.repeat(film_picture(report.film)[:, :, np.newaxis], 3, axis=2)
    return overlay(report.film, placed.heat, placed.place)


def _size(film: Radiograph) -> tuple[int, int]:
    scale = min(1.0, LONGEST_SIDE_PX / max(film.rows, film.columns))
    return max(1, round(film.columns * scale)), max(1, round(film.rows * scale))
