"""The figures of a reading that an output may tell, and nothing that they do not bear out."""

from dataclasses import dataclass

from hilum.findings import Finding
from hilum.imaging import Orientation, SideDoubt, View
from hilum.models import Card, Decision, OperatingPoint, PipelineResult
from hilum.models.anatomy.measures import Line
from hilum.models.anatomy.quality import QualityCode
from hilum.models.anatomy.reader import ratio_caveats
from hilum.models.card import Interval
from hilum.models.decision import uncertain_between
from hilum.models.evidence import Reason, Region
from hilum.models.operating_point import rates_at
from hilum.models.suitability import ReasonCode, match_population
from hilum.populations import ADULT_YEARS, Population

_SPOILS_RATIO = (QualityCode.SIDE_CUT, QualityCode.TILTED, QualityCode.INVERTED)


@dataclass(frozen=True, slots=True)
class Part:
    """A finding that the target is made of.

    Attributes
    ----------
    finding : Finding
    probability : float
        Calibrated, in [0, 1]. Not to be told where it is not assessed.
    is_assessed : bool
    """

    finding: Finding
    probability: float
    is_assessed: bool


@dataclass(frozen=True, slots=True)
class Rates:
    """What the operating point gave on patients the model had not learnt from.

    Attributes
    ----------
    sensitivity, specificity : Interval
        An interval without width where only the value is known.
    split : str
        ``test``, or ``validation`` for a point that a user chose.
    patients : int or None
    """

    sensitivity: Interval
    specificity: Interval
    split: str
    patients: int | None


@dataclass(frozen=True, slots=True)
class Ratio:
    """The cardiothoracic ratio, and whether it may be used.

    Attributes
    ----------
    value : float
    heart, thorax : Line
        In the radiograph's pixels.
    heart_mm, thorax_mm : float or None
    is_child, is_ap : bool
        What speaks against it: so it is not valid.
    looks_like_child : bool
        The header gives no age, and the film looks like a child's: so it is not valid.
    spoilt_by : tuple of QualityCode
        What else does.
    is_view_known, is_age_known : bool
    """

    value: float
    heart: Line
    thorax: Line
    heart_mm: float | None
    thorax_mm: float | None
    is_child: bool
    looks_like_child: bool
    is_ap: bool
    spoilt_by: tuple[QualityCode, ...]
    is_view_known: bool
    is_age_known: bool
    is_valid: bool


@dataclass(frozen=True, slots=True)
class Model:
    """Which model read."""

    name: str
    title: str
    version: str
    sha256: str
    intended_population: str
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """A reading in figures.

    Attributes
    ----------
    target : Finding
    probability : float
        Of the target; calibrated, in [0, 1].
    decision : Decision
    is_above : bool
        At or above the operating point, whatever `decision` says.
    prediction_set : tuple of Finding or None
        Labels that are not ruled out.
    point : OperatingPoint
    rates : Rates or None
    uncertain_between : tuple of float or None
        Probabilities between which the model cannot tell.
    coverage : float or None
    parts : tuple of Part
    parts_auroc : Interval or None
        How well the parts are told from one another on test patients.
    auroc : Interval or None
        Of the target, on test patients.
    forced : tuple of ReasonCode
        What spoke against reading the picture, which was read by force; empty where nothing did.
    notes : tuple of ReasonCode
    is_intended : bool or None
        Of the people that the model is meant for; None where nothing tells.
    age_years : float or None
    is_evidence_shown : bool
    no_evidence : Reason or None
    regions : tuple of (Region, float)
        Shares of all evidence for the target, the strongest first.
    is_whole_picture : bool
        No lungs were found, so that the whole picture was read.
    ratio : Ratio or None
        None where it was not measured.
    quality : tuple of QualityCode
    model : Model
    side_doubts : tuple of SideDoubt
        Why left and right are not certain; empty where they are.
    turned_degrees : int
        How far the picture was turned clockwise before reading, because it was asked for.
    is_displayed_as_stored : bool
        The file's picture was neither mirrored nor turned to be displayed.
    """

    target: Finding
    probability: float
    decision: Decision
    is_above: bool
    prediction_set: tuple[Finding, ...] | None
    point: OperatingPoint
    rates: Rates | None
    uncertain_between: tuple[float, float] | None
    coverage: float | None
    parts: tuple[Part, ...]
    parts_auroc: Interval | None
    auroc: Interval | None
    forced: tuple[ReasonCode, ...]
    notes: tuple[ReasonCode, ...]
    is_intended: bool | None
    age_years: float | None
    is_evidence_shown: bool
    no_evidence: Reason | None
    regions: tuple[tuple[Region, float], ...]
    is_whole_picture: bool
    ratio: Ratio | None
    quality: tuple[QualityCode, ...]
    model: Model
    side_doubts: tuple[SideDoubt, ...] = ()
    turned_degrees: int = 0
    is_displayed_as_stored: bool = True

    @property
    def is_reliable(self) -> bool:
        """The picture is one that the model was made for, as far as is known."""
        return not self.forced and self.is_intended is not False

    @property
    def coded_decision(self) -> Decision:
        """The decision as SR and FHIR code it: uncertain where the reading is not reliable."""
        return self.decision if self.is_reliable else Decision.UNCERTAIN


def gather(result: PipelineResult, card: Card) -> Facts:
    """Gather the figures of a reading.

    Parameters
    ----------
    result : PipelineResult
    card : Card
        Of the model that read.

    Returns
    -------
    Facts
    """
    reading, screening = result.reading, result.screening
    evidence = result.evidence
    radiograph = result.radiograph
    metrics = card.metrics.get("test")
    parts = card.composites.get(card.target, ())
    match = None
    if screening is not None:
        match = match_population(screening.radiograph, screening.anatomy, card)
    has_field = screening is not None and screening.anatomy.lung_field is not None
    placed = evidence.findings[0] if evidence and evidence.findings else None
    return Facts(
        target=card.target,
        probability=reading.probability(card.target),
        decision=reading.decision,
        is_above=reading.is_above_operating_point,
        prediction_set=reading.prediction_set,
        point=reading.operating_point,
        rates=_rates(card, reading.operating_point),
        uncertain_between=uncertain_between(
            card.target, card.conformal, reading.operating_point.threshold
        ),
        coverage=card.conformal.coverage if card.conformal else None,
        parts=tuple(
            Part(each.finding, each.probability, each.is_assessed)
            for each in reading.findings
            if each.finding in parts
        ),
        parts_auroc=metrics.bacterial_against_viral_auroc if metrics and parts else None,
        auroc=metrics.auroc if metrics else None,
        forced=tuple(reason.code for reason in screening.suitability.reasons) if screening else (),
        notes=tuple(note.code for note in screening.suitability.notes) if screening else (),
        is_intended=match.is_intended if match else None,
        age_years=radiograph.patient_age_years,
        is_evidence_shown=placed is not None,
        no_evidence=evidence.reason if evidence else Reason.NO_EVIDENCE_LAYER,
        regions=tuple(placed.shares.items()) if placed else (),
        is_whole_picture=card.preprocessing.region == "lung_field" and not has_field,
        ratio=_ratio(result),
        quality=tuple(note.code for note in screening.anatomy.notes) if screening else (),
        model=Model(
            name=reading.model_name,
            title=card.title,
            version=reading.model_version,
            sha256=reading.model_sha256,
            intended_population=card.intended_population,
            limits=card.limits,
        ),
        side_doubts=radiograph.side_doubts,
        turned_degrees=radiograph.turned_degrees,
        is_displayed_as_stored=radiograph.orientation == Orientation(),
    )


def _rates(card: Card, point: OperatingPoint) -> Rates | None:
    test = card.metrics.get("test")
    own = card.operating_points[card.target]
    if test is not None and point.threshold == own.threshold:
        return Rates(test.sensitivity, test.specificity, "test", test.patients)
    rates = rates_at(card, point.threshold)
    if rates is None:
        return None
    sensitivity, specificity = (Interval(value=rate, low=rate, high=rate) for rate in rates)
    split = card.metrics.get("validation")
    return Rates(sensitivity, specificity, "validation", split.patients if split else None)


def _ratio(result: PipelineResult) -> Ratio | None:
    screening = result.screening
    if screening is None or screening.anatomy.measures is None:
        return None
    radiograph, notes = result.radiograph, screening.anatomy.notes
    found = screening.anatomy.measures.ratio
    age, like = radiograph.patient_age_years, screening.anatomy.out_of_distribution
    looks_like_child = age is None and like.is_known and like.population is Population.CHILDREN
    return Ratio(
        value=found.value,
        heart=found.heart,
        thorax=found.thorax,
        heart_mm=found.heart_mm,
        thorax_mm=found.thorax_mm,
        is_child=age is not None and age < ADULT_YEARS,
        looks_like_child=looks_like_child,
        is_ap=radiograph.view is View.AP,
        spoilt_by=tuple(note.code for note in notes if note.code in _SPOILS_RATIO),
        is_view_known=radiograph.view is not View.UNKNOWN,
        is_age_known=age is not None,
        is_valid=not ratio_caveats(radiograph, notes) and not looks_like_child,
    )
