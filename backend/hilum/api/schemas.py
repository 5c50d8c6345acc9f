"""Schemas of the API's answers: readings, models, health."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Literal, Self

from pydantic import BaseModel, Field

from hilum.api.anatomy_schemas import AnatomyAnswer
from hilum.api.evidence_schemas import EvidenceAnswer
from hilum.api.image_schemas import ImageAnswer
from hilum.api.model_schemas import ModelAnswer, SiteAnswer
from hilum.api.notice import NOTICE
from hilum.api.original_service import (
    RESULT_MODEL,
    OriginalFields,
    original_fields,
    original_reading,
)
from hilum.api.verdict_schemas import DecidedAnswer, decided
from hilum.findings import Finding
from hilum.models import Decision, FindingReading, PipelineResult
from hilum.models.pipeline import ModelReading
from hilum.models.reading import TaskDecision
from hilum.models.selection import Selection, SelectionReason
from hilum.models.suitability import PopulationMatch, Reason, ReasonCode, Suitability
from hilum.models.suitability_words import (
    population_words,
    reason_words,
    selection_words,
)
from hilum.models.task import Presence
from hilum.reporting.sentences import finding_words
from hilum.words.catalogue import Catalogue


class FindingAnswer(BaseModel):
    """A finding with its calibrated probability."""

    code: Finding
    label: str
    probability: float = Field(ge=0, le=1)
    decision: Decision | Literal["not_assessed"] | None = Field(
        description="Decision at the operating point; `not_assessed` if the model decides on this "
        "finding and `assessed` is false; null if the model does not decide on it, for example on "
        "the parts of another finding."
    )
    operating_point: float | None = Field(
        description="Probability at or above which the model calls the finding present, or null if "
        "the model does not decide on this finding."
    )
    prediction_set: list[Presence] | None = Field(
        description="Prediction set, as in `verdicts`, or null if the model does not decide on "
        "this finding or has no prediction sets."
    )
    assessed: bool = Field(
        description="False if the model's figures on the test patients do not meet the assessment "
        "rule in its card: do not base a decision on this finding."
    )

    @classmethod
    def of(cls, read: FindingReading, decided: TaskDecision | None, words: Catalogue) -> Self:
        """Describe a finding, with the decision on it if there is one."""
        labels = decided.prediction_set if decided else None
        decision = decided.decision if decided else None
        return cls(
            code=read.finding,
            label=finding_words(read.finding, words),
            probability=read.probability,
            decision="not_assessed" if decided and not read.is_assessed else decision,
            operating_point=decided.operating_point.threshold if decided else None,
            prediction_set=None if labels is None else list(labels),
            assessed=read.is_assessed,
        )


class ReasonAnswer(BaseModel):
    """A reason against reading an image, or a note on the image."""

    code: ReasonCode
    words: str

    @classmethod
    def of(cls, reason: Reason, words: Catalogue) -> Self:
        """Describe a reason in the catalogue's language."""
        return cls(code=reason.code, words=reason_words(reason, words))


class PopulationAnswer(BaseModel):
    """Whether the patient belongs to the model's intended population."""

    intended: bool | None = Field(
        description="True if the patient belongs to the intended population, or null if neither "
        "the file nor the image allows a conclusion."
    )
    words: str

    @classmethod
    def of(cls, match: PopulationMatch, words: Catalogue) -> Self:
        """Describe a reason in the catalogue's language."""
        return cls(intended=match.is_intended, words=population_words(match, words))


class SuitabilityAnswer(BaseModel):
    """Result of the suitability check."""

    suitable: bool
    forced: bool = Field(
        description="True if the image failed the check and was read because of `force=true`."
    )
    reasons: list[ReasonAnswer] = Field(description="Reasons why the image fails the check.")
    notes: list[ReasonAnswer] = Field(description="Corrections of the image and other remarks.")
    population: PopulationAnswer

    @classmethod
    def of(cls, suitability: Suitability, match: PopulationMatch, words: Catalogue) -> Self:
        """Describe the result of the suitability check."""
        return cls(
            suitable=suitability.is_suitable,
            forced=not suitability.is_suitable,
            reasons=[ReasonAnswer.of(reason, words) for reason in suitability.reasons],
            notes=[ReasonAnswer.of(note, words) for note in suitability.notes],
            population=PopulationAnswer.of(match, words),
        )


class SelectionAnswer(BaseModel):
    """Selection of the models by the patient's age."""

    models: list[str] = Field(description="Names of the models that read, the main one first.")
    reason: SelectionReason = Field(
        description="`age`: by the age in the header; `look`: by the age group that the image "
        "shows; `unknown`: all models, because neither shows the age; `not_meant`: all models, "
        "because none is intended for the patient's age group."
    )
    words: str

    @classmethod
    def of(cls, selection: Selection | None, words: Catalogue) -> Self | None:
        """Describe a selection; None if the models were named."""
        if selection is None:
            return None
        return cls(
            models=[card.name for card in selection.cards],
            reason=selection.reason,
            words=selection_words(selection, words),
        )


class TimingAnswer(BaseModel):
    """Processing time of each step, in milliseconds."""

    decode: float
    anatomy: float = Field(
        description="Segmentation of lungs and heart, and the suitability check."
    )
    preprocess: float
    inference: float
    total: float


class ModelReadingAnswer(DecidedAnswer):
    """Reading of one model. The fields are those at the top level of `ReadingAnswer`."""

    findings: list[FindingAnswer]
    model: ModelAnswer
    population: PopulationAnswer
    evidence: EvidenceAnswer | None = Field(
        default=None,
        description="Evidence of this model, or null if it was not requested. The evidence of the "
        "first model is only in the top-level field `evidence`.",
    )

    @classmethod
    def of(cls, made: ModelReading, evidence: EvidenceAnswer | None, words: Catalogue) -> Self:
        """Describe the reading of one model."""
        return cls(
            **_reading_fields(made, words),
            population=PopulationAnswer.of(made.population, words),
            evidence=evidence,
        )


def _reading_fields(made: ModelReading, words: Catalogue) -> dict[str, Any]:
    """Fields that the answer for a radiograph and that for each model have in common."""
    reading = made.reading
    on_tasks = {each.finding: each for each in reading.decisions}
    return {
        **dict(decided(made.verdicts, made.card, words)),
        "findings": [
            FindingAnswer.of(read, on_tasks.get(read.finding), words) for read in reading.findings
        ],
        "model": ModelAnswer(
            name=reading.model_name,
            version=reading.model_version,
            sha256=reading.model_sha256,
            intended_population=made.card.intended_population,
            site=SiteAnswer.of(made.card),
        ),
    }


class ReadingAnswer(DecidedAnswer):
    """Reading of one radiograph.

    The top-level fields are those of the first model that read; `readings` has one entry for each
    model. `result`, `prediction` and `result_assessed` are those of `result_model`, for older
    clients.
    """

    result_model: str | None = Field(description=RESULT_MODEL)
    selection: SelectionAnswer | None = Field(
        description="Selection of the models, or null if the request named them."
    )

    suitability: SuitabilityAnswer | None = Field(
        description="Result of the suitability check, or null if the service has no anatomy model."
    )
    findings: list[FindingAnswer]
    model: ModelAnswer
    readings: list[ModelReadingAnswer]
    image: ImageAnswer
    timing_ms: TimingAnswer
    anatomy: AnatomyAnswer | None = Field(
        default=None,
        description="Lungs, heart and cardiothoracic ratio, or null without `anatomy=true`.",
    )
    evidence: EvidenceAnswer | None = Field(
        default=None,
        description="Evidence of the first model, or null without the query parameter `evidence`.",
    )
    notice: str

    @classmethod
    def of(
        cls,
        result: PipelineResult,
        words: Catalogue,
        anatomy: AnatomyAnswer | None = None,
        evidence: Sequence[EvidenceAnswer | None] = (),
    ) -> Self:
        """Describe the readings of a radiograph, with the evidence of each if requested."""
        screening, main, steps = result.screening, result.main, result.steps
        of_main, *of_others = evidence or [None] * len(result.readings)
        original = original_reading(result.readings)
        fields = original_fields(original.verdicts, original.card) if original else OriginalFields()
        return cls(
            **{**_reading_fields(main, words), **asdict(fields)},
            result_model=original.card.name if original else None,
            selection=SelectionAnswer.of(result.selection, words),
            suitability=(
                SuitabilityAnswer.of(screening.suitability, main.population, words)
                if screening
                else None
            ),
            readings=[
                ModelReadingAnswer.of(made, each, words)
                for made, each in zip(result.readings, (None, *of_others), strict=True)
            ],
            image=ImageAnswer.of(result.radiograph, words),
            timing_ms=TimingAnswer(
                decode=round(steps.decode_ms, 3),
                anatomy=round(steps.anatomy_ms, 3),
                preprocess=round(sum(each.reading.preprocess_ms for each in result.readings), 3),
                inference=round(sum(each.reading.inference_ms for each in result.readings), 3),
                total=round(steps.total_ms, 3),
            ),
            anatomy=anatomy,
            evidence=of_main,
            notice=words.say("page.notice"),
        )


class MeasuredAnswer(BaseModel):
    """Measurements of one radiograph."""

    anatomy: AnatomyAnswer
    image: ImageAnswer
    notice: str = Field(examples=[NOTICE])


class Health(BaseModel):
    """Status of the service."""

    status: Literal["ok"] = "ok"
