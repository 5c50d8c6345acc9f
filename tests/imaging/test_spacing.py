"""Where the pixels' spacing was measured; the page reads the same cases (pixel-spacing.test.ts)."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hilum.imaging import decode
from tests.imaging.dicom_files import SYNTAXES, write

Grey = NDArray[np.uint8]
CASES = json.loads((Path(__file__).parent / "spacing_cases.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["says"] for case in CASES])
def test_spacing(film: Grey, case: dict[str, Any]) -> None:
    elements = {name: value.split("\\") for name, value in case["elements"].items()}
    content = write(film, SYNTAXES["explicit little endian"], bits_stored=8, **elements)
    radiograph = decode(content)
    assert radiograph.header is not None
    assert radiograph.header.spacing_origin == case["origin"]
    if case["origin"] is None:
        assert radiograph.spacing_mm is None
    else:
        assert radiograph.spacing_mm == pytest.approx((case["row_mm"], case["column_mm"]))
