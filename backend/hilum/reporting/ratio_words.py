"""Text on the cardiothoracic ratio, the same in page, PDF, SR and FHIR."""

from hilum.models.anatomy.ratio import ENLARGED_ABOVE, HeartSize, RatioValidity, Unknown
from hilum.words.catalogue import Catalogue


def ratio_caveats(validity: RatioValidity, words: Catalogue) -> list[str]:
    """Describe why a ratio is not valid, or else which facts it depends on are unknown.

    Returns
    -------
    list of str
        Empty where nothing is to be said.
    """
    if validity.caveats:
        return [words.say(f"ratio.caveat.{caveat.value}") for caveat in validity.caveats]
    estimated = [words.say("ratio.view_estimated")] if validity.is_view_estimated else []
    if not validity.unknown:
        return estimated
    unknown = [words.say(f"ratio.unknown_{each.value}") for each in validity.unknown]
    text = unknown[0]
    if len(unknown) == len(Unknown):
        text = words.say("ratio.unknown_both", first=unknown[0], last=unknown[1])
    return [*estimated, words.say("ratio.unknown", unknown=text)]


def size_words(size: HeartSize, error: float, words: Catalogue) -> str:
    """Describe what a ratio means for the size of the heart.

    Parameters
    ----------
    error : float
        Mean absolute error of measured ratios.
    """
    limit, said = words.decimal(ENLARGED_ABOVE, 2), words.decimal(error, 3)
    return words.say(f"ratio.size.{size.value}", limit=limit, error=said)
