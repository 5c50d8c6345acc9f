"""`POST /deidentify`: a DICOM file comes back without identity, and nothing else is taken."""

import io

import numpy as np
import pydicom
import pytest
from fastapi.testclient import TestClient
from pydicom import Dataset
from pydicom.uid import SecondaryCaptureImageStorage

from tests.deidentification.named_everywhere import NAME, PLACES
from tests.pacs.films import NAMES, as_file
from tests.pacs.films import film as cr


def _post(client: TestClient, content: bytes, query: str = ""):
    return client.post(f"/deidentify{query}", files={"file": ("Doe_Jane.dcm", content)})


def test_a_file_comes_back_without_identity_and_with_its_pixels(client):
    film = cr(0)
    answer = _post(client, as_file(film))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/dicom"
    assert not [name for name in NAMES if name in answer.content]
    assert "Doe" not in answer.headers["content-disposition"]
    assert "warning" not in answer.headers
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
    answer = _post(client, PLACES["a bit that an overlay draws"](NAME))
    assert answer.status_code == 200
    warned = answer.headers["warning"]
    assert warned.startswith('299 - "Removed from hidden places: ')
    assert "overlays or curves" in warned
    assert "bits of the pixels beside the picture" in warned


def test_a_truncated_file_is_refused(client):
    content = as_file(cr(0))
    answer = _post(client, content[: len(content) // 2])
    assert answer.json()["type"].endswith("corrupt-image"), answer.text
