"""What a model decides on: the tasks of its card, each with all that its decisions rest on."""

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from hilum.findings import Finding
from hilum.models.measured import CardPart, Curves, GroupFigures, SplitMetrics, Trial, TrialFigure
from hilum.populations import Population


class Presence(StrEnum):
    """The labels of a task: its finding is present, or it is not."""

    PRESENT = "present"
    ABSENT = "absent"


class OperatingPoint(CardPart):
    """The probability at and above which a finding is called present, and why it is that one."""

    threshold: float = Field(ge=0, le=1)
    criterion: str
    chosen_on: str

    @property
    def is_requested(self) -> bool:
        """A user asked for it: it decides alone, without prediction sets."""
        return False


class RequestedPoint(OperatingPoint):
    """An operating point that a user asked for in place of the model's own."""

    @property
    def is_requested(self) -> bool:
        """A user asked for it: it decides alone, without prediction sets."""
        return True


class Conformal(CardPart):
    """Sets of labels that hold the true one with a stated probability.

    Class-conditional split conformal prediction (Vovk, ACML 2012): a label is in the set where
    one minus its probability is at most its quantile.

    Attributes
    ----------
    coverage : float
        Share of each class's films, of those like the ones it was fitted on, whose set holds
        the truth.
    quantiles : mapping of Presence to float
        Of both labels.
    """

    coverage: float = Field(gt=0, lt=1)
    quantiles: dict[Presence, float]
    fitted_on: str

    @model_validator(mode="after")
    def _has_both(self) -> Self:
        if set(self.quantiles) != set(Presence):
            raise ValueError("quantiles needs present and absent")
        return self


class AssessmentRule(CardPart):
    """When a finding is "not assessed": the figures of one split are not good enough.

    Attributes
    ----------
    least_auroc : float
        Which the lower end of the AUROC's interval must reach.
    least_positives : int
        Radiographs with the finding that must stand behind it.
    """

    split: str = "test"
    least_auroc: float = Field(default=0.70, ge=0, le=1)
    least_positives: int = Field(default=0, ge=0)


class IntendedPatients(CardPart):
    """Whom a task is meant for, where that can be told from a film.

    Attributes
    ----------
    years : tuple of (float, float) or None
        Ages: from the first on, and below the second. None: those of the population.
    """

    population: Population
    years: tuple[float, float] | None = None


class Task(CardPart):
    """A finding that a model decides on.

    Attributes
    ----------
    parts : tuple of Finding
        Findings that are told apart where this one is present. They are outputs of the network.
        Where the finding itself is no output, its probability is the sum of theirs.
    calibrated : bool
        The card's calibration was fitted for this finding; else its probability is a score.
    conformal : Conformal or None
    intended : IntendedPatients or None
    metrics, across_acquisitions : mapping of str to SplitMetrics
        By split; and of networks of the same recipe, each on radiographs of an acquisition that
        it did not learn from (``--across-numbers --into-card`` of ``hilum train``).
    curves : mapping of str to Curves
        By split; those of ``validation`` tell what other operating points would give.
    worst_group : GroupFigures or None
        The group of patients or films with the worst figures.
    trials : mapping of Trial to tuple of TrialFigure
        What ``hilum evaluate robustness``, ``shortcuts`` and ``localisation`` found; empty until
        they are run with ``--into-card``.
    """

    finding: Finding
    parts: tuple[Finding, ...] = ()
    calibrated: bool = True
    operating_point: OperatingPoint
    conformal: Conformal | None = None
    intended: IntendedPatients | None = None
    assessment: AssessmentRule = AssessmentRule()
    metrics: dict[str, SplitMetrics] = Field(default={})
    curves: dict[str, Curves] = Field(default={})
    across_acquisitions: dict[str, SplitMetrics] = Field(default={})
    worst_group: GroupFigures | None = None
    trials: dict[Trial, tuple[TrialFigure, ...]] = Field(default={})

    def is_assessed(self, finding: Finding) -> bool:
        """Whether the figures are good enough to rely on the finding, or on one of its parts.

        Parts are told from one another: for them it is that AUROC that counts.
        """
        metrics = self.metrics.get(self.assessment.split)
        if metrics is None or metrics.positives < self.assessment.least_positives:
            return False
        interval = metrics.parts_auroc if finding in self.parts else metrics.auroc
        return interval is not None and interval.low >= self.assessment.least_auroc


class LabelPolicy(CardPart):
    """What training made of labels that are neither present nor absent.

    Attributes
    ----------
    unknown : {"ignore", "absent"}
        Of findings that a radiograph was not labelled for.
    uncertain : {"ignore", "absent", "present", "soft"}
        Of findings labelled as uncertain; ``soft``: a probability between both.
    """

    unknown: Literal["ignore", "absent"] = "ignore"
    uncertain: Literal["ignore", "absent", "present", "soft"] = "ignore"
