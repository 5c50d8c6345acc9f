"""Schemas of decisions and verdicts: codes, figures and texts."""

from typing import Self

from pydantic import BaseModel, Field

from hilum.api.original_service import (
    PREDICTION,
    RESULT,
    RESULT_ASSESSED,
    Result,
    original_fields,
    original_set,
)
from hilum.findings import Finding
from hilum.models import Card, Decision
from hilum.models.measured import Interval
from hilum.models.operating_point import rates_at
from hilum.models.rates import Rates
from hilum.models.task import Presence, Task
from hilum.models.verdict import SetCaution, Verdict, VerdictCode, leading
from hilum.reporting.patient_words import verdict_for_patients
from hilum.reporting.sentences import Sentence
from hilum.reporting.verdict_words import headline_words, verdict_words
from hilum.words.catalogue import Catalogue


class OperatingPointAnswer(BaseModel):
    """Probability at or above which the finding is called present, and its error rates."""

    threshold: float = Field(ge=0, le=1)
    criterion: str
    sensitivity: float | None = Field(
        description="Sensitivity of the threshold on the validation patients, or null if it is "
        "unknown or the verdict is not reliable. It applies to `result`; the rates of `decision` "
        "are in `verdicts[].rates`."
    )
    specificity: float | None

    @classmethod
    def of(cls, verdict: Verdict, task: Task) -> Self:
        """Describe a verdict's operating point, without rates if the verdict is not reliable."""
        point = verdict.point
        rates = rates_at(task, point.threshold) if verdict.is_reliable else None
        return cls(
            threshold=point.threshold,
            criterion=point.criterion,
            sensitivity=round(rates[0], 4) if rates else None,
            specificity=round(rates[1], 4) if rates else None,
        )


class IntervalAnswer(BaseModel):
    """A share with its 95 % interval; `low` and `high` are null if only the value is known."""

    value: float = Field(ge=0, le=1)
    low: float | None
    high: float | None

    @classmethod
    def of(cls, interval: Interval | None) -> Self | None:
        """Describe an interval."""
        if interval is None:
            return None
        is_known = interval.low < interval.high
        return cls(
            value=round(interval.value, 4),
            low=round(interval.low, 4) if is_known else None,
            high=round(interval.high, 4) if is_known else None,
        )


class RatesAnswer(BaseModel):
    """How often decisions are correct, and how often they are uncertain."""

    sensitivity: IntervalAnswer | None = Field(
        description="Share of positive radiographs that are decided positive."
    )
    specificity: IntervalAnswer | None = Field(
        description="Share of negative radiographs that are decided negative."
    )
    uncertain_positive: IntervalAnswer | None = Field(
        description="Share of positive radiographs with an uncertain decision, or null at a "
        "requested operating point."
    )
    uncertain_negative: IntervalAnswer | None = Field(
        description="Share of negative radiographs with an uncertain decision, or null at a "
        "requested operating point."
    )
    measured_on: str
    patients: int | None

    @classmethod
    def of(cls, rates: Rates | None) -> Self | None:
        """Describe rates."""
        if rates is None:
            return None
        return cls(
            sensitivity=IntervalAnswer.of(rates.sensitivity),
            specificity=IntervalAnswer.of(rates.specificity),
            uncertain_positive=IntervalAnswer.of(rates.uncertain_positive),
            uncertain_negative=IntervalAnswer.of(rates.uncertain_negative),
            measured_on=rates.split,
            patients=rates.patients,
        )


class CoverageAnswer(BaseModel):
    """Measured coverage of the prediction sets, on radiographs not used for fitting."""

    films: str = Field(
        description="Radiographs of the measurement: `test`, `site` for those of a site profile, "
        "or an acquisition left out of training."
    )
    positive: float
    negative: float
    patients: int


class SetCautionAnswer(BaseModel):
    """A disagreement between the prediction set and the decision."""

    code: SetCaution
    words: str


class VerdictAnswer(BaseModel):
    """Verdict on one finding, as shown to users in every output of Hilum."""

    finding: Finding
    code: VerdictCode = Field(
        description="Code of the verdict. `forced` (processed despite failing the suitability "
        "check) takes precedence over `outside_population`, then `not_assessed`, then `uncertain`, "
        "`positive` or `negative`."
    )
    reliable: bool = Field(
        description="False if `code` is `forced` or `outside_population`: do not rely on the "
        "figures."
    )
    decision: Decision = Field(description="Decision of the model, independent of `code`.")
    probability: float = Field(ge=0, le=1)
    operating_point: float = Field(ge=0, le=1)
    prediction_set: list[Presence] | None = Field(
        description="Labels not ruled out at `coverage`: present, absent, both or none. Null if "
        "the model has no prediction sets."
    )
    prediction_set_shown: bool = Field(
        description="True if the prediction set agrees with the verdict and can be shown with it."
    )
    coverage: float | None
    coverage_measured: list[CoverageAnswer]
    uncertain_between: tuple[float, float] | None
    rates: RatesAnswer | None = Field(
        description="Error rates of the decisions at this operating point, or null if they were "
        "not measured or the verdict is not reliable."
    )
    shows_evidence: bool = Field(
        description="True if evidence is shown, because the decision is positive or uncertain."
    )
    evidence_caution: str | None = Field(
        description="Caution to show together with the evidence, or null if there is none."
    )
    headline: str
    short: str
    sentence: str = Field(
        description="Sentence with the probability and the operating point, or with the reason for "
        "an uncertain decision."
    )
    leaning: str | None = Field(
        description="Sentence on the more probable part of a present finding, or null if its parts "
        "are not assessed."
    )
    rates_words: str | None
    coverage_words: str | None
    patient_sentence: str = Field(
        description="The verdict for patients and families, with its error rates as counts of 100."
    )
    cautions: list[SetCautionAnswer]

    @classmethod
    def of(cls, verdict: Verdict, words: Catalogue) -> Self:
        """Describe a verdict."""
        said = verdict_words(verdict, words)
        labels = verdict.prediction_set
        return cls(
            finding=verdict.finding,
            code=verdict.code,
            reliable=verdict.is_reliable,
            decision=verdict.decision,
            probability=verdict.probability,
            operating_point=verdict.point.threshold,
            prediction_set=None if labels is None else list(labels),
            prediction_set_shown=verdict.is_set_shown,
            coverage=verdict.coverage,
            coverage_measured=[
                CoverageAnswer(
                    films=each.films,
                    positive=round(each.positive, 4),
                    negative=round(each.negative, 4),
                    patients=each.patients,
                )
                for each in verdict.coverage_measured
            ],
            uncertain_between=verdict.uncertain_between,
            rates=RatesAnswer.of(verdict.rates),
            shows_evidence=verdict.shows_evidence,
            evidence_caution=said.evidence.text if said.evidence else None,
            headline=said.headline.text,
            short=said.short.text,
            sentence=said.decision.text,
            leaning=_joined(said.leaning),
            rates_words=_joined(said.rates),
            coverage_words=_joined(said.coverage),
            patient_sentence=verdict_for_patients(verdict, words).text,
            cautions=[
                SetCautionAnswer(code=code, words=sentence.text)
                for code, sentence in zip(verdict.cautions, said.cautions, strict=True)
            ],
        )


class DecidedAnswer(BaseModel):
    """Decisions of a reading.

    The top-level fields describe the model's main finding; `verdicts` has one entry for each
    finding that the model decides on. `result` and `prediction` are kept for older clients.
    """

    result: Result | None = Field(description=RESULT)
    prediction: str | None = Field(description=PREDICTION)
    result_assessed: bool | None = Field(description=RESULT_ASSESSED)
    decision: Decision = Field(
        description="Decision on the main finding: `uncertain` if the probability is within "
        "`uncertain_between`, otherwise by the operating point, as `result` always is. It is never "
        "`uncertain` at a requested operating point. `verdicts` also considers the intended "
        "population and the suitability check."
    )
    operating_point: OperatingPointAnswer
    prediction_set: list[Finding] | None = Field(
        description="Labels not ruled out at the stated coverage (split conformal prediction); "
        "`normal` stands for absent. A set with both labels or none means that the decision is "
        "uncertain. Null if the model has no prediction sets."
    )
    coverage: float | None = Field(
        description="Expected share of prediction sets that contain the true label, for "
        "radiographs like those of the validation patients. Null if the model has no prediction "
        "sets.",
    )
    uncertain_between: tuple[float, float] | None = Field(
        description="Range of probabilities in which the decision is uncertain, or null at a "
        "requested operating point.",
    )
    headline: str = Field(
        description="Headline of the reading: all findings that are present, or else the verdict "
        "on the main finding."
    )
    leading: Finding = Field(
        description="Finding that `headline` begins with, and whose evidence is shown first."
    )
    verdicts: list[VerdictAnswer] = Field(
        description="Verdicts shown to users: one for each finding that the model decides on, the "
        "main one first."
    )


def decided(verdicts: tuple[Verdict, ...], card: Card, words: Catalogue) -> DecidedAnswer:
    """Describe the decisions of a reading.

    Parameters
    ----------
    verdicts : tuple of Verdict
        The main one first.
    card : Card
        Card of the model.
    """
    main = verdicts[0]
    original = original_fields(verdicts, card)
    return DecidedAnswer(
        result=original.result,
        prediction=original.prediction,
        result_assessed=original.result_assessed,
        decision=main.decision,
        operating_point=OperatingPointAnswer.of(main, card.task(main.finding)),
        prediction_set=original_set(main),
        coverage=main.coverage,
        uncertain_between=main.uncertain_between,
        headline=headline_words(verdicts, words).text,
        leading=leading(verdicts).finding,
        verdicts=[VerdictAnswer.of(verdict, words) for verdict in verdicts],
    )


def _joined(sentences: tuple[Sentence, ...]) -> str | None:
    return " ".join(sentence.text for sentence in sentences) or None
