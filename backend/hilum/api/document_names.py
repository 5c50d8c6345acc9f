"""Names of request parts in the OpenAPI document; answers quote no others.

A request's own names may be a patient's: a file that is posted as a form becomes a field's name.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI


def names_in_document(app: FastAPI) -> frozenset[str]:
    """Names of parameters, fields and codes in an app's OpenAPI document."""
    return frozenset(_names(app.openapi()))


def query_parameters(app: FastAPI) -> frozenset[str]:
    """Names of all parameters that any address of an app takes in its query."""
    return frozenset(
        parameter["name"]
        for operations in app.openapi()["paths"].values()
        for operation in operations.values()
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query"
    )


def _names(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _names(each)
    elif isinstance(part, dict):
        if isinstance(part.get("in"), str):
            yield part["name"]
        yield from part.get("properties", {})
        yield from (each for each in part.get("enum", ()) if isinstance(each, str))
        for each in part.values():
            yield from _names(each)
