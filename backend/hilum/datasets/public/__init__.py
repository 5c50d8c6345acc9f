"""Descriptors of public data sets.

A data set is added as a module with a `PublicDataset`; nothing else lists them.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from hilum.datasets.label_table import LabelTable
from hilum.datasets.public.descriptor import BoxTable, PublicDataset
from hilum.findings import Finding


def _described() -> Iterator[PublicDataset]:
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, PublicDataset):
                yield value


DATASETS: Mapping[str, PublicDataset] = MappingProxyType({each.name: each for each in _described()})


def told_by_name(path: Path) -> tuple[Finding | None, str] | None:
    """Finding and patient from a file's name, by the rules of the known data sets.

    Parameters
    ----------
    path : Path
        In a folder that is named as a data set, it is read by this data set's rule alone.

    Returns
    -------
    tuple of (Finding or None, str), or None
        See `hilum.datasets.spelling.NameRule`.
    """
    telling = [each for each in DATASETS.values() if each.tell]
    own = [each for each in telling if each.name in path.parts]
    said = (each.tell(path) for each in own or telling if each.tell)
    return next((each for each in said if each is not None), None)


def label_tables() -> tuple[LabelTable, ...]:
    """Tables of labels of the known data sets."""
    return tuple(each.labels for each in DATASETS.values() if each.labels)


def series_by_name(path: Path) -> str | None:
    """Series in which a radiograph was acquired, by the known data sets; None if unknown."""
    said = (each.series(path) for each in DATASETS.values() if each.series)
    return next((each for each in said if each is not None), None)


__all__ = [
    "DATASETS",
    "BoxTable",
    "PublicDataset",
    "label_tables",
    "series_by_name",
    "told_by_name",
]
