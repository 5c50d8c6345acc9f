"""Names by which the list of a model's images knows them; see `hilum.models.split_lists`."""

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

import pandas as pd

Lists = Mapping[str, frozenset[str]]
"""Listed names by split."""


def listed_names(radiographs: pd.DataFrame) -> list[str]:
    """Names for a list: stems of the files, or paths without endings where stems repeat."""
    stems = [path.stem for path in radiographs["path"]]
    return stems if len(set(stems)) == len(stems) else _without_endings(radiographs)


def names_as_listed(radiographs: pd.DataFrame, lists: Lists) -> list[str]:
    """Name of each radiograph of the kind that the lists have."""
    if any("/" in name for names in lists.values() for name in names):
        return _without_endings(radiographs)
    return [path.stem for path in radiographs["path"]]


def are_named_alike(names: Iterable[str], lists: Lists) -> bool:
    """Whether all names have the form of listed ones, such as 00000001_000: letters and digits.

    Other data has names such as IM-0001-0001 too, but not for all its images.
    """
    known = {_form(each) for listed in lists.values() for each in listed}
    return {_form(name) for name in names} <= known


def _without_endings(radiographs: pd.DataFrame) -> list[str]:
    return [PurePosixPath(name).with_suffix("").as_posix() for name in radiographs["name"]]


def _form(name: str) -> str:
    return re.sub(r"\d+", "0", re.sub(r"[^\W\d_]+", lambda word: word[0].lower(), name))
