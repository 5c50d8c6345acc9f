"""`/deliveries`: list results to be sent to peers; retry or discard those not sent."""

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


@router.get("", summary="List deliveries")
def list_deliveries(
    held: Held,
    state: Annotated[
        list[DeliveryState], Query(description="State of the deliveries. Repeatable. Default: all")
    ] = [],  # noqa: B006
    limit: Limit = 50,
    offset: Offset = 0,
) -> DeliveryList:
    """List results that are waiting, sent or given up, the latest first."""
    found, total = held.store.outbox.page(state, limit, offset)
    return DeliveryList(deliveries=[DeliveryAnswer.of(each) for each in found], total=total)


@router.post("/{number}/retry", status_code=202, summary="Retry a delivery", responses=_NOT_UNSENT)
def retry(number: RowNumber, held: Held) -> DeliveryAnswer:
    """Send a result that is waiting or given up now; if that fails, retries start anew."""
    return DeliveryAnswer.of(held.store.outbox.retry(number))


@router.delete(
    "/{number}",
    status_code=204,
    summary="Discard a delivery that was not sent",
    responses=_NOT_UNSENT,
)
def discard(number: RowNumber, held: Held) -> None:
    """Delete the stored file and the entry. The reading itself is kept."""
    held.store.outbox.discard(number)
