"""An answer's evidence, drawn by arithmetic, in place of the server's own."""

import base64
import io
from typing import Any, Literal

import numpy as np
from PIL import Image

Side = Literal["right", "left"]


def evidence_in(side: Side, rows: int, columns: int) -> dict[str, Any]:
    """Evidence in the lower zone of one of the patient's lungs; right is on the picture's left.

    The map covers the whole picture with 20 by 20 cells; a block of five by five has all of it.
    """
    cells = np.zeros((20, 20), dtype=np.uint16)
    first = 3 if side == "right" else 12
    cells[12:17, first : first + 5] = 65535
    png = io.BytesIO()
    Image.fromarray(cells).save(png, "PNG")
    width, height = columns / 20, rows / 20
    left, top = first * width, 12 * height
    right, bottom = left + 5 * width, top + 5 * height
    region = f"{side}_lower_zone"
    finding = {
        "finding": "pneumonia",
        "label": "Pneumonia",
        "is_assessed": True,
        "regions": [{"region": region, "label": region.replace("_", " "), "share": 1.0}],
        "sentence": f"The evidence lies mainly in the {side} lower zone (100 %).",
        "share_in_chest": 1.0,
        "peak": {"x": (left + right) / 2, "y": (top + bottom) / 2, "region": region},
        "contours": [
            {
                "level": 0.5,
                "polygons": [[[left, top], [right, top], [right, bottom], [left, bottom]]],
            }
        ],
        "map": {
            "png": base64.b64encode(png.getvalue()).decode("ascii"),
            "rows": 20,
            "columns": 20,
            "box": {"left": 0, "top": 0, "right": columns, "bottom": rows},
            "maximum": 4.0,
        },
        "overlay": None,
    }
    return {
        "is_shown": True,
        "reason": None,
        "message": None,
        "warnings": [],
        "rows": rows,
        "columns": columns,
        "findings": [finding],
    }


def no_evidence(message: str) -> dict[str, Any]:
    """Evidence that is not shown."""
    return {
        "is_shown": False,
        "reason": "below_operating_point",
        "message": message,
        "warnings": [],
        "rows": 600,
        "columns": 600,
        "findings": [],
    }
