"""Pulling says whose failure it was: the service's, or the store's here."""

import errno
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import Mock

import pytest
from typer.testing import CliRunner

from hilum.cli.commands import app
from hilum.isolation import IN_PROCESS
from hilum.pacs.peers import WebPeer
from hilum.pacs.pull import Puller, PullError
from hilum.pacs.sending import Sender
from hilum.store.store import Store
from tests.pacs.conftest import free_port
from tests.pacs.films import as_file, film

Answer = tuple[int, str, bytes]
Serve = Callable[[list[Answer]], Puller]


def _puller(port: int) -> Puller:
    # Nothing here gets as far as the store, but for its limits.
    store = Mock(spec=Store, settings=Mock(limits=None), isolation=IN_PROCESS)
    return Puller(WebPeer(f"http://127.0.0.1:{port}/dicom-web"), store, Sender())


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A puller from a service that gives these answers, one after the other."""
    left: list[Answer] = []

    class Service(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content_type, content = left.pop(0)
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Service) as service:
        thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()

        def start(answers: list[Answer]) -> Puller:
            left.extend(answers)
            return _puller(service.server_port)

        yield start
        service.shutdown()
        thread.join()


def _found(**attributes: str) -> Answer:
    answer = {tag: {"vr": "UI", "Value": [uid]} for tag, uid in attributes.items()}
    return 200, "application/dicom+json", json.dumps([answer]).encode()


def test_the_status_of_a_service_that_refuses_is_named(serve: Serve) -> None:
    with pytest.raises(PullError, match=r"/dicom-web answered with status 503\.$"):
        serve([(503, "text/plain", b"busy")]).pull(studies=["1.2.3"], query={})


def test_a_service_that_cannot_be_reached_is_named() -> None:
    with pytest.raises(PullError, match=r"/dicom-web cannot be asked: ConnectionError\.$"):
        _puller(free_port()).pull(studies=["1.2.3"], query={})


@pytest.mark.parametrize("arguments", [[], ["--query", "PatientName"], ["--query", "StudyDate="]])
def test_the_command_without_a_study_or_a_whole_query_is_a_wrong_use(arguments: list[str]) -> None:
    ended = CliRunner().invoke(app, ["pull", "--url", "http://127.0.0.1:9/dicom-web", *arguments])
    assert ended.exit_code == 2
    assert "--query" in ended.output


def test_no_log_quotes_what_is_searched_for(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(PullError) as caught:
        _puller(free_port()).pull(query={"PatientName": "Quorrobin^Ada"})
    assert "Quorrobin" not in caplog.text + str(caught.value)


def test_an_instance_without_its_uid_is_a_failure_of_the_service(serve: Serve) -> None:
    with pytest.raises(PullError, match=r"cannot be asked: KeyError\.$"):
        serve([_found(**{"0020000E": "1.2.3.4"})]).pull(studies=["1.2.3"], query={})


def test_a_full_disk_here_is_no_failure_of_the_service(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("hilum.pacs.pull.inspect_incoming", fail)
    part = b"--b\r\nContent-Type: application/dicom\r\n\r\n" + as_file(film()) + b"\r\n--b--\r\n"
    instance = 200, 'multipart/related; type="application/dicom"; boundary=b', part
    found = _found(**{"0020000E": "1.2.3.4", "00080018": "1.2.3.4.5"})
    with pytest.raises(OSError, match="No space left on device"):
        serve([found, instance]).pull(studies=["1.2.3"], query={})
