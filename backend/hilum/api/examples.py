"""Examples for `/docs`; a test validates them against the schemas."""

import json
from importlib import resources
from typing import Any

from hilum.api.problems import (
    BUSY,
    CORRUPT_IMAGE,
    EMPTY_FILE,
    INVALID_MODEL_CHOICE,
    INVALID_OPERATING_POINT,
    INVALID_REQUEST,
    MEDIA_TYPE,
    MISDIRECTED,
    MISSING_FILE,
    MODEL_UNAVAILABLE,
    NO_CREDENTIAL_SET,
    TOO_LARGE,
    UNAUTHENTICATED,
    UNKNOWN_MODEL,
    UNREADABLE_RADIOGRAPH,
    UNSUITABLE_RADIOGRAPH,
    UNSUPPORTED_FORMAT,
    Kind,
)

ANSWERS_FILE = "example_answers.json"

_ANSWERS = json.loads(resources.files("hilum.api").joinpath(ANSWERS_FILE).read_text("utf-8"))

READING_WITH_EVIDENCE: dict[str, Any] = _ANSWERS
"""Answer of the shipped model for a synthetic film; written by `hilum.api.renew_examples`."""

MODEL: str = READING_WITH_EVIDENCE["model"]["name"]
"""Name of that model."""

READING: dict[str, Any] = {**READING_WITH_EVIDENCE, "evidence": None}

UPLOAD_PROBLEMS: dict[Kind, str] = {
    CORRUPT_IMAGE: "The JPEG file is truncated or damaged and cannot be decoded.",
    TOO_LARGE: "The file is 70.1 MB; the limit is 64 MB.",
    UNSUPPORTED_FORMAT: "The file is a PDF document. Send a chest radiograph as JPEG …",
    MISSING_FILE: "Send the radiograph as multipart/form-data, in the field 'file'.",
    EMPTY_FILE: "The file has no content. Choose it again.",
    INVALID_REQUEST: "file: Send a file here, not text",
    BUSY: "Too many readings are waiting. Send it again after a second.",
}
"""Problems with an uploaded file, each with an example of its detail."""

MEASURING_PROBLEMS = UPLOAD_PROBLEMS | {
    UNREADABLE_RADIOGRAPH: "The picture is of one colour: there is nothing to read.",
    MODEL_UNAVAILABLE: f"Model {MODEL!r}: model.keras is missing from its bundle.",
}
"""Problems when a radiograph is measured."""

DECIDING_PROBLEMS = MEASURING_PROBLEMS | {
    UNSUITABLE_RADIOGRAPH: "The picture lies on its side: turn it upright.",
    INVALID_OPERATING_POINT: "The operating point 'high' is not understood. Ask for youden …",
}
"""Problems when the default model reads a radiograph."""

READING_PROBLEMS = DECIDING_PROBLEMS | {
    INVALID_MODEL_CHOICE: "A model is named more than once. Name each model once.",
    UNKNOWN_MODEL: f"There is no model of this name. Known models: {MODEL}.",
}
"""Problems when a requested model reads a radiograph."""

ADDRESS_PROBLEMS: dict[Kind, str] = {
    INVALID_REQUEST: "The address has a zero byte (%00) in it.",
    MISDIRECTED: "The service is not known by this host name. Use its address, or …",
    NO_CREDENTIAL_SET: "This service can be reached by others and has no token: set HILUM_TOKEN.",
}
"""Problems that any address may answer with."""

CREDENTIAL_PROBLEMS: dict[Kind, str] = {
    UNAUTHENTICATED: "This needs the service's token: send the header Authorization: Bearer …",
}
"""Problems of addresses that need the token."""


def problem(kind: Kind, detail: str) -> dict[str, Any]:
    """Return an example of a problem of this kind."""
    return {
        "type": kind.type,
        "title": kind.title,
        "status": int(kind.status),
        "detail": detail,
        "request_id": "0b2f6c5e8d7a4f4f9d7a3f0e2c1b5a69",
    }


def responses(details: dict[Kind, str]) -> dict[int | str, dict[str, Any]]:
    """Describe the problems that a route may answer with, each with an example.

    Parameters
    ----------
    details : mapping of Kind to str
        Detail of each problem in its example.
    """
    described: dict[int | str, dict[str, Any]] = {}
    for kind, detail in details.items():
        entry = described.setdefault(
            int(kind.status),
            {
                "description": kind.title,
                "content": {
                    MEDIA_TYPE: {
                        "schema": {"$ref": "#/components/schemas/Problem"},
                        "examples": {},
                    }
                },
            },
        )
        if kind.title not in entry["description"]:
            entry["description"] += f"; {kind.title[0].lower()}{kind.title[1:]}"
        entry["content"][MEDIA_TYPE]["examples"][kind.slug] = {"value": problem(kind, detail)}
    return described


PREDICTIONS: dict[str, Any] = {
    "one": {"summary": "For `file`", "value": READING},
    "with evidence": {
        "summary": "With `evidence=contour`",
        "value": READING_WITH_EVIDENCE,
    },
    "several": {
        "summary": "For `files`",
        "value": [READING, problem(CORRUPT_IMAGE, "The PNG file is damaged.")],
    },
}
"""Answers of `POST /predict`, as OpenAPI's `examples`."""
