"""All errors as problem details (RFC 9457), from one table."""

import logging
import traceback
from collections.abc import Set
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Match

from hilum import errors
from hilum.api.document_names import names_in_document
from hilum.reporting.errors import ReportError
from hilum.store.errors import (
    DatabaseError,
    FolderError,
    RefusalCode,
    RefusedError,
    StateError,
    UnknownArrivalError,
    UnknownDeliveryError,
    UnknownReadingError,
)

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: the last part of its type, its status and its title."""

    slug: str
    status: HTTPStatus
    title: str

    @property
    def type(self) -> str:
        """Type of the problem: the address at which this service explains it."""
        return f"/problems/{self.slug}"


MISSING_FILE = Kind("missing-file", HTTPStatus.UNPROCESSABLE_ENTITY, "No file was sent")
EMPTY_FILE = Kind("empty-file", HTTPStatus.UNPROCESSABLE_ENTITY, "The file is empty")
INVALID_REQUEST = Kind("invalid-request", HTTPStatus.UNPROCESSABLE_ENTITY, "Invalid request")
UNSUPPORTED_FORMAT = Kind(
    "unsupported-format", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported image format"
)
CORRUPT_IMAGE = Kind("corrupt-image", HTTPStatus.BAD_REQUEST, "The picture is damaged")
TOO_LARGE = Kind("too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Too large")
TOO_SLOW = Kind("too-slow", HTTPStatus.REQUEST_TIMEOUT, "The upload is too slow")
UNREADABLE_RADIOGRAPH = Kind(
    "unreadable-radiograph", HTTPStatus.UNPROCESSABLE_ENTITY, "Not readable as a radiograph"
)
UNSUITABLE_RADIOGRAPH = Kind(
    "unsuitable-radiograph", HTTPStatus.UNPROCESSABLE_ENTITY, "Not a suitable radiograph"
)
TEXT_MASK_REFUSED = Kind(
    "text-mask-refused", HTTPStatus.UNPROCESSABLE_ENTITY, "The text cannot be masked"
)
TEXT_SEARCH_UNAVAILABLE = Kind(
    "text-search-unavailable", HTTPStatus.NOT_IMPLEMENTED, "Text search is not available"
)
INVALID_OPERATING_POINT = Kind(
    "invalid-operating-point", HTTPStatus.UNPROCESSABLE_ENTITY, "Invalid operating point"
)
UNKNOWN_MODEL = Kind("unknown-model", HTTPStatus.NOT_FOUND, "Unknown model")
INVALID_MODEL_CHOICE = Kind(
    "invalid-model-choice", HTTPStatus.UNPROCESSABLE_ENTITY, "Invalid choice of models"
)
MODEL_UNAVAILABLE = Kind(
    "model-unavailable", HTTPStatus.SERVICE_UNAVAILABLE, "The model cannot be used"
)
BUSY = Kind("busy", HTTPStatus.SERVICE_UNAVAILABLE, "Too many readings at once")
NOT_FOUND = Kind("not-found", HTTPStatus.NOT_FOUND, "Not found")
UNKNOWN_READING = Kind("unknown-reading", HTTPStatus.NOT_FOUND, "Unknown reading")
UNKNOWN_ARRIVAL = Kind("unknown-arrival", HTTPStatus.NOT_FOUND, "Unknown arrival")
UNKNOWN_DELIVERY = Kind("unknown-delivery", HTTPStatus.NOT_FOUND, "Unknown delivery")
WRONG_STATE = Kind("wrong-state", HTTPStatus.CONFLICT, "Not possible in this state")
NOT_ACCEPTABLE = Kind("not-acceptable", HTTPStatus.NOT_ACCEPTABLE, "No such representation")
UNSUPPORTED_MEDIA_TYPE = Kind(
    "unsupported-media-type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Unsupported media type"
)
FORM_NOT_AVAILABLE = Kind(
    "form-not-available",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The report is not available in this format",
)
NOT_TAKEN = Kind("not-taken", HTTPStatus.CONFLICT, "The object was not accepted")
UNAUTHENTICATED = Kind("unauthenticated", HTTPStatus.UNAUTHORIZED, "Sign in first")
FOREIGN_ORIGIN = Kind("foreign-origin", HTTPStatus.FORBIDDEN, "Not allowed from another page")
MALFORMED = Kind("malformed-request", HTTPStatus.BAD_REQUEST, "Malformed request")
MISDIRECTED = Kind("misdirected", HTTPStatus.MISDIRECTED_REQUEST, "Unknown host name")
NO_CREDENTIAL_SET = Kind(
    "no-credential-set", HTTPStatus.SERVICE_UNAVAILABLE, "The service has no credential"
)
STORE_UNAVAILABLE = Kind(
    "store-unavailable", HTTPStatus.SERVICE_UNAVAILABLE, "The store is not available"
)
METHOD_NOT_ALLOWED = Kind("method-not-allowed", HTTPStatus.METHOD_NOT_ALLOWED, "Method not allowed")
INTERNAL = Kind("internal", HTTPStatus.INTERNAL_SERVER_ERROR, "Internal error")

KINDS = (
    MISSING_FILE, EMPTY_FILE, INVALID_REQUEST, UNSUPPORTED_FORMAT, CORRUPT_IMAGE, TOO_LARGE,
    TOO_SLOW,
    UNREADABLE_RADIOGRAPH, UNSUITABLE_RADIOGRAPH, INVALID_OPERATING_POINT, UNKNOWN_MODEL,
    INVALID_MODEL_CHOICE,
    MODEL_UNAVAILABLE, BUSY, FORM_NOT_AVAILABLE, UNKNOWN_READING, UNKNOWN_ARRIVAL,
    UNKNOWN_DELIVERY, WRONG_STATE, NOT_ACCEPTABLE,
    UNSUPPORTED_MEDIA_TYPE, TEXT_MASK_REFUSED, TEXT_SEARCH_UNAVAILABLE, NOT_TAKEN,
    UNAUTHENTICATED, FOREIGN_ORIGIN, MALFORMED, MISDIRECTED, NO_CREDENTIAL_SET,
    STORE_UNAVAILABLE, NOT_FOUND, METHOD_NOT_ALLOWED, INTERNAL,
)  # fmt: skip

_BY_ERROR: dict[type[errors.HilumError], Kind] = {
    errors.UnsupportedFormatError: UNSUPPORTED_FORMAT,
    errors.CorruptImageError: CORRUPT_IMAGE,
    errors.ImageTooLargeError: TOO_LARGE,
    errors.UnreadableRadiographError: UNREADABLE_RADIOGRAPH,
    errors.DecodingFailedError: UNREADABLE_RADIOGRAPH,
    errors.WorkersUnavailableError: BUSY,
    errors.DecodingStalledError: BUSY,
    errors.TextMaskError: TEXT_MASK_REFUSED,
    errors.TextSearchError: TEXT_SEARCH_UNAVAILABLE,
    errors.UnsuitableRadiographError: UNSUITABLE_RADIOGRAPH,
    errors.OperatingPointError: INVALID_OPERATING_POINT,
    errors.LanguageError: INVALID_REQUEST,
    errors.UnknownModelError: UNKNOWN_MODEL,
    errors.ModelChoiceError: INVALID_MODEL_CHOICE,
    errors.BundleError: MODEL_UNAVAILABLE,
    ReportError: FORM_NOT_AVAILABLE,
    UnknownReadingError: UNKNOWN_READING,
    UnknownArrivalError: UNKNOWN_ARRIVAL,
    UnknownDeliveryError: UNKNOWN_DELIVERY,
    StateError: WRONG_STATE,
    RefusedError: NOT_TAKEN,
    DatabaseError: STORE_UNAVAILABLE,
    FolderError: STORE_UNAVAILABLE,
}

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_RETRY_AFTER_SECONDS = {BUSY.slug: 1, MODEL_UNAVAILABLE.slug: 30, STORE_UNAVAILABLE.slug: 30}


class Problem(BaseModel):
    """Problem details (RFC 9457). Branch on `type`; `detail` is a text for users."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=[UNSUPPORTED_FORMAT.type])
    title: str = Field(examples=[UNSUPPORTED_FORMAT.title])
    status: int = Field(examples=[int(UNSUPPORTED_FORMAT.status)])
    detail: str
    request_id: str


class ProblemError(Exception):
    """A failure of the request itself, not of reading."""

    def __init__(self, kind: Kind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


def problem_of(exc: errors.HilumError | ProblemError, request_id: str) -> Problem:
    """The problem details of an expected error."""
    if isinstance(exc, ProblemError):
        return _problem(exc.kind, exc.detail, request_id)
    kind = next((kind for error, kind in _BY_ERROR.items() if isinstance(exc, error)), INTERNAL)
    if isinstance(exc, RefusedError) and exc.code is RefusalCode.OUT_OF_RESOURCES:
        kind = STORE_UNAVAILABLE
    return _problem(kind, str(exc), request_id, **_more(exc))


def _more(exc: errors.HilumError) -> dict[str, Any]:
    """Fields that clients need in addition to the detail."""
    if isinstance(exc, errors.UnknownModelError):
        return {"known": list(exc.known)}
    if isinstance(exc, errors.UnsuitableRadiographError):
        return {"reasons": [{"code": code, "words": words} for code, words in exc.reasons]}
    return {}


def problem_response(problem: Problem) -> JSONResponse:
    """Response for a problem."""
    seconds = _RETRY_AFTER_SECONDS.get(problem.type.rsplit("/", 1)[-1])
    headers = {"Retry-After": str(seconds)} if seconds else {}
    if problem.type == UNAUTHENTICATED.type:
        headers["WWW-Authenticate"] = 'Bearer realm="Hilum"'
    return JSONResponse(
        problem.model_dump(), problem.status, media_type=MEDIA_TYPE, headers=headers
    )


def install(app: FastAPI) -> None:
    """Make `app` answer all expected errors as problem details."""
    app.add_exception_handler(errors.HilumError, _expected)
    app.add_exception_handler(ProblemError, _expected)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def log_unexpected(exc: Exception, request_id: str) -> None:
    """Log an unexpected error."""
    # Only the place of the error: the message of a library may quote the file.
    frames = "".join(traceback.format_tb(exc.__traceback__))
    logger.error("request %s: %s\n%s", request_id, type(exc).__name__, frames)


def unexpected_response(exc: Exception, request_id: str) -> Response:
    """The response to an unexpected error, which is logged."""
    log_unexpected(exc, request_id)
    # Imported with the libraries that raise such errors.
    from hilum.store.faults import environment_fault

    fault = environment_fault(exc)
    if fault is not None:
        detail = f"Nothing was kept: {fault}. Send it again later."
        return problem_response(_problem(STORE_UNAVAILABLE, detail, request_id))
    detail = (
        "The request appears to be valid, but processing it failed. Nothing was kept. Report "
        "this with the request's id."
    )
    return problem_response(_problem(INTERNAL, detail, request_id))


def _problem(kind: Kind, detail: str, request_id: str, **more: Any) -> Problem:
    return Problem(
        type=kind.type,
        title=kind.title,
        status=int(kind.status),
        detail=detail,
        request_id=request_id,
        **more,
    )


def _id_of(request: Request) -> str:
    return str(getattr(request.state, "request_id", "unknown"))


async def _expected(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, errors.HilumError | ProblemError)
    problem = problem_of(exc, _id_of(request))
    if problem.type == INTERNAL.type or isinstance(exc, DatabaseError | FolderError):
        # For whoever runs the service: who sent the request can do nothing about it.
        logger.error("request %s: %s", problem.request_id, exc)
    return problem_response(problem)


async def _invalid(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)
    known = await run_in_threadpool(names_in_document, request.app)
    places = [
        f"{_place(error['loc'][1:], known)}: {_in_words(error['msg'])}"
        for error in exc.errors()[:3]
    ]
    return problem_response(_problem(INVALID_REQUEST, "; ".join(places), _id_of(request)))


def _place(location: tuple[int | str, ...], known: Set[str]) -> str:
    """Place in the request; names that are not in the OpenAPI document are left out."""
    parts = [str(each) if isinstance(each, int) or each in known else "…" for each in location]
    return ".".join(parts) or "body"


def _in_words(message: str) -> str:
    return "Send a file here, not text" if "UploadFile" in message else message


async def _http(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    headers = dict(exc.headers or {})
    if exc.status_code == HTTPStatus.NOT_FOUND:
        kind, detail = NOT_FOUND, "This address does not exist. /docs lists all addresses."
    elif exc.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(_allowed(request))
        kind, detail = METHOD_NOT_ALLOWED, f"This address takes {allowed}."
        headers["Allow"] = allowed
    else:
        # Not the framework's words: they may quote the request.
        kind, detail = INVALID_REQUEST, "The request is invalid. /docs describes valid requests."
    response = problem_response(_problem(kind, detail, _id_of(request)))
    response.headers.update(headers)
    return response


def _allowed(request: Request) -> list[str]:
    """All methods of an address; the framework returns only those of the first route."""
    matches = {
        method: any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
        for method in _METHODS
    }
    taken = [method for method, is_taken in matches.items() if is_taken]
    # What no route has is a file of the page. Wherever GET is taken, HEAD is (`middleware`).
    taken = taken or ["GET"]
    return ["GET", "HEAD", *taken[1:]] if "GET" in taken else taken
