"""`POST /predict`: radiographs in, readings out."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from starlette.datastructures import UploadFile

from hilum.api import examples
from hilum.api.anatomy_schemas import AnatomyAnswer
from hilum.api.dependencies import RequestId, Room
from hilum.api.problems import (
    BUSY,
    CORRUPT_IMAGE,
    EMPTY_FILE,
    MISSING_FILE,
    MODEL_UNAVAILABLE,
    TOO_LARGE,
    UNKNOWN_MODEL,
    UNREADABLE_RADIOGRAPH,
    UNSUPPORTED_FORMAT,
    Problem,
    ProblemError,
    problem_of,
)
from hilum.api.readings import ReadingRoom
from hilum.api.schemas import NOTICE, ImageAnswer, MeasuredAnswer, ReadingAnswer
from hilum.api.uploads import FORM, Uploads, uploads
from hilum.errors import ImageError
from hilum.models import Reader
from hilum.models.anatomy import AnatomyReader

router = APIRouter(tags=["reading"])

WithAnatomy = Annotated[bool, Query(description="Measure lungs, heart and their ratio too")]
Masks = Annotated[
    Literal["png"] | None, Query(description="Add each organ's mask as a picture of this kind")
]

_PROBLEMS = examples.responses(
    {
        CORRUPT_IMAGE: "The JPEG file is truncated or damaged and cannot be decoded.",
        UNKNOWN_MODEL: "There is no model named 'adults'. Known models: pneumonia.",
        TOO_LARGE: "The file is 70.1 MB; the limit is 64 MB.",
        UNSUPPORTED_FORMAT: "The file is a PDF document. Send a chest radiograph as JPEG …",
        MISSING_FILE: "Send the radiograph as multipart/form-data, in the field 'file'.",
        EMPTY_FILE: "The file has no content. Choose it again.",
        UNREADABLE_RADIOGRAPH: "The picture is of one colour: there is nothing to read.",
        MODEL_UNAVAILABLE: "Model 'pneumonia': model.keras is missing from its bundle.",
        BUSY: "Too many readings are waiting. Send it again after a second.",
    }
)

_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "application/json": {
                "examples": {
                    "one": {"summary": "For `file`", "value": examples.READING},
                    "several": {
                        "summary": "For `files`",
                        "value": [
                            examples.READING,
                            examples.problem(CORRUPT_IMAGE, "The PNG file is damaged."),
                        ],
                    },
                }
            }
        }
    },
    **_PROBLEMS,
}


@router.post(
    "/predict",
    summary="Read chest radiographs",
    responses=_RESPONSES,
    openapi_extra={"requestBody": FORM},
)
async def predict(
    room: Room,
    request_id: RequestId,
    uploads: Annotated[Uploads, Depends(uploads)],
    model: Annotated[
        str | None, Query(description="Name of the model; see `/models`. Default: pneumonia")
    ] = None,
    anatomy: WithAnatomy = False,
    masks: Masks = None,
) -> ReadingAnswer | list[ReadingAnswer | Problem]:
    """Read one radiograph (`file`) or several (`files`).

    Several are answered as a list in their order; where one cannot be read, its place holds
    the problem, and the others are read all the same.

    For research and education. Not a medical device: a person decides.
    """
    how = _How(
        room.registry.reader(model),
        room.registry.anatomy() if anatomy else None,
        with_masks=masks is not None,
    )
    if not uploads.are_several:
        return await _answer(room, uploads.files[0], how)
    tasks = [_answer_or_problem(room, file, how, request_id) for file in uploads.files]
    return list(await asyncio.gather(*tasks))


@router.post("/", include_in_schema=False)
async def predict_as_before(
    room: Room, uploads: Annotated[Uploads, Depends(uploads)]
) -> ReadingAnswer:
    """The address that clients of the original student service know."""
    return await _answer(room, uploads.only(), _How(room.registry.reader()))


@router.post(
    "/anatomy",
    summary="Measure a chest radiograph",
    responses=_PROBLEMS,
    openapi_extra={"requestBody": FORM},
)
async def measure(
    room: Room, uploads: Annotated[Uploads, Depends(uploads)], masks: Masks = None
) -> MeasuredAnswer:
    """Outline lungs and heart, and measure the cardiothoracic ratio, without reading findings.

    For research and education. Not a medical device: a person decides.
    """
    reader = room.registry.anatomy()
    timed = await room.measure(uploads.only().file, reader)
    return MeasuredAnswer(
        anatomy=AnatomyAnswer.of(
            timed.anatomy, timed.radiograph, reader, with_masks=masks is not None
        ),
        image=ImageAnswer.of(timed.radiograph),
        notice=NOTICE,
    )


@dataclass(frozen=True, slots=True)
class _How:
    """What a request wants of each of its files."""

    reader: Reader
    anatomy_reader: AnatomyReader | None = None
    with_masks: bool = False


async def _answer(room: ReadingRoom, file: UploadFile, how: _How) -> ReadingAnswer:
    timed = await room.read(file.file, how.reader, how.anatomy_reader)
    anatomy = None
    if timed.anatomy is not None and how.anatomy_reader is not None:
        anatomy = AnatomyAnswer.of(
            timed.anatomy, timed.radiograph, how.anatomy_reader, with_masks=how.with_masks
        )
    return ReadingAnswer.of(timed, how.reader.card, anatomy)


async def _answer_or_problem(
    room: ReadingRoom, file: UploadFile, how: _How, request_id: str
) -> ReadingAnswer | Problem:
    try:
        return await _answer(room, file, how)
    except (ImageError, ProblemError) as exc:
        return problem_of(exc, request_id)
