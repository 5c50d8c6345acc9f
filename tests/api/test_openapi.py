"""The OpenAPI document is sound, has examples, and says what is really answered."""

import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import jsonschema_rs
import pytest
from fastapi.testclient import TestClient

from hilum.api import routes
from hilum.api.examples import READING
from hilum.api.schemas import ReadingAnswer


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    answer = client.get("/openapi.json")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [ref for value in node.values() for ref in _references(value)]
    if isinstance(node, list):
        return [ref for value in node for ref in _references(value)]
    return []


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    references = _references(document)
    assert references
    for reference in references:
        node: Any = document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]


def test_every_schema_is_a_sound_json_schema(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema)


def test_every_operation_has_a_summary_and_its_failures(document: dict[str, Any]) -> None:
    paths = document["paths"]
    assert {path for path in paths if not path.startswith("/dicomweb/")} == {
        "/predict",
        "/anatomy",
        "/deidentify",
        "/report",
        "/verdicts",
        "/session",
        "/models",
        "/models/{name}",
        "/arrivals",
        "/arrivals/{number}",
        "/arrivals/{number}/retry",
        "/deliveries",
        "/deliveries/{number}",
        "/deliveries/{number}/retry",
        "/readings",
        "/readings/{reading_id}",
        "/readings/{reading_id}/{form}",
        "/examples",
        "/examples/{name}",
        "/health/live",
        "/health/ready",
    }
    for operations in paths.values():
        for operation in operations.values():
            assert operation["summary"]
    predict = paths["/predict"]["post"]["responses"]
    assert set(predict) == {
        "200", "400", "401", "403", "404", "408", "413", "415", "421", "422", "503",
    }  # fmt: skip
    for status, response in predict.items():
        if status != "200":
            examples = response["content"]["application/problem+json"]["examples"]
            assert {each["value"]["status"] for each in examples.values()} == {int(status)}


def _responses(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Status, media type and content of every answer."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                for media_type, content in response.get("content", {}).items():
                    yield status, media_type, content


def test_every_example_fits_the_schema_beside_it(document: dict[str, Any]) -> None:
    shown = 0
    for _, _, content in _responses(document):
        for example in content.get("examples", {}).values():
            whole = content["schema"] | {"components": document["components"]}
            jsonschema_rs.validate(whole, example["value"])
            shown += 1
    assert shown > 20


def test_every_failure_is_shown_as_problem_details(document: dict[str, Any]) -> None:
    failures = [each for each in _responses(document) if each[0] >= "400"]
    assert failures
    for status, media_type, content in failures:
        if (status, media_type) == ("409", "application/dicom+json"):
            # PS3.18 10.5.3 has a payload of its own.
            continue
        assert media_type == "application/problem+json"
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
    card = document["paths"]["/models/{name}"]["get"]["responses"]
    assert {"200", "404", "503"} <= card.keys()


def test_a_form_is_documented_alike_whether_it_is_held_or_made(document: dict[str, Any]) -> None:
    made, held = (
        document["paths"][path][method]["responses"]["200"]["content"]
        for path, method in (("/report", "post"), ("/readings/{reading_id}/{form}", "get"))
    )
    assert {kind: held[kind] for kind in made} == made
    assert made["application/json"]["schema"] == {"type": "object"}
    assert made["application/pdf"]["schema"] == {"type": "string", "format": "binary"}


def test_fields_are_shown_with_what_the_shipped_model_answers(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    shown = {
        ("ReadingAnswer", "prediction"): READING["prediction"],
        ("ModelAnswer", "version"): READING["model"]["version"],
        ("FindingAnswer", "probability"): READING["findings"][-1]["probability"],
        ("OperatingPointAnswer", "threshold"): READING["operating_point"]["threshold"],
    }
    for (schema, field), value in shown.items():
        assert schemas[schema]["properties"][field]["examples"] == [value]


@pytest.mark.parametrize("field", ["file", "files"])
def test_answers_fit_the_document(
    client: TestClient, document: dict[str, Any], files: dict[str, bytes], field: str
) -> None:
    schema = document["paths"]["/predict"]["post"]["responses"]["200"]["content"]
    whole = schema["application/json"]["schema"] | {"components": document["components"]}
    parts = [(field, ("x", files["png"]))]
    if field == "files":
        parts.append((field, ("y", b"words")))
    jsonschema_rs.validate(whole, client.post("/predict", files=parts).json())


def test_swagger_reaches_no_other_host(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "swagger-ui-bundle.js" in page
    assert "https://" not in page


def test_the_example_is_a_reading_as_the_schema_has_it() -> None:
    answer = ReadingAnswer.model_validate(READING)

    assert answer.model_dump(mode="json") == READING
    assert answer.prediction == f"{100 * answer.findings[-1].probability:.4f}"


ROOT = Path(__file__).parents[2]


def test_development_server_hands_on_what_the_document_leaves_out(
    document: dict[str, Any],
) -> None:
    # What it has, Vite takes from the generated client; `frontend/api-proxy.test.ts` says so.
    source = (ROOT / "frontend" / "api-proxy.ts").read_text(encoding="utf-8")
    listed = re.search(r"UNDOCUMENTED = (\[.*?\])", source)
    assert listed
    names = [each.name for each in walk_packages(routes.__path__, f"{routes.__name__}.")]
    routers = [getattr(import_module(name), "router", None) for name in names]
    paths = {route.path for router in routers if router for route in router.routes}
    assert paths > set(document["paths"])
    left_out = {path.split("/")[1] for path in {*paths, "/openapi.json"} - set(document["paths"])}
    assert left_out - {""} == set(json.loads(listed[1]))
