"""Answers of `/dicomweb` for the OpenAPI document."""

from typing import Any

from hilum.api import examples
from hilum.api.problems import (
    BUSY,
    INVALID_REQUEST,
    MISSING_FILE,
    NOT_ACCEPTABLE,
    NOT_FOUND,
    STORE_UNAVAILABLE,
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
)
from hilum.pacs.multipart import DICOM

DICOM_JSON = "application/dicom+json"
MULTIPART = "multipart/related"

_BUSY = {BUSY: "Too many readings are waiting. Send it again after a second."}
_NOT_OFFERED = {NOT_ACCEPTABLE: "This address answers application/dicom+json."}
STORED: dict[int | str, dict[str, Any]] = {
    200: {"description": "All objects were stored", "content": {DICOM_JSON: {}}},
    202: {
        "description": "Some objects were stored, or some with a warning",
        "content": {DICOM_JSON: {}},
    },
    409: {"description": "No object was stored; see Failure Reason", "content": {DICOM_JSON: {}}},
    **examples.responses(
        {
            TOO_LARGE: "The request is over 256 MB. Send less at once.",
            UNSUPPORTED_MEDIA_TYPE: 'Send multipart/related; type="application/dicom"; …',
            MISSING_FILE: "The request holds no DICOM file.",
            INVALID_REQUEST: "The body ends before its last boundary. Send it again.",
            STORE_UNAVAILABLE: "It cannot be kept: there is no room on the disk.",
        }
        | _BUSY
    ),
}
FOUND: dict[int | str, dict[str, Any]] = {
    200: {"description": "Matching studies, series or instances", "content": {DICOM_JSON: {}}},
    204: {"description": "No matches"},
    **examples.responses(_NOT_OFFERED | {INVALID_REQUEST: "'limit' takes a number."}),
}
_ABSENT = _NOT_OFFERED | {NOT_FOUND: "There is no such study, series, instance or frame here."}
DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {"description": "Metadata of the objects", "content": {DICOM_JSON: {}}},
    **examples.responses(_ABSENT | _BUSY),
}
RETRIEVED: dict[int | str, dict[str, Any]] = {
    200: {"description": "The objects", "content": {MULTIPART: {}}},
    **examples.responses(_ABSENT),
}
FRAMES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The frames", "content": {MULTIPART: {}}},
    **examples.responses(_ABSENT | _BUSY),
}
RETRIEVED_ONE: dict[int | str, dict[str, Any]] = RETRIEVED | {
    200: {"description": "The object", "content": {MULTIPART: {}, DICOM: {}}}
}
