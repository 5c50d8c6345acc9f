"""Numbers and lists in messages: ``2 pictures``, ``a, b and 3 more``."""

from collections.abc import Sequence


def counted(count: int, noun: str) -> str:
    """A number of things: ``1 picture``, ``2 pictures``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def agreeing(count: int, one: str, many: str) -> str:
    """The verb that goes with a number of things."""
    return one if count == 1 else many


def first_few(names: Sequence[str], count: int = 3) -> str:
    """The first names of a list, and the number of further ones."""
    more = f" and {len(names) - count} more" if len(names) > count else ""
    return ", ".join(names[:count]) + more
