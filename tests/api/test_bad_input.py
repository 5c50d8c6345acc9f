"""Each row of the table of bad input: what it gets and what it answers."""

import io
import zipfile
from collections.abc import Callable

import httpx2
import numpy as np
import pytest
from fastapi.testclient import TestClient

FORMATS = ("jpeg", "png", "webp", "tiff", "bmp", "dicom")


def _problem(answer: httpx2.Response, status: int, slug: str) -> str:
    """Check that the answer is this problem; its detail."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == f"/problems/{slug}"
    assert body["status"] == status
    assert body["request_id"] == answer.headers["X-Request-ID"]
    assert body["title"]
    return str(body["detail"])


def _send(client: TestClient, content: bytes) -> httpx2.Response:
    return client.post("/predict", files={"file": ("Josephine_Lindqvist.exe", content)})


@pytest.mark.parametrize("path", ["/predict", "/"])
def test_no_body_at_all_says_which_field(client: TestClient, path: str) -> None:
    assert "'file'" in _problem(client.post(path), 422, "missing-file")


@pytest.mark.parametrize("path", ["/predict", "/"])
def test_a_wrong_field_is_named_beside_the_right_one(client: TestClient, path: str) -> None:
    answer = client.post(path, files={"image": ("x", b"abc")})
    detail = _problem(answer, 422, "missing-file")
    assert "'file'" in detail
    assert "'image'" in detail


def test_a_body_that_is_no_form_says_which_field(client: TestClient) -> None:
    for kwargs in ({"json": {"file": "x"}}, {"content": b"\x89PNG"}):
        assert "'file'" in _problem(client.post("/predict", **kwargs), 422, "missing-file")


@pytest.mark.parametrize("field", ["file", "files"])
def test_text_in_the_place_of_a_file_says_which_field(client: TestClient, field: str) -> None:
    answer = client.post("/predict", data={field: "just text"})
    detail = _problem(answer, 422, "invalid-request")
    assert detail.startswith(field)
    assert "class" not in detail, "a Python type is no word for people"


def test_an_empty_file_is_told(client: TestClient) -> None:
    _problem(_send(client, b""), 422, "empty-file")


def test_a_repeated_file_is_sent_to_the_field_files(
    client: TestClient, files: dict[str, bytes]
) -> None:
    parts = [("file", ("x", files["png"])), ("file", ("y", files["png"]))]
    assert "'files'" in _problem(client.post("/predict", files=parts), 422, "invalid-request")


def _zip(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("film.png", content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"words", b"%PDF-1.7\n", _zip(b"x"), b"<!doctype html>", b"MZ\x90" + bytes(99), b"GIF89a"],
    ids=["text", "pdf", "zip", "html", "program", "gif"],
)
def test_what_is_no_picture_is_unsupported(client: TestClient, content: bytes) -> None:
    assert "JPEG, PNG" in _problem(_send(client, content), 415, "unsupported-format")


@pytest.mark.parametrize("name", FORMATS)
def test_a_truncated_picture_is_corrupt_and_its_format_named(
    client: TestClient, files: dict[str, bytes], name: str
) -> None:
    content = files[name]
    detail = _problem(_send(client, content[: len(content) // 2]), 400, "corrupt-image")
    assert name.upper() in detail


def test_a_header_that_claims_too_many_pixels_is_too_large(
    client: TestClient, files: dict[str, bytes]
) -> None:
    claim = bytearray(files["bmp"])
    claim[18:26] = (60_000).to_bytes(4, "little") * 2
    assert "60000 x 60000" in _problem(_send(client, bytes(claim)), 413, "too-large")


@pytest.mark.parametrize(
    ("shape", "said"), [((1, 1), "too small"), ((400, 40), "elongated"), ((64, 64), "one colour")]
)
def test_what_cannot_be_a_radiograph_is_told(
    client: TestClient, encode: Callable[..., bytes], shape: tuple[int, int], said: str
) -> None:
    content = encode(np.zeros(shape, np.uint8), "PNG")
    assert said in _problem(_send(client, content), 422, "unreadable-radiograph")


@pytest.mark.parametrize("name", ["fracture", "../pneumonia", "%00", "p" * 3000])
def test_an_unknown_model_is_answered_with_the_known(
    client: TestClient, files: dict[str, bytes], name: str
) -> None:
    answer = client.post("/predict", params={"model": name}, files={"file": ("x", files["png"])})
    assert "pneumonia" in _problem(answer, 404, "unknown-model")
    assert answer.json()["known"] == ["pneumonia"]


def test_more_files_than_allowed_are_too_large(
    make_client: Callable[..., TestClient], files: dict[str, bytes]
) -> None:
    with make_client(max_files=3) as client:
        parts = [("files", ("x", files["png"]))] * 4
        assert client.post("/predict", files=parts[:3]).status_code == 200
        assert "3" in _problem(client.post("/predict", files=parts), 413, "too-large")


def test_a_file_over_the_limit_is_too_large_and_spoils_no_other(
    make_client: Callable[..., TestClient], files: dict[str, bytes]
) -> None:
    limit = max(len(files["png"]), len(files["jpeg"]))
    with make_client(max_upload_bytes=limit) as client:
        large = files["png"] + bytes(limit)
        _problem(_send(client, large), 413, "too-large")
        parts = [("files", ("x", content)) for content in (files["png"], large, files["jpeg"])]
        first, middle, last = client.post("/predict", files=parts).json()
    assert (first["image"]["format"], last["image"]["format"]) == ("png", "jpeg")
    assert middle["type"] == "/problems/too-large"


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("multipart/form-data", b"--x\r\n\r\n--x--"),
        ("multipart/form-data; boundary=x", b"no boundary here"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\nA\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken header\r\n\r\n"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="file"'),
        ("multipart/form-data; boundary=\xff".encode("latin-1").decode("latin-1"), b"--\xff"),
        ("application/x-www-form-urlencoded", b"file=%ff%fe&=&&a"),
    ],
)
def test_a_malformed_form_is_a_problem_of_the_request(
    client: TestClient, content_type: str, content: bytes
) -> None:
    headers = {"content-type": content_type.encode("latin-1")}
    answer = client.post("/predict", content=content, headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
