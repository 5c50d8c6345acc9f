"""Retrieve stored objects by WADO-RS (PS3.18 10.4)."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from hilum.api.dependencies import Held, Service
from hilum.api.dicomweb_answers import (
    DESCRIBED,
    DICOM_JSON,
    FRAMES,
    MULTIPART,
    RETRIEVED,
    RETRIEVED_ONE,
)
from hilum.api.problems import INVALID_REQUEST, NOT_FOUND, ProblemError
from hilum.api.routes.dicomweb.addresses import PREFIX, BaseUrl, accepted
from hilum.pacs.multipart import DICOM, write_parts

if TYPE_CHECKING:
    from hilum.store.schema import HeldObject
    from hilum.store.store import Store

T = TypeVar("T")

router = APIRouter(prefix=PREFIX, tags=["DICOMweb"])


@router.get(
    "/studies/{study}/metadata",
    summary="Retrieve metadata of a study (WADO-RS)",
    response_class=Response,
    responses=DESCRIBED,
)
async def study_metadata(
    study: str, request: Request, service: Service, held: Held, base_url: BaseUrl
) -> Response:
    """Return all attributes except bulk data."""
    return await service.run(partial(_metadata, request, held, base_url, study))


@router.get(
    "/studies/{study}/series/{series}/metadata",
    summary="Retrieve metadata of a series (WADO-RS)",
    response_class=Response,
    responses=DESCRIBED,
)
async def series_metadata(
    study: str,
    series: str,
    request: Request,
    service: Service,
    held: Held,
    base_url: BaseUrl,
) -> Response:
    """Return all attributes except bulk data."""
    return await service.run(partial(_metadata, request, held, base_url, study, series))


@router.get(
    "/studies/{study}/series/{series}/instances/{instance}/metadata",
    summary="Retrieve metadata of an instance (WADO-RS)",
    response_class=Response,
    responses=DESCRIBED,
)
async def instance_metadata(
    study: str,
    series: str,
    instance: str,
    request: Request,
    service: Service,
    held: Held,
    base_url: BaseUrl,
) -> Response:
    """Return all attributes except bulk data."""
    return await service.run(partial(_metadata, request, held, base_url, study, series, instance))


@router.get(
    "/studies/{study}/series/{series}/instances/{instance}/frames/{numbers}",
    summary="Retrieve frames of an instance (WADO-RS)",
    response_class=Response,
    responses=FRAMES,
)
async def retrieve_frames(
    study: str,
    series: str,
    instance: str,
    numbers: str,
    request: Request,
    service: Service,
    held: Held,
) -> Response:
    """Return frames as they are stored. `numbers` start at 1 and are separated by commas."""
    from hilum.pacs.retrieve import frames

    accepted(request, MULTIPART)
    wanted = list(dict.fromkeys(numbers.split(",")))
    if not all(each.isdecimal() and len(each) < 10 for each in wanted):
        raise ProblemError(INVALID_REQUEST, "Frames are named by numbers, separated by commas.")
    chosen = [int(each) for each in wanted]

    def cut_out() -> list[tuple[str, bytes]]:
        store = held.store
        (found, *_) = _find(store, study, series, instance)
        return _missing_as_404(lambda: store.isolation.call(frames, store.content(found), chosen))

    return _multipart(iter(await service.run(cut_out)), "application/octet-stream")


@router.get(
    "/studies/{study}",
    summary="Retrieve a study (WADO-RS)",
    response_class=Response,
    responses=RETRIEVED,
)
def retrieve_study(study: str, request: Request, held: Held) -> Response:
    """Return all objects of a study as `multipart/related; type="application/dicom"`."""
    return _retrieve(request, held, study)


@router.get(
    "/studies/{study}/series/{series}",
    summary="Retrieve a series (WADO-RS)",
    response_class=Response,
    responses=RETRIEVED,
)
def retrieve_series(study: str, series: str, request: Request, held: Held) -> Response:
    """Return all objects of a series."""
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
    """Return one object; with `Accept: application/dicom` as a plain DICOM file."""
    return _retrieve(request, held, study, series, instance)


def _retrieve(request: Request, held: Held, *path: str) -> Response:
    kind = accepted(request, MULTIPART, *([DICOM] if len(path) == 3 else []))
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
            # Deleted after it was found.
            continue


def _metadata(request: Request, held: Held, base_url: str, *path: str) -> Response:
    from hilum.pacs.retrieve import metadata

    accepted(request, DICOM_JSON, "application/json")
    store = held.store
    answers: list[dict[str, Any]] = []
    for each in _find(store, *path):
        address = (
            f"{base_url}/studies/{each.study_instance_uid}/series/{each.series_instance_uid}"
            f"/instances/{each.sop_instance_uid}"
        )
        answers.append(store.isolation.call(metadata, store.content(each), address))
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
