"""A service that cannot start says why, and what to do, without a traceback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import anyio
import pytest

from hilum.api import Settings, create_app
from hilum.cli import main
from hilum.pacs.listener import ListenError
from hilum.store.errors import DatabaseError, FolderError

BACKEND = Path(__file__).parents[2] / "backend"


def _start(settings: Settings) -> tuple[list[dict], Exception | None]:
    """What a server is told as it starts the app, and the error that ends it."""
    told: list[dict] = []

    async def receive() -> dict:
        return {"type": "lifespan.startup"}

    async def send(message: dict) -> None:
        told.append(message)

    async def run() -> None:
        await create_app(settings)({"type": "lifespan", "state": {}}, receive, send)

    try:
        anyio.run(run)
    except Exception as exc:
        return told, exc
    return told, None


def _damage(folder: Path) -> None:
    folder.mkdir()
    (folder / "hilum.sqlite").write_bytes(b"no database " * 1000)


@pytest.fixture
def taken_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_taken_dicom_port_is_told(models_dir, tmp_path, taken_port):
    told, error = _start(
        Settings(models_dir=models_dir, store=tmp_path / "store", dicom_port=taken_port)
    )
    assert isinstance(error, ListenError)
    (message,) = told
    assert message["type"] == "lifespan.startup.failed"
    assert message["message"].startswith(
        f"DICOM cannot listen on 127.0.0.1 port {taken_port}: Address already in use."
    )
    assert "Traceback" not in message["message"]


def test_files_for_tls_that_are_not_there_are_told(models_dir, tmp_path):
    tls = {"dicom_tls_certificate": tmp_path / "c.pem", "dicom_tls_key": tmp_path / "k.pem"}
    told, _ = _start(Settings(models_dir=models_dir, store=tmp_path / "store", dicom_port=0, **tls))
    assert "TLS cannot be used: No such file" in told[0]["message"]
    assert "Traceback" not in told[0]["message"]


def test_a_damaged_database_is_told(models_dir, tmp_path):
    _damage(tmp_path / "store")
    told, error = _start(Settings(models_dir=models_dir, store=tmp_path / "store"))
    assert isinstance(error, DatabaseError)
    assert told[0]["message"] == str(error)
    assert "Restore it from a backup" in str(error)


def test_a_folder_that_cannot_be_used_is_told(models_dir, tmp_path):
    (tmp_path / "file").write_text("in the way")
    told, error = _start(Settings(models_dir=models_dir, store=tmp_path / "file" / "store"))
    assert isinstance(error, FolderError)
    assert told[0]["message"].endswith("Set HILUM_STORE to a folder that this user may write to.")


def test_an_error_that_nobody_expected_is_told_with_its_place(models_dir, tmp_path, monkeypatch):
    monkeypatch.setattr("hilum.api.app.Holdings", lambda *_: 1 / 0)
    told, error = _start(Settings(models_dir=models_dir, store=tmp_path / "store"))
    assert isinstance(error, ZeroDivisionError)
    assert "Traceback" in told[0]["message"]


@pytest.mark.parametrize("kind", ["port", "database", "folder"])
def test_hilum_listen_ends_with_a_message(
    kind, models_dir, tmp_path, taken_port, monkeypatch, capsys
):
    folder, port = tmp_path / "store", "0"
    if kind == "port":
        port = str(taken_port)
    elif kind == "database":
        _damage(folder)
    else:
        folder.write_text("in the way")
    monkeypatch.setenv("HILUM_STORE", str(folder))
    monkeypatch.setenv("HILUM_MODELS_DIR", str(models_dir))
    monkeypatch.setattr(sys, "argv", ["hilum", "listen", "--port", port])
    monkeypatch.setattr("hilum.cli.listen.signal.signal", lambda *_: None)
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 1
    told = capsys.readouterr().err
    assert told.startswith("Error: ")
    assert "HILUM_" in told
    assert "Traceback" not in told


def test_uvicorn_ends_with_a_message(models_dir, tmp_path):
    _damage(tmp_path / "store")
    done = subprocess.run(
        [sys.executable, "-m", "uvicorn", "--port", "0", "main:app"], cwd=BACKEND, check=False,
        capture_output=True, text=True, timeout=60,
        env=os.environ | {"HILUM_STORE": str(tmp_path / "store"),
                          "HILUM_MODELS_DIR": str(models_dir)},
    )  # fmt: skip
    assert done.returncode != 0
    assert "The database file is damaged" in done.stderr
    assert "Traceback" not in done.stderr
