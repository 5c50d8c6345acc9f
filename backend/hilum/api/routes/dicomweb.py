"""DICOMweb (PS3.18): studies in by STOW-RS; what is held, by QIDO-RS and WADO-RS."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response, StreamingResponse

from hilum.api.dependencies import Held
from hilum.api.dicomweb_answers import (
    DESCRIBED,
    DICOM_JSON,
    FOUND,
    MULTIPART,
    RETRIEVED,
    RETRIEVED_ONE,
    STORED,
)
from hilum.api.problems import (
    INVALID_REQUEST,
    MISSING_FILE,
    NOT_ACCEPTABLE,
    NOT_FOUND,
    UNSUPPORTED_MEDIA_TYPE,
    ProblemError,
)
from hilum.pacs.multipart import (
    DICOM,
    MultipartError,
    PartReader,
    parameters,
    write_parts,
)

if TYPE_CHECKING:
    from hilum.store.schema import HeldObject
    from hilum.store.store import Store

_PREFIX = "/dicomweb"

T = TypeVar("T")

router = APIRouter(prefix=_PREFIX, tags=["DICOMweb"])


def _base_url(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}{_PREFIX}"


BaseUrl = Annotated[str, Depends(_base_url)]


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
    request: Request, held: Held, base_url: BaseUrl, study: str | None = None
) -> JSONResponse:
    """Take DICOM files, `multipart/related; type="application/dicom"`, a file a part.

    Each is on the disc before it is answered, and is read in the background. 200 where all were
    taken, 202 where some were, 409 where none was; Failure Reason says why.
    """
    from hilum.pacs.stow import StoreAnswer

    kind, given = parameters(request.headers.get("content-type", ""))
    if kind != MULTIPART or given.get("type", DICOM).lower() != DICOM or not given.get("boundary"):
        raise ProblemError(
            UNSUPPORTED_MEDIA_TYPE,
            'Send multipart/related; type="application/dicom"; boundary=…, a DICOM file a part.',
        )
    store = await run_in_threadpool(lambda: held.store)
    answer = StoreAnswer(store, base_url, study)
    try:
        reader = PartReader(given["boundary"], store.settings.limits.max_bytes)
        async for chunk in request.stream():
            for part in reader.feed(chunk):
                await run_in_threadpool(answer.take, part)
    except MultipartError as exc:
        raise ProblemError(INVALID_REQUEST, str(exc)) from exc
    if answer.is_empty:
        raise ProblemError(MISSING_FILE, "The request holds no DICOM file.")
    if not reader.is_complete:
        raise ProblemError(
            INVALID_REQUEST, "The body ends before its last boundary. Send it again."
        )
    return JSONResponse(answer.payload(), answer.status, media_type=DICOM_JSON)


def _search(request: Request, held: Held, base_url: str, level: str, **path: str) -> Response:
    from hilum.pacs.query import Level, QueryError, parse_query
    from hilum.pacs.search import search

    _accept(request, DICOM_JSON, "application/json")
    try:
        query = parse_query(Level(level), request.query_params.multi_items(), **path)
    except QueryError as exc:
        raise ProblemError(INVALID_REQUEST, str(exc)) from exc
    found = search(held.store, query, base_url)
    if not found:
        return Response(status_code=204)
    headers = {}
    if "fuzzymatching" in request.query_params:
        # PS3.18 8.3.4.2.
        headers["Warning"] = (
            f'299 {base_url}: "The fuzzymatching parameter is not supported. '
            'Only literal matching has been performed."'
        )
    return JSONResponse(found, media_type=DICOM_JSON, headers=headers)


@router.get(
    "/studies",
    summary="Search for studies (QIDO-RS)",
    response_class=Response,
    responses=FOUND,
)
def search_studies(request: Request, held: Held, base_url: BaseUrl) -> Response:
    """Studies that readings are held of; query: attributes, `limit`, `offset`, `includefield`."""
    return _search(request, held, base_url, "studies")


@router.get(
    "/series",
    summary="Search for series (QIDO-RS)",
    response_class=Response,
    responses=FOUND,
)
def search_all_series(request: Request, held: Held, base_url: BaseUrl) -> Response:
    """Series of all studies."""
    return _search(request, held, base_url, "series")


@router.get(
    "/instances",
    summary="Search for instances (QIDO-RS)",
    response_class=Response,
    responses=FOUND,
)
def search_all_instances(request: Request, held: Held, base_url: BaseUrl) -> Response:
    """Instances of all studies."""
    return _search(request, held, base_url, "instances")


@router.get(
    "/studies/{study}/series",
    summary="Search for series of a study (QIDO-RS)",
    response_class=Response,
    responses=FOUND,
)
def search_series(study: str, request: Request, held: Held, base_url: BaseUrl) -> Response:
    """Series of a study."""
    return _search(request, held, base_url, "series", study=study)


@router.get(
    "/studies/{study}/instances",
    summary="Search for instances of a study (QIDO-RS)",
    response_class=Response,
    responses=FOUND,
)
def search_instances(study: str, request: Request, held: Held, base_url: BaseUrl) -> Response:
    """Instances of a study."""
    return _search(request, held, base_url, "instances", study=study)


@router.get(
    "/studies/{study}/series/{series}/instances",
    summary="Search for instances of a series (QIDO-RS)",
    response_class=Response,
    responses=FOUND,
)
def search_instances_of_series(
    study: str, series: str, request: Request, held: Held, base_url: BaseUrl
) -> Response:
    """Instances of a series."""
    return _search(request, held, base_url, "instances", study=study, series=series)


@router.get(
    "/studies/{study}/metadata",
    summary="Metadata of a study (WADO-RS)",
    response_class=Response,
    responses=DESCRIBED,
)
def study_metadata(study: str, request: Request, held: Held, base_url: BaseUrl) -> Response:
    """All attributes but bulk data."""
    return _metadata(request, held, base_url, study)


@router.get(
    "/studies/{study}/series/{series}/metadata",
    summary="Metadata of a series (WADO-RS)",
    response_class=Response,
    responses=DESCRIBED,
)
def series_metadata(
    study: str, series: str, request: Request, held: Held, base_url: BaseUrl
) -> Response:
    """All attributes but bulk data."""
    return _metadata(request, held, base_url, study, series)


@router.get(
    "/studies/{study}/series/{series}/instances/{instance}/metadata",
    summary="Metadata of an instance (WADO-RS)",
    response_class=Response,
    responses=DESCRIBED,
)
def instance_metadata(
    study: str, series: str, instance: str, request: Request, held: Held, base_url: BaseUrl
) -> Response:
    """All attributes but bulk data."""
    return _metadata(request, held, base_url, study, series, instance)


@router.get(
    "/studies/{study}/series/{series}/instances/{instance}/frames/{numbers}",
    summary="Frames (WADO-RS)",
    response_class=Response,
    responses=RETRIEVED,
)
def retrieve_frames(
    study: str, series: str, instance: str, numbers: str, request: Request, held: Held
) -> Response:
    """Frames as they are stored, by numbers from 1, separated by commas."""
    from hilum.pacs.retrieve import frames

    _accept(request, MULTIPART)
    wanted = list(dict.fromkeys(numbers.split(",")))
    if not all(each.isdecimal() and len(each) < 10 for each in wanted):
        raise ProblemError(INVALID_REQUEST, "Frames are named by numbers, separated by commas.")
    store = held.store
    (found, *_) = _find(store, study, series, instance)
    parts = _missing_as_404(lambda: frames(store.content(found), [int(n) for n in wanted]))
    return _multipart(iter(parts), "application/octet-stream")


@router.get(
    "/studies/{study}",
    summary="Retrieve a study (WADO-RS)",
    response_class=Response,
    responses=RETRIEVED,
)
def retrieve_study(study: str, request: Request, held: Held) -> Response:
    """Films and results of a study as `multipart/related; type="application/dicom"`."""
    return _retrieve(request, held, study)


@router.get(
    "/studies/{study}/series/{series}",
    summary="Retrieve a series (WADO-RS)",
    response_class=Response,
    responses=RETRIEVED,
)
def retrieve_series(study: str, series: str, request: Request, held: Held) -> Response:
    """Objects of a series."""
    return _retrieve(request, held, study, series)


@router.get(
    "/studies/{study}/series/{series}/instances/{instance}",
    summary="Retrieve an instance (WADO-RS)",
    response_class=Response,
    responses=RETRIEVED_ONE,
)
def retrieve_instance(
    study: str, series: str, instance: str, request: Request, held: Held
) -> Response:
    """One object; with `Accept: application/dicom` as the bare file."""
    return _retrieve(request, held, study, series, instance)


def _retrieve(request: Request, held: Held, *path: str) -> Response:
    kind = _accept(request, MULTIPART, *([DICOM] if len(path) == 3 else []))
    store = held.store
    found = _find(store, *path)
    if kind == DICOM:
        return Response(store.content(found[0]), media_type=DICOM)
    return _multipart(_contents(store, found), DICOM)


def _contents(store: "Store", found: Sequence["HeldObject"]) -> Iterator[tuple[str, bytes]]:
    for each in found:
        try:
            yield DICOM, store.content(each)
        except FileNotFoundError:
            # Deleted since it was found.
            continue


def _metadata(request: Request, held: Held, base_url: str, *path: str) -> Response:
    from hilum.pacs.retrieve import metadata

    _accept(request, DICOM_JSON, "application/json")
    store = held.store
    answers: list[dict[str, Any]] = []
    for each in _find(store, *path):
        address = (
            f"{base_url}/studies/{each.study_instance_uid}/series/{each.series_instance_uid}"
            f"/instances/{each.sop_instance_uid}"
        )
        answers.append(metadata(store.content(each), address))
    return JSONResponse(answers, media_type=DICOM_JSON)


def _find(store: "Store", *path: str) -> Sequence["HeldObject"]:
    from hilum.pacs.retrieve import find

    return _missing_as_404(lambda: find(store, *path))


def _missing_as_404(look: Callable[[], T]) -> T:
    from hilum.pacs.retrieve import NoSuchObjectError

    try:
        return look()
    except (NoSuchObjectError, FileNotFoundError) as exc:
        raise ProblemError(NOT_FOUND, str(NoSuchObjectError())) from exc


def _multipart(parts: Iterator[tuple[str, bytes]], kind: str) -> StreamingResponse:
    boundary, body = write_parts(parts)
    media_type = f'{MULTIPART}; type="{kind}"; boundary={boundary}'
    return StreamingResponse(body, media_type=media_type)


def _accept(request: Request, *offered: str) -> str:
    """Which of what is offered the client takes (PS3.18 8.7.4): the first that it does."""
    header = request.headers.get("accept") or "*/*"
    wanted = [parameters(part)[0] for part in header.split(",")]
    for kind in offered:
        family = f"{kind.split('/')[0]}/*"
        if any(each in {kind, family, "*/*"} for each in wanted):
            return kind
    raise ProblemError(NOT_ACCEPTABLE, f"This address answers {' or '.join(offered)}.")
