"""`/examples`: synthetic films for trying the service."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, Field

from hilum.api import examples
from hilum.api.example_films import EXAMPLE_FILMS
from hilum.api.problems import NOT_FOUND, ProblemError

router = APIRouter(prefix="/examples", tags=["examples"])

_HOUR_SECONDS = 3600
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_UNKNOWN = f"There is no such example. There are: {', '.join(EXAMPLE_FILMS)}."


class ExampleAnswer(BaseModel):
    """A synthetic film."""

    name: str = Field(examples=["opacity"])
    label: str = Field(description="Short name of the film.", examples=["Opacity"])
    description: str
    file_name: str = Field(examples=["synthetic-opacity.jpg"])
    media_type: str = Field(examples=["image/jpeg"])


class ExampleList(BaseModel):
    """Synthetic films, in the order to show them."""

    examples: list[ExampleAnswer]


@router.get("", summary="List the synthetic films")
def list_examples() -> ExampleList:
    """List synthetic films: normal, opacity, upside down, inverted, DICOM, and no chest."""
    fields = ExampleAnswer.model_fields
    return ExampleList(
        examples=[
            ExampleAnswer(**{field: getattr(film, field) for field in fields})
            for film in EXAMPLE_FILMS.values()
        ]
    )


@router.get(
    "/{name}",
    summary="Get a synthetic film",
    response_class=Response,
    responses={
        200: {
            "description": "The file",
            "content": {each.media_type: _BINARY for each in EXAMPLE_FILMS.values()},
        },
        **examples.responses({NOT_FOUND: _UNKNOWN}),
    },
)
def show_example(
    name: Annotated[
        str, Path(description="Name of the film, from `/examples`", examples=["opacity"])
    ],
) -> Response:
    """Return the film as a file that can be sent to `/predict`."""
    film = EXAMPLE_FILMS.get(name)
    if film is None:
        raise ProblemError(NOT_FOUND, _UNKNOWN)
    return Response(
        film.content(),
        media_type=film.media_type,
        headers={
            "Cache-Control": f"max-age={_HOUR_SECONDS}",
            "Content-Disposition": f'attachment; filename="{film.file_name}"',
        },
    )
