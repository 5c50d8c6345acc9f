"""The optional dependencies (extras) that provide a missing module."""

import re
from collections.abc import Iterable
from importlib.metadata import requires

_DISTRIBUTIONS = {"sklearn": "scikit-learn"}
"""Where a module is not called as the distribution that brings it."""

_OF_EXTRA = re.compile(r"""([\w.-]+).*;.*\bextra == ["']([\w-]+)["']""")


def extra_of(module: str, requirements: Iterable[str]) -> str | None:
    """Name the extra that brings a module.

    Parameters
    ----------
    module : str
        As it is imported; what is below its top level does not count.
    requirements : iterable of str
        Of this package, as `importlib.metadata.requires` gives them, the least extra first.

    Returns
    -------
    str or None
        The first that lists it; None where none does.
    """
    top = module.split(".", maxsplit=1)[0]
    wanted = _DISTRIBUTIONS.get(top, top).replace("_", "-").lower()
    for requirement in requirements:
        found = _OF_EXTRA.match(requirement)
        if found and found[1].replace("_", "-").lower() == wanted:
            return found[2]
    return None


def how_to_get(module: str) -> str:
    """Say of a module that is not installed which extra brings it and how to install that."""
    extra = extra_of(module, requires("hilum") or ())
    if extra is None:
        return f"this needs {module}, which is not installed: pip install -e ."
    return f"this needs {module}, which comes with the extra {extra!r}: pip install -e '.[{extra}]'"
