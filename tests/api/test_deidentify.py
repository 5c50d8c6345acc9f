"""`POST /deidentify`: a DICOM file comes back without identity, and nothing else is taken."""

import io
import shutil

import numpy as np
import pydicom
import pytest
from fastapi.testclient import TestClient
from pydicom import Dataset
from pydicom.uid import SecondaryCaptureImageStorage

from hilum.deidentification.strokes import Box
from tests.deidentification import named_everywhere
from tests.deidentification.named_everywhere import PLACES
from tests.deidentification.written import NAME, cr_file, write
from tests.pacs.films import NAMES, as_file, report
from tests.pacs.films import film as cr


def _post(client: TestClient, content: bytes, query: str = ""):
    return client.post(f"/deidentify{query}", files={"file": ("Lindqvist_Josephine.dcm", content)})


def test_a_file_comes_back_without_identity_and_with_its_pixels(client):
    film = cr(0)
    answer = _post(client, as_file(film))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/dicom"
    assert not [name for name in NAMES if name in answer.content]
    assert "Lindqvist" not in answer.headers["content-disposition"]
    made = pydicom.dcmread(io.BytesIO(answer.content))
    assert made.PatientIdentityRemoved == "YES"
    assert made.SOPInstanceUID != film.SOPInstanceUID
    np.testing.assert_array_equal(made.pixel_array, film.pixel_array)


def test_a_data_set_without_a_preamble_is_taken_too(client):
    film = cr(0)
    bare = Dataset({element.tag: element for element in film})
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, bare, implicit_vr=True, little_endian=True)
    answer = _post(client, buffer.getvalue())
    assert answer.status_code == 200, answer.text
    made = pydicom.dcmread(io.BytesIO(answer.content))
    assert made.PatientIdentityRemoved == "YES"
    np.testing.assert_array_equal(made.pixel_array, film.pixel_array)


def test_uids_stay_where_asked(client):
    film = cr(0)
    made = pydicom.dcmread(io.BytesIO(_post(client, as_file(film), "?retain=uids").content))
    assert made.StudyInstanceUID == film.StudyInstanceUID


@pytest.mark.parametrize(
    "elements",
    [{"BurnedInAnnotation": "YES"}, {"SOPClassUID": SecondaryCaptureImageStorage}],
)
def test_writing_in_the_pixels_is_warned_about(client, elements):
    answer = _post(client, as_file(cr(0, **elements)))
    assert answer.status_code == 200
    assert "burned into the picture" in answer.headers["warning"]


@pytest.mark.parametrize(
    ("content", "status", "slug"),
    [
        (b"", 422, "empty-file"),
        (b"\xff\xd8\xff\xe0" + bytes(200), 415, "unsupported-format"),
        (as_file(cr(0))[:200], 400, "corrupt-image"),
    ],
)
def test_what_is_no_sound_dicom_file_is_refused(client, content, status, slug):
    answer = _post(client, content)
    assert answer.status_code == status, answer.text
    assert answer.json()["type"].endswith(slug)


def test_what_was_hidden_is_named_in_a_warning(client):
    answer = _post(client, PLACES["a bit that an overlay draws"](named_everywhere.NAME))
    assert answer.status_code == 200
    warned = answer.headers["warning"]
    assert warned.startswith('299 - "Removed from hidden places: ')
    assert "overlays or curves" in warned
    assert "bits of the pixels beside the picture" in warned


def test_codes_of_a_vendor_that_are_left_out_are_named_by_keyword(client):
    elements = {"BodyPartExamined": "VENDORCHEST", "FocalSpots": 1.2, "DetectorType": "ACME"}
    image_type = ["DERIVED", "PRIMARY", "ACME"]
    answer = _post(client, as_file(cr(0, ImageType=image_type, ViewPosition="PA", **elements)))
    assert answer.status_code == 200
    warned = answer.headers["warning"]
    assert "were left out: BodyPartExamined, DetectorType, ImageType." in warned
    assert "ACME" not in warned
    assert "VENDOR" not in warned
    made = pydicom.dcmread(io.BytesIO(answer.content))
    assert (made.BodyPartExamined, made.ViewPosition) == ("", "PA")
    # What the standard defines is no word worth.
    sound = _post(client, as_file(cr(0, ViewPosition="PA")))
    assert "left out" not in sound.headers.get("warning", "")


def test_a_truncated_file_is_refused(client):
    content = as_file(cr(0))
    answer = _post(client, content[: len(content) // 2])
    assert answer.json()["type"].endswith("corrupt-image"), answer.text


@pytest.mark.parametrize("query", ["", "?mask_text=true"])
def test_without_tesseract_no_film_is_said_to_be_without_text(
    client_in_process, query, monkeypatch, tmp_path
):
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = _post(client_in_process, as_file(cr(0)), query)
    if query:
        assert answer.status_code == 501, answer.text
        assert answer.json()["type"].endswith("text-search-unavailable")
        assert "tesseract-ocr" in answer.json()["detail"]
    else:
        assert answer.status_code == 200
        assert "was not looked for" in answer.headers["warning"]


@pytest.mark.tesseract
@pytest.mark.skipif(not shutil.which("tesseract"), reason="needs Debian's tesseract-ocr")
def test_text_is_told_of_and_masked_on_request_without_being_quoted(client, caplog):
    written = write(NAME, (60, 80))
    content = cr_file(written.pixels)
    before = pydicom.dcmread(io.BytesIO(content)).pixel_array
    told = _post(client, content)
    assert "Text was found in" in told.headers["warning"]
    assert (pydicom.dcmread(io.BytesIO(told.content)).pixel_array == before).all()
    masked = _post(client, content, "?mask_text=true")
    assert "Text was masked in" in masked.headers["warning"]
    after = pydicom.dcmread(io.BytesIO(masked.content)).pixel_array
    assert (after[written.ink] == before.min()).all()
    said = f"{told.headers} {masked.headers} {caplog.text}".upper()
    assert not [word for word in NAME.split() if word in said]


def test_a_mask_over_the_whole_film_is_refused(client_in_process, monkeypatch):
    everything = (Box(0, 0, 200, 250),)
    monkeypatch.setattr("hilum.deidentification.film_text.find_text", lambda _pixels: everything)
    answer = _post(client_in_process, as_file(cr(0)), "?mask_text=true")
    assert answer.status_code == 422, answer.text
    assert answer.json()["type"].endswith("text-mask-refused")
    assert "more than a third" in answer.json()["detail"]


def test_an_object_without_a_picture_has_none_to_mask(client):
    answer = _post(client, as_file(report(0)), "?mask_text=true")
    assert answer.status_code == 200, answer.text
    assert "warning" not in answer.headers


@pytest.mark.parametrize(
    "elements",
    [{"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2", "Modality": "CT"}, {"NumberOfFrames": 2}],
    ids=["a CT", "two frames"],
)
def test_text_of_a_picture_that_is_not_read_is_not_masked(client, elements):
    film = cr(0, **elements)
    film.PixelData *= int(film.get("NumberOfFrames", 1))
    assert _post(client, as_file(film)).status_code == 200
    answer = _post(client, as_file(film), "?mask_text=true")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unreadable-radiograph")
