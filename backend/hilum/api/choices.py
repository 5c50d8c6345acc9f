"""What a request may choose of how a radiograph is read."""

from typing import Annotated

from fastapi import Query

ModelName = Annotated[
    str | None, Query(description="Name of the model; see `/models`. Default: pneumonia")
]
PointChoice = Annotated[
    str | None,
    Query(
        description="`youden`, `sensitivity:0.98`, `specificity:0.95` (on the validation "
        "patients), or a threshold such as `0.4`. Default: the model's own"
    ),
]
IsForced = Annotated[
    bool, Query(description="Read a picture that is not suitable all the same, and mark it")
]
