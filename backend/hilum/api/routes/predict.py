"""`POST /predict`: radiographs in, readings out."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.datastructures import UploadFile

from hilum.api.dependencies import RequestId, Room
from hilum.api.problems import (
    BUSY,
    CORRUPT_IMAGE,
    KINDS,
    MEDIA_TYPE,
    MISSING_FILE,
    MODEL_UNAVAILABLE,
    TOO_LARGE,
    UNKNOWN_MODEL,
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

_STATUSES = (
    CORRUPT_IMAGE, UNKNOWN_MODEL, TOO_LARGE, UNSUPPORTED_FORMAT, MISSING_FILE, BUSY,
    MODEL_UNAVAILABLE,
)  # fmt: skip
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    int(kind.status): {
        "description": "; ".join(k.title for k in KINDS if k.status == kind.status),
        "model": Problem,
        "content": {
            MEDIA_TYPE: {
                "example": {
                    "type": kind.type,
                    "title": kind.title,
                    "status": int(kind.status),
                    "detail": "What was wrong, and what to do.",
                    "request_id": "0b2f6c5e8d7a4f4f9d7a3f0e2c1b5a69",
                }
            }
        },
    }
    for kind in _STATUSES
}


@router.post(
    "/predict",
    summary="Read chest radiographs",
    responses=PROBLEM_RESPONSES,
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
