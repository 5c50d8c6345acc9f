"""What keeps a deployment from its work, in sentences: for `/health/ready` and `hilum check`."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from hilum.errors import HilumError
from hilum.isolation import Isolation
from hilum.models import Registry
from hilum.models.reading_models import ReadingModels

if TYPE_CHECKING:
    from hilum.store.readiness import Part


def model_faults(registry: Registry, names: Sequence[str] = ()) -> list[str]:
    """Why models, or the anatomy model that they read with, cannot be used.

    Parameters
    ----------
    names : sequence of str
        Of the models that read what arrives. The default model is looked at in any case.

    Returns
    -------
    list of str
        Sentences; empty where all can.
    """
    told: dict[str, None] = {}
    for asked in ((), names):
        try:
            ReadingModels.choose(registry, asked)
        except HilumError as exc:
            told[str(exc)] = None
    return list(told)


def decoding_faults(isolation: Isolation) -> list[str]:
    """Why files cannot be decoded.

    Returns
    -------
    list of str
        A sentence; empty where they can.
    """
    fault = isolation.fault()
    return [] if fault is None else [fault]


def store_faults(parts: "Iterable[Part]") -> list[str]:
    """What is wrong with the store, each fault once.

    Returns
    -------
    list of str
        Sentences.
    """
    told = dict.fromkeys(each.fault for each in parts if each.fault is not None)
    return [f"{words[0].upper()}{words[1:]}." for words in told]
