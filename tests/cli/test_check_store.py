"""`hilum check` on a store: what is wrong is told with its reason, and nothing is made."""

import json
import os
import shutil
import sqlite3
import sys
from collections import namedtuple

import pytest

from hilum.cli import main
from hilum.store.database import Database

NO_ANATOMY = (
    "Model 'anatomy' has no card.json. Restore the bundle, or set HILUM_MODELS_DIR to the folder "
    "that has it."
)

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def store(tmp_path):
    """The folder of a store that a service has made."""
    folder = tmp_path / "store"
    for name in ("spool", "kept", "quarantine"):
        (folder / name).mkdir(parents=True)
    Database(f"sqlite:///{folder / 'hilum.sqlite'}").close()
    return folder


@pytest.fixture
def faults(monkeypatch, capsys, models_dir, tmp_path):
    """Run the command: its exit status, and what is wrong by the part's name."""
    monkeypatch.setenv("HILUM_MODELS_DIR", str(models_dir))
    monkeypatch.setenv("HILUM_STORE", str(tmp_path / "store"))

    def run():
        monkeypatch.setattr(sys, "argv", ["hilum", "check", "--json"])
        status = 0
        try:
            main()
        except SystemExit as exc:
            status = exc.code
        found = json.loads(capsys.readouterr().out)
        # The tiny model's card has no expected values, which is no fault.
        assert found["not_verified"].keys() == {"pneumonia"}
        parts = found["parts"]
        return status, {each["name"]: each["fault"] for each in parts if each["fault"]}

    return run


def _content(folder):
    """Names and bytes of all files."""
    return {each.name: each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def test_a_sound_store_is_ready_and_left_as_it_is(store, faults):
    before = _content(store)
    # The tiny model has no anatomy beside it, and needs none.
    assert faults() == (0, {"model anatomy": NO_ANATOMY})
    assert {name: data for name, data in _content(store).items() if name in before} == before


def test_what_is_not_there_is_told_and_not_made(store, faults):
    (store / "hilum.sqlite").unlink()
    shutil.rmtree(store / "spool")
    status, told = faults()
    assert status == 1
    assert told["database"] == "the database file is not there"
    assert told["folder spool"] == "the folder spool of the store is not there"
    assert not (store / "hilum.sqlite").exists()
    assert not (store / "spool").exists()


@pytest.mark.parametrize("where", ["all", "start", "tables"])
def test_a_destroyed_database_is_told(store, faults, where):
    path = store / "hilum.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    sound = path.read_bytes()
    noise = os.urandom(len(sound))
    path.write_bytes(
        {"all": noise, "start": noise[:100] + sound[100:], "tables": sound[:100] + noise[100:]}[
            where
        ]
    )
    status, told = faults()
    assert status == 1
    assert told["database"] in ("the database file is damaged", "the database does not answer")


def test_a_full_disk_is_told(store, faults, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 64 * 2**20 - 1))
    status, told = faults()
    assert status == 1
    assert told["disk"] == "the disk has under 64 MB left"
    # Of a store that is not made yet, too.
    shutil.rmtree(store)
    status, told = faults()
    assert status == 1
    assert told["store, which is not made yet"] == "the disk has under 64 MB left"
    assert not store.exists()


def test_a_database_that_does_not_answer_is_told(store, faults, monkeypatch):
    monkeypatch.setenv("HILUM_DATABASE", "postgresql+psycopg://nobody@127.0.0.1:9/none")
    status, told = faults()
    assert status == 1
    assert "database" in told["database"]
