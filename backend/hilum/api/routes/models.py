"""`/models`: list of the models, and their cards."""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from hilum.api import examples
from hilum.api.dependencies import Service
from hilum.api.model_schemas import ModelList, ModelSummary
from hilum.api.problems import MODEL_UNAVAILABLE, UNKNOWN_MODEL
from hilum.api.routes.page import BY_ACCEPT, wants_page
from hilum.models import Card
from hilum.models.anatomy import AnatomyCard
from hilum.models.card import AUTOMATIC
from hilum.models.loading import ANATOMY

router = APIRouter(prefix="/models", tags=["models"])


@router.get("", summary="List models")
def list_models(service: Service) -> ModelList:
    """List the models, the default first, with the reason if a model is not ready."""
    registry = service.registry
    models = [ModelSummary.of(*each) for each in registry.by_address]
    # Without any bundle there is still the default, as unavailable, unless it is `auto`.
    default = models[0].address if models else registry.default
    return ModelList(automatic=registry.default == AUTOMATIC, default=default, models=models)


@router.get(
    "/{name}",
    summary="Get the card of a model",
    response_model=Card | AnatomyCard,
    responses={
        303: {
            "description": "Redirects a browser (`Accept: text/html`) to the page about the model"
        },
        **examples.responses(
            {
                UNKNOWN_MODEL: examples.READING_PROBLEMS[UNKNOWN_MODEL],
                MODEL_UNAVAILABLE: examples.READING_PROBLEMS[MODEL_UNAVAILABLE],
            }
        ),
    },
)
def show_card(
    name: str, service: Service, request: Request, response: Response
) -> Card | AnatomyCard | RedirectResponse:
    """Return the model card: intended use, training data, figures and limits.

    Clients get JSON; browsers are redirected to the page that shows the card with plots.
    """
    if wants_page(request):
        return RedirectResponse(f"/about/{quote(name, safe='')}", 303, BY_ACCEPT)
    response.headers.update(BY_ACCEPT)
    if name == ANATOMY:
        return service.registry.anatomy().card
    return service.registry.reader(name).card
