"""Query parameters that control how a radiograph is read."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from hilum.api.dependencies import Service
from hilum.words.catalogue import Catalogue, load_catalogue

ModelName = Annotated[
    str | None,
    Query(
        description="Name of the model, or `name@version`. `/models` lists the models and the "
        "default"
    ),
]
ModelNames = Annotated[
    list[str] | None,
    Query(
        alias="model",
        max_length=8,
        description="Name of the model, or `name@version`; `/models` lists them. Repeat the "
        "parameter for several models; the first gives the main reading. `auto`: those that are "
        "meant for the patient's age, by the header or else by the image, and all if neither "
        "shows it. `all`: all models. Default: the default of the service (`HILUM_DEFAULT_MODEL`)",
    ),
]
PointChoice = Annotated[
    list[str] | None,
    Query(
        description="Operating point: `youden`, `sensitivity:0.98`, `specificity:0.95` (on the "
        "validation patients), or a threshold such as `0.4`. It applies to all findings that the "
        "model decides on, or to one finding if its code is put in front (`effusion:0.4`). Repeat "
        "the parameter for several findings. Default: the operating point of the model"
    ),
]
Orient = Annotated[
    Literal["auto"] | None,
    Query(
        description="`auto`: rotate an image that is upside down or on its side, and note the "
        "rotation in the answer. Images are never mirrored. Default: such an image is rejected"
    ),
]
IsForced = Annotated[
    bool,
    Query(
        description="Process an image that fails the suitability check, and mark the result as "
        "forced"
    ),
]


async def _words(
    service: Service,
    language: Annotated[
        str | None,
        Query(
            max_length=35,
            description="Language of the texts, such as `en`. Default: the language of the service "
            "(`HILUM_LANGUAGE`)",
        ),
    ] = None,
) -> Catalogue:
    return load_catalogue(language or service.language)


Words = Annotated[Catalogue, Depends(_words)]
"""Texts in the language of the request, or else of the deployment."""
