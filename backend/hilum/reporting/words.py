"""Sentences from figures by rule; each names the figures that it states."""

from dataclasses import dataclass

from hilum.models.suitability import ReasonCode
from hilum.models.suitability_words import forced_words, selection_words
from hilum.reporting.clinician_words import clinician_words, note_sentence
from hilum.reporting.facts import Facts
from hilum.reporting.header_words import header_words
from hilum.reporting.patient_words import patient_words
from hilum.reporting.sentences import Sentence, plain
from hilum.reporting.side_words import side_cautions
from hilum.reporting.task_words import other_words, population_caution
from hilum.reporting.verdict_words import headline_words, verdict_words
from hilum.words.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Words:
    """A reading in words.

    Attributes
    ----------
    cautions : tuple of Sentence
        Texts to show before everything else.
    film_cautions : tuple of Sentence
        Those of them that hold for every decision.
    others : tuple of Sentence
        The decisions beside the one of the headline; empty where there is one alone.
    film : tuple of Sentence
        Notes on the film that are not cautions.
    """

    headline: Sentence
    cautions: tuple[Sentence, ...]
    film_cautions: tuple[Sentence, ...]
    clinician: tuple[Sentence, ...]
    others: tuple[Sentence, ...]
    patient: tuple[Sentence, ...]
    limits: tuple[Sentence, ...]
    film: tuple[Sentence, ...]
    notice: str

    @property
    def lines(self) -> list[str]:
        """All texts except the patient's and the limits, for systems that accept text."""
        said = [self.headline, *self.cautions, *self.clinician, *self.others, *self.film]
        return [*(sentence.text for sentence in said), self.notice]


def describe(facts: Facts, words: Catalogue) -> Words:
    """Texts of a reading."""
    verdict = verdict_words(facts.main, words)
    film_cautions = _film_cautions(facts, words)
    cautions = (*film_cautions, *population_caution(facts.main_task, words), *verdict.cautions)
    cautioned = {caution.text for caution in cautions}
    return Words(
        headline=headline_words([task.verdict for task in facts.readings[0].tasks], words),
        cautions=cautions,
        film_cautions=film_cautions,
        clinician=tuple(clinician_words(facts, verdict, words)),
        others=tuple(other_words(facts, words)),
        patient=tuple(patient_words(facts, words)),
        limits=tuple(_limits(facts, words)),
        film=(
            *_selection(facts, words),
            *(each for each in _film_warnings(facts, words) if each.text not in cautioned),
            *header_words(facts, words),
        ),
        notice=words.say("page.notice"),
    )


def _film_cautions(facts: Facts, words: Catalogue) -> tuple[Sentence, ...]:
    found = []
    if facts.forced:
        found.append(Sentence("caution.forced", forced_words(facts.forced, words)))
    found += side_cautions(facts, words)
    if facts.is_whole_picture:
        found.append(plain("caution.whole_picture", words))
    drawn = [note for note in facts.notes if note.code is ReasonCode.DRAWN]
    return (*found, *(note_sentence(note, words) for note in drawn))


def _film_warnings(facts: Facts, words: Catalogue) -> list[Sentence]:
    return [Sentence(f"film.{each.code}", each.words(words)) for each in facts.warnings]


def _selection(facts: Facts, words: Catalogue) -> list[Sentence]:
    if facts.selection is None:
        return []
    name = f"selection.{facts.selection.reason.value}"
    return [Sentence(name, selection_words(facts.selection, words))]


def _limits(facts: Facts, words: Catalogue) -> list[Sentence]:
    """Limits stated in the card, and the figures on test data."""
    found = [Sentence("card.limits", limit) for limit in facts.model.limits]
    if facts.main_task.auroc is not None:
        auroc = facts.main_task.auroc
        text = words.say(
            "limits.auroc",
            value=words.decimal(auroc.value, 3),
            low=words.decimal(auroc.low, 3),
            high=words.decimal(auroc.high, 3),
        )
        figures = {"value": auroc.value, "low": auroc.low, "high": auroc.high}
        found.append(Sentence("limits.auroc", text, figures))
    return found
