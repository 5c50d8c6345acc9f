"""What `/docs` shows as examples; a test holds them to the schemas."""

from typing import Any

from hilum.api.notice import NOTICE
from hilum.api.problems import (
    BUSY,
    CORRUPT_IMAGE,
    EMPTY_FILE,
    INVALID_OPERATING_POINT,
    MEDIA_TYPE,
    MISSING_FILE,
    MODEL_UNAVAILABLE,
    TOO_LARGE,
    UNKNOWN_MODEL,
    UNREADABLE_RADIOGRAPH,
    UNSUITABLE_RADIOGRAPH,
    UNSUPPORTED_FORMAT,
    Kind,
)

READING: dict[str, Any] = {
    "result": "Potentially Pneumonia",
    "prediction": "95.1230",
    "decision": "positive",
    "operating_point": {
        "threshold": 0.5576, "criterion": "largest sensitivity + specificity - 1 (Youden)",
        "sensitivity": 0.979, "specificity": 0.957,
    },
    "prediction_set": ["pneumonia"],
    "coverage": 0.95,
    "uncertain_between": [0.31, 0.62],
    "suitability": {
        "suitable": True, "forced": False, "reasons": [], "notes": [],
        "population": {
            "intended": True,
            "words": "Within the intended population: the film looks like one of children.",
        },
    },
    "findings": [
        {"code": "normal", "label": "Normal", "probability": 0.04877, "operating_point": None,
         "assessed": True},
        {"code": "bacterial_pneumonia", "label": "Bacterial pneumonia", "probability": 0.70212,
         "operating_point": None, "assessed": False},
        {"code": "viral_pneumonia", "label": "Viral pneumonia", "probability": 0.24911,
         "operating_point": None, "assessed": False},
        {"code": "pneumonia", "label": "Pneumonia", "probability": 0.95123,
         "operating_point": 0.5576, "assessed": True},
    ],
    "model": {
        "name": "pneumonia",
        "version": "2026.11.1",
        "sha256": "a5e83b8f32a68173d4ecedc3175eb0e472504c8221e8d86720aa63a34c0ab749",
        "intended_population": "Children of 1 to 5 years, frontal chest radiographs",
    },
    "image": {
        "sha256": "9e29a896c0af76354b1b64bbd7bdc74b9a46d25a6f45729972db9b652a987e9e",
        "format": "jpeg",
        "rows": 1400,
        "columns": 1800,
        "view": "unknown",
        "was_colour": False,
        "warnings": [],
        "turned_degrees": 0,
        "to_file": {
            "rows": 1400, "columns": 1800, "matrix": [[1, 0, 0], [0, 1, 0]],
            "mirrored": False, "turned_degrees": 0,
        },
        "sides": {"certain": True, "reasons": []},
    },
    "timing_ms": {
        "decode": 4.7, "anatomy": 12.1, "preprocess": 0.5, "inference": 1.6, "total": 19.0,
    },
    "anatomy": None,
    "evidence": None,
    "notice": NOTICE,
}  # fmt: skip


EVIDENCE: dict[str, Any] = {
    "is_shown": True, "reason": None, "message": None, "warnings": [],
    "rows": 1400, "columns": 1800,
    "findings": [
        {
            "finding": "pneumonia", "label": "Pneumonia", "is_assessed": True,
            "regions": [
                {"region": "right_lower_zone", "label": "right lower zone", "share": 0.62},
                {"region": "right_middle_zone", "label": "right middle zone", "share": 0.31},
                {"region": "outside_lungs_and_heart", "label": "outside lungs and heart",
                 "share": 0.07},
            ],
            "sentence": "Right lower zone, 62 % of the evidence; right middle zone, 31 %.",
            "share_in_chest": 0.93,
            "peak": {"x": 588.3, "y": 921.7, "region": "right_lower_zone"},
            "contours": [
                {"level": 0.5, "polygons": [[[520.1, 860.4], [655.0, 862.9], [611.7, 990.2]]]},
            ],
            "map": None,
            "overlay": None,
        },
    ],
}  # fmt: skip

READING_WITH_EVIDENCE: dict[str, Any] = {**READING, "evidence": EVIDENCE}

READING_PROBLEMS: dict[Kind, str] = {
    CORRUPT_IMAGE: "The JPEG file is truncated or damaged and cannot be decoded.",
    UNKNOWN_MODEL: "There is no model named 'adults'. Known models: pneumonia.",
    TOO_LARGE: "The file is 70.1 MB; the limit is 64 MB.",
    UNSUPPORTED_FORMAT: "The file is a PDF document. Send a chest radiograph as JPEG …",
    MISSING_FILE: "Send the radiograph as multipart/form-data, in the field 'file'.",
    EMPTY_FILE: "The file has no content. Choose it again.",
    UNREADABLE_RADIOGRAPH: "The picture is of one colour: there is nothing to read.",
    UNSUITABLE_RADIOGRAPH: "The picture lies on its side: turn it upright.",
    INVALID_OPERATING_POINT: "The operating point 'high' is not understood. Ask for youden …",
    MODEL_UNAVAILABLE: "Model 'pneumonia': model.keras is missing from its bundle.",
    BUSY: "Too many readings are waiting. Send it again after a second.",
}
"""What may keep a radiograph from being read, each with an example of its words."""


def problem(kind: Kind, detail: str) -> dict[str, Any]:
    """Give an example of a problem of this kind."""
    return {
        "type": kind.type,
        "title": kind.title,
        "status": int(kind.status),
        "detail": detail,
        "request_id": "0b2f6c5e8d7a4f4f9d7a3f0e2c1b5a69",
    }


def responses(details: dict[Kind, str]) -> dict[int | str, dict[str, Any]]:
    """Describe the problems that a route may answer with, each with its example.

    Parameters
    ----------
    details : mapping of Kind to str
        What each says in its example.
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
