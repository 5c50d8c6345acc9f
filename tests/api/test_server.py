"""The server as a process: sockets, memory, open files and signals."""

import http.client
import json
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx2
import numpy as np

MEGABYTE = 2**20
# Of an answer that waits for nothing, from a process that other tests compete with.
LONGEST_WAIT_SECONDS = 10
BOUNDARY = b"film"
HEAD = b'--film\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
TAIL = b"\r\n--film--\r\n"


@contextmanager
def _request(server: Any, length: int | None, *headers: bytes) -> Iterator[socket.socket]:
    """A connection on which the head of a `POST /predict` was sent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        size = b"Transfer-Encoding: chunked" if length is None else b"Content-Length: %d" % length
        lines = [
            b"POST /predict HTTP/1.1",
            b"Host: localhost",
            b"Content-Type: multipart/form-data; boundary=" + BOUNDARY,
            size,
            *headers,
        ]
        connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n")
        yield connection


def _answer(connection: socket.socket) -> tuple[int, dict[str, Any]]:
    response = http.client.HTTPResponse(connection)
    response.begin()
    return response.status, json.loads(response.read())


def _is_too_large(status: int, body: dict[str, Any]) -> bool:
    return (status, body["type"]) == (413, "/problems/too-large")


def test_a_request_that_declares_too_much_is_refused_before_it_is_sent(server: Any) -> None:
    started = time.monotonic()
    with _request(server, 10**12) as connection:
        # Nothing more is sent: the answer may not wait for it.
        assert _is_too_large(*_answer(connection))
    assert time.monotonic() - started < LONGEST_WAIT_SECONDS


def test_a_declared_request_that_is_too_large_sees_its_answer_in_flat_memory(server: Any) -> None:
    before = server.peak_memory_bytes
    started = time.monotonic()
    answer = httpx2.post(f"{server.url}/predict", files={"file": bytes(24 * MEGABYTE)}, timeout=30)
    assert _is_too_large(answer.status_code, answer.json())
    assert time.monotonic() - started < LONGEST_WAIT_SECONDS
    assert server.peak_memory_bytes - before < 12 * MEGABYTE


def test_a_chunked_request_that_grows_too_large_is_refused_in_flat_memory(server: Any) -> None:
    before = server.peak_memory_bytes

    def chunks() -> Iterator[bytes]:
        yield HEAD
        for _ in range(12):
            yield bytes(MEGABYTE)

    headers = {"Content-Type": "multipart/form-data; boundary=film"}
    answer = httpx2.post(f"{server.url}/predict", content=chunks(), headers=headers, timeout=30)
    assert _is_too_large(answer.status_code, answer.json())
    assert server.peak_memory_bytes - before < 12 * MEGABYTE


def test_a_file_over_the_limit_is_refused_in_flat_memory(server: Any) -> None:
    before = server.peak_memory_bytes
    answer = httpx2.post(f"{server.url}/predict", files={"file": bytes(6 * MEGABYTE)}, timeout=30)
    assert _is_too_large(answer.status_code, answer.json())
    assert server.peak_memory_bytes - before < 12 * MEGABYTE


def _answers(server: Any) -> bool:
    return httpx2.get(f"{server.url}/health/live", timeout=30).status_code == 200


def test_clients_gone_in_mid_upload_leave_no_open_file(server: Any) -> None:
    # A whole upload of the same size first, so that whatever stays open for good is open.
    httpx2.post(f"{server.url}/predict", files={"file": bytes(2 * MEGABYTE)}, timeout=30)
    assert _answers(server)
    before = server.open_files
    for _ in range(20):
        with _request(server, 3 * MEGABYTE) as connection:
            # Over a megabyte: by now the upload is spooled to a file on disk.
            connection.sendall(HEAD + bytes(2 * MEGABYTE))
    deadline = time.monotonic() + 20
    # Each round is a request that the server answers, after it has seen the departures.
    while server.open_files > before + 2 and time.monotonic() < deadline:
        assert _answers(server)
    assert server.open_files <= before + 2
    assert not [line for line in server.lines if "Traceback" in line or "ERROR" in line]


def test_a_slow_upload_holds_up_nobody(server: Any, files: dict[str, bytes]) -> None:
    content = files["png"]
    with _request(server, len(HEAD) + len(content) + len(TAIL)) as slow:
        slow.sendall(HEAD + content[:100])
        for _ in range(3):
            answer = httpx2.post(f"{server.url}/predict", files={"file": content}, timeout=30)
            assert answer.status_code == 200
        slow.sendall(content[100:] + TAIL)
        status, body = _answer(slow)
    assert status == 200
    assert body["image"]["format"] == "png"


def test_200_requests_at_once_are_all_answered(
    server: Any, encode: Callable[..., bytes], film: np.ndarray
) -> None:
    content = encode(film.repeat(4, axis=0).repeat(4, axis=1), "JPEG")

    with (
        httpx2.Client(timeout=60, limits=httpx2.Limits()) as client,
        ThreadPoolExecutor(200) as pool,
    ):

        def send(_: int) -> httpx2.Response:
            return client.post(f"{server.url}/predict", files={"file": content})

        answers = list(pool.map(send, range(200)))
    assert {answer.status_code for answer in answers} <= {200, 503}
    assert [answer for answer in answers if answer.status_code == 200]
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 503)


def test_the_log_holds_no_file_name_and_no_trace(server: Any, files: dict[str, bytes]) -> None:
    for content in (files["dicom"], files["dicom"][:900], b"words"):
        part = {"file": ("Josephine_Lindqvist.dcm", content)}
        httpx2.post(f"{server.url}/predict", files=part, timeout=30)
    httpx2.get(f"{server.url}/docs", timeout=30)
    log = server.log_until("GET /docs")
    assert log.count("POST /predict") >= 3
    for secret in ("Josephine", "Lindqvist", "MRN", "Traceback"):
        assert secret not in log


MISTYPED = (
    "/dicomweb?PatientName=Lindqvist", "/DICOMWEB/studies?PatientName=Lindqvist",
    "//dicomweb/studies/1.2.840",
    "/dicom-web/studies/1.2.840", "/api/dicomWeb/Lindqvist", "/readings?PatientName=Lindqvist",
    "/readings%3FPatientName=Lindqvist", "/readings/Lindqvist",
    "/assets/Lindqvist.js", "/assets/index-abc.js",
    "/assets/%2e%2e/Lindqvist", "/studies/1.2.840/series", "/predict?model=Lindqvist",
)  # fmt: skip


def test_the_log_holds_no_patient_of_a_mistyped_address(server: Any) -> None:
    for address in MISTYPED:
        answer = httpx2.get(server.url + address, timeout=30)
        assert "Lindqvist" not in answer.text
        upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
        httpx2.get(server.url + address, headers=upgrade | key, timeout=30)
    httpx2.get(f"{server.url}/openapi.json", timeout=30)
    log = server.log_until("GET /openapi.json")
    assert "GET /readings HTTP" in log
    assert "GET /readings/{reading_id} HTTP" in log
    assert "GET /* HTTP" in log
    assert "GET /assets/index-abc.js HTTP" in log
    for secret in ("Lindqvist", "1.2.840", "PatientName"):
        assert secret not in log


def test_head_has_no_body_on_the_wire(server: Any) -> None:
    with httpx2.Client(base_url=server.url, timeout=30) as client:
        # One connection: a body that was sent would be taken for the next answer.
        for path in ("/", "/models", "/assets/index-abc.js", "/nothing-here"):
            head = client.head(path)
            assert head.content == b""
            assert head.headers["content-length"] == client.get(path).headers["content-length"]


def test_what_was_accepted_before_sigterm_is_answered(
    start_server: Callable[..., Any], files: dict[str, bytes]
) -> None:
    server = start_server()
    content = files["png"]
    body = HEAD + content + TAIL
    requests = [_request(server, len(body), b"Expect: 100-continue") for _ in range(12)]
    connections = [request.__enter__() for request in requests]
    for connection in connections:
        # The service asks for the body: it has accepted the request.
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
    connections[0].sendall(body[:200])
    server.terminate()
    # Once nobody is let in any more, the server has understood the signal.
    while True:
        try:
            socket.create_connection(("127.0.0.1", server.port), timeout=5).close()
        except OSError:
            break
    connections[0].sendall(body[200:])
    for connection in connections[1:]:
        connection.sendall(body)
    for request, connection in zip(requests, connections, strict=True):
        status, answer = _answer(connection)
        assert (status, answer["image"]["format"]) == (200, "png")
        request.__exit__(None, None, None)
    # Uvicorn ends by the signal itself once all is done, as a process that handled it should.
    assert server.wait() in (0, -signal.SIGTERM)
    assert not [line for line in server.lines if "ERROR" in line or "Traceback" in line]
