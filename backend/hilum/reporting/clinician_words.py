"""What a reading says to a clinician."""

from hilum.models import Decision
from hilum.models.anatomy.quality import QualityCode
from hilum.models.evidence import Reason, Region
from hilum.models.suitability import ReasonCode
from hilum.reporting.catalogue import Catalogue
from hilum.reporting.facts import Facts, Part, Ratio
from hilum.reporting.sentences import Sentence, plain, sentence_case

_MOST_REGIONS = 3
_LEAST_SHARE = 0.1
_NAMED_BY_RATIO = (QualityCode.SIDE_CUT, QualityCode.TILTED, QualityCode.INVERTED)


def clinician_words(facts: Facts, words: Catalogue) -> list[Sentence]:
    """Probability, rates, parts, evidence, ratio, and what is wrong with the film."""
    found = [_decision(facts, words)]
    found += _rates(facts, words)
    found += _parts(facts, words)
    found += _evidence(facts, words)
    found += _ratio(facts, words)
    if ReasonCode.INVERTED in facts.notes:
        found.append(plain("clinician.inverted", words))
    if ReasonCode.HEADER in facts.notes:
        found.append(plain("clinician.header", words))
    # The cautions say of a mirrored film what follows from it.
    said = {QualityCode.MIRRORED, *(_NAMED_BY_RATIO if facts.ratio is not None else ())}
    found += [plain(f"quality.{code.value}", words) for code in facts.quality if code not in said]
    return found


def _decision(facts: Facts, words: Catalogue) -> Sentence:
    threshold = facts.point.threshold
    figures = {"probability": facts.probability, "threshold": threshold}
    said = {
        "finding": words.say(f"finding.{facts.target.value}"),
        "probability": words.percent(facts.probability, 1),
        "threshold": words.percent(threshold, 1),
    }
    name = f"clinician.{facts.decision.value}"
    if facts.decision is Decision.UNCERTAIN:
        name = _why_uncertain(facts)
    if facts.uncertain_between is not None and facts.coverage is not None:
        low, high = facts.uncertain_between
        said |= {
            "coverage": words.percent(facts.coverage),
            "low": words.percent(low, 1),
            "high": words.percent(high, 1),
        }
        if facts.decision is Decision.UNCERTAIN:
            figures |= {"coverage": facts.coverage, "low": low, "high": high}
    return Sentence(name, words.say(name, **said), figures)


def _why_uncertain(facts: Facts) -> str:
    match facts.prediction_set:
        case ():
            return "clinician.uncertain_neither"
        case (_, _):
            return "clinician.uncertain_both"
        case _ if facts.is_above:
            return "clinician.uncertain_above"
        case (only,) if only is facts.target:
            return "clinician.uncertain_below"
        case _:
            return "clinician.uncertain_likely"


def _rates(facts: Facts, words: Catalogue) -> list[Sentence]:
    rates = facts.rates
    if rates is None:
        return []
    name = f"clinician.rates_{rates.split}"
    figures = {"sensitivity": rates.sensitivity.value, "specificity": rates.specificity.value}
    said: dict[str, object] = {
        "finding": words.say(f"finding.{facts.target.value}"),
        "patients": rates.patients,
    }
    for which, interval in (("sensitivity", rates.sensitivity), ("specificity", rates.specificity)):
        said[which] = words.percent(interval.value, 1)
        said[f"{which}_low"] = words.percent(interval.low, 1)
        said[f"{which}_high"] = words.percent(interval.high, 1)
    return [Sentence(name, words.say(name, **said), figures)]


def _parts(facts: Facts, words: Catalogue) -> list[Sentence]:
    if facts.decision is Decision.NEGATIVE:
        return []
    found = [_assessed(part, words) for part in facts.parts if part.is_assessed]
    weak = [words.say(f"finding.{p.finding.value}") for p in facts.parts if not p.is_assessed]
    if weak:
        parts, auroc = sentence_case(words.listed(weak)), facts.parts_auroc
        if auroc is None:
            name = "clinician.parts_not_assessed_unmeasured"
            return [*found, Sentence(name, words.say(name, parts=parts))]
        name = "clinician.parts_not_assessed"
        text = words.say(
            name,
            parts=parts,
            auroc=words.decimal(auroc.value, 2),
            low=words.decimal(auroc.low, 2),
            high=words.decimal(auroc.high, 2),
        )
        figures = {"auroc": auroc.value, "low": auroc.low, "high": auroc.high}
        found.append(Sentence(name, text, figures))
    return found


def _assessed(part: Part, words: Catalogue) -> Sentence:
    name = "clinician.part_assessed"
    finding = words.say(f"finding.{part.finding.value}")
    text = words.say(name, finding=finding, probability=words.percent(part.probability, 1))
    return Sentence(name, text, {"probability": part.probability})


def _evidence(facts: Facts, words: Catalogue) -> list[Sentence]:
    if not facts.is_evidence_shown:
        below = facts.no_evidence is Reason.BELOW_OPERATING_POINT
        return [plain(f"clinician.no_evidence_{'below' if below else 'layer'}", words)]
    if not facts.regions:
        return [plain("clinician.evidence_no_regions", words)]
    named = strongest(facts.regions)
    regions = words.listed(
        [
            words.say(
                "clinician.evidence_region",
                region=words.say(f"region.{region.value}"),
                share=words.percent(share),
            )
            for region, share in named
        ]
    )
    figures = {region.value: share for region, share in named}
    found = [
        Sentence("clinician.evidence", words.say("clinician.evidence", regions=regions), figures)
    ]
    outside = dict(facts.regions).get(Region.OUTSIDE, 0.0)
    if outside >= _LEAST_SHARE:
        name = "clinician.evidence_outside"
        text = words.say(name, share=words.percent(outside))
        found.append(Sentence(name, text, {"share": outside}))
    if facts.decision is Decision.UNCERTAIN:
        found.append(plain("clinician.evidence_uncertain", words))
    return found


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
        if number == 0 or share >= _LEAST_SHARE
    ]


def _ratio(facts: Facts, words: Catalogue) -> list[Sentence]:
    ratio = facts.ratio
    if ratio is None:
        return []
    figures = {"value": ratio.value}
    value = words.decimal(ratio.value, 2)
    if ratio.heart_mm is None or ratio.thorax_mm is None:
        name, text = "clinician.ratio", words.say("clinician.ratio", value=value)
    else:
        name = "clinician.ratio_mm"
        figures |= {"heart_mm": ratio.heart_mm, "thorax_mm": ratio.thorax_mm}
        heart, thorax = (
            words.say("number.millimetres", value=words.decimal(length, 0))
            for length in (ratio.heart_mm, ratio.thorax_mm)
        )
        text = words.say(name, value=value, heart=heart, thorax=thorax)
    caveats = _ratio_caveats(ratio, words)
    return [Sentence(name, " ".join([text, *caveats]), figures)]


def _ratio_caveats(ratio: Ratio, words: Catalogue) -> list[str]:
    said = []
    if ratio.is_ap:
        said.append(words.say("clinician.ratio_ap"))
    if ratio.is_child:
        said.append(words.say("clinician.ratio_child"))
    if ratio.looks_like_child:
        said.append(words.say("clinician.ratio_child_look"))
    if ratio.spoilt_by:
        reasons = " ".join(words.say(f"quality.{code.value}") for code in ratio.spoilt_by)
        said.append(words.say("clinician.ratio_spoilt", reasons=reasons))
    unknown = [
        words.say(f"clinician.ratio_unknown_{what}")
        for what, is_known in (("view", ratio.is_view_known), ("age", ratio.is_age_known))
        if not is_known
    ]
    if unknown and not said:
        either = unknown[0]
        if len(unknown) == 2:
            either = words.say("clinician.ratio_list", first=unknown[0], last=unknown[1])
        said.append(words.say("clinician.ratio_unknown", unknown=either))
    return said
