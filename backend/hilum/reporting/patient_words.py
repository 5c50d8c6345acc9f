"""What a reading says to the patient and the family: short words, what to do next."""

from hilum.models import Decision
from hilum.models.evidence import Region
from hilum.reporting.catalogue import Catalogue
from hilum.reporting.facts import Facts
from hilum.reporting.sentences import Sentence, plain


def patient_words(facts: Facts, words: Catalogue) -> list[Sentence]:
    """The answer with how often such an answer is wrong, where the colours are, what to do."""
    found = [plain("patient.what", words)]
    if not facts.is_reliable:
        found.append(plain("patient.unreliable", words))
    else:
        found.append(_result(facts, words))
        if facts.decision is Decision.POSITIVE:
            if not all(part.is_assessed for part in facts.parts):
                found.append(plain("patient.cause", words))
            found += _where(facts, words)
    found += [plain("patient.next", words), plain("patient.worse", words)]
    return found


def _where(facts: Facts, words: Catalogue) -> list[Sentence]:
    """Where the colours are strongest, if that is in a lung."""
    if not facts.regions:
        return []
    region, share = facts.regions[0]
    if region in {Region.HEART, Region.OUTSIDE}:
        return []
    text = words.say("patient.where", region=words.say(f"region_plain.{region.value}"))
    return [Sentence("patient.where", text, {region.value: share})]


def _result(facts: Facts, words: Catalogue) -> Sentence:
    """What was found, with how often such an answer is wrong in natural frequencies."""
    finding = words.say(f"finding_plain.{facts.target.value}")
    if facts.decision is Decision.UNCERTAIN:
        return Sentence("patient.uncertain", words.say("patient.uncertain", finding=finding))
    is_positive = facts.decision is Decision.POSITIVE
    name = "patient.positive" if is_positive else "patient.negative"
    if facts.rates is None:
        return Sentence(f"{name}_no_rates", words.say(f"{name}_no_rates", finding=finding))
    right = facts.rates.specificity if is_positive else facts.rates.sensitivity
    wrong = round(100 * (1 - right.value))
    figures = {"specificity" if is_positive else "sensitivity": right.value}
    if wrong < 1:
        name = f"{name}_few"
    text = words.say(name, finding=finding, false_alarms=wrong, missed=wrong)
    return Sentence(name, text, figures)
