"""Dependencies of the routes, and checks of every request.

Each is a coroutine: FastAPI calls a plain function in a thread, of which there may be none free.
"""

from typing import Annotated

from fastapi import Depends, Path, Query, Request

from hilum.api.access.policy import AccessPolicy
from hilum.api.holdings import Holdings
from hilum.api.problems import INVALID_REQUEST, ProblemError
from hilum.api.reading_service import ReadingService


async def _reading_service(request: Request) -> ReadingService:
    service: ReadingService = request.app.state.reading_service
    return service


async def _holdings(request: Request) -> Holdings:
    holdings: Holdings = request.app.state.holdings
    return holdings


async def _access_policy(request: Request) -> AccessPolicy:
    policy: AccessPolicy = request.app.state.access_policy
    return policy


async def _request_id(request: Request) -> str:
    return str(request.state.request_id)


async def refuse_zero_bytes(request: Request) -> None:
    """Reject a zero byte in the address: no valid value has one, and PostgreSQL fails on it.

    Raises
    ------
    ProblemError
    """
    in_path = [str(value) for value in request.path_params.values()]
    in_query = [text for pair in request.query_params.multi_items() for text in pair]
    if any("\0" in text for text in (*in_path, *in_query)):
        raise ProblemError(INVALID_REQUEST, "The address has a zero byte (%00) in it.")


async def require_credential(request: Request) -> None:
    """Reject a request without a credential if the deployment has a token.

    Raises
    ------
    ProblemError
    """
    (await _access_policy(request)).check_credential(request)


Service = Annotated[ReadingService, Depends(_reading_service)]
Held = Annotated[Holdings, Depends(_holdings)]
Limit = Annotated[int, Query(ge=1, le=200, description="Maximum number of entries to return")]
# Databases count in 64 bits.
Offset = Annotated[int, Query(ge=0, le=999_999_999, description="Number of entries to skip")]
# Row numbers have 31 bits.
RowNumber = Annotated[int, Path(ge=1, lt=2**31, description="Identifier of the entry")]
Policy = Annotated[AccessPolicy, Depends(_access_policy)]
RequestId = Annotated[str, Depends(_request_id)]
