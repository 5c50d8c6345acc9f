"""What people are told of each decision of a reading, from figures alone: no pixels, no words.

Every output renders these verdicts and holds no rule of its own.
"""

from collections.abc import Mapping
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
"""From this share of its parts' probability on, a finding is called more like one part."""


class VerdictCode(StrEnum):
    """The headline of a verdict; where several hold, the first of them counts."""

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
    """A finding that another one is made of.

    Attributes
    ----------
    probability : float
        Calibrated, in [0, 1]. Not to be told where it is not assessed.
    """

    finding: Finding
    probability: float
    is_assessed: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What people are told of one decision.

    Attributes
    ----------
    finding : Finding
        The finding that is decided on.
    decision : Decision
        What the model decides, whatever the headline is.
    probability : float
        Calibrated, in [0, 1].
    prediction_set : tuple of Presence or None
        Labels that are not ruled out at `coverage`; None where the model has no such sets.
    coverage : float or None
        That the prediction sets aim at.
    uncertain_between : tuple of (float, float) or None
        Probabilities from the first on and below the second are uncertain.
    rates : Rates or None
        Of the decisions at this point; None where the verdict is not reliable.
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
        """The picture is one that the model was made for, as far as is known."""
        return self.code not in _UNRELIABLE

    @property
    def is_above(self) -> bool:
        """At or above the operating point, whatever the decision is."""
        return self.probability >= self.point.threshold

    @property
    def is_set_shown(self) -> bool:
        """The prediction set agrees with the headline, so that it explains it."""
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
        """There is a positive or uncertain decision for evidence to stand behind."""
        return self.decision is not Decision.NEGATIVE

    @property
    def coded_decision(self) -> Decision:
        """The decision as SR and FHIR code it: uncertain where it is not to be relied on."""
        is_told = self.code.value == self.decision.value
        return self.decision if is_told else Decision.UNCERTAIN

    @property
    def is_leaning_assessed(self) -> bool:
        """Its parts can be told from one another."""
        return bool(self.parts) and all(part.is_assessed for part in self.parts)

    @property
    def leans_to(self) -> Finding | None:
        """The part that most of the probability belongs to; None where no part stands out."""
        total = sum(part.probability for part in self.parts)
        if total <= 0:
            return None
        most = max(self.parts, key=lambda part: part.probability)
        return most.finding if most.probability / total >= _LEANING_SHARE else None


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
        Calibrated, in [0, 1]: of tasks, and of their parts where they are to be told.
    card : Card
        Of the model that read.
    points : mapping of Finding to OperatingPoint, optional
        To decide at; the card's own where none is given.
    is_forced : bool
        The picture failed the suitability check and was read nevertheless.
    is_intended : mapping of Finding to bool or None, optional
        Whether the patient is one that the task is meant for; None where nothing tells.

    Returns
    -------
    tuple of Verdict
        Of the tasks that there is a probability of, the main one's first.
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
    """A prediction set that does not agree with a decision; uncertain ones say so themselves."""
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
