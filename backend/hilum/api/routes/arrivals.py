"""`/arrivals`: list received objects; retry or discard those without a reading."""

from typing import Annotated

from fastapi import APIRouter, Query

from hilum.api import examples
from hilum.api.dependencies import Held, Limit, Offset, RowNumber
from hilum.api.problems import UNKNOWN_ARRIVAL, WRONG_STATE
from hilum.api.store_schemas import ArrivalAnswer, ArrivalList
from hilum.store.schema import State

router = APIRouter(prefix="/arrivals", tags=["arrivals"])

_UNKNOWN = {UNKNOWN_ARRIVAL: "There is no such arrival here. It may have been discarded."}


@router.get("", summary="List received objects")
def list_arrivals(
    held: Held,
    state: Annotated[
        list[State], Query(description="State of the objects. Repeatable. Default: all")
    ] = [],  # noqa: B006
    limit: Limit = 50,
    offset: Offset = 0,
) -> ArrivalList:
    """List objects received by C-STORE, STOW-RS, `hilum pull` or upload, the latest first."""
    found, total = held.store.arrivals.page(state, limit, offset)
    return ArrivalList(arrivals=[ArrivalAnswer.of(each) for each in found], total=total)


@router.post(
    "/{number}/retry",
    status_code=202,
    summary="Retry an object that failed or was refused",
    responses=examples.responses(
        _UNKNOWN | {WRONG_STATE: "This object is waiting to be read, or is being read."}
    ),
)
def retry(number: RowNumber, held: Held) -> ArrivalAnswer:
    """Read an object in the background, as if it had just been received."""
    return ArrivalAnswer.of(held.store.arrivals.retry(number))


@router.delete(
    "/{number}",
    status_code=204,
    summary="Discard an object without a reading",
    responses=examples.responses(
        _UNKNOWN | {WRONG_STATE: "This object was read. Delete its readings: /readings."}
    ),
)
def discard(number: RowNumber, held: Held) -> None:
    """Delete the stored file and the entry. If the object is sent again, it gets a new entry."""
    held.store.arrivals.discard(number)
