"""What is compressed: JSON as it is answered, the page's files when it is built, films never."""

import gzip
import json

import httpx2
import pytest
from fastapi.testclient import TestClient

from hilum.api import Settings, create_app
from tests.api.conftest import LOCAL
from tests.pacs.films import as_file, film

SCRIPT = b"export const answer = 42;\n" * 200
CODED = {"br": b"as Brotli " * 30, "gzip": gzip.compress(SCRIPT, mtime=0)}


@pytest.fixture(scope="module")
def page(models_dir, tmp_path_factory):
    folder = tmp_path_factory.mktemp("compressed")
    (folder / "assets").mkdir()
    script = folder / "assets" / "engine-abc.js"
    script.write_bytes(SCRIPT)
    script.with_name("engine-abc.js.br").write_bytes(CODED["br"])
    script.with_name("engine-abc.js.gz").write_bytes(CODED["gzip"])
    (folder / "assets" / "plain-abc.js").write_bytes(SCRIPT)
    (folder / "index.html").write_text("<!doctype html><title>Hilum</title>")
    with TestClient(
        create_app(Settings(models_dir=models_dir, page_dir=folder)), base_url=LOCAL
    ) as client:
        yield client


def _raw(client, path, **headers) -> httpx2.Response:
    """An answer whose body is not decoded by the client."""
    with client.stream("GET", path, headers={"Accept-Encoding": "identity", **headers}) as answer:
        answer.body = b"".join(answer.iter_raw())
    return answer


CHOICES = [
    ("gzip, deflate, br, zstd", "br"),
    ("gzip, deflate", "gzip"),
    ("GZIP;q=0.5", "gzip"),
    ("br;q=0, gzip;q=1.0", "gzip"),
    ("identity", None),
    ("br;q=0.000, gzip;q=0", None),
    ("", None),
]


@pytest.mark.parametrize(("accepted", "coding"), CHOICES)
def test_a_file_of_the_page_comes_in_the_smallest_form_the_client_takes(page, accepted, coding):
    answer = _raw(page, "/assets/engine-abc.js", **{"Accept-Encoding": accepted})
    body = CODED[coding] if coding else SCRIPT
    assert answer.status_code == 200
    assert answer.body == body
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["content-length"] == str(len(body))
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["vary"].startswith("Accept-Encoding")
    assert "immutable" in answer.headers["cache-control"]


def test_each_form_has_its_own_etag_and_ranges(page):
    path = "/assets/engine-abc.js"
    answers = {
        each: _raw(page, path, **{"Accept-Encoding": each}) for each in ("identity", "gzip", "br")
    }
    assert len({answer.headers["etag"] for answer in answers.values()}) == 3
    part = _raw(page, path, **{"Accept-Encoding": "gzip", "Range": "bytes=2-9"})
    assert (part.status_code, part.body) == (206, CODED["gzip"][2:10])
    assert part.headers["content-range"] == f"bytes 2-9/{len(CODED['gzip'])}"
    whole = _raw(page, path, Range="bytes=7-")
    assert (whole.status_code, whole.body) == (206, SCRIPT[7:])
    # With the tag of another form the range is not taken: the client gets the form whole.
    stale = {"If-Range": answers["identity"].headers["etag"], "Range": "bytes=2-9"}
    assert _raw(page, path, **{"Accept-Encoding": "gzip", **stale}).status_code == 200


def test_a_file_without_compressed_forms_comes_as_it_is(page):
    answer = _raw(page, "/assets/plain-abc.js", **{"Accept-Encoding": "gzip, br"})
    assert answer.body == SCRIPT
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("path", ["/openapi.json", "/assets/engine-abc.js", "/models/pneumonia"])
def test_head_has_the_headers_of_get_whatever_the_coding(page, path):
    for coding in ("gzip", "identity"):
        headers = {"Accept-Encoding": coding}
        get, head = _raw(page, path, **headers), page.head(path, headers=headers)
        assert head.content == b""
        for name in ("content-length", "content-type", "content-encoding", "vary", "etag"):
            assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize("path", ["/openapi.json", "/models/pneumonia"])
def test_json_is_compressed_for_who_takes_it(page, path):
    plain, coded = _raw(page, path), _raw(page, path, **{"Accept-Encoding": "gzip"})
    assert coded.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert json.loads(gzip.decompress(coded.body)) == json.loads(plain.body)
    assert len(coded.body) < 0.6 * len(plain.body)
    for answer in (plain, coded):
        assert "Accept-Encoding" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip;q=0", None),
        ("gzip; q=0.000, deflate", None),
        ("GZIP", "gzip"),
        ("deflate, Gzip;Q=0.1", "gzip"),
        ("not-gzip", None),
    ],
)
def test_answers_and_the_pages_files_understand_the_same_header(page, accepted, coding):
    for path in ("/openapi.json", "/assets/engine-abc.js"):
        answer = _raw(page, path, **{"Accept-Encoding": accepted})
        assert answer.headers.get("content-encoding") == coding, path


def test_short_answers_are_left_as_they_are(page):
    answer = _raw(page, "/health/live", **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers


def test_films_and_reports_are_not_compressed_again(make_client, tmp_path):
    coding = {"Accept-Encoding": "gzip"}
    with make_client(store=tmp_path / "store", held_formats=("pdf",)) as client:
        kept = client.post("/readings", files={"file": ("x", as_file(film(7)))}).json()
        for form in kept["forms"].values():
            answer = _raw(client, form, **coding)
            assert answer.status_code == 200
            assert "content-encoding" not in answer.headers, form
        study = f"/dicomweb/studies/{film(7).StudyInstanceUID}"
        multipart = _raw(client, study, **coding)
        assert multipart.headers["content-type"].startswith("multipart/related")
        assert "content-encoding" not in multipart.headers
        assert b"DICM" in multipart.body
        assert _raw(client, f"{study}/metadata", **coding).headers["content-encoding"] == "gzip"
