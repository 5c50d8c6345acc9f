"""Any request that the OpenAPI document allows, and others, get an answer that it describes.

`make fuzz` sends many more than these: HILUM_FUZZ_REQUESTS for each operation and kind of request,
with a new seed, HILUM_FUZZ_SEED.
"""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import hypothesis.errors
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import strategies
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.python.asgi import shutdown_lifespans
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hilum.api import Settings, create_app
from tests.api.conftest import LOCAL
from tests.pacs.films import as_file, film
from tests.shipped import MODELS

REQUESTS = int(os.environ.get("HILUM_FUZZ_REQUESTS", "2"))
SEED = os.environ.get("HILUM_FUZZ_SEED")
STOW = 'multipart/related; type="application/dicom"; boundary=b'
MEDIA_TYPES = (
    "*/*", "application/json", "application/dicom", "multipart/related", "text/html", "image/png",
    'multipart/related; type="application/octet-stream"', "application/dicom+json;q=0.5", ";", "",
)  # fmt: skip


def never_500(_context: Any, response: Any, _case: Any) -> None:
    """Others of 500 and above are documented: a service that lacks something, or is busy."""
    assert response.status_code != 500


CHECKS = [
    never_500, status_code_conformance, content_type_conformance, response_schema_conformance,
]  # fmt: skip
THERE: dict[str, Any] = {
    "study": str(film(0).StudyInstanceUID),
    "series": str(film(0).SeriesInstanceUID),
    "instance": str(film(0).SOPInstanceUID),
    "numbers": "1",
    "number": 1,
    "name": "pneumonia",
    "form": "film",
}
"""Values of addresses at which something is."""
QUERIES = strategies.dictionaries(
    strategies.sampled_from(
        ["limit", "offset", "includefield", "fuzzymatching", "PatientName", "00100010", "StudyDate",
         "ModalitiesInStudy", "StudyInstanceUID", "x"]
    ),
    strategies.sampled_from(["1", "-1", "all", "CR,DX", "*", "20260101-", "1.2", "[", "\0"])
    | strategies.text(max_size=20),
    max_size=2,
)  # fmt: skip
"""Parameters of searches, which the document does not list."""
SETTINGS = hypothesis.settings(
    max_examples=REQUESTS,
    derandomize=SEED is None,
    database=None,
    deadline=None,
    phases=(hypothesis.Phase.generate,),
    suppress_health_check=list(hypothesis.HealthCheck),
)


@pytest.fixture(params=["store", "no store"])
def schema(request, page_dir, tmp_path) -> Iterator[Any]:
    """The document of a service with these settings, and the service behind it."""
    facts = {"models_dir": MODELS, "page_dir": page_dir, "max_upload_bytes": 2**20}
    if request.param == "store":
        facts |= {"store": tmp_path / "store", "held_formats": ("pdf", "json")}
        with TestClient(create_app(Settings(**facts)), base_url=LOCAL) as client:
            sent = client.post("/readings?force=true", files={"file": ("x", as_file(film(0)))})
            THERE["reading_id"] = sent.json()["id"]
    app = create_app(Settings(**facts))
    loaded = schemathesis.openapi.from_dict(app.openapi())
    loaded.app = app
    yield loaded
    shutdown_lifespans()
    THERE.pop("reading_id", None)


def _documented(operation: Any) -> SearchStrategy[Any]:
    return operation.as_strategy(generation_mode=GenerationMode.POSITIVE)


def _undocumented(operation: Any) -> SearchStrategy[Any]:
    """Requests that break a schema; there are none where the address is of texts alone."""
    if (
        not operation.query
        and not operation.body
        and all(
            each.definition["schema"].get("type") == "string" for each in operation.path_parameters
        )
    ):
        return strategies.nothing()
    return operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def _of_what_is_there(operation: Any) -> SearchStrategy[Any]:
    """Requests for what the store holds; it is not deleted, since others ask for it."""
    if operation.method == "delete":
        return _documented(operation)
    named = {each.name for each in operation.path_parameters}
    there = {name: value for name, value in THERE.items() if name in named}
    return operation.as_strategy(path_parameters=there)


KINDS = {
    "documented": _documented,
    "undocumented": _undocumented,
    "of what is there": _of_what_is_there,
}


@pytest.mark.weights
def test_any_request_gets_an_answer_that_is_documented(schema, files):
    wrong: dict[str, str] = {}
    for kind, of_kind in KINDS.items():
        # Without a store, others would be answered as they are with one: not in CI.
        if not (SEED or "reading_id" in THERE or kind == "documented"):
            continue
        for operation in (each.ok() for each in schema.get_all_operations()):
            answers = _answers(operation, of_kind(operation), _bodies(operation, files))
            # There are no undocumented requests of an operation that takes nothing.
            assert answers or kind == "undocumented", operation.label
            wrong |= {name: words for name, words in answers if words}
    assert not wrong, "\n\n".join(f"{name}\n{words}" for name, words in wrong.items())


def _answers(
    operation: Any, cases: SearchStrategy[Any], bodies: list[dict[str, Any]]
) -> list[tuple[str, str]]:
    """Send requests of one kind: operation and status of each, and what is wrong with it."""
    answers = []

    @SETTINGS
    @hypothesis.seed(int(SEED or 0))
    @hypothesis.given(
        cases, QUERIES, strategies.sampled_from(MEDIA_TYPES), strategies.sampled_from(bodies)
    )
    def send(case: Any, query: dict[str, str], media_type: str, body: dict[str, Any]) -> None:
        headers = {"Accept": media_type} | body.get("headers", {})
        searched = {"params": query} if "dicomweb" in operation.path else {}
        answer = case.call(base_url=LOCAL, **body | searched | {"headers": headers})
        words = ""
        try:
            case.validate_response(answer, checks=CHECKS)
        except Exception as exc:
            words = str(exc)
        answers.append((f"{operation.label} {answer.status_code}", words))

    with contextlib.suppress(hypothesis.errors.Unsatisfiable):
        send()
    return answers


def _bodies(operation: Any, files: dict[str, bytes]) -> list[dict[str, Any]]:
    """Arguments that replace the body that is generated; none as often as one."""
    sent = []
    if operation.method == "post" and "dicomweb" in operation.path:
        head = b"--b\r\nContent-Type: application/dicom\r\n\r\n"
        content = head + as_file(film(0)) + b"\r\n--b--"
        sent = [{"data": content, "headers": {"Content-Type": STOW}}]
    elif operation.body and "multipart/form-data" in {each.media_type for each in operation.body}:
        sent = [{"files": {"file": ("x", each)}} for each in (files["png"], files["dicom"])]
    return [{}] * max(len(sent), 1) + sent
