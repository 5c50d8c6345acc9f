"""Verdicts on the decisions of a reading, from figures alone: no pixels, no texts.

All outputs show these verdicts and have no rules of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hilum.findings import Finding
from hilum.models.card import Card
from hilum.models.conformal import prediction_set
from hilum.models.decision import Decision, decide, uncertain_between
from hilum.models.operating_point import Points
from hilum.models.rates import CoverageFigures, Rates, coverage_figures, decision_rates
from hilum.models.task import OperatingPoint, Presence, Task

_LEANING_SHARE = 0.6
"""Share of the parts' probability from which one part is named as the more probable one."""


class VerdictCode(StrEnum):
    """Code of a verdict; if several apply, the first of them counts."""

    FORCED = "forced"
    OUTSIDE_POPULATION = "outside_population"
    NOT_ASSESSED = "not_assessed"
    UNCERTAIN = "uncertain"
    POSITIVE = "positive"
    NEGATIVE = "negative"


_UNRELIABLE = frozenset({VerdictCode.FORCED, VerdictCode.OUTSIDE_POPULATION})


class SetCaution(StrEnum):
    """How the prediction set disagrees with a decision at a requested operating point."""

    BOTH = "set_both"
    NEITHER = "set_neither"
    CONTRADICTS = "set_contradicts"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a finding.

    Attributes
    ----------
    probability : float
        Calibrated, in [0, 1]. Not shown if the part is not assessed.
    """

    finding: Finding
    probability: float
    is_assessed: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """Verdict on one decision, as shown to users.

    Attributes
    ----------
    finding : Finding
        Finding that the model decides on.
    decision : Decision
        Decision of the model, independent of the code.
    probability : float
        Calibrated, in [0, 1].
    prediction_set : tuple of Presence or None
        Labels not ruled out at `coverage`; None if the model has no prediction sets.
    coverage : float or None
        Coverage that the prediction sets were fitted for.
    uncertain_between : tuple of (float, float) or None
        Probabilities from the first on and below the second are uncertain.
    rates : Rates or None
        Rates of the decisions at this point; None if the verdict is not reliable.
    """

    finding: Finding
    code: VerdictCode
    decision: Decision
    probability: float
    point: OperatingPoint
    prediction_set: tuple[Presence, ...] | None
    coverage: float | None
    coverage_measured: tuple[CoverageFigures, ...]
    uncertain_between: tuple[float, float] | None
    rates: Rates | None
    parts: tuple[Part, ...]
    cautions: tuple[SetCaution, ...]

    @property
    def is_reliable(self) -> bool:
        """The image is suitable and of the intended population, as far as is known."""
        return self.code not in _UNRELIABLE

    @property
    def is_above(self) -> bool:
        """The probability is at or above the operating point."""
        return self.probability >= self.point.threshold

    @property
    def is_set_shown(self) -> bool:
        """The prediction set agrees with the verdict and can be shown with it."""
        match self.code:
            case VerdictCode.POSITIVE:
                return self.prediction_set == (Presence.PRESENT,)
            case VerdictCode.NEGATIVE:
                return self.prediction_set == (Presence.ABSENT,)
            case VerdictCode.UNCERTAIN:
                return self.prediction_set is not None and len(self.prediction_set) != 1
            case _:
                return False

    @property
    def shows_evidence(self) -> bool:
        """The decision is positive or uncertain, so that evidence is shown."""
        return self.decision is not Decision.NEGATIVE

    @property
    def coded_decision(self) -> Decision:
        """The decision as coded in SR and FHIR: uncertain if it is not reliable."""
        is_shown = self.code.value == self.decision.value
        return self.decision if is_shown else Decision.UNCERTAIN

    @property
    def is_leaning_assessed(self) -> bool:
        """All of its parts are assessed."""
        return bool(self.parts) and all(part.is_assessed for part in self.parts)

    @property
    def leans_to(self) -> Finding | None:
        """The clearly more probable part; None if there is none."""
        total = sum(part.probability for part in self.parts)
        if total <= 0:
            return None
        most = max(self.parts, key=lambda part: part.probability)
        return most.finding if most.probability / total >= _LEANING_SHARE else None


def leading(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict that a reading's headline and first picture are about.

    Parameters
    ----------
    verdicts : sequence of Verdict
        Of one model, the main one first.

    Returns
    -------
    Verdict
        The main one, unless others are positive and it is not, or does not name a finding. Of
        several positive ones, that whose probability is the largest multiple of its threshold.
    """
    main = verdicts[0]
    present = present_findings(verdicts)
    if not main.is_reliable or not present or main in present:
        return main
    return max(present, key=lambda each: each.probability / max(each.point.threshold, 1e-9))


def present_findings(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Positive verdicts, in their order; any abnormality only if nothing else is positive."""
    positive = [each for each in verdicts if each.code is VerdictCode.POSITIVE]
    named = [each for each in positive if each.finding is not Finding.ABNORMAL]
    return named or positive


def find_verdicts(
    probabilities: Mapping[Finding, float],
    card: Card,
    points: Points | None = None,
    *,
    is_forced: bool = False,
    is_intended: Mapping[Finding, bool | None] | None = None,
) -> tuple[Verdict, ...]:
    """Find the verdict of each decision of a model.

    Parameters
    ----------
    probabilities : mapping of Finding to float
        Calibrated, in [0, 1]: of tasks, and of their parts if these are shown.
    card : Card
        Card of the model.
    points : mapping of Finding to OperatingPoint, optional
        Operating points; default: the card's own.
    is_forced : bool
        The image failed the suitability check and was read nevertheless.
    is_intended : mapping of Finding to bool or None, optional
        Whether the patient belongs to the task's intended population; None if unknown.

    Returns
    -------
    tuple of Verdict
        Verdicts on all tasks with a probability, the main one first.
    """
    points, is_intended = points or {}, is_intended or {}
    return tuple(
        _verdict(
            task,
            probabilities,
            points.get(task.finding, task.operating_point),
            is_forced=is_forced,
            is_intended=is_intended.get(task.finding),
        )
        for task in card.tasks_in_order
        if task.finding in probabilities
    )


def _verdict(
    task: Task,
    probabilities: Mapping[Finding, float],
    point: OperatingPoint,
    *,
    is_forced: bool,
    is_intended: bool | None,
) -> Verdict:
    probability = probabilities[task.finding]
    decision = decide(probability, task.conformal, point)
    labels = prediction_set(probability, task.conformal) if task.conformal else None
    if is_forced:
        code = VerdictCode.FORCED
    elif is_intended is False:
        code = VerdictCode.OUTSIDE_POPULATION
    elif not task.is_assessed(task.finding):
        code = VerdictCode.NOT_ASSESSED
    else:
        code = VerdictCode(decision.value)
    return Verdict(
        finding=task.finding,
        code=code,
        decision=decision,
        probability=probability,
        point=point,
        prediction_set=labels,
        coverage=task.conformal.coverage if task.conformal else None,
        coverage_measured=coverage_figures(task),
        uncertain_between=uncertain_between(task.conformal, point),
        rates=None if code in _UNRELIABLE else decision_rates(task, point),
        parts=tuple(
            Part(part, probabilities[part], task.is_assessed(part))
            for part in task.parts
            if part in probabilities
        ),
        cautions=_set_cautions(labels, decision),
    )


def _set_cautions(
    labels: tuple[Presence, ...] | None, decision: Decision
) -> tuple[SetCaution, ...]:
    """Disagreements of a prediction set with a decision; none if the decision is uncertain."""
    if labels is None or decision is Decision.UNCERTAIN:
        return ()
    borne_out = Presence.PRESENT if decision is Decision.POSITIVE else Presence.ABSENT
    match labels:
        case ():
            return (SetCaution.NEITHER,)
        case (only,):
            return () if only is borne_out else (SetCaution.CONTRADICTS,)
        case _:
            return (SetCaution.BOTH,)
