"""What a request may choose of how a radiograph is read."""

from typing import Annotated, Literal

from fastapi import Query

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
