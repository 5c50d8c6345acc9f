"""What routes ask for."""

from typing import Annotated

from fastapi import Depends, Request

from hilum.api.holdings import Holdings
from hilum.api.reading_service import ReadingService


def _reading_room(request: Request) -> ReadingService:
    room: ReadingService = request.app.state.reading_service
    return room


def _holdings(request: Request) -> Holdings:
    holdings: Holdings = request.app.state.holdings
    return holdings


def _request_id(request: Request) -> str:
    return str(request.state.request_id)


Room = Annotated[ReadingService, Depends(_reading_room)]
Held = Annotated[Holdings, Depends(_holdings)]
RequestId = Annotated[str, Depends(_request_id)]
