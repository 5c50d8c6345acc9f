"""`/models`: which models there are, and their cards."""

from fastapi import APIRouter

from hilum.api.dependencies import Room
from hilum.api.problems import Problem
from hilum.api.schemas import ModelList, ModelSummary
from hilum.models import Card
from hilum.models.anatomy import AnatomyCard
from hilum.models.registry import ANATOMY

router = APIRouter(prefix="/models", tags=["models"])


@router.get("", summary="List the models")
def list_models(room: Room) -> ModelList:
    """Every model of this service, the default first, with the reason where one is not ready."""
    registry = room.registry
    return ModelList(
        default=registry.default,
        models=[ModelSummary.of(registry.entry(name)) for name in registry.names],
    )


@router.get("/{name}", summary="A model's card", responses={404: {"model": Problem}})
def show_card(name: str, room: Room) -> Card | AnatomyCard:
    """What the model is for, what it was trained on, how good it is and where it ends."""
    if name == ANATOMY:
        return room.registry.anatomy().card
    return room.registry.reader(name).card
