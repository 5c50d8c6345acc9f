"""`/readings`: a reading is kept, found again in every form, and deleted whole."""

import io
from collections.abc import Iterator

import pydicom
import pytest
from fastapi.testclient import TestClient

from hilum.api import Settings
from hilum.reporting.forms import Format
from tests.deidentification.named_everywhere import NAME, PLACES, is_named, is_named_in_bits
from tests.deidentification.raw_films import words_of
from tests.pacs.films import NAMES, as_file
from tests.pacs.films import film as cr


@pytest.fixture(scope="module")
def kept(make_client, tmp_path_factory) -> Iterator[TestClient]:
    with make_client(store=tmp_path_factory.mktemp("kept") / "store") as client:
        yield client


def _post(client: TestClient, content: bytes, query: str = ""):
    return client.post(f"/readings{query}", files={"file": ("Lindqvist_Josephine.dcm", content)})


def test_a_dicom_file_is_read_and_kept_in_every_form_without_identity(kept):
    answer = _post(kept, as_file(cr(0)))
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == f"/readings/{made['id']}"
    assert made == kept.get(answer.headers["location"]).json()
    assert made["study_instance_uid"] == cr(0).StudyInstanceUID
    forms = {address.rsplit("/", 1)[1] for address in made["forms"].values()}
    assert forms == {"film", *(each.form.address for each in Format if each is not Format.SEG)}
    kinds = {}
    for address in made["forms"].values():
        form = kept.get(address)
        assert form.status_code == 200
        assert not [name for name in NAMES if name in form.content], address
        kinds[address.rsplit("/", 1)[1]] = form.headers["content-type"]
    assert kinds["report.pdf"] == "application/pdf"
    assert kinds["fhir"] == "application/fhir+json"
    assert kinds["sr"] == "application/dicom"
    structured = pydicom.dcmread(io.BytesIO(kept.get(made["forms"]["sr"]).content))
    assert structured.StudyInstanceUID == cr(0).StudyInstanceUID
    figures = kept.get(made["forms"]["json"]).json()["figures"]
    assert round(figures["probability"], 6) == made["probability"]
    assert figures["model"]["sha256"] == made["model_sha256"]


@pytest.mark.parametrize(
    "place",
    [
        "a bit that an overlay draws",
        "every attribute of LO",
        "a comment of JPEG lossless, predictor 1",
    ],
)
def test_a_name_in_a_hidden_place_is_in_nothing_that_is_kept(kept, place, caplog):
    answer = _post(kept, PLACES[place](NAME), "?force=true")
    assert answer.status_code == 201, answer.text
    forms = answer.json()["forms"].values()
    contents = [answer.content, *(kept.get(address).content for address in forms)]
    folder = kept.app.state.holdings.store.settings.folder
    contents += [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert len(contents) > len(forms) + 2
    assert not [content for content in contents if is_named(content, NAME)]
    assert not is_named(caplog.text.encode(), NAME)
    film = pydicom.dcmread(io.BytesIO(contents[1 + list(answer.json()["forms"]).index("film")]))
    assert not is_named_in_bits(words_of(film), NAME)
    # The next is the same film with the name elsewhere.
    assert kept.delete(answer.headers["location"]).status_code == 204


def test_what_was_read_before_is_not_read_again(kept):
    first = _post(kept, as_file(cr(1)))
    again = _post(kept, as_file(cr(1)))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


def test_a_picture_is_kept_without_what_its_file_says_besides(kept, film, encode):
    import PIL.PngImagePlugin

    text = PIL.PngImagePlugin.PngInfo()
    text.add_text("Patient", "Lindqvist^Josephine")
    content = encode(film, "PNG", pnginfo=text)
    assert b"Lindqvist" in content
    made = _post(kept, content).json()
    assert made["study_instance_uid"] is None
    stored = kept.get(made["forms"]["film"])
    assert stored.headers["content-type"] == "image/png"
    assert b"Lindqvist" not in stored.content


def test_what_cannot_be_read_is_the_same_problem_as_elsewhere_and_leaves_nothing(kept, files):
    before = len(kept.get("/readings").json()["readings"])
    folder = kept.app.state.holdings.store.settings.folder
    answers = {
        "cut": (files["png"][:-300], 400, "corrupt-image"),
        "pdf": (b"%PDF-1.4 ...", 415, "unsupported-format"),
        "empty": (b"", 422, "empty-file"),
    }
    for content, status, slug in answers.values():
        answer = _post(kept, content)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")
    assert len(kept.get("/readings").json()["readings"]) == before
    assert not list((folder / "spool").iterdir())


def test_a_deleted_reading_is_gone_whole(kept):
    made = _post(kept, as_file(cr(3))).json()
    assert kept.delete(f"/readings/{made['id']}").status_code == 204
    for address in (f"/readings/{made['id']}", made["forms"]["sr"]):
        answer = kept.get(address)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-reading")
    assert kept.delete(f"/readings/{made['id']}").status_code == 404
    assert made["id"] not in kept.get("/readings").text
    assert kept.get(f"/dicomweb/studies/{cr(3).StudyInstanceUID}").status_code == 404


def test_a_form_that_is_not_held_says_which_are(kept):
    made = _post(kept, as_file(cr(4))).json()
    answer = kept.get(f"/readings/{made['id']}/seg")
    assert answer.status_code == 404
    assert "report.pdf" in answer.json()["detail"]


def test_a_list_is_paged_the_latest_first(kept):
    _post(kept, as_file(cr(5)))
    latest = _post(kept, as_file(cr(6))).json()
    page = kept.get("/readings?limit=2").json()["readings"]
    assert len(page) == 2
    assert page[0]["id"] == latest["id"]
    assert kept.get("/readings?limit=2&offset=1").json()["readings"][0] == page[1]


def test_nothing_is_opened_where_nothing_is_kept(make_client):
    with make_client() as client:
        client.get("/health/live")
        assert client.app.state.holdings._store is None


def test_settings_are_read_from_the_environment(monkeypatch):
    for name, value in {
        "DICOM_PORT": "104", "DICOM_CALLERS": "A, B", "RESULTS_TO": "P@h:104,http://h/dicom-web",
        "RESULT_FORMATS": "sr,sc",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"HILUM_{name}", value)
    settings = Settings()
    assert settings.dicom_callers == ("A", "B")
    assert settings.results_to == ("P@h:104", "http://h/dicom-web")
    assert [each.value for each in settings.result_formats] == ["sr", "sc"]
    assert (settings.dicom_host, Settings.model_fields["dicom_port"].default) == ("127.0.0.1", None)


@pytest.mark.parametrize(
    "given", [{"result_formats": "pdf"}, {"dicom_tls_key": "k.pem"}, {"dicom_ae_title": "x" * 17}]
)
def test_settings_that_cannot_be_are_refused(given):
    with pytest.raises(ValueError, match=r"RESULT_FORMATS|TLS|16"):
        Settings(**given)
