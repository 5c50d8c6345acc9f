"""The space of uploads at work: bytes and temporary files, of all and of one address."""

import contextlib
import socket
import tempfile
import threading
from pathlib import Path

import pytest
import uvicorn

from hilum.api import Settings, create_app
from hilum.api.temporary_files import TemporaryFiles
from tests.pacs.conftest import wait_until

MOST = 6
FILE = b'--b\r\nContent-Disposition: form-data; name="files"; filename="x"\r\n\r\n'
LARGE = FILE + bytes(2**20 + 1)
SMALL = FILE + bytes(1000)


@pytest.fixture(scope="module")
def app(models_dir, page_dir):
    settings = Settings(models_dir=models_dir, page_dir=page_dir, max_files=4)
    return create_app(settings)


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory):
    """Count the temporary files of this module's uploads: none of other tests is in its folder."""
    folder = tmp_path_factory.mktemp("uploads")

    def count():
        found = []
        for each in Path("/proc/self/fd").iterdir():
            with contextlib.suppress(OSError):
                found.append(str(each.readlink()))
        # They have no name any more.
        return sum("(deleted)" in each and str(folder) in each for each in found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        yield count


@pytest.fixture(scope="module")
def port(app):
    """The service on a socket, with few temporary files."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    wait_until(lambda: server.started)
    app.state.temporary_files = TemporaryFiles(MOST)
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(timeout=20)


class _Upload:
    """An upload whose body comes as far as it is sent."""

    def __init__(self, port, source="127.0.0.1", path="/predict"):
        address = ("127.0.0.1", port)
        self.socket = socket.create_connection(address, 20, source_address=(source, 0))
        self.socket.sendall(
            b"POST %s HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n" % path.encode()
        )

    def send(self, part):
        with contextlib.suppress(ConnectionError):
            self.socket.sendall(b"%x\r\n%s\r\n" % (len(part), part))
        return self

    def end(self):
        self.send(b"\r\n--b--\r\n")
        self.socket.sendall(b"0\r\n\r\n")
        return self

    def status(self):
        """Of the answer; the connection is closed then."""
        with self.socket:
            return int(self.socket.recv(4096).split()[1])


def test_slow_uploads_hold_few_temporary_files_and_keep_out_no_other_address(port, on_disk):
    held = [_Upload(port).send(LARGE) for _ in range(MOST // 2)]
    wait_until(lambda: on_disk() == MOST // 2)
    # Of one address there are no more on disk, and what is small is in memory.
    assert _Upload(port).send(LARGE).status() == 503
    small = _Upload(port).send(SMALL)
    other = [_Upload(port, "127.0.0.2").send(LARGE) for _ in range(MOST // 2)]
    wait_until(lambda: on_disk() == MOST)
    assert _Upload(port, "127.0.0.3").send(LARGE).status() == 503
    # Those that were let in are answered: none is a picture.
    assert {each.end().status() for each in (small, other[0])} == {200}
    for each in (*held, *other[1:]):
        each.socket.close()
    wait_until(lambda: on_disk() == 0)
    assert _Upload(port).send(LARGE).end().status() == 200


def test_files_of_one_request_are_counted_before_they_are_kept(port, on_disk):
    upload = _Upload(port).send(LARGE)
    for _ in range(4):
        upload.send(b"\r\n" + SMALL)
    assert upload.status() == 413
    wait_until(lambda: on_disk() == 0)


@pytest.mark.parametrize(
    "body",
    [b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n' * 101,
     b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"x" * (64 * 1024 + 1),
     b'--b\r\nContent-Disposition: form-data; name="a"; x="' + b"x" * 5000,
     b"--b\r\n" + b"X: y\r\n" * 9],
    ids=["texts", "a long text", "a long header", "headers"],
)  # fmt: skip
def test_texts_and_headers_of_parts_are_bounded(port, body):
    assert _Upload(port).send(body).status() == 422


@pytest.mark.parametrize(("may_open", "most"), [(1024, 256), (256, 64), (4, 2)])
def test_temporary_files_fit_the_files_that_the_process_may_open(monkeypatch, may_open, most):
    monkeypatch.setattr("resource.getrlimit", lambda which: (may_open, 4096))
    files = TemporaryFiles.fitted()
    for client in "ab":
        for _ in range(most // 2):
            files.take(client)
    with pytest.raises(Exception, match="Too many uploads"):
        files.take("c")
    files.give_back("a")
    files.take("c")
