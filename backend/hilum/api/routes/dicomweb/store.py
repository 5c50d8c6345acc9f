"""Store objects by STOW-RS (PS3.18 10.5)."""

from collections.abc import AsyncIterator
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from hilum.api.dependencies import Held, Service
from hilum.api.dicomweb_answers import DICOM_JSON, MULTIPART, STORED
from hilum.api.problems import (
    INVALID_REQUEST,
    MISSING_FILE,
    STORE_UNAVAILABLE,
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    ProblemError,
)
from hilum.api.routes.dicomweb.addresses import PREFIX, BaseUrl
from hilum.pacs.multipart import DICOM, MultipartError, PartReader, parameters

router = APIRouter(prefix=PREFIX, tags=["DICOMweb"])

_MOST_PARTS = 1000


@router.post(
    "/studies",
    summary="Store DICOM files (STOW-RS)",
    response_class=Response,
    responses=STORED,
)
@router.post(
    "/studies/{study}",
    summary="Store DICOM files of one study (STOW-RS)",
    response_class=Response,
    responses=STORED,
)
async def store(
    request: Request,
    service: Service,
    held: Held,
    base_url: BaseUrl,
    study: str | None = None,
) -> JSONResponse:
    """Store DICOM files sent as `multipart/related; type="application/dicom"`, one file per part.

    Each file is written to disk before the answer, and is read in the background. Status 200: all
    were stored; 202: some were stored; 409: none was stored, see Failure Reason; 503: none was
    stored because the store is unavailable or too much is waiting: send them again.
    """
    from hilum.pacs.stow import StoreAnswer

    kind, given = parameters(request.headers.get("content-type", ""))
    if kind != MULTIPART or given.get("type", DICOM).lower() != DICOM or not given.get("boundary"):
        raise ProblemError(
            UNSUPPORTED_MEDIA_TYPE,
            'Send multipart/related; type="application/dicom"; boundary=…, a DICOM file a part.',
        )
    store = await run_in_threadpool(lambda: held.store)
    answer, busy = StoreAnswer(store, base_url, study), None
    try:
        reader = PartReader(given["boundary"], store.settings.limits.max_bytes)
    except MultipartError as exc:
        raise ProblemError(INVALID_REQUEST, str(exc)) from exc
    async for part in _parts(request, reader):
        try:
            await service.run(partial(answer.take, part))
        except ProblemError as exc:
            # The answer for the other files is still given.
            busy = exc
            answer.turn_away()
    if answer.is_empty:
        raise ProblemError(MISSING_FILE, "The request holds no DICOM file.")
    if not reader.is_complete:
        raise ProblemError(
            INVALID_REQUEST, "The body ends before its last boundary. Send it again."
        )
    if busy is not None and not answer.has_stored:
        raise busy
    if answer.outage is not None:
        raise ProblemError(STORE_UNAVAILABLE, answer.outage)
    return JSONResponse(answer.payload(), answer.status, media_type=DICOM_JSON)


async def _parts(request: Request, reader: PartReader) -> AsyncIterator[bytes]:
    """Contents of the parts of a body, as they are received."""
    count = 0
    try:
        async for chunk in request.stream():
            for part in reader.feed(chunk):
                count += 1
                if count > _MOST_PARTS:
                    raise ProblemError(
                        TOO_LARGE,
                        f"The request has over {_MOST_PARTS} parts. Send it in several requests; "
                        "the first of them were taken.",
                    )
                yield part
    except MultipartError as exc:
        raise ProblemError(INVALID_REQUEST, str(exc)) from exc
