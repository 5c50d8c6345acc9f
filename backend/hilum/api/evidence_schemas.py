"""What the API answers of evidence. Points are (x, y) in the displayed radiograph's pixels."""

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
from hilum.reporting.sentences import finding_words
from hilum.reporting.side_words import side_lines, turned_lines
from hilum.words.catalogue import Catalogue

Point = tuple[float, float]


class EvidencePart(StrEnum):
    """What can be asked for beside the regions in words."""

    MAP = "map"
    OVERLAY = "overlay"
    CONTOUR = "contour"


class EvidenceWarning(BaseModel):
    """What the evidence must not be passed on without."""

    code: Caution
    message: str


class RegionAnswer(BaseModel):
    """A part of the chest and how much of the evidence lies there.

    Right is the patient's. A side is named only where sides are certain (`image.sides`) and at
    least 70 % of the evidence within the lungs lies in one lung, with its strongest zone and its
    peak; never of a part. Else zones are those of both lungs (`both_upper_zones`).
    """

    region: Region
    label: str
    share: float = Field(ge=0, le=1, description="Of all evidence.")


class PeakAnswer(BaseModel):
    """Where the evidence is strongest."""

    x: float
    y: float
    region: Region | None


class ContourAnswer(BaseModel):
    """Where the evidence reaches a share of its peak."""

    level: float = Field(description="Share of the peak.")
    polygons: list[list[Point]]


class MapBox(BaseModel):
    """Edges of the map in the radiograph's pixels, which span from 0 to columns and rows."""

    left: float
    top: float
    right: float
    bottom: float


class MapAnswer(BaseModel):
    """The map itself; what it does not cover has no evidence of its own."""

    png: str = Field(description="16-bit grey PNG, base64; 0 is none, linear.")
    rows: int
    columns: int
    box: MapBox
    maximum: float = Field(description="Log-odds that 65535 stands for; 0 for an empty map.")


class OverlayAnswer(BaseModel):
    """The film with evidence painted on, the notice at its lower edge."""

    png: str = Field(description="Colour PNG of the radiograph's shape, base64.")


class FindingEvidenceAnswer(BaseModel):
    """Where the evidence for one finding lies."""

    finding: Finding
    task: Finding = Field(description="The finding that is decided on; it, or its whole.")
    label: str
    is_assessed: bool
    regions: list[RegionAnswer] = Field(
        description="The strongest first; empty where there is no evidence or no lungs were found."
    )
    sentence: str
    share_in_chest: float | None = Field(description="Within lungs and heart.")
    peak: PeakAnswer | None
    contours: list[ContourAnswer] | None = Field(description="With `evidence=contour`.")
    map: MapAnswer | None = Field(description="With `evidence=map`.")
    overlay: OverlayAnswer | None = Field(description="With `evidence=overlay`.")

    @classmethod
    def of(
        cls,
        found: FindingEvidence,
        radiograph: Radiograph,
        parts: Set[EvidencePart],
        cautions: Mapping[Caution, str],
        words: Catalogue,
    ) -> Self:
        """Answer for one finding, with what was asked for."""
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
    """Which part of the picture a reading rests on."""

    is_shown: bool
    reason: Reason | None = Field(description="Why nothing is shown.")
    message: str | None = Field(description="The reason in words.")
    warnings: list[EvidenceWarning] = Field(
        description="To be shown wherever the evidence is, such as a failed suitability check."
    )
    rows: int = Field(description="Of the radiograph as it is displayed.")
    columns: int
    findings: list[FindingEvidenceAnswer] = Field(
        description="Of each decision that is not negative the finding, then its parts; the main "
        "decision's first; empty where nothing is shown."
    )

    @classmethod
    def of(
        cls,
        result: PipelineResult,
        made: ModelReading,
        parts: Set[EvidencePart],
        words: Catalogue,
    ) -> Self | None:
        """Answer for the evidence of a model's reading; None where it was not looked for."""
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
