"""What is to be sent waits for its time, and what was given up stays until a person decides."""

from datetime import UTC, datetime, timedelta

import pytest

from hilum.store.errors import RefusalCode, RefusedError, StateError, UnknownDeliveryError
from hilum.store.outbox import Outbox, Schedule
from hilum.store.schema import Delivery, DeliveryState
from tests.store.made_rows import PEER, put_out

LATER = Schedule(first_seconds=600, give_up_after=timedelta(days=7))
AT_ONCE = Schedule(first_seconds=3600, give_up_after=timedelta(0))


@pytest.fixture
def store(idle_store):
    return idle_store


def _deliveries(store) -> list[Delivery]:
    return store.outbox.page((), 10, 0)[0]


def test_what_failed_is_not_due_before_its_time(store):
    put_out(store, b"one", b"two")
    store.outbox = Outbox(store.database, store.spool, LATER)
    (first, second) = store.outbox.due(PEER)
    store.outbox.failed(first, "cannot be reached")
    assert store.outbox.due(PEER) == [second]
    failed = _deliveries(store)[1]
    # Half of the ten minutes at least.
    assert failed.next_try - failed.created >= timedelta(minutes=5)
    with store.database.write() as session:
        session.get(Delivery, first.delivery_id).next_try = datetime.now(UTC)
    assert store.outbox.due(PEER) == [first, second]


def test_what_is_given_up_stays_and_can_be_sent_again(store):
    put_out(store, b"one")
    store.outbox = Outbox(store.database, store.spool, AT_ONCE)
    (due,) = store.outbox.due(PEER)
    store.outbox.failed(due, "C-STORE status 0xA700")
    (given_up,) = _deliveries(store)
    assert (given_up.state, given_up.attempts) == (DeliveryState.GIVEN_UP, 1)
    assert store.outbox.due(PEER) == []
    assert store.quarantine.used_bytes() == 3
    again = store.outbox.retry(given_up.id)
    assert (again.state, again.attempts, again.reason) == (DeliveryState.WAITING, 0, None)
    assert store.outbox.due(PEER) == [due]
    store.outbox.sent(due)
    assert not list(store.spool.folder.iterdir())
    for act in (store.outbox.retry, store.outbox.discard):
        with pytest.raises(StateError, match="was delivered"):
            act(given_up.id)


def test_what_is_given_up_counts_against_the_budget(store):
    put_out(store, b"one")
    store.outbox = Outbox(store.database, store.spool, AT_ONCE)
    store.outbox.failed(store.outbox.due(PEER)[0], "away")
    store.quarantine._max_bytes = 3
    with pytest.raises(RefusedError) as caught:
        store.quarantine.check_room()
    assert caught.value.code is RefusalCode.OUT_OF_RESOURCES
    store.outbox.discard(_deliveries(store)[0].id)
    store.quarantine.check_room()
    assert not list(store.spool.folder.iterdir())
    for act in (store.outbox.retry, store.outbox.discard):
        with pytest.raises(UnknownDeliveryError):
            act(1)


def test_a_lost_file_holds_up_no_other_result(store):
    put_out(store, b"one", b"two")
    store.spool.remove(_deliveries(store)[1].spool_name)
    assert [each.content for each in store.outbox.due(PEER)] == [b"two"]
    (lost, found) = store.outbox.page((DeliveryState.GIVEN_UP,), 10, 0)[0], _deliveries(store)[0]
    assert "missing" in lost[0].reason
    assert found.state is DeliveryState.WAITING
    with pytest.raises(StateError, match="no longer kept"):
        store.outbox.retry(lost[0].id)


def test_deleting_a_reading_takes_what_was_given_up_with_it(store):
    put_out(store, b"one")
    store.outbox = Outbox(store.database, store.spool, AT_ONCE)
    store.outbox.failed(store.outbox.due(PEER)[0], "away")
    store.delete("r")
    assert not list(store.spool.folder.iterdir())
    assert store.counts() == {}
