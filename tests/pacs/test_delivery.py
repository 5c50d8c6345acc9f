"""Results reach their peer, however long it is away."""

import json
import random
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pynetdicom import AE, evt
from pynetdicom.sop_class import Comprehensive3DSRStorage

from hilum.pacs.delivery import DeliveryWorkers
from hilum.pacs.peers import DicomPeer, PeerError, WebPeer, parse_peer
from hilum.pacs.sending import DeliveryError, Sender
from hilum.store.outbox import Schedule
from hilum.store.settings import StoreSettings
from hilum.store.store import opened
from tests.pacs.conftest import free_port, wait_until
from tests.pacs.films import film
from tests.pacs.test_listener import _send
from tests.store.made_rows import PEER, put_out

pytestmark = pytest.mark.weights


class Pacs:
    """A storage SCP that answers with these statuses, the last of them for ever."""

    def __init__(self, port: int, *statuses: int) -> None:
        self.stored: list[str] = []
        self.statuses = list(statuses or (0x0000,))
        ae = AE(ae_title="PACS")
        ae.add_supported_context(Comprehensive3DSRStorage)
        self.server = ae.start_server(
            ("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_C_STORE, self._store)]
        )

    def _store(self, event) -> int:
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if status in {0x0000, 0xB000}:
            self.stored.append(str(event.request.AffectedSOPInstanceUID))
        return status


def test_results_wait_for_a_peer_that_is_away_and_for_a_restart(exchange, tmp_path):
    port = free_port()
    peers = (DicomPeer("PACS", "127.0.0.1", port),)
    away = exchange(peers=peers)
    assert _send(away, film()).Status == 0x0000
    wait_until(lambda: away.store.outbox.counts() == {"waiting": 1})
    reading = away.store.readings(1, 0)[0]
    wait_until(lambda: away.store.reading(reading.id).deliveries[0].attempts >= 2)
    held = away.store.reading(reading.id).deliveries[0]
    assert held.reason == f"PACS@127.0.0.1:{port} cannot be reached"

    # Refused at first, then stored with a warning, which is stored.
    pacs = Pacs(port, 0xA700, 0xB000)
    again = exchange(peers=peers, folder=tmp_path / "store")
    wait_until(lambda: again.store.outbox.counts() == {"sent": 1})
    assert len(set(pacs.stored)) == 1
    wait_until(lambda: not list(again.store.spool.folder.iterdir()))
    pacs.server.shutdown()


def test_what_a_peer_refuses_for_ever_is_given_up_and_can_be_sent_again(exchange):
    schedule = Schedule(first_seconds=0.05, longest_seconds=0.05, give_up_after=timedelta(0))
    pacs = Pacs(free_port(), 0xA700)
    peer = DicomPeer("PACS", "127.0.0.1", pacs.server.server_address[1])
    running = exchange(peers=(peer,), schedule=schedule)
    _send(running, film(1))
    outbox = running.store.outbox
    wait_until(lambda: outbox.counts() == {"given_up": 1})
    ((given_up,), _) = outbox.page((), 9, 0)
    assert given_up.reason == "C-STORE status 0xA700"
    kept = running.store.spool.folder / given_up.spool_name
    assert kept.stat().st_size == given_up.size_bytes > 1000
    # Then somebody mends it.
    pacs.statuses[:] = [0x0000]
    outbox.retry(given_up.id)
    wait_until(lambda: outbox.counts() == {"sent": 1})
    assert len(pacs.stored) == 1
    wait_until(lambda: not list(running.store.spool.folder.iterdir()))
    pacs.server.shutdown()


class BreakingSender(Sender):
    """One whose connection breaks after so many results, or that meets one it cannot send."""

    def __init__(self, after: int, error: Exception) -> None:
        object.__setattr__(self, "after", after)
        object.__setattr__(self, "error", error)

    def send(self, peer, contents):
        for number in range(len(contents)):
            if number == self.after:
                raise self.error
            yield None


@pytest.mark.parametrize(
    ("error", "reason"),
    [(DeliveryError("the association ended"), "the association ended"),
     (TypeError("Lindqvist^Josephine"), "could not be sent: TypeError")],
)  # fmt: skip
def test_what_was_delivered_before_a_failure_stays_delivered(registry, tmp_path, error, reason):
    peer = parse_peer(PEER)
    with opened(StoreSettings(folder=tmp_path), registry) as store:
        put_out(store, b"one", b"two", b"three", b"four")
        workers = DeliveryWorkers(store, (), BreakingSender(2, error))
        assert workers.deliver(peer)
        found = store.outbox.page((), 9, 0)[0]
        assert [(each.state.value, each.attempts, each.reason) for each in found[::-1]] == [
            ("sent", 1, None), ("sent", 1, None), ("waiting", 1, reason), ("waiting", 1, reason)
        ]  # fmt: skip
        # Nor is anything sent again before its time.
        assert not workers.deliver(peer)
        assert sorted(each.read_bytes() for each in store.spool.folder.iterdir()) == [
            b"four", b"three"
        ]  # fmt: skip


def test_each_attempt_waits_twice_as_long_up_to_the_longest():
    random.seed(0)
    schedule = Schedule(first_seconds=4, longest_seconds=60)
    for attempts, longest in ((1, 4), (2, 8), (3, 16), (4, 32), (5, 60), (500, 60)):
        waits = [schedule.wait_seconds(attempts) for _ in range(200)]
        assert longest / 2 <= min(waits) < 0.6 * longest
        assert 0.9 * longest < max(waits) <= longest


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (409, {"00081198": {"vr": "SQ", "Value": [{"00081197": {"vr": "US", "Value": [0xA900]}}]}},
         "STOW-RS status 409"),
        (200, {"00081198": {"vr": "SQ", "Value": [{"00081197": {"vr": "US", "Value": [0xA700]}}]}},
         "STOW-RS failure reason 0xA700"),
        (503, {}, "STOW-RS status 503"),
        (200, {}, None),
    ],
)  # fmt: skip
def test_what_a_dicomweb_peer_answers_is_understood(status, answer, reason):
    asked: list[str] = []

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(f"{self.path} {self.headers['Authorization']}")
            self.rfile.read(int(self.headers["Content-Length"]))
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/dicom+json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    from tests.pacs.films import as_file

    with HTTPServer(("127.0.0.1", 0), Service) as service:
        thread = threading.Thread(target=service.handle_request)
        thread.start()
        peer = parse_peer(f"http://user:p%40ss@127.0.0.1:{service.server_port}/dicom-web/")
        (outcome,) = Sender().send(peer, [as_file(film())])
        thread.join()
    assert (str(outcome) if outcome else None) == reason
    assert asked == ["/dicom-web/studies Basic dXNlcjpwQHNz"]
    assert "user" not in peer.name


def test_addresses_of_peers():
    assert parse_peer(" PACS@10.0.0.1:104 ") == DicomPeer("PACS", "10.0.0.1", 104)
    assert parse_peer("P@[::1]:11112") == DicomPeer("P", "::1", 11112)
    assert parse_peer("https://a:b@h:8/x/") == WebPeer("https://h:8/x", "a", "b")
    wrong = ("PACS", "PACS@host", "PACS@host:x", "SEVENTEEN_LETTERS@h:1", "@h:1", "P@h:70000")
    for text in (*wrong, "http://[bad/secret"):
        with pytest.raises(PeerError) as caught:
            parse_peer(text)
        assert text not in str(caught.value)
