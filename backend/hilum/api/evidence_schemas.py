"""Schemas of evidence. Points are (x, y) in pixels of the displayed radiograph."""

import base64
from collections.abc import Mapping, Sequence, Set
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, Field

from hilum.findings import Finding
from hilum.imaging import Radiograph
from hilum.models import PipelineResult
from hilum.models.evidence import Caution, FindingEvidence, Reason, Region
from hilum.models.evidence.contours import contours
from hilum.models.evidence.pictures import map_png, overlay, overlay_png
from hilum.models.pipeline import ModelReading
from hilum.reporting.captions import captioned
from hilum.reporting.evidence_words import (
    evidence_caution_words,
    evidence_sentence,
    no_evidence_words,
)
from hilum.reporting.patient_words import place_for_patients
from hilum.reporting.sentences import finding_words
from hilum.reporting.side_words import side_lines, turned_lines
from hilum.words.catalogue import Catalogue

Point = tuple[float, float]


class EvidencePart(StrEnum):
    """Parts of the evidence that can be requested in addition to the regions."""

    MAP = "map"
    OVERLAY = "overlay"
    CONTOUR = "contour"


class EvidenceWarning(BaseModel):
    """Caution to show together with the evidence."""

    code: Caution
    message: str


class RegionAnswer(BaseModel):
    """A region of the chest and its share of the evidence.

    Right is the patient's right. A side is named only if the sides are certain (`image.sides`) and
    one lung has at least 70 % of the evidence within the lungs, the strongest zone and the peak.
    Otherwise, and for the parts of a finding, a zone is that of both lungs (`both_upper_zones`).
    """

    region: Region
    label: str
    share: float = Field(ge=0, le=1, description="Share of the total evidence.")


class PeakAnswer(BaseModel):
    """Point at which the evidence is strongest."""

    x: float
    y: float
    region: Region | None


class ContourAnswer(BaseModel):
    """Contour of the area in which the evidence reaches a share of its peak."""

    level: float = Field(description="Share of the peak value.")
    polygons: list[list[Point]]


class MapBox(BaseModel):
    """Edges of the map in pixels of the radiograph, from 0 to its columns and rows."""

    left: float
    top: float
    right: float
    bottom: float


class MapAnswer(BaseModel):
    """Evidence map. No evidence is assigned to the image outside `box`."""

    png: str = Field(description="16-bit greyscale PNG, base64-encoded; linear, 0 is no evidence.")
    rows: int
    columns: int
    box: MapBox
    maximum: float = Field(
        description="Log-odds for the pixel value 65535, or 0 if the map has no evidence."
    )


class OverlayAnswer(BaseModel):
    """Radiograph with the evidence painted on it and the notice at its lower edge."""

    png: str = Field(description="Colour PNG of the size of the radiograph, base64-encoded.")


class FindingEvidenceAnswer(BaseModel):
    """Evidence for one finding and its location."""

    finding: Finding
    task: Finding = Field(
        description="Finding that the model decides on: this finding, or the one it is a part of."
    )
    label: str
    is_assessed: bool
    regions: list[RegionAnswer] = Field(
        description="Regions with evidence, the strongest first; empty if there is no evidence or "
        "no lungs were found."
    )
    sentence: str
    patient_sentence: str | None = Field(
        description="The strongest region for patients and families, or null if it is not in a "
        "lung."
    )
    share_in_chest: float | None = Field(
        description="Share of the evidence within lungs and heart, or null if unknown."
    )
    peak: PeakAnswer | None
    contours: list[ContourAnswer] | None = Field(
        description="Contours of the evidence, or null without `evidence=contour`."
    )
    map: MapAnswer | None = Field(description="Evidence map, or null without `evidence=map`.")
    overlay: OverlayAnswer | None = Field(
        description="Evidence painted on the radiograph, or null without `evidence=overlay`."
    )

    @classmethod
    def of(
        cls,
        found: FindingEvidence,
        radiograph: Radiograph,
        parts: Set[EvidencePart],
        cautions: Mapping[Caution, str],
        words: Catalogue,
    ) -> Self:
        """Describe the evidence for one finding, with the requested parts."""
        return cls(
            finding=found.finding,
            task=found.task,
            label=finding_words(found.finding, words),
            is_assessed=found.is_assessed,
            regions=[
                RegionAnswer(
                    region=region,
                    label=words.say(f"region.{region.value}"),
                    share=round(share, 4),
                )
                for region, share in found.shares.items()
            ],
            sentence=evidence_sentence(found, words),
            patient_sentence=next(
                (each.text for each in place_for_patients(tuple(found.shares.items()), words)), None
            ),
            share_in_chest=_rounded(found.share_in_chest),
            peak=None
            if found.peak is None
            else PeakAnswer(
                x=round(found.peak[0], 1), y=round(found.peak[1], 1), region=found.peak_region
            ),
            contours=_contours(found) if EvidencePart.CONTOUR in parts else None,
            map=_map(found) if EvidencePart.MAP in parts else None,
            overlay=_overlay(
                found,
                radiograph,
                [
                    *(cautions[caution] for caution in found.cautions),
                    *turned_lines(radiograph.turned_degrees, words),
                    *side_lines(radiograph.side_doubts, words),
                    words.say("page.notice"),
                ],
            )
            if EvidencePart.OVERLAY in parts
            else None,
        )


class EvidenceAnswer(BaseModel):
    """Parts of the image that the reading is based on."""

    is_shown: bool
    reason: Reason | None = Field(
        description="Code of the reason why no evidence is shown, or null if it is shown."
    )
    message: str | None = Field(description="Text for `reason`, or null.")
    warnings: list[EvidenceWarning] = Field(
        description="Cautions to show together with the evidence, such as a failed suitability "
        "check."
    )
    rows: int = Field(description="Rows of the displayed radiograph.")
    columns: int = Field(description="Columns of the displayed radiograph.")
    findings: list[FindingEvidenceAnswer] = Field(
        description="Evidence for each finding whose decision is not negative, followed by its "
        "parts; that of `leading` first. Empty if no evidence is shown."
    )

    @classmethod
    def of(
        cls,
        result: PipelineResult,
        made: ModelReading,
        parts: Set[EvidencePart],
        words: Catalogue,
    ) -> Self | None:
        """Describe the evidence of a model's reading; None if it was not requested."""
        evidence, radiograph = made.evidence, result.radiograph
        if evidence is None:
            return None
        warnings = [
            EvidenceWarning(code=code, message=evidence_caution_words(code, result, made, words))
            for code in evidence.cautions
        ]
        cautions = {warning.code: warning.message for warning in warnings}
        return cls(
            is_shown=evidence.reason is None,
            reason=evidence.reason,
            message=no_evidence_words(evidence.reason, words) if evidence.reason else None,
            warnings=warnings,
            rows=radiograph.rows,
            columns=radiograph.columns,
            findings=[
                FindingEvidenceAnswer.of(found, radiograph, parts, cautions, words)
                for found in evidence.findings
            ],
        )


def _contours(found: FindingEvidence) -> list[ContourAnswer]:
    lines = contours(found.heat, found.place)
    return [ContourAnswer(level=level, polygons=polygons) for level, polygons in lines.items()]


def _overlay(found: FindingEvidence, radiograph: Radiograph, lines: Sequence[str]) -> OverlayAnswer:
    painted = overlay(radiograph, found.heat, found.place)
    return OverlayAnswer(png=_text(overlay_png(captioned(painted, lines))))


def _map(found: FindingEvidence) -> MapAnswer:
    left, top, right, bottom = (round(edge, 2) for edge in found.place.box)
    return MapAnswer(
        png=_text(map_png(found.heat)),
        rows=found.place.rows,
        columns=found.place.columns,
        box=MapBox(left=left, top=top, right=right, bottom=bottom),
        maximum=round(float(found.heat.max()), 6),
    )


def _text(png: bytes) -> str:
    return base64.b64encode(png).decode("ascii")


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
