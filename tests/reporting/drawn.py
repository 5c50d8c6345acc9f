"""Readings made by hand: every figure of a report is known before it is written."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hilum.findings import Finding
from hilum.imaging import Radiograph, View, decode
from hilum.imaging.phantom import draw_phantom
from hilum.models import (
    Card,
    FindingReading,
    PipelineResult,
    Reading,
    Screening,
)
from hilum.models.anatomy import Anatomy, Organ
from hilum.models.anatomy.grid import Grid
from hilum.models.anatomy.lung_field import find_lung_field
from hilum.models.anatomy.masks import OrganMasks
from hilum.models.anatomy.measures import measure
from hilum.models.anatomy.quality import QualityCode, QualityNote
from hilum.models.pipeline import ModelReading, Steps
from hilum.models.reading import TaskDecision
from hilum.models.sides import settle_sides
from hilum.models.suitability import Reason, ReasonCode, Suitability
from hilum.models.task import RequestedPoint
from hilum.populations import Population
from hilum.reporting.report import Report, prepare
from tests.models.anatomy.pictures import picture_like

ROWS, COLUMNS = 1000, 800
SIDE = 512
CREATED = datetime(2026, 11, 21, 12, 30, 15, tzinfo=UTC)
STUDY, SERIES, INSTANCE = "1.2.3.4", "1.2.3.4.5", "1.2.3.4.5.6"
# A code with several wordings.
NOTES = {ReasonCode.HEADER: "header_modality"}
# Cells of the map of 9 x 9 that lie in each zone: rows and columns.
HOT: dict[str, tuple[Any, Any]] = {
    "right_lower": (6, 1),
    "left_lower": (6, 7),
    "left_upper": (1, 7),
    "both_lower": ([6, 6], [1, 7]),
    "outside": (8, 4),
}
# Ellipses on the square that masks live on: x, y, half width, half height.
ELLIPSES = {
    Organ.RIGHT_LUNG: (150, 240, 70.5, 150.5),
    Organ.LEFT_LUNG: (362, 240, 70.5, 150.5),
    Organ.HEART: (280, 320, 80.5, 70.5),
}


def ellipse(x: float, y: float, half_width: float, half_height: float) -> NDArray[np.bool_]:
    """Pixels of the masks' square whose centres lie in an ellipse."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    inside = ((columns - x) / half_width) ** 2 + ((rows - y) / half_height) ** 2 <= 1
    return np.asarray(inside)


def interval(value: float, half: float = 0.02) -> dict[str, float]:
    return {"value": value, "low": round(value - half, 6), "high": round(value + half, 6)}


TEST_METRICS = {
    "patients": 425,
    "images": 627,
    "positives": 466,
    "auroc": interval(0.95),
    "accuracy": interval(0.9),
    "sensitivity": interval(0.93),
    "specificity": interval(0.88),
    "brier": interval(0.1),
    "expected_calibration_error": interval(0.03),
    "decided_sensitivity": interval(0.9),
    "decided_specificity": interval(0.83),
    "uncertain_share_positive": interval(0.04),
    "uncertain_share_negative": interval(0.05),
    "conformal_coverage_positive": interval(0.96),
    "conformal_coverage_negative": interval(0.94),
    "parts_auroc": interval(0.7, 0.1),
    "confusion": {},
}
FACTS: dict[str, Any] = {
    "title": "Drawn pneumonia",
    "version": "1.2.3",
    "intended_population": "Children of 1 to 5 years",
    "intended": {"population": "children", "years": (1, 6)},
    "preprocessing": {"input_size_px": 160, "region": "lung_field", "sampled_px": 224},
    "evidence": {
        "kind": "map",
        "layer": "activation_map",
        "grid": (9, 9),
        "origin_px": 15.0,
        "step_px": 16.0,
    },
    "calibration": {
        "temperature": (1.0, 1.0, 1.0),
        "bias": (0.0, 0.0, 0.0),
        "fitted_on": "nothing",
    },
    "operating_point": {"threshold": 0.6, "criterion": "drawn", "chosen_on": "validation"},
    "conformal": {
        "coverage": 0.95,
        "quantiles": {"absent": 0.5, "present": 0.7},
        "fitted_on": "validation",
    },
    "metrics": {"test": TEST_METRICS},
    "limits": ("It has learnt nothing.", "It is drawn."),
}


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What a reading is to be like."""

    probability: float = 0.9
    hot: str = "left_lower"
    threshold: float = 0.6
    age_years: float | None = 4.0
    view: View = View.PA
    population: Population = Population.CHILDREN
    is_known: bool = True
    forced: tuple[ReasonCode, ...] = ()
    notes: tuple[ReasonCode, ...] = ()
    quality: tuple[QualityCode, ...] = ()
    has_organs: bool = True
    has_evidence_layer: bool = True


def result(drawn: Drawn, card: Card, content: bytes) -> PipelineResult:
    """Make a reading: its film is `content`, its figures are `drawn`."""
    decoded = decode(content)
    radiograph = replace(decoded, patient_age_years=drawn.age_years, view=drawn.view)
    reading = _reading(drawn, card)
    screening = _screening(drawn, radiograph)
    radiograph = screening.radiograph
    made = ModelReading.of(reading, card, radiograph, screening, with_evidence=True)
    return PipelineResult(radiograph, (made,), screening, Steps(1.0, 1.0, 3.0))


def make_report(
    drawn: Drawn, make_card: Callable[..., Card], content: bytes, **facts: Any
) -> Report:
    card = make_card({"model.onnx": "0" * 64}, **(FACTS | facts))
    return prepare(result(drawn, card, content), content, created=CREATED)


def dicom_source(
    make_dicom: Callable[..., bytes], stored: NDArray[Any] | None = None, **elements: Any
) -> bytes:
    """A DX file as an archive would hold it."""
    header: dict[str, Any] = {
        "StudyInstanceUID": STUDY,
        "SeriesInstanceUID": SERIES,
        "SOPInstanceUID": INSTANCE,
        "PatientBirthDate": "20220301",
        "PatientSex": "F",
        "PatientAge": "004Y",
        "StudyDate": "20261120",
        "StudyTime": "101500",
        "StudyID": "S1",
        "AccessionNumber": "A77",
        "ReferringPhysicianName": "House^G",
        "Manufacturer": "Tester",
        "PixelSpacing": [0.25, 0.25],
        "PatientOrientation": ["L", "F"],
        "ViewPosition": "PA",
        "SpecificCharacterSet": "ISO_IR 192",
    }
    elements = {name: value for name, value in (header | elements).items() if value is not None}
    return make_dicom(_stored() if stored is None else stored, **elements)


@cache
def _stored() -> NDArray[np.uint16]:
    film = draw_phantom(ROWS, COLUMNS, seed=3, opacity="left_lower")
    return np.uint16(np.round(4095 * film))


def _reading(drawn: Drawn, card: Card) -> Reading:
    p = drawn.probability
    findings = (
        FindingReading(Finding.NORMAL, 1 - p),
        FindingReading(
            Finding.BACTERIAL_PNEUMONIA,
            0.75 * p,
            is_assessed=card.is_assessed(Finding.BACTERIAL_PNEUMONIA),
        ),
        FindingReading(
            Finding.VIRAL_PNEUMONIA,
            0.25 * p,
            is_assessed=card.is_assessed(Finding.VIRAL_PNEUMONIA),
        ),
        FindingReading(Finding.PNEUMONIA, p),
    )
    maps = np.full((9, 9, 3), -1.0, dtype=np.float32)
    maps[:, :, 0] = 1.0
    maps[(*HOT[drawn.hot], slice(1, 3))] = 60.0
    own = card.main_task.operating_point
    point = own
    if drawn.threshold != own.threshold:
        point = RequestedPoint(
            threshold=drawn.threshold, criterion="as asked for", chosen_on="request"
        )
    return Reading(
        findings=findings,
        decisions=(TaskDecision.of(card.main_task, p, point),),
        main=card.main,
        model_name=card.name,
        model_version=card.version,
        model_sha256="ab" * 32,
        preprocess_ms=1.0,
        inference_ms=1.0,
        activation_maps=maps if drawn.has_evidence_layer else None,
    )


def _screening(drawn: Drawn, radiograph: Radiograph) -> Screening:
    empty = np.zeros((SIDE, SIDE), dtype=bool)
    masks = {
        organ: ellipse(*where) if drawn.has_organs else empty for organ, where in ELLIPSES.items()
    }
    grid = Grid(SIDE, radiograph.rows, radiograph.columns)
    organs = OrganMasks(grid, masks, dict.fromkeys(Organ, 0.95))
    anatomy = Anatomy(
        organs=organs,
        measures=measure(organs, radiograph.spacing_mm) if drawn.has_organs else None,
        lung_field=find_lung_field(organs) if drawn.has_organs else None,
        picture=picture_like(drawn.population, is_known=drawn.is_known),
        quarter_turns=0,
        is_inverted=False,
        notes=tuple(QualityNote(code, degrees=12) for code in drawn.quality),
        milliseconds=1.0,
    )
    suitability = Suitability(
        tuple(Reason(code, code.value) for code in drawn.forced),
        tuple(Reason(code, NOTES.get(code, code.value)) for code in drawn.notes),
    )
    return Screening(settle_sides(radiograph, anatomy), anatomy, suitability)
