"""Every failure is problem details with the request's id, and says nothing that it should not."""

import logging
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from hilum.api.problems import KINDS
from hilum.models import Reader

# Not written where it is raised: tracebacks quote the line.
QUOTING = "Josephine_Lindqvist.dcm: secret content"
SECURITY_HEADERS = ("content-security-policy", "x-content-type-options", "referrer-policy")


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/nothing-here", 404, "not-found"),
        ("GET", "/assets/missing.js", 404, "not-found"),
        ("GET", "/problems/nothing", 404, "not-found"),
        ("GET", "/models/fracture", 404, "unknown-model"),
        ("PUT", "/predict", 405, "method-not-allowed"),
        ("DELETE", "/models", 405, "method-not-allowed"),
        ("POST", "/health/live", 405, "method-not-allowed"),
        ("GET", "/predict", 405, "method-not-allowed"),
        ("GET", "/report", 405, "method-not-allowed"),
        ("PUT", "/docs", 405, "method-not-allowed"),
        ("POST", "/assets/index-abc.js", 405, "method-not-allowed"),
        ("POST", "/predictt", 404, "not-found"),
        ("POST", "/predict/", 404, "not-found"),
        ("DELETE", "/nothing-here", 404, "not-found"),
        ("POST", "/predict", 422, "missing-file"),
        ("GET", "/..%2f..%2fetc%2fpasswd", 404, "not-found"),
        ("GET", "/%00", 404, "not-found"),
        ("GET", "/" + "long" * 2000, 404, "not-found"),
    ],
)
def test_a_failure_is_problem_details_with_the_request_id(
    client: TestClient, method: str, path: str, status: int, slug: str
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == f"/problems/{slug}"
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["detail"]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/predict", "POST"),
        ("/", "GET, HEAD, POST"),
        ("/models", "GET, HEAD"),
        ("/dicomweb/studies", "GET, HEAD, POST"),
        ("/readings/7", "GET, HEAD, DELETE"),
        ("/assets/index-abc.js", "GET, HEAD"),
    ],
)
def test_a_method_that_is_not_allowed_is_answered_with_all_that_are(
    client: TestClient, path: str, allowed: str
) -> None:
    answer = client.put(path)
    assert answer.headers["allow"] == allowed
    assert answer.json()["detail"] == f"This address takes {allowed}."


@pytest.mark.parametrize(
    "path",
    [
        "/", "/docs", "/openapi.json", "/models", "/models/pneumonia", "/models/fracture",
        "/health/live", "/health/ready", "/problems/busy", "/assets/index-abc.js", "/nothing-here",
        "/predict",
    ],
)  # fmt: skip
def test_head_is_answered_as_get_without_the_body(client: TestClient, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    of_the_request = {"x-request-id", "content-length"}
    assert head.headers.keys() == get.headers.keys()
    for name in head.headers.keys() - of_the_request:
        assert head.headers[name] == get.headers[name]


def test_a_web_socket_is_turned_away(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/dicomweb/studies"):
        pass


def test_every_problem_type_is_an_address_that_explains_it(client: TestClient) -> None:
    for kind in KINDS:
        body = client.get(kind.type).json()
        assert (body["status"], body["title"]) == (kind.status, kind.title)


def test_a_request_id_is_echoed(client: TestClient) -> None:
    answer = client.get("/health/live", headers={"X-Request-ID": "ward-7.film_12"})
    assert answer.headers["x-request-id"] == "ward-7.film_12"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "<script>", "a\u00e9", "a;b", "../x"])
def test_a_request_id_that_could_do_harm_is_replaced(client: TestClient, given: str) -> None:
    headers = {"X-Request-ID": given.encode("latin-1")}
    answer = client.get("/health/live", headers=headers)  # type: ignore[arg-type]
    assert answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 32
    assert answer.headers["x-request-id"].isalnum()


def test_ids_are_made_anew_for_each_request(client: TestClient) -> None:
    ids = {client.get("/health/live").headers["x-request-id"] for _ in range(20)}
    assert len(ids) == 20


@pytest.mark.parametrize("path", ["/", "/docs", "/health/live", "/nothing", "/openapi.json"])
def test_security_headers_are_on_every_answer(client: TestClient, path: str) -> None:
    answer = client.get(path)
    for header in SECURITY_HEADERS:
        assert answer.headers[header]
    assert "'unsafe-eval'" not in answer.headers["content-security-policy"]
    scripts_inline = (
        "script-src 'self' 'unsafe-inline'" in answer.headers["content-security-policy"]
    )
    assert scripts_inline == (path == "/docs")


@pytest.fixture
def failing(
    make_client: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> Callable[[], TestClient]:
    """A service whose reader fails with words that quote the file."""

    def fail(self: Reader, *given: object) -> None:
        raise ZeroDivisionError(QUOTING)

    monkeypatch.setattr(Reader, "read", fail)
    return make_client


def test_an_error_nobody_expected_is_a_problem_without_its_words(
    failing: Callable[..., TestClient], files: dict[str, bytes], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    # The test client raises whatever reaches the server, which would log it with its words.
    with failing() as client:
        answer = client.post("/predict", files={"file": ("Josephine_Lindqvist.dcm", files["png"])})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    for header in SECURITY_HEADERS:
        assert answer.headers[header]
    spoken = answer.text + caplog.text
    for secret in ("Josephine", "secret", "ZeroDivisionError: "):
        assert secret not in spoken
    assert "Traceback" not in answer.text
    # The log says which request failed, of what, and where.
    assert answer.headers["x-request-id"] in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "in read_file" in caplog.text


def test_a_file_name_is_in_no_answer_and_no_log(
    client: TestClient, files: dict[str, bytes], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    spoken = ""
    for content in (files["png"], files["dicom"], files["png"][:300], b"words", b""):
        spoken += client.post("/predict", files={"file": ("Josephine_Lindqvist.png", content)}).text
    spoken += client.post("/predict", files={"image": ("Josephine_Lindqvist.png", b"words")}).text
    ours = [record.getMessage() for record in caplog.records if record.name != "httpx2"]
    for secret in ("Josephine", "Lindqvist", "MRN", "Traceback", "site-packages"):
        assert secret not in spoken + "".join(ours)


def test_addresses_within_the_page_get_the_page(client: TestClient) -> None:
    answer = client.get("/readings/7", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "<title>Hilum</title>" in answer.text


def test_hashed_files_may_be_kept_and_the_page_may_not(client: TestClient) -> None:
    assert "immutable" in client.get("/assets/index-abc.js").headers["cache-control"]
    assert client.get("/").headers["cache-control"] == "no-cache"
