"""Text on evidence: its location, its cautions, and why there is none."""

from hilum.models import PipelineResult
from hilum.models.evidence import Caution, FindingEvidence, Reason, Region
from hilum.models.pipeline import ModelReading
from hilum.models.suitability_words import forced_words, population_words
from hilum.words.catalogue import Catalogue

LEAST_SHARE = 0.1
"""Of the evidence: from this share on a region is worth naming."""

_MOST_REGIONS = 3
_MAIN_SHARE = 0.5
_ENTRIES = {
    Caution.WHOLE_PICTURE: "caution.whole_picture",
    Caution.UNCERTAIN: "clinician.evidence_uncertain",
}
_NONE = {
    Reason.BELOW_OPERATING_POINT: "clinician.no_evidence_below",
    Reason.NO_EVIDENCE_LAYER: "clinician.no_evidence_layer",
}


def evidence_caution_words(
    caution: Caution, result: PipelineResult, made: ModelReading, words: Catalogue
) -> str:
    """What evidence must be shown with.

    Parameters
    ----------
    caution : Caution
        Of the result's evidence.
    made : ModelReading
        The one of the result's that the evidence is of.
    """
    if caution is Caution.FORCED and result.screening is not None:
        return forced_words(result.screening.suitability.reasons, words)
    if caution is Caution.OUTSIDE_POPULATION:
        return population_words(made.population, words)
    return words.say(_ENTRIES[caution])


def no_evidence_words(reason: Reason, words: Catalogue) -> str:
    """Why no evidence is shown."""
    return words.say(no_evidence_entry(reason))


def no_evidence_entry(reason: Reason) -> str:
    """Name of the catalogue's entry for a reason why no evidence is shown."""
    return _NONE[reason]


def evidence_sentence(placed: FindingEvidence, words: Catalogue) -> str:
    """Sentence on the location of the evidence for a finding."""
    if placed.peak is None:
        return words.say("clinician.evidence_none")
    if not placed.shares:
        return words.say("clinician.evidence_no_regions")
    return words.say("other.evidence", regions=region_words(tuple(placed.shares.items()), words))


def strongest(regions: tuple[tuple[Region, float], ...]) -> list[tuple[Region, float]]:
    """The regions that are worth naming: at most three, the first whatever its share.

    Parameters
    ----------
    regions : tuple of (Region, float)
        The strongest first.
    """
    return [
        (region, share)
        for number, (region, share) in enumerate(regions[:_MOST_REGIONS])
        if number == 0 or share >= LEAST_SHARE
    ]


def region_words(regions: tuple[tuple[Region, float], ...], words: Catalogue) -> str:
    """The strongest regions with their shares, for a sentence on evidence.

    Parameters
    ----------
    regions : tuple of (Region, float)
        The strongest first.
    """
    named = words.listed(
        [
            words.say(
                "clinician.evidence_region",
                region=words.say(f"region.{region.value}"),
                share=words.percent(share),
            )
            for region, share in strongest(regions)
        ]
    )
    is_main = regions[0][1] >= _MAIN_SHARE
    return words.say("clinician.evidence_mainly", regions=named) if is_main else named
