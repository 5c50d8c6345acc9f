"""What the OpenAPI document says of statuses and media types is what is answered, and all of it."""

from collections import defaultdict
from typing import NamedTuple

import pytest

from hilum.store.schema import Delivery, DeliveryState, State
from hilum.store.store import Store
from tests.pacs.conftest import wait_until
from tests.pacs.films import as_file, film
from tests.shipped import MODELS
from tests.store.made_rows import put_aside, put_out

STUDY = film(0).StudyInstanceUID
SERIES = f"{STUDY}/series/{film(0).SeriesInstanceUID}"
INSTANCE = f"{SERIES}/instances/{film(0).SOPInstanceUID}"
FIGURES = b'{"readings": [{"probabilities": {"pneumonia": 0.5}}]}'
STOW = 'multipart/related; type="application/dicom"; boundary=b'

# Statuses that take a service in trouble: an object already at work, a program that lacks.
NOT_PROVOKED = {("post", "/readings"): {"409"}, ("post", "/deidentify"): {"400", "501"}}
TOKEN = "a token of 24 characters"
ELSEWHERE = "http://10.0.0.3:8000"


def _stow(*contents: bytes) -> dict:
    head = b"--b\r\nContent-Type: application/dicom\r\n\r\n"
    body = b"".join(head + content + b"\r\n" for content in contents) + b"--b--"
    return {"content": body, "headers": {"Content-Type": STOW}}


def _json(content: bytes) -> dict:
    return {"content": content, "headers": {"Content-Type": "application/json"}}


def _accepting(kind: str) -> dict:
    return {"headers": {"Accept": kind}}


def _requests(
    files: dict[str, bytes], kept: str, rows: "Rows"
) -> list[tuple[str, str, str, dict, int]]:
    """Method, path of the document, address, arguments, status."""

    damaged = ("", files["png"][:-300], 400)

    def of_file(path: str, *others: tuple[str, bytes, int]) -> list:
        sent = (("", b"words", 415), ("", b"", 422),
                ("", bytes(2**20 + 1), 413), *others)  # fmt: skip
        return [
            ("post", path, f"{path}{query}", {"files": {"file": ("x", content)}}, status)
            for query, content, status in sent
        ]

    def of_search(path: str, address: str, none: str) -> list:
        return [
            ("get", path, address, {}, 200),
            ("get", path, none, {}, 204),
            ("get", path, address, _accepting("image/png"), 406),
            ("get", path, f"{address}?limit=x", {}, 422),
        ]

    def of_retrieval(path: str, address: str, *kinds: str) -> list:
        return [
            *[("get", path, address, _accepting(kind), 200) for kind in kinds],
            ("get", path, address.replace(STUDY, "1.2.3"), {}, 404),
            ("get", path, address, _accepting("image/png"), 406),
            ("get", path, address.replace(STUDY, "%00"), {}, 422),
        ]

    def of_rows(path: str, tried: int, discarded: int, neither: int) -> list:
        one, again = f"{path}/{{number}}", f"{path}/{{number}}/retry"
        return [
            ("get", path, path, {}, 200),
            ("get", path, f"{path}?state=lost", {}, 422),
            *[
                ("post", again, f"{path}/{number}/retry", {}, status)
                for number, status in ((tried, 202), (9999, 404), (neither, 409), ("x", 422))
            ],
            *[
                ("delete", one, f"{path}/{number}", {}, status)
                for number, status in ((discarded, 204), (9999, 404), (neither, 409), ("%00", 422))
            ],
        ]

    def of_store(path: str, address: str) -> list:
        whole, cut = as_file(film(0)), as_file(film(0))[:-9000]
        return [
            ("post", path, address, _stow(whole), 200),
            ("post", path, address, _stow(whole, cut), 202),
            ("post", path, address, _stow(cut), 409),
            ("post", path, address, _stow(bytes(4 * 2**20)), 413),
            ("post", path, address, {"content": b"x"}, 415),
            ("post", path, address, _stow(), 422),
        ]

    studies, web = "/dicomweb/studies", "/dicomweb"
    unknown = ("?model=none", files["png"], 404)
    of_study, of_series = f"{studies}/{{study}}", f"{studies}/{{study}}/series/{{series}}"
    of_instance = f"{of_series}/instances/{{instance}}"
    multipart, one, described = "multipart/related", "application/dicom", "application/dicom+json"
    return [
        *of_file("/predict", damaged, ("?force=true", files["png"], 200), unknown),
        *of_file("/anatomy", damaged, ("", files["png"], 200)),
        *of_file(
            "/report",
            damaged,
            *[(f"?force=true&format={form}", as_file(film(1)), 200)
              for form in ("pdf", "sr", "fhir", "json")],
            unknown,
        ),
        *of_file(
            "/readings", damaged, *[("?force=true", files["jpeg"], status) for status in (201, 200)]
        ),
        *of_file("/deidentify", ("", files["dicom"], 200)),
        *[
            ("post", "/verdicts", f"/verdicts{query}", _json(content), status)
            for query, content, status in (
                ("", FIGURES, 200), ("?model=none", FIGURES, 404), ("", b"{}", 422),
                ("", bytes(2**20 + 1), 413),
            )
        ],
        ("get", "/readings", "/readings", {}, 200),
        ("get", "/readings", "/readings?limit=0", {}, 422),
        ("get", "/readings/{reading_id}", f"/readings/{kept}", {}, 200),
        ("get", "/readings/{reading_id}", f"/readings/{kept}", _accepting("text/html"), 200),
        ("get", "/readings/{reading_id}", "/readings/none", {}, 404),
        ("get", "/readings/{reading_id}", "/readings/%00", {}, 422),
        *[
            ("get", "/readings/{reading_id}/{form}", f"/readings/{kept}/{form}", {}, status)
            for form, status in (("film", 200), ("report.pdf", 200), ("fhir", 200),
                                 ("figures", 200), ("sr", 404), ("%00", 422))
        ],
        ("delete", "/readings/{reading_id}", "/readings/%00", {}, 422),
        ("delete", "/readings/{reading_id}", f"/readings/{kept}", {}, 204),
        ("delete", "/readings/{reading_id}", f"/readings/{kept}", {}, 404),
        *of_rows("/arrivals", rows.failed, rows.ignored, rows.read),
        *of_rows("/deliveries", rows.waiting, rows.waiting, rows.sent),
        *of_store(studies, studies),
        *of_store(of_study, f"{studies}/{STUDY}"),
        *of_search(studies, studies, f"{studies}?Modality=CT"),
        *of_search(f"{web}/series", f"{web}/series", f"{web}/series?Modality=CT"),
        *of_search(f"{web}/instances", f"{web}/instances", f"{web}/instances?Modality=CT"),
        *of_search(f"{of_study}/series", f"{studies}/{STUDY}/series", f"{studies}/1.2/series"),
        *of_search(
            f"{of_study}/instances", f"{studies}/{STUDY}/instances", f"{studies}/1.2/instances"
        ),
        *of_search(
            f"{of_series}/instances", f"{studies}/{SERIES}/instances",
            f"{studies}/1.2/series/1/instances",
        ),
        *of_retrieval(f"{of_study}/metadata", f"{studies}/{STUDY}/metadata", described),
        *of_retrieval(f"{of_series}/metadata", f"{studies}/{SERIES}/metadata", described),
        *of_retrieval(f"{of_instance}/metadata", f"{studies}/{INSTANCE}/metadata", described),
        *of_retrieval(
            f"{of_instance}/frames/{{numbers}}", f"{studies}/{INSTANCE}/frames/1", multipart
        ),
        *of_retrieval(of_study, f"{studies}/{STUDY}", multipart),
        *of_retrieval(of_series, f"{studies}/{SERIES}", multipart),
        *of_retrieval(of_instance, f"{studies}/{INSTANCE}", multipart, one),
        *[
            ("get", path, address, {}, status)
            for path, ok, none in (
                ("/models", "/models", None),
                ("/models/{name}", "/models/pneumonia", "/models/none"),
                ("/examples", "/examples", None),
                ("/examples/{name}", "/examples/normal", "/examples/none"),
                ("/health/live", "/health/live", None),
                ("/health/ready", "/health/ready", None),
            )
            for address, status in ((ok, 200), (none, 404), (f"{ok}?x=%00", 422))
            if address
        ],
        ("get", "/examples/{name}", "/examples/dicom", {}, 200),
        *[("get", "/session", f"/session{query}", {}, status)
          for query, status in (("", 200), ("?x=%00", 422))],
        *[("post", "/session", "/session", _json(content), status)
          for content, status in ((b'{"token": "x"}', 204), (b"{}", 422), (bytes(2**20 + 1), 413))],
        ("delete", "/session", "/session", {}, 204),
        ("delete", "/session", "/session?x=%00", {}, 422),
        ("get", "/models/{name}", "/models/pneumonia", _accepting("text/html"), 303),
    ]  # fmt: skip


def _without_access(make_client, document):
    """Ask each operation without the token, for another host, from another page, from afar."""
    foreign = {"Origin": "http://evil.example"}
    for settings, base, headers in (
        ({"token": TOKEN}, "", {}),
        ({}, "", {"Host": "evil.example"}),
        ({}, "", foreign),
        ({}, ELSEWHERE, {}),
    ):
        with make_client(**settings) as client:
            for path, operations in document["paths"].items():
                for method in operations:
                    if method == "get" and headers is foreign:
                        continue
                    sent = (
                        {"json": {"token": "x"}} if path == "/session" and method == "post" else {}
                    )
                    address = base + path.replace("{", "").replace("}", "")
                    answer = client.request(method, address, headers=headers, **sent)
                    if answer.status_code in {401, 403, 421, 503}:
                        kind = answer.headers["content-type"]
                        yield (method, path), str(answer.status_code), kind


class Rows(NamedTuple):
    """Numbers of arrivals and deliveries in these states."""

    failed: int
    ignored: int
    read: int
    waiting: int
    sent: int


def _rows(store: Store) -> Rows:
    waiting, sent = put_out(store, b"x", b"y")
    with store.database.write() as session:
        session.get(Delivery, sent).state = DeliveryState.SENT
    (read, *_), _ = store.arrivals.page((State.READ,), 1, 0)
    return Rows(
        put_aside(store, State.FAILED),
        put_aside(store, State.IGNORED, None),
        read.id,
        waiting,
        sent,
    )


@pytest.mark.weights
def test_every_address_answers_what_is_documented_and_nothing_else(make_client, files, tmp_path):
    settings = {
        "store": tmp_path / "store", "max_upload_bytes": 2**20, "max_request_bytes": 4 * 2**20,
        "held_formats": ("pdf", "fhir", "json"),
    }  # fmt: skip
    answered = defaultdict(set)
    kinds = defaultdict(set)
    with make_client(models_dir=MODELS, **settings) as client:
        document = client.get("/openapi.json").json()
        client.post("/dicomweb/studies", **_stow(as_file(film(0))))
        part = {"file": ("x", files["png"])}
        kept = client.post("/readings?force=true", files=part).json()["id"]
        store = client.app.state.holdings.store
        wait_until(lambda: store.counts().get("arrived", 0) == 0, seconds=60)
        if not client.get(f"/dicomweb/studies/{STUDY}").is_success:
            client.post("/readings?force=true", files={"file": ("x", as_file(film(0)))})
        for method, path, address, arguments, status in _requests(files, kept, _rows(store)):
            answer = client.request(method, address, follow_redirects=False, **arguments)
            assert answer.status_code == status, (method, address, answer.text[:300])
            answered[method, path].add(str(status))
            if answer.content:
                kind = answer.headers["content-type"].partition(";")[0]
                kinds[method, path, str(status)].add(kind)
    for operation, status, kind in _without_access(make_client, document):
        answered[operation].add(status)
        kinds[(*operation, status)].add(kind)
    documented = {
        (method, path): operation["responses"]
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert answered.keys() == documented.keys()
    for operation, responses in documented.items():
        expected = answered[operation] | NOT_PROVOKED.get(operation, set())
        if "requestBody" in document["paths"][operation[1]][operation[0]]:
            # Of an upload that stalls: see test_connections.
            expected |= {"408"}
        assert set(responses) == expected, operation
        for status, response in responses.items():
            assert kinds[(*operation, status)] <= set(response.get("content", {})), operation
