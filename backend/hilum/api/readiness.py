"""Faults that keep a deployment from working, for `/health/ready` and `hilum check`."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from hilum.errors import HilumError
from hilum.isolation import Isolation
from hilum.models import Registry
from hilum.models.reading_models import ReadingModels

if TYPE_CHECKING:
    from hilum.store.readiness import Part


def model_faults(registry: Registry, names: Sequence[str] = ()) -> list[str]:
    """Why models, or the anatomy model that they need, cannot be used.

    Parameters
    ----------
    names : sequence of str
        Models that read received objects. The default model is always checked.

    Returns
    -------
    list of str
        Sentences; empty if all can be used.
    """
    faults: dict[str, None] = {}
    for asked in ((), names):
        try:
            ReadingModels.choose(registry, asked)
        except HilumError as exc:
            faults[str(exc)] = None
    return list(faults)


def decoding_faults(isolation: Isolation) -> list[str]:
    """Why files cannot be decoded.

    Returns
    -------
    list of str
        A sentence; empty if they can be decoded.
    """
    fault = isolation.fault()
    return [] if fault is None else [fault]


def store_faults(parts: "Iterable[Part]") -> list[str]:
    """Faults of the store, each once.

    Returns
    -------
    list of str
        Sentences.
    """
    faults = dict.fromkeys(each.fault for each in parts if each.fault is not None)
    return [f"{words[0].upper()}{words[1:]}." for words in faults]
