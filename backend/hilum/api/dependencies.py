"""What routes ask for, and what all of them refuse."""

from typing import Annotated

from fastapi import Depends, Request

from hilum.api.holdings import Holdings
from hilum.api.problems import INVALID_REQUEST, ProblemError
from hilum.api.reading_service import ReadingService


def _reading_service(request: Request) -> ReadingService:
    service: ReadingService = request.app.state.reading_service
    return service


def _holdings(request: Request) -> Holdings:
    holdings: Holdings = request.app.state.holdings
    return holdings


def _request_id(request: Request) -> str:
    return str(request.state.request_id)


def refuse_zero_bytes(request: Request) -> None:
    """Refuse a zero byte in any part of the address: no value has it, and PostgreSQL fails on it.

    Raises
    ------
    ProblemError
    """
    in_path = [str(value) for value in request.path_params.values()]
    in_query = [text for pair in request.query_params.multi_items() for text in pair]
    if any("\0" in text for text in (*in_path, *in_query)):
        raise ProblemError(INVALID_REQUEST, "The address has a zero byte (%00) in it.")


Service = Annotated[ReadingService, Depends(_reading_service)]
Held = Annotated[Holdings, Depends(_holdings)]
RequestId = Annotated[str, Depends(_request_id)]
