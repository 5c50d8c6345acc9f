"""`hilum report` and `hilum read` of films with bad headers: files and messages, no tracebacks."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hilum.cli import app
from hilum.reporting.dicom import structured_report
from hilum.reporting.forms import Format
from tests.bad_headers import BAD_HEADERS
from tests.pacs.films import as_file, film

NAME = "Lindqvist^Josephine"
SUFFIXES = {each.form.suffix[1:] for each in Format if each is not Format.SEG}


@pytest.fixture
def bad_film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, models_dir: Path) -> Path:
    monkeypatch.setenv("HILUM_MODELS_DIR", str(models_dir))
    made = film(3)
    for spoil in BAD_HEADERS.values():
        spoil(made)
    path = tmp_path / "film.dcm"
    path.write_bytes(as_file(made))
    return path


def _run(*arguments: object):
    return CliRunner().invoke(app, [*map(str, arguments)])


def _suffixes(folder: Path) -> set[str]:
    return {each.name.split(".", 1)[1] for each in folder.iterdir()}


def test_every_form_is_written_of_a_film_whose_header_is_all_bad(bad_film, tmp_path):
    done = _run("report", bad_film, "-o", tmp_path / "out", "--force")
    assert done.exit_code == 0, done.output
    assert _suffixes(tmp_path / "out") == SUFFIXES


def test_it_is_read_in_a_line(bad_film):
    done = _run("read", bad_film, "--force")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["decision"]


def test_a_form_that_cannot_be_written_is_a_message_and_the_others_are_there(
    bad_film, tmp_path, monkeypatch
):
    def write(report):
        raise ValueError(f"not a name: {NAME}")

    monkeypatch.setattr(structured_report, "write_structured_report", write)
    done = _run("report", bad_film, "-o", tmp_path / "out", "--force")

    assert (done.exit_code, type(done.exception)) == (1, SystemExit)
    assert "sr: The sr could not be written." in " ".join(done.output.split())
    assert NAME not in done.output
    assert _suffixes(tmp_path / "out") == SUFFIXES - {"sr.dcm"}
