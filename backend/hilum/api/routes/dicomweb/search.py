"""Search for stored objects by QIDO-RS (PS3.18 10.6)."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from hilum.api.dependencies import Held
from hilum.api.dicomweb_answers import DICOM_JSON, FOUND
from hilum.api.problems import INVALID_REQUEST, ProblemError
from hilum.api.routes.dicomweb.addresses import PREFIX, BaseUrl, accepted

router = APIRouter(prefix=PREFIX, tags=["DICOMweb"])


def _search(request: Request, held: Held, base_url: str, level: str, **path: str) -> Response:
    from hilum.pacs.query import Level, QueryError, parse_query
    from hilum.pacs.search import search

    accepted(request, DICOM_JSON, "application/json")
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
    """Search for studies with stored readings.

    Query parameters: attributes to match, `limit`, `offset`, `includefield`.
    """
    return _search(request, held, base_url, "studies")


@router.get(
    "/series",
    summary="Search for series (QIDO-RS)",
    response_class=Response,
    responses=FOUND,
)
def search_all_series(request: Request, held: Held, base_url: BaseUrl) -> Response:
    """Search for series in all studies."""
    return _search(request, held, base_url, "series")


@router.get(
    "/instances",
    summary="Search for instances (QIDO-RS)",
    response_class=Response,
    responses=FOUND,
)
def search_all_instances(request: Request, held: Held, base_url: BaseUrl) -> Response:
    """Search for instances in all studies."""
    return _search(request, held, base_url, "instances")


@router.get(
    "/studies/{study}/series",
    summary="Search for series of a study (QIDO-RS)",
    response_class=Response,
    responses=FOUND,
)
def search_series(study: str, request: Request, held: Held, base_url: BaseUrl) -> Response:
    """Search for series of a study."""
    return _search(request, held, base_url, "series", study=study)


@router.get(
    "/studies/{study}/instances",
    summary="Search for instances of a study (QIDO-RS)",
    response_class=Response,
    responses=FOUND,
)
def search_instances(study: str, request: Request, held: Held, base_url: BaseUrl) -> Response:
    """Search for instances of a study."""
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
    """Search for instances of a series."""
    return _search(request, held, base_url, "instances", study=study, series=series)
