"""`/deliveries`: results on their way to the peers; retry and discard of what was not sent."""

from typing import Annotated

from fastapi import APIRouter, Query

from hilum.api import examples
from hilum.api.dependencies import Held, Limit, Offset, RowNumber
from hilum.api.problems import UNKNOWN_DELIVERY, WRONG_STATE
from hilum.api.store_schemas import DeliveryAnswer, DeliveryList
from hilum.store.schema import DeliveryState

router = APIRouter(prefix="/deliveries", tags=["deliveries"])

_NOT_UNSENT = examples.responses(
    {
        UNKNOWN_DELIVERY: "There is no such delivery here. It may have been discarded.",
        WRONG_STATE: "This result was delivered.",
    }
)


@router.get("", summary="List the deliveries")
def list_deliveries(
    held: Held,
    state: Annotated[list[DeliveryState], Query(description="Repeatable. Default: all.")] = [],  # noqa: B006
    limit: Limit = 50,
    offset: Offset = 0,
) -> DeliveryList:
    """Results that wait to be sent, were sent or were given up, the latest first."""
    found, total = held.store.outbox.page(state, limit, offset)
    return DeliveryList(deliveries=[DeliveryAnswer.of(each) for each in found], total=total)


@router.post(
    "/{number}/retry", status_code=202, summary="Send a result again", responses=_NOT_UNSENT
)
def retry(number: RowNumber, held: Held) -> DeliveryAnswer:
    """Send what waits or was given up at once, with a new schedule if that fails."""
    return DeliveryAnswer.of(held.store.outbox.retry(number))


@router.delete(
    "/{number}",
    status_code=204,
    summary="Discard a result that was not sent",
    responses=_NOT_UNSENT,
)
def discard(number: RowNumber, held: Held) -> None:
    """Delete its bytes and its row. What is held of the reading stays."""
    held.store.outbox.discard(number)
