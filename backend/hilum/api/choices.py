"""What a request may choose of how a radiograph is read."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from hilum.api.dependencies import Service
from hilum.words.catalogue import Catalogue, load_catalogue

ModelName = Annotated[
    str | None,
    Query(
        description="Name of the model, or `name@version`; see `/models`, which names the default"
    ),
]
ModelNames = Annotated[
    list[str] | None,
    Query(
        alias="model",
        max_length=8,
        description="Name of the model, or `name@version`; see `/models`, which names the default. "
        "Repeat it for several models: the first one's reading is the main one",
    ),
]
PointChoice = Annotated[
    list[str] | None,
    Query(
        description="`youden`, `sensitivity:0.98`, `specificity:0.95` (on the validation "
        "patients), or a threshold such as `0.4`. It holds for all findings that the model "
        "decides on, or for the one whose code stands before it (`effusion:0.4`); repeat it for "
        "several. Default: the model's own"
    ),
]
Orient = Annotated[
    Literal["auto"] | None,
    Query(
        description="`auto`: turn a film that lies on its side or upside down, and mark it; it is "
        "never mirrored. Default: such a film is not read"
    ),
]
IsForced = Annotated[
    bool, Query(description="Process an image that fails the suitability check, and mark it")
]


async def _words(
    service: Service,
    language: Annotated[
        str | None,
        Query(
            max_length=35,
            description="Language of the texts, as `en`. Default: the service's (`HILUM_LANGUAGE`)",
        ),
    ] = None,
) -> Catalogue:
    return load_catalogue(language or service.language)


Words = Annotated[Catalogue, Depends(_words)]
"""The words of the language that the request, or else the deployment, chooses."""
