"""What routes ask for."""

from typing import Annotated

from fastapi import Depends, Request

from hilum.api.holdings import Holdings
from hilum.api.reading_service import ReadingService


def _reading_service(request: Request) -> ReadingService:
    service: ReadingService = request.app.state.reading_service
    return service


def _holdings(request: Request) -> Holdings:
    holdings: Holdings = request.app.state.holdings
    return holdings


def _request_id(request: Request) -> str:
    return str(request.state.request_id)


Service = Annotated[ReadingService, Depends(_reading_service)]
Held = Annotated[Holdings, Depends(_holdings)]
RequestId = Annotated[str, Depends(_request_id)]
