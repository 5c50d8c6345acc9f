"""What evidence must be shown with, and why there is none."""

from hilum.models import PipelineResult
from hilum.models.evidence import Caution, Reason
from hilum.models.suitability_words import forced_words, population_words
from hilum.words.catalogue import Catalogue

_ENTRIES = {
    Caution.WHOLE_PICTURE: "caution.whole_picture",
    Caution.UNCERTAIN: "clinician.evidence_uncertain",
}
_NONE = {
    Reason.BELOW_OPERATING_POINT: "clinician.no_evidence_below",
    Reason.NO_EVIDENCE_LAYER: "clinician.no_evidence_layer",
}


def evidence_caution_words(caution: Caution, result: PipelineResult, words: Catalogue) -> str:
    """What evidence must be shown with.

    Parameters
    ----------
    caution : Caution
        Of the result's evidence.
    result : PipelineResult
    words : Catalogue
    """
    if caution is Caution.FORCED and result.screening is not None:
        return forced_words(result.screening.suitability.reasons, words)
    if caution is Caution.OUTSIDE_POPULATION:
        return population_words(result.population, words)
    return words.say(_ENTRIES[caution])


def no_evidence_words(reason: Reason, words: Catalogue) -> str:
    """Why no evidence is shown.

    Parameters
    ----------
    reason : Reason
    words : Catalogue
    """
    return words.say(no_evidence_entry(reason))


def no_evidence_entry(reason: Reason) -> str:
    """Name of the catalogue's entry that says why no evidence is shown."""
    return _NONE[reason]
