"""Text on the decisions other than the main one."""

from hilum.models.suitability_words import population_entry, population_words
from hilum.models.verdict import VerdictCode
from hilum.reporting.evidence_words import region_words
from hilum.reporting.facts import Facts, ReadingFacts, TaskFacts
from hilum.reporting.sentences import Sentence, finding_words, sentence_case
from hilum.reporting.verdict_words import verdict_words
from hilum.words.catalogue import Catalogue

_ALONE = (VerdictCode.POSITIVE, VerdictCode.UNCERTAIN)
"""Verdicts that have a sentence each; the findings of the others are listed."""


def task_words(task: TaskFacts, words: Catalogue) -> list[Sentence]:
    """Sentences on one decision: verdict, figures, rates and cautions."""
    said = verdict_words(task.verdict, words)
    return [
        said.headline,
        *population_caution(task, words),
        *said.cautions,
        said.decision,
        *said.leaning,
        *said.rates,
    ]


def population_caution(task: TaskFacts, words: Catalogue) -> list[Sentence]:
    """Caution if the patient is outside the intended population, or may be."""
    match = task.population
    if match.is_intended:
        return []
    figures = {} if match.age_years is None else {"age_years": match.age_years}
    return [Sentence(population_entry(match), population_words(match, words), figures)]


def other_words(facts: Facts, words: Catalogue) -> list[Sentence]:
    """Brief text on the other decisions: present or uncertain ones, then lists of the rest."""
    return [sentence for reading in facts.readings for sentence in _of(reading, words)]


def _of(reading: ReadingFacts, words: Catalogue) -> list[Sentence]:
    others = reading.tasks[1:] if reading.is_main else reading.tasks
    found = []
    if not reading.is_main:
        model = reading.model
        text = words.say("other.model", title=model.title, name=model.name, version=model.version)
        found.append(Sentence("other.model", text))
    for code in _ALONE:
        found += [_alone(task, words) for task in others if task.verdict.code is code]
    for code in VerdictCode:
        listed = [task for task in others if task.verdict.code is code]
        if listed and code not in _ALONE:
            found.append(_listed(code, listed, words))
    return found


def _alone(task: TaskFacts, words: Catalogue) -> Sentence:
    verdict = task.verdict
    figures = {"probability": verdict.probability, "threshold": verdict.point.threshold}
    name = f"other.{verdict.code.value}"
    said = {
        "finding": finding_words(verdict.finding, words),
        "probability": words.percent(verdict.probability, 1),
        "threshold": words.percent(verdict.point.threshold, 1),
    }
    text = words.say(name, **said)
    if task.regions:
        regions = region_words(task.regions, words)
        text = " ".join([text, words.say("other.evidence", regions=regions)])
    return Sentence(name, text, figures)


def _listed(code: VerdictCode, tasks: list[TaskFacts], words: Catalogue) -> Sentence:
    """Findings with the same verdict; with probabilities if these may be shown."""
    name, figures = f"other.{code.value}", {}
    items = []
    for task in tasks:
        verdict = task.verdict
        finding = words.say(f"finding.{verdict.finding.value}")
        if code is VerdictCode.NEGATIVE:
            figures[verdict.finding.value] = verdict.probability
            likely = words.percent(verdict.probability, 1)
            finding = words.say("other.item", finding=finding, probability=likely)
        items.append(finding)
    return Sentence(name, sentence_case(words.say(name, findings=words.listed(items))), figures)
