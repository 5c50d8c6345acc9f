"""OpenAPI document, corrected where FastAPI's differs from the actual answers."""

from typing import Any

from fastapi import FastAPI

from hilum.api import examples
from hilum.api.access.policy import SESSION_COOKIE
from hilum.api.problems import FOREIGN_ORIGIN, MEDIA_TYPE, TOO_SLOW

_JSON = "application/json"
_FIRST_FAILURE = "400"
_UNAUTHENTICATED = "401"
_CREDENTIALS = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "Token of the deployment, if it has one (HILUM_TOKEN).",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION_COOKIE,
        "description": "Set by `POST /session`.",
    },
}
_OF_THE_FRAMEWORK = ("HTTPValidationError", "ValidationError")


class DocumentedApp(FastAPI):
    """An app whose OpenAPI document has problem details, and examples with null values."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        document = super().openapi()
        document["components"]["securitySchemes"] = _CREDENTIALS
        for operations in document["paths"].values():
            for method, operation in operations.items():
                _show_access(method, operation)
                for status, response in operation["responses"].items():
                    if status >= _FIRST_FAILURE:
                        _show_as_problem(response)
        for name in _OF_THE_FRAMEWORK:
            document["components"]["schemas"].pop(name, None)
        # FastAPI drops null values from examples, also those of required fields.
        read = document["paths"]["/predict"]["post"]["responses"]["200"]["content"]
        read[_JSON]["examples"] = examples.PREDICTIONS
        schemas = document["components"]["schemas"]
        _exemplify(schemas, schemas["ReadingAnswer"], examples.READING_WITH_EVIDENCE)
        return document


def _show_access(method: str, operation: dict[str, Any]) -> None:
    """Add the credentials of an operation, and the errors for other origins and slow uploads."""
    if _UNAUTHENTICATED in operation["responses"] and "session" not in operation["tags"]:
        operation["security"] = [*({name: []} for name in _CREDENTIALS), {}]
    refused = {}
    if method != "get":
        refused[FOREIGN_ORIGIN] = "A page of another origin sent this request."
    if "requestBody" in operation:
        refused[TOO_SLOW] = "The upload is too slow or has stopped. Send it again."
    for status, response in examples.responses(refused).items():
        operation["responses"][str(status)] = response


def _exemplify(schemas: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    """Give each field of a schema its value in an example; in a list, that of the last item."""
    for option in schema.get("anyOf", [schema]):
        if "$ref" in option:
            _exemplify(schemas, schemas[option["$ref"].rsplit("/", 1)[-1]], value)
        elif isinstance(value, list) and value and "items" in option:
            _exemplify(schemas, option["items"], value[-1])
        elif isinstance(value, dict):
            for name, field in option.get("properties", {}).items():
                _exemplify(schemas, field, value.get(name))
                if isinstance(value.get(name), str | int | float):
                    field["examples"] = [value[name]]


def _show_as_problem(response: dict[str, Any]) -> None:
    if response.get("content", {}).pop(_JSON, None):
        problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
        response["content"].setdefault(MEDIA_TYPE, problem)
