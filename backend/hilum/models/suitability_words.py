"""Results of the suitability check, in the catalogue's texts."""

from collections.abc import Iterable

from hilum.models.selection import Selection, SelectionReason
from hilum.models.suitability import PopulationMatch, Reason, Suitability
from hilum.populations import counted_age
from hilum.words.catalogue import Catalogue


def reason_words(reason: Reason, words: Catalogue) -> str:
    """A reason against reading a picture, or a note on it."""
    return words.say(f"reason.{reason.name}")


def forced_words(reasons: Iterable[Reason], words: Catalogue) -> str:
    """That a picture was processed although it failed the suitability check, and why it failed."""
    said = " ".join(reason_words(reason, words) for reason in reasons)
    return words.say("caution.forced", reasons=said)


def coded_reasons(suitability: Suitability, words: Catalogue) -> list[tuple[str, str]]:
    """Codes and words of the reasons against reading a picture."""
    return [(each.code.value, reason_words(each, words)) for each in suitability.reasons]


def population_entry(match: PopulationMatch) -> str:
    """Name of the catalogue's entry on the intended population."""
    if match.is_intended is None:
        return "caution.population_unknown"
    source = "look" if match.age_years is None else "age"
    return f"population.within_{source}" if match.is_intended else f"caution.outside_{source}"


def population_words(match: PopulationMatch, words: Catalogue) -> str:
    """Whether the patient belongs to a model's intended population, and how it was determined."""
    said = {"population": match.intended_population}
    if match.age_years is not None:
        said["age"] = _age_words(match.age_years, words)
    return words.say(population_entry(match), **said)


def selection_words(selection: Selection, words: Catalogue) -> str:
    """Which models read a film, and why these."""
    name = f"selection.{selection.reason.value}"
    said = {"models": words.listed([card.title for card in selection.cards])}
    if selection.reason is SelectionReason.AGE and selection.age_years is not None:
        said["age"] = _age_words(selection.age_years, words)
    elif selection.population is not None:
        name += f"_{selection.population.value}"
    return words.say(name, **said)


def _age_words(years: float, words: Catalogue) -> str:
    count, unit = counted_age(years)
    return words.say(f"age.{unit}", count=count)
