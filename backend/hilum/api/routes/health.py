"""`/health`: whether the service is up, and whether it can read and keep readings."""

from itertools import chain

from fastapi import APIRouter

from hilum.api import examples
from hilum.api.dependencies import Held, Service
from hilum.api.problems import BUSY, MODEL_UNAVAILABLE, STORE_UNAVAILABLE, ProblemError
from hilum.api.readiness import decoding_faults, model_faults, store_faults
from hilum.api.schemas import Health

router = APIRouter(prefix="/health", tags=["health"])

_NOT_READY = examples.responses(
    {
        MODEL_UNAVAILABLE: examples.MEASURING_PROBLEMS[MODEL_UNAVAILABLE],
        STORE_UNAVAILABLE: "The disk has under 64 MB left.",
        BUSY: "No process can be started to decode files in.",
    }
)


@router.get("/live", summary="The process answers")
async def live() -> Health:
    """Always 200 while the process serves."""
    # On the event loop: no work in threads delays the answer.
    return Health()


@router.get("/ready", summary="Readings can be made and kept", responses=_NOT_READY)
def ready(service: Service, held: Held) -> Health:
    """200 where the service can do its work, else 503 with the reason.

    The default model, those that read what arrives, and what they read with are loaded, and files
    can be decoded. Where the deployment keeps readings: the database answers, and the folders of
    the store can be written to and have room.
    """
    faults = {
        MODEL_UNAVAILABLE: model_faults(service.registry, service.reading_models),
        STORE_UNAVAILABLE: store_faults(held.parts()),
        BUSY: decoding_faults(service.isolation),
    }
    found = [kind for kind, sentences in faults.items() if sentences]
    if found:
        raise ProblemError(found[0], " ".join(chain.from_iterable(faults.values())))
    return Health()
