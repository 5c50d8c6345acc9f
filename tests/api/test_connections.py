"""Connections that send nothing, too slowly or too much; and clients that share the service."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import anyio
import pytest
import uvicorn

from hilum.api.connections import ConnectionLimits, bounded_protocol
from hilum.api.fair_limiter import FairLimiter
from hilum.api.middleware import BodyLimitMiddleware, BodyLimits
from tests.pacs.conftest import wait_until

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n"
WAITING = GET.replace(b"/ ", b"/wait ").replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
HEAD_BYTES = 1024


STARTED = []
GATE = threading.Event()


@pytest.fixture(autouse=True)
def closed_gate():
    GATE.clear()


async def _echo_size(scope, receive, send):
    """Answer the size of the body; to ``/wait`` once the gate is open."""
    STARTED.append(scope)
    if scope["path"] == "/wait":
        await anyio.to_thread.run_sync(GATE.wait, 20)
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"%d" % size})


@contextlib.contextmanager
def _served(**limits) -> Iterator[int]:
    """A server within these limits in a thread; its port."""
    bounds = ConnectionLimits(**{"total": 8, "per_address": 8, "head_bytes": HEAD_BYTES} | limits)
    config = uvicorn.Config(
        _echo_size, port=0, http=bounded_protocol(bounds), log_level="critical", lifespan="off"
    )
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(timeout=20)


@contextlib.contextmanager
def _connected(port: int, sent: bytes = b"", source: str = "127.0.0.1") -> Iterator[socket.socket]:
    address = ("127.0.0.1", port)
    with socket.create_connection(address, 20, source_address=(source, 0)) as connection:
        connection.sendall(sent)
        yield connection


def _received(connection: socket.socket) -> bytes:
    """All that comes until the server closes; nothing where it drops the connection."""
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(4096):
            parts.append(part)
    return b"".join(parts)


def _status(connection: socket.socket) -> bytes:
    return connection.recv(4096).split(b"\r\n")[0]


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nX: ", b"G"])
def test_the_head_of_a_request_has_to_come_in_time(sent):
    with _served(head_seconds=0.2) as port, _connected(port, sent) as connection:
        assert _received(connection).startswith(b"HTTP/1.1 408 ")


def test_a_second_request_of_a_connection_has_to_come_in_time_too():
    with _served(head_seconds=0.2) as port, _connected(port, GET) as connection:
        assert _status(connection) == b"HTTP/1.1 200 OK"
        connection.sendall(b"GET / HTTP/1.1\r\n")
        assert b"HTTP/1.1 408 " in _received(connection)


def test_a_request_in_time_is_answered_however_long_its_body_takes():
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"
    with _served(head_seconds=0.2) as port, _connected(port, head + b"a") as connection:
        threading.Event().wait(0.5)
        connection.sendall(b"b")
        answer = connection.recv(4096)
        assert answer.startswith(b"HTTP/1.1 200")
        assert answer.endswith((b"2\r\n0\r\n\r\n", b"2"))


@pytest.mark.parametrize("parts", [1, 7])
@pytest.mark.parametrize(("fill", "status"), [(800, b"200"), (1100, b"431")])
def test_header_fields_are_bounded_whether_they_come_at_once_or_not(fill, status, parts):
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * fill + b"\r\n\r\n"
    step = -(-len(head) // parts)
    with _served() as port, _connected(port) as connection:
        with contextlib.suppress(ConnectionError):
            for at in range(0, len(head), step):
                connection.sendall(head[at : at + step])
                threading.Event().wait(0.01)
        assert _status(connection).split()[1] == status


def test_an_endless_header_is_cut_off():
    with _served() as port, _connected(port, b"GET / HTTP/1.1\r\n") as connection:
        with contextlib.suppress(ConnectionError):
            for _ in range(4000):
                connection.sendall(b"X-Filler: " + b"x" * 100 + b"\r\n")
        assert _received(connection)[:13] in {b"HTTP/1.1 431 ", b""}


CHUNKED = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("part", [b"X-Filler: 1\r\n" * 100, b"x" * 1000])
def test_an_endless_trailer_is_cut_off(part):
    start = CHUNKED + b"1\r\na\r\n0\r\nX: "
    with _served() as port, _connected(port, start) as connection:
        with pytest.raises(ConnectionError):
            connection.sendall(part * 20_000)
        assert _received(connection)[:13] in {b"HTTP/1.1 431 ", b""}


@pytest.mark.parametrize(("fill", "status"), [(800, b"200"), (1100, b"431")])
def test_trailer_fields_that_come_at_once_are_bounded(fill, status):
    trailer = b"1\r\na\r\n0\r\nOrigin: " + b"x" * fill + b"\r\n\r\n"
    with _served() as port, _connected(port, CHUNKED + trailer) as connection:
        assert _status(connection).split()[1] == status
    # The head was checked without it.
    assert all(name != b"origin" for name, _ in STARTED[-1]["headers"])


def test_the_head_of_a_request_that_comes_before_the_answer_is_bounded_too():
    first = WAITING.replace(b"Connection: close\r\n", b"")
    with _served() as port, _connected(port, first + b"GET /") as connection:
        with contextlib.suppress(ConnectionError):
            for _ in range(4000):
                connection.sendall(b"x" * 1000)
        assert _received(connection)[:13] in {b"HTTP/1.1 431 ", b""}
        GATE.set()


@pytest.mark.parametrize(
    ("size", "count", "status"),
    [(1, 50, b"200"), (1, 51, b"400"), (9, 51, b"400"), (10, 51, b"200")],
)
def test_a_body_in_many_tiny_pieces_is_refused(size, count, status):
    body = b"%x\r\n%s\r\n" % (size, b"a" * size) * count + b"0\r\n\r\n"
    with _served(body_pieces=50, piece_bytes=10) as port, _connected(port) as connection:
        connection.sendall(CHUNKED + body)
        assert _status(connection).split()[1] == status


@pytest.mark.parametrize("limits", [{"total": 4}, {"per_address": 4}])
def test_connections_that_wait_make_room_for_new_ones(limits):
    with _served(**limits) as port, contextlib.ExitStack() as stack:
        waiting = [stack.enter_context(_connected(port, b"GET /")) for _ in range(20)]
        with _connected(port, GET) as connection:
            assert _status(connection) == b"HTTP/1.1 200 OK"
        # The oldest went first.
        assert _received(waiting[0]) == b""


def test_unfinished_bodies_make_room_after_all_unfinished_heads():
    with _served(total=3) as port, contextlib.ExitStack() as stack:
        before = len(STARTED)
        bodies = [stack.enter_context(_connected(port, POST)) for _ in range(2)]
        wait_until(lambda: len(STARTED) == before + 2)
        head = stack.enter_context(_connected(port, b"GET /"))
        with _connected(port, GET) as connection:
            assert _status(connection) == b"HTTP/1.1 200 OK"
        assert _received(head) == b""
        others = [stack.enter_context(_connected(port, POST)) for _ in range(2)]
        # The older of the two has gone.
        assert _received(bodies[0]) == b""
        for connection in (bodies[1], *others):
            connection.sendall(b"x")
            assert _status(connection) == b"HTTP/1.1 200 OK"


def test_requests_at_work_are_not_dropped_for_new_connections():
    with _served(total=3) as port, contextlib.ExitStack() as stack:
        before = len(STARTED)
        at_work = [stack.enter_context(_connected(port, WAITING)) for _ in range(3)]
        wait_until(lambda: len(STARTED) == before + 3)
        with _connected(port, GET) as refused:
            assert _received(refused) == b""
        GATE.set()
        for connection in at_work:
            assert _status(connection) == b"HTTP/1.1 200 OK"


def test_one_address_does_not_use_up_the_connections_of_another():
    with _served(total=8, per_address=4) as port, contextlib.ExitStack() as stack:
        before = len(STARTED)
        at_work = [stack.enter_context(_connected(port, WAITING)) for _ in range(12)]
        wait_until(lambda: len(STARTED) == before + 4)
        with _connected(port, GET, source="127.0.0.2") as other:
            assert _status(other) == b"HTTP/1.1 200 OK"
        GATE.set()
        assert [bool(_received(each)) for each in at_work] == [True] * 4 + [False] * 8


def test_connections_that_have_ended_are_counted_no_more():
    with _served(total=2) as port:
        for _ in range(12):
            with _connected(port, GET) as connection:
                assert _status(connection) == b"HTTP/1.1 200 OK"


def test_limits_fit_the_files_that_the_process_may_open(monkeypatch):
    monkeypatch.setattr("resource.getrlimit", lambda which: (256, 4096))
    fitted = ConnectionLimits(1000, 250).fitted()
    assert (fitted.total, fitted.per_address) == (128, 128)
    assert ConnectionLimits(100, 20).fitted() == ConnectionLimits(100, 20)


# Bodies


class _Client:
    """One request to the middleware by ASGI, whose body comes part by part."""

    def __init__(self, app, parts, address="10.0.0.9"):
        self._app, self._parts = app, iter(parts)
        headers: list[tuple[bytes, bytes]] = []
        self.scope = {"type": "http", "method": "POST", "path": "/", "headers": headers,
                      "client": (address, 1), "state": {"request_id": "x"}}  # fmt: skip
        self.status = None

    async def receive(self):
        wait, body, more = next(self._parts, (0, b"", False))
        await anyio.sleep(wait)
        return {"type": "http.request", "body": body, "more_body": more}

    async def send(self, message):
        self.status = message.get("status", self.status)

    async def run(self):
        await self._app(self.scope, self.receive, self.send)
        return self.status


def _bounded(app=_echo_size, **limits):
    bounds = {"max_bytes": 100, "max_pending_bytes": 150, "idle_seconds": 0.6,
              "bytes_per_second": 0.0} | limits  # fmt: skip
    return BodyLimitMiddleware(app, limits=BodyLimits(**bounds))


@pytest.mark.parametrize(
    ("parts", "limits", "status"),
    [([(0, b"x" * 60, True), (0, b"x" * 40, False)], {}, 200),
     ([(0, b"x" * 60, True), (0, b"x" * 41, False)], {}, 413),
     ([(0, b"x", True), (5, b"x", False)], {}, 408),
     ([(0.15, b"x", True)] * 5 + [(0, b"", False)], {}, 200),
     ([(0.15, b"x", True)] * 5 + [(0, b"", False)], {"bytes_per_second": 1000.0}, 408),
     ([(0.15, b"x" * 20, True)] * 5 + [(0, b"", False)], {"bytes_per_second": 100.0}, 200),
     ([(0, b"x" * 60, True), (0, b"x", False)], {"max_pending_bytes": 60}, 503)],
)  # fmt: skip
def test_bodies_are_bounded_in_size_and_time(parts, limits, status):
    assert anyio.run(_Client(_bounded(**limits), parts).run) == status


def test_one_address_has_half_of_what_uploads_may_hold_together():
    async def check():
        leave = anyio.Event()

        async def slow(scope, receive, send):
            await receive()
            await leave.wait()

        app = _bounded(slow, max_pending_bytes=240)
        async with anyio.create_task_group() as group:
            group.start_soon(_Client(app, [(0, b"x" * 70, False)], "10.0.0.1").run)
            await anyio.wait_all_tasks_blocked()
            second = _Client(app, [(0, b"x" * 51, False)], "10.0.0.1")
            assert await second.run() == 503
            group.start_soon(_Client(app, [(0, b"x" * 50, False)], "10.0.0.1").run)
            other = _Client(app, [(0, b"x" * 100, False)], "10.0.0.2")
            group.start_soon(other.run)
            await anyio.wait_all_tasks_blocked()
            assert other.status is None
            leave.set()

    anyio.run(check)


def test_what_uploads_hold_together_is_bounded_and_given_back():
    async def check():
        entered, leave = anyio.Event(), anyio.Event()

        async def slow(scope, receive, send):
            await receive()
            entered.set()
            await leave.wait()

        app = _bounded(slow)
        async with anyio.create_task_group() as group:
            group.start_soon(_Client(app, [(0, b"x" * 90, False)]).run)
            await entered.wait()
            assert await _Client(app, [(0, b"x" * 61, False)]).run() == 503
            leave.set()
        entered = anyio.Event()
        assert await _Client(app, [(0, b"x" * 90, False)]).run() is None

    anyio.run(check)


# Turns


def _order(asked: str, slots: int = 1) -> str:
    """In which order clients, asking at once in this order, get their slots."""
    served = []

    async def one(limiter, client):
        async with limiter.slot(client):
            served.append(client)
            await anyio.lowlevel.checkpoint()

    async def check():
        limiter = FairLimiter(slots)
        async with anyio.create_task_group() as group:
            for client in asked:
                group.start_soon(one, limiter, client)

    anyio.run(check)
    return "".join(served)


@pytest.mark.parametrize(
    ("asked", "served"),
    [("aaaaab", "aabaaa"), ("aaabbc", "aabcab"), ("abc", "abc"), ("aaaa", "aaaa")],
)
def test_clients_get_their_turn_however_much_another_asks_for(asked, served):
    assert _order(asked) == served


@pytest.mark.parametrize(
    ("slots", "asked", "at_work"),
    [(1, "aa", "a"), (2, "aa", "a"), (2, "aaab", "ab"), (2, "aaabc", "ab"), (4, "aaaaa", "aaa"),
     (4, "aaaaabb", "aaab"), (4, "abab", "aab"), (3, "abcd", "abc")],
)  # fmt: skip
def test_the_last_slot_is_for_a_client_that_has_none(slots, asked, at_work):
    async def check():
        limiter, found = FairLimiter(slots), []

        async def one(client):
            async with limiter.slot(client):
                found.append(client)
                await anyio.sleep_forever()

        async with anyio.create_task_group() as group:
            for client in asked:
                group.start_soon(one, client)
            await anyio.wait_all_tasks_blocked()
            group.cancel_scope.cancel()
        return "".join(sorted(found))

    assert anyio.run(check) == at_work


def test_slots_are_bounded_and_none_is_lost_when_a_client_leaves():
    async def check():
        limiter, at_work, most = FairLimiter(2), 0, 0

        async def one(client, seconds):
            nonlocal at_work, most
            with anyio.move_on_after(seconds):
                async with limiter.slot(client):
                    at_work += 1
                    most = max(most, at_work)
                    try:
                        await anyio.sleep(0.01)
                    finally:
                        at_work -= 1

        async with anyio.create_task_group() as group:
            for number in range(40):
                group.start_soon(one, "abc"[number % 3], 0.001 * (number % 9) + 0.001)
        assert (at_work, most) == (0, 2)
        with anyio.fail_after(5):
            async with limiter.slot("x"), limiter.slot("y"):
                pass

    anyio.run(check)
