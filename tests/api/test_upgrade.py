"""A store of an earlier version: its readings are answered as before, or the start says why not."""

import hashlib
import sqlite3
import sys
from contextlib import closing

import pytest

from hilum.api import renamed_settings
from hilum.cli import main
from tests.pacs.films import as_file, film
from tests.store import first_schema


def _answers(client) -> dict[str, object]:
    """All that is told of what is held, and the hashes of its files."""
    readings = client.get("/readings").json()["readings"]
    addresses = [address for each in readings for address in each["forms"].values()]
    for level in ("studies", "series", "instances"):
        readings.append(client.get(f"/dicomweb/{level}?includefield=all").json())
    addresses += [f"/dicomweb{_path(each)}" for each in readings[-1]]
    files = {}
    for address in addresses:
        answer = client.get(address, headers={"Accept": "application/dicom"})
        assert answer.status_code == 200, address
        files[address] = hashlib.sha256(answer.content).hexdigest()
    return {"readings": readings, "files": files}


def _path(found) -> str:
    study, series, instance = (
        found[tag]["Value"][0] for tag in ("0020000D", "0020000E", "00080018")
    )
    return f"/studies/{study}/series/{series}/instances/{instance}"


def _reading_row(reading: tuple, decision: tuple) -> tuple:
    """A row that had the one decision in it: model, decision, probability."""
    return (*reading[:3], *decision[3:6], decision[7], decision[9])


def _made_earlier(path) -> None:
    """Put the rows of a database into the tables of the versions without revisions."""
    url = f"sqlite:///{path}"
    rows = first_schema.rows(url)
    decided = {row[1]: row for row in rows.pop("decision")}
    rows["reading"] = [_reading_row(row, decided[row[0]]) for row in rows["reading"]]
    path.unlink()
    first_schema.make(url, has_rows=False)
    with closing(sqlite3.connect(path)) as database, database:
        for table, found in rows.items():
            (count,) = database.execute(f"SELECT count(*) FROM pragma_table_info('{table}')")
            for row in found:
                # Later columns are at the end.
                marks = ",".join("?" * count[0])
                database.execute(f'INSERT INTO "{table}" VALUES ({marks})', row[: count[0]])


def test_an_old_store_opens_and_its_readings_are_answered_as_before(make_client, tmp_path):
    folder = tmp_path / "store"
    with make_client(store=folder) as client:
        for number in (0, 1):
            sent = client.post("/readings", files={"file": ("f.dcm", as_file(film(number)))})
            assert sent.status_code == 201
        before = _answers(client)
    assert len(before["files"]) > 10
    for each in before["readings"][:2]:
        # The tables had no column for it.
        (decision,) = each["decisions"]
        assert each["verdict"]
        assert all(decision.values())
        each["verdict"] = None
        decision |= {"finding": None, "verdict": None, "operating_point": None}
    _made_earlier(folder / "hilum.sqlite")
    with make_client(store=folder) as client:
        assert _answers(client) == before
        again = client.post("/readings", files={"file": ("f.dcm", as_file(film(0)))})
        assert again.status_code == 200
        deleted = before["readings"][0]["id"]
        assert client.delete(f"/readings/{deleted}").status_code == 204
        assert len(client.get("/readings").json()["readings"]) == 1


@pytest.fixture
def newer(tmp_path):
    """The folder of a store that a newer Hilum has migrated."""
    url = f"sqlite:///{tmp_path / 'hilum.sqlite'}"
    first_schema.make(url)
    first_schema.run(url, "CREATE TABLE alembic_version (version_num VARCHAR(32));"
                          "INSERT INTO alembic_version VALUES ('0999')")  # fmt: skip
    return tmp_path


@pytest.mark.parametrize("command", ["serve", "listen"])
def test_a_newer_database_ends_the_command_with_what_to_do(command, newer, monkeypatch, capsys):
    monkeypatch.setenv("HILUM_STORE", str(newer))
    monkeypatch.setenv("HILUM_MODELS_DIR", str(newer))
    monkeypatch.setattr(sys, "argv", ["hilum", command, "--port", "0"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 1
    told = capsys.readouterr().err
    assert "The database is at revision 0999" in told
    assert "Traceback" not in told


def test_a_store_that_is_opened_when_asked_for_says_what_to_do(
    make_client, newer, monkeypatch, caplog
):
    monkeypatch.setattr(renamed_settings, "STORE", newer)
    with make_client() as client:
        answer = client.get("/readings")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/store-unavailable")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "The database is at revision 0999" in answer.json()["detail"]
    assert "Upgrade Hilum" in answer.json()["detail"]
    # For whoever runs the service as well.
    assert "The database is at revision 0999" in caplog.text
