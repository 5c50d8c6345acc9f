"""The OpenAPI document, where the framework's own says other than what is answered."""

from typing import Any

from fastapi import FastAPI

from hilum.api import examples
from hilum.api.problems import MEDIA_TYPE

_JSON = "application/json"
_FIRST_FAILURE = "400"
_OF_THE_FRAMEWORK = ("HTTPValidationError", "ValidationError")


class DocumentedApp(FastAPI):
    """An app whose document shows problems as problem details, and examples with their nulls."""

    def openapi(self) -> dict[str, Any]:
        """Give the OpenAPI document."""
        document = super().openapi()
        for operations in document["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if status >= _FIRST_FAILURE:
                        _show_as_problem(response)
        for name in _OF_THE_FRAMEWORK:
            document["components"]["schemas"].pop(name, None)
        # The framework drops every null, and with them what the schema of an answer requires.
        read = document["paths"]["/predict"]["post"]["responses"]["200"]["content"]
        read[_JSON]["examples"] = examples.PREDICTIONS
        return document


def _show_as_problem(response: dict[str, Any]) -> None:
    if response.get("content", {}).pop(_JSON, None):
        problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
        response["content"].setdefault(MEDIA_TYPE, problem)
