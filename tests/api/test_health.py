"""Readiness: whether the service can read, and keep what it reads; outages are 503."""

import shutil
import sqlite3
from collections import namedtuple

import pytest
from sqlalchemy.exc import OperationalError

from hilum.isolation.pool import WorkerPool
from hilum.store.database import Database
from hilum.store.errors import RefusalCode, RefusedError
from hilum.store.files import FileStore
from tests.pacs.films import as_file, film

NAME = "Lindqvist^Josephine"
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def keeping(make_client, folder):
    """A client of a service that keeps readings."""
    with make_client(store=folder) as client:
        yield client


def _is_unavailable(answer, words):
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert answer.json()["type"] == "/problems/store-unavailable"
    assert words in answer.json()["detail"]


def test_a_service_that_keeps_nothing_is_ready_without_a_store(make_client, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with make_client() as client:
        assert client.get("/health/ready").json() == {"status": "ok"}
    assert list(tmp_path.iterdir()) == []


def test_a_service_that_cannot_decode_is_not_ready(make_client, monkeypatch):
    words = "No process can be started to decode files in."
    with make_client() as client:
        monkeypatch.setattr(WorkerPool, "fault", lambda self: words)
        answer = client.get("/health/ready")
        assert (answer.status_code, answer.json()["detail"]) == (503, words)
        assert answer.json()["type"] == "/problems/busy"


def test_a_service_with_a_store_is_ready(keeping):
    assert keeping.get("/health/ready").status_code == 200


def test_a_full_disk_is_told(keeping, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 64 * 2**20 - 1))
    _is_unavailable(keeping.get("/health/ready"), "The disk has under 64 MB left.")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 64 * 2**20))
    assert keeping.get("/health/ready").status_code == 200


@pytest.mark.parametrize("name", ["spool", "kept", "quarantine"])
def test_a_folder_that_has_gone_is_told(keeping, folder, name):
    shutil.rmtree(folder / name)
    _is_unavailable(keeping.get("/health/ready"), f"The folder {name} of the store is not there.")


def test_a_folder_that_cannot_be_written_to_is_told(keeping, monkeypatch):
    # Who runs the tests may be root, whom no mode keeps out.
    monkeypatch.setattr("os.access", lambda path, mode: False)
    _is_unavailable(keeping.get("/health/ready"), "cannot be written to")


def test_a_database_file_that_has_gone_is_told(keeping, folder):
    (folder / "hilum.sqlite").unlink()
    _is_unavailable(keeping.get("/health/ready"), "The database file is not there.")


@pytest.mark.parametrize("content", [b"", bytes(4096), b"noise" * 1000])
def test_a_database_file_that_was_destroyed_is_told(keeping, folder, content):
    # Connections that are open answer from the pages that they have read.
    (folder / "hilum.sqlite").write_bytes(content)
    _is_unavailable(keeping.get("/health/ready"), "The database file is damaged.")


def test_a_database_file_in_the_place_of_the_one_that_is_open_is_told(keeping, folder):
    path = folder / "hilum.sqlite"
    shutil.copy(path, folder / "copy")
    (folder / "copy").replace(path)
    _is_unavailable(keeping.get("/health/ready"), "is another than the one that was opened")


def test_all_faults_are_told(keeping, folder):
    for name in ("spool", "kept", "quarantine"):
        shutil.rmtree(folder / name)
    (folder / "hilum.sqlite").unlink()
    detail = keeping.get("/health/ready").json()["detail"]
    assert detail.count(".") == 4
    assert str(folder) not in detail


def _without_database(monkeypatch):
    def down(self):
        # The log has the lines of the code, and so not this name's.
        raise OperationalError("SELECT", {"name": NAME}, Exception(NAME))

    for method in ("read", "write"):
        monkeypatch.setattr(Database, method, down)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/readings"), ("GET", "/arrivals"), ("GET", "/dicomweb/studies"),
     ("DELETE", "/readings/x"), ("POST", "/readings"), ("GET", "/health/ready")],
)  # fmt: skip
def test_a_database_that_is_down_is_an_outage_everywhere(
    keeping, files, monkeypatch, caplog, method, path
):
    sent = {"files": {"file": ("x", files["png"])}} if method == "POST" else {}
    with monkeypatch.context() as broken:
        _without_database(broken)
        answer = keeping.request(method, path, **sent)
    _is_unavailable(answer, "atabase")
    assert NAME not in answer.text + caplog.text
    assert keeping.get("/readings").status_code == 200


def _stowed(keeping, *contents):
    parts = [b"--b\r\nContent-Type: application/dicom\r\n\r\n" + each for each in contents]
    kind = 'multipart/related; type="application/dicom"; boundary=b'
    body = b"\r\n".join([*parts, b"--b--"])
    return keeping.post("/dicomweb/studies", content=body, headers={"Content-Type": kind})


def test_a_store_in_trouble_is_an_outage_of_stow_where_it_takes_nothing(keeping, monkeypatch):
    first, second = as_file(film(0)), as_file(film(1))
    with monkeypatch.context() as broken:
        _without_database(broken)
        _is_unavailable(_stowed(keeping, first, second), "the database cannot be used")
    # What was stored is acknowledged, and the rest told.
    put, names = FileStore.put, iter([None])

    def full_after_one(self, content):
        if next(names, "full"):
            raise RefusedError(RefusalCode.OUT_OF_RESOURCES, "There is no room.")
        return put(self, content)

    with monkeypatch.context() as broken:
        broken.setattr(FileStore, "put", full_after_one)
        assert _stowed(keeping, first, second).status_code == 202
    # A person has to do something about these: they are no outage.
    assert _stowed(keeping, as_file(film(0, PatientID="X"))).status_code == 409


@pytest.mark.parametrize("content", [None, b"noise" * 1000])
def test_nothing_is_acknowledged_into_a_database_file_that_was_lost(
    keeping, folder, files, content
):
    assert _stowed(keeping, as_file(film(0))).status_code == 200
    if content is None:
        (folder / "hilum.sqlite").unlink()
    else:
        (folder / "hilum.sqlite").write_bytes(content)
    # What was taken before would be answered from pages that are remembered.
    for each in (film(0), film(1)):
        _is_unavailable(_stowed(keeping, as_file(each)), "the database cannot be used")
    part = {"file": ("x", files["png"])}
    _is_unavailable(keeping.post("/readings?force=true", files=part), "the database cannot be used")


def test_a_disk_without_room_is_an_outage_of_keeping_alone(keeping, files, monkeypatch):
    def full(self, content):
        raise OSError(28, "No space left on device")

    part = {"file": ("x", files["png"])}
    with monkeypatch.context() as broken:
        broken.setattr(FileStore, "put", full)
        _is_unavailable(keeping.post("/readings?force=true", files=part), "no room on the disk")
        assert keeping.post("/predict", files=part).status_code == 200
    assert keeping.post("/readings?force=true", files=part).status_code == 201


@pytest.mark.parametrize("is_file", [False, True])
def test_a_folder_that_is_missing_is_named(keeping, folder, files, is_file):
    (folder / "spool").rename(folder / "elsewhere")
    if is_file:
        (folder / "spool").touch()
    _is_unavailable(_stowed(keeping, as_file(film(0))), "a folder of the store is missing")
    part = {"file": ("x", files["png"])}
    answer = keeping.post("/readings?force=true", files=part)
    _is_unavailable(answer, "a folder of the store is missing")


def test_a_locked_database_is_an_outage_to_those_who_write(folder, make_client, files, monkeypatch):
    monkeypatch.setattr("hilum.store.database._BUSY_SECONDS", 0.2)
    with make_client(store=folder) as client:
        other = sqlite3.connect(folder / "hilum.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        answers = [
            client.post("/readings", files={"file": ("x", files["png"])}),
            client.delete("/readings/x"),
            _stowed(client, as_file(film(8))),
        ]
        assert client.get("/readings").status_code == 200
        other.execute("ROLLBACK")
        other.close()
    for answer in answers:
        _is_unavailable(answer, "the database cannot be used")
