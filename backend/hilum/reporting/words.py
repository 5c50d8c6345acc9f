"""From figures to sentences, by rule: each sentence names the figures that it follows from."""

from dataclasses import dataclass

from hilum.models.suitability import ReasonCode
from hilum.models.suitability_words import forced_words, population_entry, population_words
from hilum.reporting.clinician_words import clinician_words, note_sentence
from hilum.reporting.facts import Facts
from hilum.reporting.header_words import header_words
from hilum.reporting.patient_words import patient_words
from hilum.reporting.sentences import Sentence, plain
from hilum.reporting.side_words import side_cautions
from hilum.reporting.verdict_words import VerdictWords, verdict_words
from hilum.words.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Words:
    """A reading in words.

    Attributes
    ----------
    headline : Sentence
    cautions : tuple of Sentence
        What has to be read before anything else.
    clinician, patient, limits : tuple of Sentence
    film : tuple of Sentence
        What a reader of the picture should know and no caution says.
    notice : str
    """

    headline: Sentence
    cautions: tuple[Sentence, ...]
    clinician: tuple[Sentence, ...]
    patient: tuple[Sentence, ...]
    limits: tuple[Sentence, ...]
    film: tuple[Sentence, ...]
    notice: str

    @property
    def lines(self) -> list[str]:
        """All but the patient's half and the limits, for systems that take text."""
        said = [self.headline, *self.cautions, *self.clinician, *self.film]
        return [*(sentence.text for sentence in said), self.notice]


def describe(facts: Facts, words: Catalogue) -> Words:
    """Say a reading in words.

    Parameters
    ----------
    facts : Facts
    words : Catalogue

    Returns
    -------
    Words
    """
    verdict = verdict_words(facts.main, words)
    cautions = tuple(_cautions(facts, verdict, words))
    cautioned = {caution.text for caution in cautions}
    return Words(
        headline=verdict.headline,
        cautions=cautions,
        clinician=tuple(clinician_words(facts, verdict, words)),
        patient=tuple(patient_words(facts, words)),
        limits=tuple(_limits(facts, words)),
        film=(
            *(
                Sentence("film.warning", warning)
                for warning in facts.warnings
                if warning not in cautioned
            ),
            *header_words(facts, words),
        ),
        notice=words.say("page.notice"),
    )


def _cautions(facts: Facts, verdict: VerdictWords, words: Catalogue) -> list[Sentence]:
    found = []
    if facts.forced:
        found.append(Sentence("caution.forced", forced_words(facts.forced, words)))
    found += _population(facts, words)
    found += side_cautions(facts, words)
    found += verdict.cautions
    if facts.is_whole_picture:
        found.append(plain("caution.whole_picture", words))
    drawn = [note for note in facts.notes if note.code is ReasonCode.DRAWN]
    return found + [note_sentence(note, words) for note in drawn]


def _population(facts: Facts, words: Catalogue) -> list[Sentence]:
    match = facts.main_task.population
    if match.is_intended:
        return []
    figures = {} if match.age_years is None else {"age_years": match.age_years}
    return [Sentence(population_entry(match), population_words(match, words), figures)]


def _limits(facts: Facts, words: Catalogue) -> list[Sentence]:
    """The card's own limits, as it says them, and how well it did where it was tested."""
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
