"""Catalogue of all output texts, one file per language; ``en.toml`` is the one to translate."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from hilum.errors import LanguageError

_FOLDER = files("hilum.words")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The words of one language.

    Attributes
    ----------
    language : str
        BCP 47 tag.
    entries : mapping of str to str
        By dotted name; with ``{fields}`` that `say` fills.
    """

    language: str
    entries: dict[str, str]

    def say(self, name: str, /, **fields: object) -> str:
        """Fill the words of one entry.

        Parameters
        ----------
        name : str
            Such as ``clinician.positive``.
        **fields : object
            What its ``{fields}`` stand for.
        """
        return self.entries[name].format(**fields)

    def percent(self, share: float, decimals: int = 0) -> str:
        """A share in [0, 1] as per cent; the ends are never rounded to nothing or to all."""
        least = 10.0**-decimals
        value = 100 * share
        if 0 < value < least / 2:
            return self.say("number.under", value=self._decimal(least, decimals))
        if 100 - least / 2 < value < 100:
            return self.say("number.over", value=self._decimal(100 - least, decimals))
        return self.say("number.percent", value=self._decimal(value, decimals))

    def decimal(self, value: float, decimals: int) -> str:
        """A number with this many decimals and the language's decimal mark."""
        return self._decimal(value, decimals)

    def listed(self, words: list[str]) -> str:
        """Join words as a list in a sentence."""
        if len(words) < 2:
            return "".join(words)
        return self.say("list.two", first=", ".join(words[:-1]), last=words[-1])

    def _decimal(self, value: float, decimals: int) -> str:
        return f"{value:.{decimals}f}".replace(".", self.entries["number.decimal_mark"])


@lru_cache
def load_catalogue(language: str = "en") -> Catalogue:
    """Load the words of one language.

    Raises
    ------
    LanguageError
        There are no words in this language.
    """
    known = languages()
    if language not in known:
        # Not by the name that was asked for: whoever mistypes may have pasted something else.
        raise LanguageError(
            f"There are no texts in this language. Known languages: {', '.join(known)}."
        )
    content = (_FOLDER / f"{language}.toml").read_text(encoding="utf-8")
    return Catalogue(language, _flat(tomllib.loads(content)))


def languages() -> tuple[str, ...]:
    """The languages that there are words in."""
    return tuple(
        sorted(each.name[:-5] for each in _FOLDER.iterdir() if each.name.endswith(".toml"))
    )


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    entries: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            entries |= _flat(value, f"{prefix}{name}.")
        else:
            entries[f"{prefix}{name}"] = value
    return entries
