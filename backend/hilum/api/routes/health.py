"""`/health`: is the service up, and can it read."""

from fastapi import APIRouter

from hilum.api import examples
from hilum.api.dependencies import Service
from hilum.api.problems import MODEL_UNAVAILABLE
from hilum.api.schemas import Health

router = APIRouter(prefix="/health", tags=["health"])

_NOT_READY = examples.responses({MODEL_UNAVAILABLE: examples.MEASURING_PROBLEMS[MODEL_UNAVAILABLE]})


@router.get("/live", summary="The process answers")
def live() -> Health:
    """Always 200 while the process serves."""
    return Health()


@router.get("/ready", summary="The default model can read", responses=_NOT_READY)
def ready(service: Service) -> Health:
    """200 where the default model, and what it reads with, is loaded, else 503 with the reason."""
    registry = service.registry
    registry.screener(needed=registry.reader().reads_lung_field)
    return Health()
