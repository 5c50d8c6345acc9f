"""Text of a reading for clinicians."""

from hilum.models import Decision
from hilum.models.anatomy.quality import QualityCode
from hilum.models.evidence import Reason as NoEvidence
from hilum.models.evidence import Region
from hilum.models.suitability import Reason, ReasonCode
from hilum.models.suitability_words import reason_words
from hilum.models.verdict import Part, VerdictCode
from hilum.reporting.evidence_words import (
    LEAST_SHARE,
    no_evidence_entry,
    region_words,
    strongest,
)
from hilum.reporting.facts import Facts
from hilum.reporting.ratio_words import ratio_caveats
from hilum.reporting.sentences import Sentence, plain, sentence_case
from hilum.reporting.verdict_words import VerdictWords
from hilum.words.catalogue import Catalogue

_NAMED_BY_RATIO = (
    QualityCode.SIDE_CUT,
    QualityCode.TILTED,
    QualityCode.INVERTED,
    QualityCode.UNEQUAL_LUNGS,
)


def clinician_words(facts: Facts, verdict: VerdictWords, words: Catalogue) -> list[Sentence]:
    """Probability, rates, parts, evidence, ratio, and image quality."""
    found = [verdict.decision, *verdict.leaning, *verdict.rates]
    if "coverage" in verdict.decision.figures or verdict.cautions:
        found += verdict.coverage
    found += _parts(facts, words)
    found += _evidence(facts, words)
    found += _ratio(facts, words)
    # That it looks drawn is a caution.
    noted = [note for note in facts.notes if note.code is not ReasonCode.DRAWN]
    found += [note_sentence(note, words) for note in noted]
    # The cautions say of a mirrored film what follows from it.
    said = {QualityCode.MIRRORED, *(_NAMED_BY_RATIO if facts.ratio is not None else ())}
    notes = [note for note in facts.quality if note.code not in said]
    found += [Sentence(note.name, note.words(words)) for note in notes]
    return found


def note_sentence(note: Reason, words: Catalogue) -> Sentence:
    """Sentence on a correction of an image or another remark."""
    return Sentence(f"reason.{note.name}", reason_words(note, words))


def _parts(facts: Facts, words: Catalogue) -> list[Sentence]:
    if facts.main.decision is Decision.NEGATIVE:
        return []
    found = [_assessed(part, words) for part in facts.main.parts if part.is_assessed]
    weak = [words.say(f"finding.{p.finding.value}") for p in facts.main.parts if not p.is_assessed]
    if weak:
        parts, auroc = sentence_case(words.listed(weak)), facts.main_task.parts_auroc
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
    task = facts.main_task
    if not task.is_evidence_shown:
        others = (each for reading in facts.readings for each in reading.tasks)
        if any(each.is_evidence_shown for each in others):
            return []
        reason = facts.readings[0].no_evidence or NoEvidence.NO_EVIDENCE_LAYER
        return [plain(no_evidence_entry(reason), words)]
    if not task.regions:
        return [plain("clinician.evidence_no_regions", words)]
    figures = {region.value: share for region, share in strongest(task.regions)}
    text = words.say("clinician.evidence", regions=region_words(task.regions, words))
    found = [Sentence("clinician.evidence", text, figures)]
    outside = dict(task.regions).get(Region.OUTSIDE, 0.0)
    if outside >= LEAST_SHARE:
        name = "clinician.evidence_outside"
        text = words.say(name, share=words.percent(outside))
        found.append(Sentence(name, text, {"share": outside}))
    if facts.main.code is VerdictCode.UNCERTAIN:
        found.append(plain("clinician.evidence_uncertain", words))
    return found


def _ratio(facts: Facts, words: Catalogue) -> list[Sentence]:
    ratio = facts.ratio
    if ratio is None:
        return []
    figures = {"value": ratio.value}
    value = words.decimal(ratio.value, 2)
    if ratio.heart_mm is None or ratio.thorax_mm is None:
        name, text = "ratio.value", words.say("ratio.value", value=value)
    else:
        name = "ratio.value_mm"
        figures |= {"heart_mm": ratio.heart_mm, "thorax_mm": ratio.thorax_mm}
        heart, thorax = (
            words.say("number.millimetres", value=words.decimal(length, 0))
            for length in (ratio.heart_mm, ratio.thorax_mm)
        )
        text = words.say(name, value=value, heart=heart, thorax=thorax)
    return [Sentence(name, " ".join([text, *ratio_caveats(ratio.validity, words)]), figures)]
