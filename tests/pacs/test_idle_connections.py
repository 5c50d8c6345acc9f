"""Connections that never become associations keep out nobody, and no address has all places."""

import contextlib
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from pynetdicom.transport import AssociationSocket

from hilum.pacs import association_server
from tests.pacs.conftest import wait_until
from tests.pacs.films import film

ECHO = "1.2.840.10008.1.1"
CR = film(0).SOPClassUID
# PS3.8 table 9-21.
LOCAL_LIMIT_EXCEEDED = (2, 3, 2)


@contextlib.contextmanager
def _connected(port, count):
    with contextlib.ExitStack() as stack:
        address = ("127.0.0.1", port)
        yield [stack.enter_context(socket.create_connection(address, 10)) for _ in range(count)]


def _is_closed(connection):
    connection.settimeout(0.01)
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def _store(node, **given):
    association = node.associate(CR, **given)
    assert association.is_established
    status = association.send_c_store(film(0)).Status
    association.release()
    return status


@pytest.fixture
def node(exchange):
    return exchange(max_associations=2)


def test_connections_that_send_no_request_are_no_associations(node):
    with _connected(node.port, 15) as idle:
        for number, each in enumerate(idle):
            each.sendall((b"", b"\x01\x00", b"GET / HTTP/1.1\r\n\r\n")[number % 3])
        assert _store(node) == 0x0000


def test_connections_that_were_closed_are_no_associations(node):
    with _connected(node.port, 40):
        pass
    assert _store(node) == 0x0000


def test_connections_that_send_no_request_are_closed_with_the_listener(node):
    server = node.listener._server
    with _connected(node.port, 3) as idle:
        association = node.associate(ECHO)
        wait_until(lambda: len(server.active_associations) == 4)
        served = server.active_associations
        # An exception in the thread of a connection would fail the test.
        node.listener.stop()
        assert not any(each.dul.is_alive() for each in served)
        assert all(_is_closed(each) for each in idle)
        wait_until(lambda: association.is_aborted)


def test_associations_that_are_established_are_bounded(node):
    sources = ("127.0.0.1", "127.0.0.2")
    held = [node.associate(ECHO, source=each) for each in sources]
    assert all(each.is_established for each in held)
    assert _reason(node.associate(ECHO, source="127.0.0.3")) == LOCAL_LIMIT_EXCEEDED
    held[0].release()
    wait_until(lambda: _is_taken(node))
    held[1].release()


def test_an_address_holds_half_of_the_associations(exchange):
    node = exchange(max_associations=7)
    # All at once, as a router with several associations asks for them, and an attacker for more.
    with ThreadPoolExecutor(16) as pool:
        asked = list(pool.map(lambda _: node.associate(ECHO), range(16)))
    held = [each for each in asked if each.is_established]
    assert len(held) == 3
    refused = [_reason(each) for each in asked if each not in held]
    assert refused == [LOCAL_LIMIT_EXCEEDED] * 13
    assert _store(node, source="127.0.0.2") == 0x0000
    # A connection that breaks off gives its place back, too.
    held[0].dul.socket.close()
    wait_until(lambda: _is_taken(node))
    for each in held[1:]:
        each.release()


def _reason(association):
    assert association.is_rejected
    answer = association.acceptor.primitive
    return answer.result, answer.result_source, answer.diagnostic


def _is_taken(node):
    association = node.associate(ECHO)
    is_taken = association.is_established
    if is_taken:
        association.release()
    return is_taken


def test_the_connection_that_waits_longest_makes_room(node, monkeypatch):
    monkeypatch.setattr(association_server, "_MOST_WAITING_OF_AN_ADDRESS", 4)
    with _connected(node.port, 6) as idle:
        wait_until(lambda: _is_closed(idle[0]) and _is_closed(idle[1]))
        assert not any(_is_closed(each) for each in idle[2:])
        assert _store(node) == 0x0000


def test_connections_that_send_nothing_take_little_time_of_the_processor(node, monkeypatch):
    looks = []
    ready = AssociationSocket.ready
    count = property(lambda self: looks.append(self) or ready.fget(self))
    monkeypatch.setattr(AssociationSocket, "ready", count)
    started = time.monotonic()
    with _connected(node.port, 16):
        wait_until(lambda: len(set(looks)) == 16)
        time.sleep(0.3)
    # The library's own interval is 1 ms, which gives 20 times as many.
    assert len(looks) <= 16 * (2 + 50 * (time.monotonic() - started))


def test_an_association_is_answered_without_delay_once_it_is_requested(node):
    association = node.associate(ECHO)
    (served,) = node.listener._server.active_associations
    assert served.dul._run_loop_delay == 0.001
    association.release()
