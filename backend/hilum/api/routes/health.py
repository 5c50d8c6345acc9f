"""`/health`: liveness and readiness of the service."""

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


@router.get("/live", summary="Liveness")
async def live() -> Health:
    """Return 200 as long as the process answers requests."""
    # Runs on the event loop, so that work in threads does not delay the answer.
    return Health()


@router.get("/ready", summary="Readiness", responses=_NOT_READY)
def ready(service: Service, held: Held) -> Health:
    """Return 200 if the service can read radiographs, otherwise 503 with the reason.

    Checks that the default model, the models for received objects and the anatomy model are loaded,
    and that files can be decoded. If the deployment keeps readings, also checks the database, and
    that the folders of the store are writable and have free space.
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
