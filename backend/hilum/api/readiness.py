"""What keeps a deployment from its work, in sentences: for `/health/ready` and `hilum check`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from hilum.errors import HilumError
from hilum.isolation import Isolation
from hilum.models import Registry

if TYPE_CHECKING:
    from hilum.store.readiness import Part


def model_faults(registry: Registry) -> list[str]:
    """Why the default model, or the anatomy model that it reads with, cannot be used.

    Returns
    -------
    list of str
        Sentences; empty where both can.
    """
    try:
        registry.screener(needed=registry.reader().reads_lung_field)
    except HilumError as exc:
        return [str(exc)]
    return []


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
