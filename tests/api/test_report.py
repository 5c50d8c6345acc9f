"""`POST /report`: a reading in each form that a file allows, and a reason where it allows none."""

import io
import json

import numpy as np
import pydicom
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from pydantic import ValidationError
from pypdf import PdfReader

from hilum.imaging.phantom import draw_phantom
from hilum.words.catalogue import languages
from tests.pacs.films import NAMES, as_file, film

DICOM_FORMS = {
    "sr": "1.2.840.10008.5.1.4.1.1.88.34",
    "sc": "1.2.840.10008.5.1.4.1.1.7",
    "dicom-pdf": "1.2.840.10008.5.1.4.1.1.104.1",
}


def _png() -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.uint8(255 * draw_phantom(250, 200, seed=3))).save(file, "PNG")
    return file.getvalue()


def _post(client: TestClient, content: bytes, query: str = ""):
    return client.post(
        f"/report?force=true{query}", files={"file": ("Lindqvist_Josephine.dcm", content)}
    )


def _text(pdf: bytes) -> str:
    (page,) = PdfReader(io.BytesIO(pdf)).pages
    return page.extract_text()


def test_without_a_form_it_is_the_page_to_print_without_identity(client):
    answer = _post(client, as_file(film(0)))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    name = answer.headers["content-disposition"]
    assert name.startswith('attachment; filename="hilum-')
    assert name.endswith('.pdf"')
    assert "Josephine" not in name + _text(answer.content)


def test_the_page_bears_the_identity_where_it_is_asked_for(client):
    answer = _post(client, as_file(film(0)), "&identity=true")
    assert "MRN-4711" in _text(answer.content)


@pytest.mark.parametrize("form", DICOM_FORMS)
def test_a_dicom_film_gives_objects_of_its_study(client, form):
    source = film(0)
    answer = _post(client, as_file(source), f"&format={form}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/dicom"
    made = pydicom.dcmread(io.BytesIO(answer.content))
    assert made.SOPClassUID == DICOM_FORMS[form]
    assert made.StudyInstanceUID == source.StudyInstanceUID
    assert str(made.PatientName) == "Lindqvist^Josephine"


def test_the_reading_is_that_of_predict_at_the_point_that_was_asked_for(client):
    query = "&format=json&operating_point=0.01"
    figures = json.loads(_post(client, _png(), query).content)["figures"]
    read = client.post(
        "/predict?force=true&operating_point=0.01", files={"file": ("a.png", _png())}
    ).json()
    assert figures["point"]["threshold"] == read["operating_point"]["threshold"] == 0.01
    (ill,) = [each for each in read["findings"] if each["code"] == "pneumonia"]
    assert figures["probability"] == pytest.approx(ill["probability"], abs=1e-4)


def test_a_bundle_for_a_fhir_server(client):
    answer = _post(client, as_file(film(0)), "&format=fhir")
    assert answer.headers["content-type"] == "application/fhir+json"
    assert json.loads(answer.content)["resourceType"] == "Bundle"


def test_a_segmentation_of_nothing_is_not_made(client):
    answer = _post(client, as_file(film(0)), "&format=seg")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/form-not-available")
    assert "no outline" in answer.json()["detail"]


@pytest.mark.parametrize("form", [*DICOM_FORMS, "seg"])
def test_a_picture_belongs_to_no_study_and_that_is_said(client, form):
    answer = _post(client, _png(), f"&format={form}")
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/form-not-available"
    assert "DICOM" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content", "query", "status", "slug"),
    [
        (b"", "", 422, "empty-file"),
        (b"%PDF-1.7 no film", "", 415, "unsupported-format"),
        (as_file(film(0))[:200], "", 400, "corrupt-image"),
        (_png(), "&format=docx", 422, "invalid-request"),
        (_png(), "&operating_point=high", 422, "invalid-operating-point"),
        (_png(), "&model=adults", 404, "unknown-model"),
    ],
)
def test_what_cannot_be_read_or_is_not_understood_is_a_problem(
    client, content, query, status, slug
):
    answer = _post(client, content, query)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")


def test_no_name_reaches_the_log(client, caplog):
    caplog.set_level("DEBUG")
    _post(client, as_file(film(0)), "&identity=true")
    _post(client, as_file(film(0))[:-5000], "&identity=true")
    assert not [name for name in NAMES if name.decode() in caplog.text]


@pytest.mark.parametrize("form", ["json", "fhir", "pdf"])
def test_a_report_is_in_the_language_that_is_asked_for(client, with_german, form):
    english = _post(client, _png(), f"&format={form}")
    answer = _post(client, _png(), f"&format={form}&language=de")
    assert answer.status_code == 200, answer.text
    if form == "pdf":
        assert "§" in _text(answer.content)
        assert "§" not in _text(english.content)
        return
    assert "§" in answer.text
    assert "§" not in english.text
    if form == "json":
        assert answer.json()["language"] == "de"
        assert answer.json()["words"]["headline"]["text"].startswith("§ ")


def test_the_service_has_a_language_of_its_own(make_client, with_german):
    with make_client(language="de") as client:
        assert _post(client, _png(), "&format=json").json()["language"] == "de"
        assert _post(client, _png(), "&format=json&language=en").json()["language"] == "en"


def test_an_unknown_language_is_refused(client, make_client):
    answer = _post(client, _png(), "&language=tlh")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")
    assert f"Known languages: {', '.join(languages())}." in answer.json()["detail"]
    with pytest.raises(ValidationError, match=f"known languages: {', '.join(languages())}"):
        make_client(language="tlh")
