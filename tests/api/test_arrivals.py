"""`/arrivals` and `/deliveries`: what people see of the store, and what they can do about it."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from hilum.store.schema import Delivery, DeliveryState, State
from hilum.store.store import Store
from tests.pacs.conftest import wait_until
from tests.pacs.films import NAMES, as_file, film, report
from tests.store.made_rows import PEER, put_aside, put_out


@pytest.fixture
def client(make_client, tmp_path) -> Iterator[TestClient]:
    with make_client(store=tmp_path / "store") as client:
        yield client


@pytest.fixture
def store(client) -> Store:
    found: Store = client.app.state.holdings.store
    return found


def _stow(client: TestClient, *contents: bytes):
    head = b"--b\r\nContent-Type: application/dicom\r\n\r\n"
    body = b"".join(head + content + b"\r\n" for content in contents) + b"--b--"
    kind = 'multipart/related; type="application/dicom"; boundary=b'
    return client.post("/dicomweb/studies", content=body, headers={"Content-Type": kind})


def _arrivals(client: TestClient, query: str = "") -> list[dict]:
    answer = client.get(f"/arrivals{query}")
    assert answer.headers["cache-control"] == "no-store"
    assert not [name for name in NAMES if name in answer.content]
    found: list[dict] = answer.json()["arrivals"]
    return found


def test_what_fails_is_listed_with_its_reason_and_read_by_a_retry(client, store, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("hilum.store.processor._TRY_AGAIN_SECONDS", 0)
        broken.setattr("hilum.store.processor.read_file", lambda *_, **__: 1 / 0)
        _stow(client, as_file(film()), as_file(report()))
        wait_until(lambda: _arrivals(client, "?state=failed"))
    (failed,) = _arrivals(client, "?state=failed")
    assert failed | {"id": 0, "received": ""} == {
        "id": 0, "received": "", "origin": "stow", "state": "failed",
        "reason": "Reading it failed: ZeroDivisionError.", "attempts": 3,
        "size_bytes": len(as_file(film())), "sop_instance_uid": film().SOPInstanceUID,
        "study_instance_uid": film().StudyInstanceUID, "readings": [],
    }  # fmt: skip
    assert failed["received"].endswith("Z")
    retried = client.post(f"/arrivals/{failed['id']}/retry")
    assert (retried.status_code, retried.json()["state"]) == (202, "arrived")
    wait_until(lambda: _arrivals(client, "?state=read"))
    (read,) = _arrivals(client, "?state=read")
    assert (read["id"], read["size_bytes"], read["reason"]) == (failed["id"], None, None)
    assert client.get(f"/readings/{read['readings'][0]}").status_code == 200
    for answer in (client.post(f"/arrivals/{read['id']}/retry"),
                   client.delete(f"/arrivals/{read['id']}")):  # fmt: skip
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/wrong-state")
        assert answer.headers["cache-control"] == "no-store"


def test_arrivals_are_paged_the_latest_first(client, store):
    numbers = [put_aside(store, state, None) for state in (State.IGNORED, State.REFUSED) * 2]
    assert [each["id"] for each in _arrivals(client)] == numbers[::-1]
    assert [each["id"] for each in _arrivals(client, "?limit=2&offset=1")] == numbers[2:0:-1]
    assert client.get("/arrivals?state=ignored&limit=1").json()["total"] == 2
    assert len(_arrivals(client, "?state=ignored&state=refused")) == 4
    assert _arrivals(client, "?state=failed") == []


def test_a_discarded_object_is_gone(client, store):
    number = put_aside(store, State.FAILED)
    assert client.delete(f"/arrivals/{number}").status_code == 204
    assert not list(store.spool.folder.iterdir())
    again = client.delete(f"/arrivals/{number}")
    assert (again.status_code, again.json()["type"]) == (404, "/problems/unknown-arrival")


def test_stow_is_told_that_the_quarantine_is_full(client, store):
    put_aside(store, State.FAILED)
    store.quarantine._max_bytes = 4
    answer = _stow(client, as_file(film()))
    assert answer.status_code == 503
    assert answer.json()["type"].endswith("store-unavailable")
    assert "quarantine" in answer.json()["detail"]
    store.quarantine._max_bytes = 5
    assert _stow(client, as_file(film())).status_code == 200


def test_an_error_at_one_object_leaves_the_others_their_answer(client, store, monkeypatch, caplog):
    take = store.take

    def fail_at_the_second(content, *given):
        if content == as_file(film(1)):
            raise ValueError("Lindqvist^Josephine")
        return take(content, *given)

    monkeypatch.setattr(store, "take", fail_at_the_second)
    answer = _stow(client, *(as_file(film(number)) for number in range(3)))
    assert answer.status_code == 202
    (failed,) = answer.json()["00081198"]["Value"]
    assert failed["00081155"]["Value"] == [film(1).SOPInstanceUID]
    # Processing failure.
    assert failed["00081197"]["Value"] == [0x0110]
    assert len(answer.json()["00081199"]["Value"]) == 2
    assert "Lindqvist" not in caplog.text


def test_a_result_that_was_given_up_is_sent_again_or_discarded(client, store):
    numbers = put_out(store, b"one", b"two", b"three")
    with store.database.write() as session:
        for number in numbers[1:]:
            session.get(Delivery, number).state = DeliveryState.GIVEN_UP
    answer = client.get("/deliveries?state=given_up&limit=1")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["total"] == 2
    (shown,) = answer.json()["deliveries"]
    assert shown | {"created": ""} == {
        "id": numbers[2], "reading": "r", "format": "kind 2", "peer": PEER, "state": "given_up",
        "attempts": 0, "created": "", "next_try": None, "reason": None, "size_bytes": 5,
    }  # fmt: skip
    again = client.post(f"/deliveries/{numbers[2]}/retry")
    assert (again.status_code, again.json()["state"]) == (202, "waiting")
    assert [each.content for each in store.outbox.due(PEER)] == [b"one", b"three"]
    assert client.delete(f"/deliveries/{numbers[1]}").status_code == 204
    assert client.get("/deliveries").json()["total"] == 2
    assert len(client.get("/readings/r").json()["deliveries"]) == 2
    gone = client.post(f"/deliveries/{numbers[1]}/retry")
    assert (gone.status_code, gone.json()["type"]) == (404, "/problems/unknown-delivery")


def test_a_reading_is_shown_with_its_verdict_and_what_is_missing(client, monkeypatch):
    from hilum.reporting.errors import ReportError
    from hilum.reporting.outputs import make

    def fail_sr(report, wanted, **options):
        if wanted == "sr":
            raise ReportError("A value is not valid.")
        return make(report, wanted, **options)

    monkeypatch.setattr("hilum.reporting.outputs.make", fail_sr)
    made = client.post("/readings", files={"file": ("f.dcm", as_file(film()))}).json()
    assert made["missing"] == [{"form": "sr", "reason": "A value is not valid."}]
    assert "sr" not in made["forms"]
    assert "fhir" in made["forms"]
    figures = client.get(made["forms"]["json"]).json()["figures"]
    assert made["verdict"] == figures["verdicts"][0]["code"]
