"""What the API answers of a reading's decisions, each with its verdict in codes, figures, words."""

from typing import Self

from pydantic import BaseModel, Field

from hilum.api.original_service import PREDICTION, RESULT, Result, original_result, original_set
from hilum.findings import Finding
from hilum.models import Card, Decision
from hilum.models.measured import Interval
from hilum.models.operating_point import rates_at
from hilum.models.rates import Rates
from hilum.models.task import Presence, Task
from hilum.models.verdict import SetCaution, Verdict, VerdictCode
from hilum.reporting.sentences import Sentence
from hilum.reporting.verdict_words import verdict_words
from hilum.words.catalogue import Catalogue


class OperatingPointAnswer(BaseModel):
    """The probability at and above which the finding counts as present, and its rates."""

    threshold: float = Field(ge=0, le=1)
    criterion: str
    sensitivity: float | None = Field(
        description="Of this threshold alone, as `result` has it, on the validation patients. "
        "The rates of `decision` are `verdicts[].rates`. Null where the verdict is not reliable."
    )
    specificity: float | None

    @classmethod
    def of(cls, verdict: Verdict, task: Task) -> Self:
        """Describe a verdict's operating point; without rates where it is not reliable."""
        point = verdict.point
        rates = rates_at(task, point.threshold) if verdict.is_reliable else None
        return cls(
            threshold=point.threshold,
            criterion=point.criterion,
            sensitivity=round(rates[0], 4) if rates else None,
            specificity=round(rates[1], 4) if rates else None,
        )


class IntervalAnswer(BaseModel):
    """A share with its 95 % interval, which is null where only the value is known."""

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
    """How often decisions are right and how often there is none."""

    sensitivity: IntervalAnswer | None = Field(description="Positives decided positive.")
    specificity: IntervalAnswer | None = Field(description="Negatives decided negative.")
    uncertain_positive: IntervalAnswer | None = Field(
        description="Positives left uncertain; null at an operating point that was asked for."
    )
    uncertain_negative: IntervalAnswer | None
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
    """How often prediction sets held the truth, on radiographs that fitted nothing."""

    films: str = Field(description="`test`, or the acquisition that was left out of training.")
    positive: float
    negative: float
    patients: int


class SetCautionAnswer(BaseModel):
    """How the prediction set disagrees with a decision."""

    code: SetCaution
    words: str


class VerdictAnswer(BaseModel):
    """What people are to be told of one decision; every output of Hilum says the same."""

    finding: Finding
    code: VerdictCode = Field(
        description="`forced` (processed despite failing the suitability check) goes before "
        "`outside_population`, then `not_assessed`, `uncertain`, `positive` or `negative`."
    )
    reliable: bool = Field(
        description="False for `forced` and `outside_population`: take nothing from the figures."
    )
    decision: Decision = Field(description="What the model decides, whatever `code` is.")
    probability: float = Field(ge=0, le=1)
    operating_point: float = Field(ge=0, le=1)
    prediction_set: list[Presence] | None = Field(
        description="Whether the finding may be present, absent, both or neither, at `coverage`."
    )
    prediction_set_shown: bool = Field(
        description="The prediction set agrees with the verdict, so that it explains it."
    )
    coverage: float | None
    coverage_measured: list[CoverageAnswer]
    uncertain_between: tuple[float, float] | None
    rates: RatesAnswer | None = Field(description="Null where not measured, or not reliable.")
    shows_evidence: bool = Field(description="The decision is positive or uncertain.")
    evidence_caution: str | None = Field(description="What the evidence must be shown with.")
    headline: str
    short: str
    sentence: str = Field(description="Probability and operating point, or why it is uncertain.")
    leaning: str | None = Field(
        description="Which of its parts a finding that is present is more like, where assessed."
    )
    rates_words: str | None
    coverage_words: str | None
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
            cautions=[
                SetCautionAnswer(code=code, words=sentence.text)
                for code, sentence in zip(verdict.cautions, said.cautions, strict=True)
            ],
        )


class DecidedAnswer(BaseModel):
    """The decisions of a reading. `result` and `prediction` are kept for older clients.

    The other fields at the top are of the model's main finding; `verdicts` has all.
    """

    result: Result | None = Field(description=RESULT)
    prediction: str | None = Field(description=PREDICTION)
    decision: Decision = Field(
        description="Uncertain where `prediction_set` leaves both labels or none; else by the "
        "operating point, as `result` always is. Never uncertain at an operating point that was "
        "asked for. `verdicts` weighs in the population and whether the image is suitable."
    )
    operating_point: OperatingPointAnswer
    prediction_set: list[Finding] | None = Field(
        description="Labels that are not ruled out at the stated coverage (split conformal "
        "prediction); `normal` stands for absent. One is a decision; both or none mean that the "
        "model cannot tell. Null where the model has no such sets."
    )
    coverage: float | None = Field(
        description="Share of films like the validation patients' whose set holds the truth.",
    )
    uncertain_between: tuple[float, float] | None = Field(
        description="Probabilities of the finding between which the model cannot tell; null at an "
        "operating point that was asked for.",
    )
    verdicts: list[VerdictAnswer] = Field(
        description="What people are to be told, one for each decision, the main one first."
    )


def decided(verdicts: tuple[Verdict, ...], card: Card, words: Catalogue) -> DecidedAnswer:
    """Answer for the decisions of a reading.

    Parameters
    ----------
    verdicts : tuple of Verdict
        The main one first.
    card : Card
        Of the model that read.
    """
    main = verdicts[0]
    result, prediction = original_result(verdicts)
    return DecidedAnswer(
        result=result,
        prediction=prediction,
        decision=main.decision,
        operating_point=OperatingPointAnswer.of(main, card.task(main.finding)),
        prediction_set=original_set(main),
        coverage=main.coverage,
        uncertain_between=main.uncertain_between,
        verdicts=[VerdictAnswer.of(verdict, words) for verdict in verdicts],
    )


def _joined(sentences: tuple[Sentence, ...]) -> str | None:
    return " ".join(sentence.text for sentence in sentences) or None
