"""Tasks of a card: findings that a model decides on, with the data for decisions."""

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from hilum.findings import Finding
from hilum.models.measured import CardPart, Curves, GroupFigures, SplitMetrics, Trial, TrialFigure
from hilum.models.site import SITE
from hilum.populations import Population


class Presence(StrEnum):
    """Labels of a task: its finding is present or absent."""

    PRESENT = "present"
    ABSENT = "absent"


class OperatingPoint(CardPart):
    """Probability at or above which a finding is called present, and how it was chosen."""

    threshold: float = Field(ge=0, le=1)
    criterion: str
    chosen_on: str

    @property
    def is_requested(self) -> bool:
        """Whether a user requested it: it then decides alone, without prediction sets."""
        return False


class RequestedPoint(OperatingPoint):
    """An operating point that a user requested instead of the model's own."""

    @property
    def is_requested(self) -> bool:
        """Whether a user requested it: it then decides alone, without prediction sets."""
        return True


class Conformal(CardPart):
    """Prediction sets that contain the true label with a stated probability.

    Class-conditional split conformal prediction (Vovk, ACML 2012): a label is in the set where
    one minus its probability is at most its quantile.

    Attributes
    ----------
    coverage : float
        Share of the prediction sets of each class that contain the true label, for films like
        those used for fitting.
    quantiles : mapping of Presence to float
        One for each label.
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
    """Rule for calling a finding "not assessed" if the figures of one split are too low.

    Attributes
    ----------
    least_auroc : float
        Minimum of the lower end of the AUROC's interval.
    least_positives : int
        Minimum number of radiographs with the finding.
    """

    split: str = "test"
    least_auroc: float = Field(default=0.70, ge=0, le=1)
    least_positives: int = Field(default=0, ge=0)


class IntendedPatients(CardPart):
    """Patients that a task is intended for, as far as a film shows it.

    Attributes
    ----------
    years : tuple of (float, float) or None
        Age range, without its upper bound. None: all ages of the population.
    """

    population: Population
    years: tuple[float, float] | None = None


class Task(CardPart):
    """A finding that a model decides on.

    Attributes
    ----------
    parts : tuple of Finding
        Parts of the finding that the model distinguishes; they are outputs of the network. If the
        finding itself is not an output, its probability is the sum of theirs.
    calibrated : bool
        True if the calibration was fitted for this finding; otherwise its probability is a score.
    conformal : Conformal or None
    intended : IntendedPatients or None
    metrics, across_acquisitions : mapping of str to SplitMetrics
        Figures by split; and figures of networks trained with the same configuration, each on an
        acquisition left out of its training (``--across-numbers --into-card`` of ``hilum train``).
    curves : mapping of str to Curves
        Curves by split; those of ``validation`` are used for requested operating points.
    worst_group : GroupFigures or None
        The group of patients or films with the worst figures.
    trials : mapping of Trial to tuple of TrialFigure
        Results of ``hilum evaluate robustness``, ``shortcuts`` and ``localisation``; empty until
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

    @property
    def measured_on(self) -> str:
        """Split with the figures of its decisions: the site's, if there are any."""
        return SITE if SITE in self.metrics else "test"

    @property
    def chosen_on(self) -> str:
        """Split on whose curve operating points are chosen: the site's where there is one.

        Else the validation patients, or the split of the assessment where all other patients
        trained or tuned the model.
        """
        wanted = (SITE, "validation", self.assessment.split)
        return next((each for each in wanted if each in self.curves), "validation")

    def is_assessed(self, finding: Finding) -> bool:
        """Whether the figures of the finding, or of one of its parts, meet the rule.

        For parts, the AUROC of distinguishing them from each other counts.
        """
        metrics = self.metrics.get(self.assessment.split)
        if metrics is None or metrics.positives < self.assessment.least_positives:
            return False
        interval = metrics.parts_auroc if finding in self.parts else metrics.auroc
        return interval is not None and interval.low >= self.assessment.least_auroc


class LabelPolicy(CardPart):
    """How training handled labels that are neither present nor absent.

    Attributes
    ----------
    unknown : {"ignore", "absent"}
        For findings that a radiograph was not labelled for.
    uncertain : {"ignore", "absent", "present", "soft"}
        For findings labelled as uncertain; ``soft``: a probability between both.
    """

    unknown: Literal["ignore", "absent"] = "ignore"
    uncertain: Literal["ignore", "absent", "present", "soft"] = "ignore"
