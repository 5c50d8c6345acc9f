"""Numbers that are the codes of letters."""

import re
from collections.abc import Sequence
from decimal import Decimal

# Of Latin-1, and what else is in names.
_SPELT = re.compile(rb"[A-Za-z^ '.\xc0-\xff-]{6}")
_LETTER = re.compile(rb"[A-Za-z\xc0-\xff]")
_OF_A_POINT = 3
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
