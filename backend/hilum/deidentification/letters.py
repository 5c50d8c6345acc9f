"""Numbers that encode letters."""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from hilum.deidentification.number_bounds import BELOW_LETTERS

# Of Latin-1, and what else is in names.
_SPELT = re.compile(rb"[A-Za-z^ '.\xc0-\xff-]{6}")
_LETTER = re.compile(rb"[A-Za-z\xc0-\xff]")
_OF_A_POINT = 3
_LATIN = 0xFF
_LAST = 0xFFFF
_BYTES = frozenset(range(256))


def are_letters(values: Sequence[object]) -> bool:
    """Whether numbers are letters, one a number: six in a row, or most of four and more.

    Parameters
    ----------
    values : sequence
        What is no number is no letter.
    """
    codes = (float(each) if isinstance(each, int | float | Decimal) else 0.0 for each in values)
    found = bytes(int(each) if each in _BYTES else 0 for each in codes)
    are_most = len(found) > _OF_A_POINT and 2 * len(_LETTER.findall(found)) > len(found)
    return are_most or _SPELT.search(found) is not None


def are_of_one_script(values: Sequence[float]) -> bool:
    """Whether numbers are codes of different letters of one script, other than Latin.

    Three may be a name, and two in Chinese or Korean.

    Parameters
    ----------
    values : sequence of float
    """
    least = 3 if min(values, default=0) <= BELOW_LETTERS else 2
    scripts = {_script(each) for each in values}
    return len(set(values)) >= least and len(scripts) == 1 and "" not in scripts


def _script(value: float) -> str:
    """Such as GREEK; nothing where a number is no letter."""
    is_code = _LATIN < value <= _LAST and value == int(value)
    letter = chr(int(value)) if is_code else ""
    return unicodedata.name(letter, "").split(" ")[0] if letter.isalpha() else ""
