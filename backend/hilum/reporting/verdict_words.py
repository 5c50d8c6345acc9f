"""Text of a verdict, the same in page, list, CSV, saved image, PDF, SR and FHIR."""

from collections.abc import Sequence
from dataclasses import dataclass

from hilum.models.decision import Decision
from hilum.models.rates import Rates
from hilum.models.site import SITE
from hilum.models.task import Presence
from hilum.models.verdict import (
    SetCaution,
    Verdict,
    VerdictCode,
    leading,
    present_findings,
)
from hilum.reporting.sentences import Sentence, plain, sentence_case
from hilum.words.catalogue import Catalogue

_NAMING_COVERAGE = frozenset(
    f"clinician.uncertain_{why}" for why in ("both", "neither", "above", "below")
)

_MEASURED_ON = {"test": "clinician.coverage_measured", SITE: "clinician.coverage_site"}
"""What is said of the coverage on these radiographs; the others are of other acquisitions."""


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """A verdict in words.

    Attributes
    ----------
    short : Sentence
        The headline in a few words, for lists.
    decision : Sentence
        Probability and operating point, or why there is no decision.
    cautions : tuple of Sentence
        Reasons to doubt the decision.
    leaning : tuple of Sentence
        Which of its parts the finding is more like.
    rates : tuple of Sentence
        How often such decisions are right; none where the reading is not reliable.
    coverage : tuple of Sentence
        On which films the coverage was measured that the other sentences name, and what it was.
    evidence : Sentence or None
        What evidence must be shown with.
    """

    headline: Sentence
    short: Sentence
    decision: Sentence
    cautions: tuple[Sentence, ...]
    leaning: tuple[Sentence, ...]
    rates: tuple[Sentence, ...]
    coverage: tuple[Sentence, ...]
    evidence: Sentence | None


def verdict_words(verdict: Verdict, words: Catalogue) -> VerdictWords:
    """Texts of a verdict."""
    headline, short = (_brief(part, verdict, words) for part in ("headline", "short"))
    return VerdictWords(
        headline=headline,
        short=short,
        decision=_decision(verdict, words),
        cautions=tuple(_set_caution(each, verdict, words) for each in verdict.cautions),
        leaning=tuple(_leaning(verdict, words)),
        rates=tuple(_rates(verdict, words)),
        coverage=tuple(_coverage(verdict, words)),
        evidence=_evidence(verdict, headline, words),
    )


def _brief(part: str, verdict: Verdict, words: Catalogue) -> Sentence:
    name = f"{part}.{verdict.code.value}"
    said = {
        "finding": words.say(f"finding.{verdict.finding.value}"),
        "probability": words.percent(verdict.probability),
    }
    return Sentence(name, words.say(name, **said), {"probability": verdict.probability})


def headline_words(verdicts: Sequence[Verdict], words: Catalogue) -> Sentence:
    """Headline of a reading: all findings that are present, or the leading verdict's.

    Parameters
    ----------
    verdicts : sequence of Verdict
        Of one model.
    """
    first = leading(verdicts)
    present = present_findings(verdicts)
    headline = _brief("headline", first, words)
    others = [each for each in present if each is not first]
    if first not in present or not others:
        return headline
    in_order = [first, *others]
    findings = words.listed([words.say(f"finding.{each.finding.value}") for each in in_order])
    figures = {each.finding.value: each.probability for each in in_order}
    return Sentence(headline.name, words.say(headline.name, finding=findings), figures)


def _evidence(verdict: Verdict, headline: Sentence, words: Catalogue) -> Sentence | None:
    if not verdict.is_reliable:
        return headline
    is_uncertain = verdict.code is VerdictCode.UNCERTAIN
    return plain("clinician.evidence_uncertain", words) if is_uncertain else None


def _decision(verdict: Verdict, words: Catalogue) -> Sentence:
    threshold = verdict.point.threshold
    figures = {"probability": verdict.probability, "threshold": threshold}
    said = {
        "finding": words.say(f"finding.{verdict.finding.value}"),
        "probability": words.percent(verdict.probability, 1),
        "threshold": words.percent(threshold, 1),
    }
    name = f"clinician.{verdict.decision.value}"
    if verdict.decision is Decision.UNCERTAIN:
        name = _why_uncertain(verdict)
    if verdict.uncertain_between is not None and verdict.coverage is not None:
        low, high = verdict.uncertain_between
        said |= {
            "coverage": words.percent(verdict.coverage),
            "low": words.percent(low, 1),
            "high": words.percent(high, 1),
        }
        if name in _NAMING_COVERAGE:
            figures |= {"coverage": verdict.coverage, "low": low, "high": high}
    return Sentence(name, words.say(name, **said), figures)


def _why_uncertain(verdict: Verdict) -> str:
    match verdict.prediction_set:
        case ():
            return "clinician.uncertain_neither"
        case (_, _):
            return "clinician.uncertain_both"
        case _ if verdict.is_above:
            return "clinician.uncertain_above"
        case (Presence.PRESENT,):
            return "clinician.uncertain_below"
        case _:
            return "clinician.uncertain_likely"


def _set_caution(caution: SetCaution, verdict: Verdict, words: Catalogue) -> Sentence:
    name, coverage = f"caution.{caution.value}", verdict.coverage or 0.0
    finding = words.say(f"finding.{verdict.finding.value}")
    text = words.say(name, finding=finding, coverage=words.percent(coverage))
    return Sentence(name, text, {"coverage": coverage})


def _leaning(verdict: Verdict, words: Catalogue) -> list[Sentence]:
    if verdict.code is not VerdictCode.POSITIVE or not verdict.is_leaning_assessed:
        return []
    figures = {part.finding.value: part.probability for part in verdict.parts}
    most = verdict.leans_to
    if most is None:
        parts = [words.say(f"finding.{part.finding.value}") for part in verdict.parts]
        text = words.say("clinician.leaning_none", parts=sentence_case(words.listed(parts)))
        return [Sentence("clinician.leaning_none", text, figures)]
    others = [
        words.say(f"finding.{part.finding.value}")
        for part in verdict.parts
        if part.finding is not most
    ]
    text = words.say(
        "clinician.leaning_to",
        finding=words.say(f"finding.{most.value}"),
        others=words.listed(others),
    )
    return [Sentence("clinician.leaning_to", text, figures)]


_SPLITS = ("test", "validation", "site")
"""Splits with texts of their own; any other is of patients who each trained other networks."""


def _rates(verdict: Verdict, words: Catalogue) -> list[Sentence]:
    rates = verdict.rates
    if rates is None:
        return []
    name = f"clinician.rates_{rates.split if rates.split in _SPLITS else 'folds'}"
    figures = {"sensitivity": rates.sensitivity.value, "specificity": rates.specificity.value}
    said = _interval_words(rates, words)
    if rates.uncertain_positive is not None and rates.uncertain_negative is not None:
        name += "_uncertain"
        shares = {
            "uncertain_positive": rates.uncertain_positive.value,
            "uncertain_negative": rates.uncertain_negative.value,
        }
        figures |= shares
        said |= {which: words.percent(share, 1) for which, share in shares.items()}
    finding = words.say(f"finding.{verdict.finding.value}")
    text = words.say(name, finding=finding, patients=rates.patients, **said)
    return [Sentence(name, text, figures)]


def _interval_words(rates: Rates, words: Catalogue) -> dict[str, object]:
    said: dict[str, object] = {}
    for which, interval in (("sensitivity", rates.sensitivity), ("specificity", rates.specificity)):
        said[which] = words.percent(interval.value, 1)
        said[f"{which}_low"] = words.percent(interval.low, 1)
        said[f"{which}_high"] = words.percent(interval.high, 1)
    return said


def _coverage(verdict: Verdict, words: Catalogue) -> list[Sentence]:
    if verdict.coverage is None:
        return []
    found = []
    for each in verdict.coverage_measured:
        if each.films not in _MEASURED_ON:
            continue
        name = _MEASURED_ON[each.films]
        text = words.say(
            name,
            coverage=words.percent(verdict.coverage),
            finding=words.say(f"finding.{verdict.finding.value}"),
            positive=words.percent(each.positive, 1),
            negative=words.percent(each.negative, 1),
            patients=each.patients,
        )
        figures = {"positive": each.positive, "negative": each.negative}
        found.append(Sentence(name, text, figures))
    shares = [
        share
        for each in verdict.coverage_measured
        if each.films not in _MEASURED_ON
        for share in (each.positive, each.negative)
    ]
    if shares:
        least, most = min(shares), max(shares)
        text = words.say(
            "clinician.coverage_acquisitions",
            least=words.percent(least, 1),
            most=words.percent(most, 1),
        )
        figures = {"least": least, "most": most}
        found.append(Sentence("clinician.coverage_acquisitions", text, figures))
    return found
