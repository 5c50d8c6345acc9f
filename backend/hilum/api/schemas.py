"""What the API answers, as its clients see it."""

from collections.abc import Sequence
from typing import Any, Literal, Self

from pydantic import BaseModel, Field

from hilum.api.anatomy_schemas import AnatomyAnswer
from hilum.api.evidence_schemas import EvidenceAnswer
from hilum.api.image_schemas import ImageAnswer
from hilum.api.notice import NOTICE
from hilum.api.verdict_schemas import DecidedAnswer, decided
from hilum.findings import Finding
from hilum.models import Decision, FindingReading, PipelineResult, Reader
from hilum.models.evidence import Reason as NoEvidence
from hilum.models.pipeline import ModelReading
from hilum.models.reading import TaskDecision
from hilum.models.registry import Unavailable
from hilum.models.suitability import PopulationMatch, Reason, ReasonCode, Suitability
from hilum.models.suitability_words import population_words, reason_words
from hilum.models.task import Presence
from hilum.reporting.evidence_words import no_evidence_words
from hilum.reporting.sentences import finding_words
from hilum.words.catalogue import Catalogue, load_catalogue


class FindingAnswer(BaseModel):
    """A finding with its calibrated probability."""

    code: Finding
    label: str
    probability: float = Field(ge=0, le=1)
    decision: Decision | None = Field(
        description="Null where the model does not decide on this finding, as on parts of another."
    )
    operating_point: float | None = Field(
        description="Probability at and above which the model calls the finding present; null "
        "where it does not decide on it."
    )
    prediction_set: list[Presence] | None = Field(
        description="See `verdicts`; null where the model does not decide on it or has no sets."
    )
    assessed: bool = Field(
        description="False where the model's figures on test patients are too weak to rely on, by "
        "the rule in its card: take no decision from it."
    )

    @classmethod
    def of(cls, read: FindingReading, decided: TaskDecision | None, words: Catalogue) -> Self:
        """The answer for a finding, and for the decision on it where there is one."""
        labels = decided.prediction_set if decided else None
        return cls(
            code=read.finding,
            label=finding_words(read.finding, words),
            probability=read.probability,
            decision=decided.decision if decided else None,
            operating_point=decided.operating_point.threshold if decided else None,
            prediction_set=None if labels is None else list(labels),
            assessed=read.is_assessed,
        )


class ModelAnswer(BaseModel):
    """Which model read."""

    name: str
    version: str
    sha256: str
    intended_population: str


class ReasonAnswer(BaseModel):
    """One thing to know of a picture."""

    code: ReasonCode
    words: str

    @classmethod
    def of(cls, reason: Reason, words: Catalogue) -> Self:
        """Say it in the catalogue's words."""
        return cls(code=reason.code, words=reason_words(reason, words))


class PopulationAnswer(BaseModel):
    """Whether the film is of the people that the model is meant for."""

    intended: bool | None = Field(description="Null where neither file nor picture tells.")
    words: str

    @classmethod
    def of(cls, match: PopulationMatch, words: Catalogue) -> Self:
        """Say it in the catalogue's words."""
        return cls(intended=match.is_intended, words=population_words(match, words))


class SuitabilityAnswer(BaseModel):
    """Whether the picture is one that the models can be trusted on."""

    suitable: bool
    forced: bool = Field(description="It is not, and was read because `force=true` asked for it.")
    reasons: list[ReasonAnswer] = Field(description="Reasons against reading it.")
    notes: list[ReasonAnswer] = Field(description="What was mended or should be known.")
    population: PopulationAnswer

    @classmethod
    def of(cls, suitability: Suitability, match: PopulationMatch, words: Catalogue) -> Self:
        """Describe what was seen before the reading."""
        return cls(
            suitable=suitability.is_suitable,
            forced=not suitability.is_suitable,
            reasons=[ReasonAnswer.of(reason, words) for reason in suitability.reasons],
            notes=[ReasonAnswer.of(note, words) for note in suitability.notes],
            population=PopulationAnswer.of(match, words),
        )


class TimingAnswer(BaseModel):
    """Milliseconds in the service, by step."""

    decode: float
    anatomy: float = Field(description="Finding lungs and heart, and judging the picture.")
    preprocess: float
    inference: float
    total: float


class ModelReadingAnswer(DecidedAnswer):
    """What one model made of the film. Fields are named as at the top of `ReadingAnswer`."""

    findings: list[FindingAnswer]
    model: ModelAnswer
    population: PopulationAnswer
    evidence: EvidenceAnswer | None = Field(
        default=None, description="Of the first it is at the top of the answer alone."
    )

    @classmethod
    def of(cls, made: ModelReading, evidence: EvidenceAnswer | None, words: Catalogue) -> Self:
        """The answer for one model."""
        return cls(
            **_told(made, words),
            population=PopulationAnswer.of(made.population, words),
            evidence=evidence,
        )


def _told(made: ModelReading, words: Catalogue) -> dict[str, Any]:
    """The fields of a model's reading, wherever they stand."""
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
        ),
    }


class ReadingAnswer(DecidedAnswer):
    """One radiograph, read. `result` and `prediction` are kept for older clients.

    The fields at the top are of the first model that was asked for; `readings` has one entry for
    each model.
    """

    suitability: SuitabilityAnswer | None = Field(
        description="Null where the service has no anatomy bundle to look with."
    )
    findings: list[FindingAnswer]
    model: ModelAnswer
    readings: list[ModelReadingAnswer]
    image: ImageAnswer
    timing_ms: TimingAnswer
    anatomy: AnatomyAnswer | None = Field(
        default=None, description="With `anatomy=true`: lungs, heart, cardiothoracic ratio."
    )
    evidence: EvidenceAnswer | None = Field(
        default=None, description="With `evidence=…`: which part of the picture it rests on."
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
        """The answer for a film; evidence of each reading, where it was asked for."""
        screening, main, steps = result.screening, result.main, result.steps
        of_main, *of_others = evidence or [None] * len(result.readings)
        return cls(
            **_told(main, words),
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
    """One radiograph, measured."""

    anatomy: AnatomyAnswer
    image: ImageAnswer
    notice: str = Field(examples=[NOTICE])


class ModelSummary(BaseModel):
    """A model that this service has, or why it cannot be used."""

    name: str
    address: str = Field(
        description="What the queries `model` take to name this model and no other: its name, or "
        "`name@version` where the service has several versions of it."
    )
    ready: bool
    reason: str | None = None
    title: str | None = None
    version: str | None = None
    sha256: str | None = None
    intended_population: str | None = None
    findings: list[Finding] = []
    decides_on: list[Finding] = Field(default=[], description="Its tasks, the main one first.")
    shows_evidence: bool = Field(
        default=False, description="It can tell which part of a picture a reading rests on."
    )
    evidence_message: str | None = Field(
        default=None, description="Why it can show no evidence, where it cannot."
    )

    @classmethod
    def of(cls, address: str, entry: Reader | Unavailable) -> Self:
        """The summary of a registry's entry."""
        if isinstance(entry, Unavailable):
            return cls(name=entry.name, address=address, ready=False, reason=entry.reason)
        card = entry.card
        return cls(
            name=card.name,
            address=address,
            ready=True,
            title=card.title,
            version=card.version,
            sha256=entry.bundle.sha256,
            intended_population=card.intended_population,
            findings=list(card.findings),
            decides_on=[task.finding for task in card.tasks_in_order],
            shows_evidence=card.evidence is not None,
            evidence_message=None
            if card.evidence
            else no_evidence_words(NoEvidence.NO_EVIDENCE_LAYER, load_catalogue()),
        )


class ModelList(BaseModel):
    """All models of this service."""

    default: str = Field(description="`address` of the model that reads where none is asked for.")
    models: list[ModelSummary]


class Health(BaseModel):
    """The service answers."""

    status: Literal["ok"] = "ok"
