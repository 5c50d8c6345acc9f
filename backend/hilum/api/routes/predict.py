"""`POST /predict`: radiographs in, readings out."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.datastructures import UploadFile

from hilum.api import examples
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
from hilum.api.schemas import ReadingAnswer
from hilum.api.uploads import FORM, Uploads, uploads
from hilum.errors import ImageError
from hilum.models import Reader

router = APIRouter(tags=["reading"])

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
    **examples.responses(
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
    ),
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
) -> ReadingAnswer | list[ReadingAnswer | Problem]:
    """Read one radiograph (`file`) or several (`files`).

    Several are answered as a list in their order; where one cannot be read, its place holds
    the problem, and the others are read all the same.

    For research and education. Not a medical device: a person decides.
    """
    reader = room.registry.reader(model)
    if not uploads.are_several:
        return await _answer(room, uploads.files[0], reader)
    tasks = [_answer_or_problem(room, file, reader, request_id) for file in uploads.files]
    return list(await asyncio.gather(*tasks))


@router.post("/", include_in_schema=False)
async def predict_as_before(
    room: Room, uploads: Annotated[Uploads, Depends(uploads)]
) -> ReadingAnswer:
    """The address that clients of the original student service know."""
    return await _answer(room, uploads.files[0], room.registry.reader())


async def _answer(room: ReadingRoom, file: UploadFile, reader: Reader) -> ReadingAnswer:
    return ReadingAnswer.of(await room.read(file.file, reader), reader.card)


async def _answer_or_problem(
    room: ReadingRoom, file: UploadFile, reader: Reader, request_id: str
) -> ReadingAnswer | Problem:
    try:
        return await _answer(room, file, reader)
    except (ImageError, ProblemError) as exc:
        return problem_of(exc, request_id)
