"""Films with bad headers, and forms that cannot be written: an answer or a problem, never a 500."""

import io
import json

import pydicom
import pytest

from hilum.reporting.dicom import structured_report
from hilum.reporting.forms import Format
from tests.bad_headers import BAD_HEADERS
from tests.pacs.films import NAMES, as_file, film

HARDEST = (
    "representation that no version has", "temporal offset of the wrong length",
    "study date that is a range", "all UIDs with a leading zero", "no modality",
)  # fmt: skip
NAME = "Lindqvist^Josephine"


def _bad(*names: str) -> bytes:
    made = film(3)
    for name in names:
        BAD_HEADERS[name](made)
    return as_file(made)


def _post(client, content: bytes, path: str):
    return client.post(path, files={"file": ("film.dcm", content)})


@pytest.fixture
def broken_form(monkeypatch):
    def write(report):
        raise ValueError(f"not a name: {NAME}")

    monkeypatch.setattr(structured_report, "write_structured_report", write)


@pytest.mark.parametrize("wanted", [each for each in Format if each is not Format.SEG])
def test_a_film_whose_header_is_all_bad_has_every_report(client, caplog, wanted):
    answer = _post(client, _bad(*BAD_HEADERS), f"/report?force=true&format={wanted}")
    assert answer.status_code == 200, answer.text
    assert not [name for name in NAMES if name.decode() in caplog.text]


@pytest.mark.parametrize("name", HARDEST)
def test_each_of_the_hardest_headers_has_a_structured_report(client, name):
    answer = _post(client, _bad(name), "/report?force=true&format=sr")
    assert answer.status_code == 200, answer.text
    assert pydicom.dcmread(io.BytesIO(answer.content)).Modality == "SR"


def test_the_figures_name_what_was_left_out(client):
    content = _bad("birth date of no calendar", "instance UID with a leading zero")
    answer = _post(client, content, "/report?force=true&format=json")
    figures = json.loads(answer.content)["figures"]
    assert figures["header_left_out"] == ["PatientBirthDate"]
    assert figures["invalid_uids"] == ["SOPInstanceUID"]
    assert "19990229" not in answer.text


def test_a_form_that_cannot_be_written_is_a_problem_without_a_name(client, broken_form, caplog):
    answer = _post(client, _bad(), "/report?force=true&format=sr")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/form-not-available")
    assert answer.json()["detail"].startswith("The sr could not be written.")
    assert NAME not in answer.text + caplog.text


def test_a_reading_is_kept_without_a_form_that_cannot_be_written(
    make_client, tmp_path, broken_form, caplog
):
    with make_client(store=tmp_path / "store") as client:
        answer = _post(client, _bad("study date that is a range"), "/readings")
    assert answer.status_code == 201, answer.text
    assert {"pdf", "fhir", "json", "sc", "dicom-pdf"} <= answer.json()["forms"].keys()
    assert "sr" not in answer.json()["forms"]
    assert NAME not in answer.text + caplog.text
