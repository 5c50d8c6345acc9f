"""Text of a reading for patients and families, with the next step."""

from collections.abc import Sequence

from hilum.findings import Finding
from hilum.models.evidence import Region
from hilum.models.verdict import Verdict, VerdictCode
from hilum.reporting.facts import Facts
from hilum.reporting.sentences import Sentence, plain
from hilum.words.catalogue import Catalogue

_SERIOUS_FIRST = (VerdictCode.POSITIVE, VerdictCode.UNCERTAIN, VerdictCode.NEGATIVE)


def patient_words(facts: Facts, words: Catalogue) -> list[Sentence]:
    """Result with its error rates, location of the evidence, and the next step."""
    found = [plain("patient.what", words)]
    found.append(verdict_for_patients(facts.main, words))
    if facts.main.is_reliable:
        if facts.main.point.is_requested:
            found.append(plain("patient.requested", words))
        if facts.main.code is VerdictCode.POSITIVE:
            if not all(part.is_assessed for part in facts.main.parts):
                found.append(plain("patient.cause", words))
            found += place_for_patients(facts.main_task.regions, words)
        found += _others(facts, words)
        if facts.main.code is VerdictCode.NEGATIVE:
            found.append(plain("patient.nothing_else", words))
    found += [plain("patient.next", words), plain("patient.worse", words)]
    return found


def verdict_for_patients(verdict: Verdict, words: Catalogue) -> Sentence:
    """The verdict, with error rates as natural frequencies."""
    if not verdict.is_reliable:
        return plain("patient.unreliable", words)
    finding = words.say(f"finding_plain.{verdict.finding.value}")
    if verdict.code in {VerdictCode.UNCERTAIN, VerdictCode.NOT_ASSESSED}:
        return Sentence("patient.uncertain", words.say("patient.uncertain", finding=finding))
    is_positive = verdict.code is VerdictCode.POSITIVE
    name = "patient.positive" if is_positive else "patient.negative"
    if verdict.rates is None:
        return Sentence(f"{name}_no_rates", words.say(f"{name}_no_rates", finding=finding))
    rates = verdict.rates
    right, uncertain = (
        (rates.specificity, rates.uncertain_negative)
        if is_positive
        else (rates.sensitivity, rates.uncertain_positive)
    )
    wrong = round(100 * (1 - right.value - (uncertain.value if uncertain else 0)))
    figures = {"specificity" if is_positive else "sensitivity": right.value}
    if wrong < 1:
        name = f"{name}_few"
    text = words.say(name, finding=finding, false_alarms=wrong, missed=wrong)
    return Sentence(name, text, figures)


def place_for_patients(regions: Sequence[tuple[Region, float]], words: Catalogue) -> list[Sentence]:
    """Where the colours are strongest, if that is in a lung.

    Parameters
    ----------
    regions : sequence of (Region, float)
        Shares of the evidence, the strongest first.
    """
    if not regions or regions[0][0] in {Region.HEART, Region.OUTSIDE}:
        return []
    region, share = regions[0]
    text = words.say("patient.where", region=words.say(f"region_plain.{region.value}"))
    return [Sentence("patient.where", text, {region.value: share})]


def _others(facts: Facts, words: Catalogue) -> list[Sentence]:
    """Verdicts on the other findings that are shown to patients, one for each finding.

    Where several models decide on one finding, the most serious verdict counts.
    """
    verdicts = [task.verdict for reading in facts.readings for task in reading.tasks]
    others = [each for each in verdicts if each.finding is not facts.main.finding]
    codes: dict[Finding, VerdictCode] = {}
    for code in _SERIOUS_FIRST:
        for verdict in others:
            if verdict.code is code:
                codes.setdefault(verdict.finding, code)
    found = []
    for code in _SERIOUS_FIRST:
        named = [
            words.say(f"finding_plain.{finding.value}")
            for finding, found_code in codes.items()
            if found_code is code
        ]
        if named:
            name = f"patient.other_{code.value}"
            text = words.say(name, findings=words.listed(named))
            found.append(Sentence(name, text))
    return found
