"""Reports of drawn readings, of a PNG and of a DICOM file."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hilum.imaging.phantom import draw_phantom
from hilum.reporting.report import Report
from tests.reporting.drawn import COLUMNS, ROWS, Drawn, dicom_source, make_report


@pytest.fixture(scope="session")
def source(make_dicom: Callable[..., bytes]) -> bytes:
    return dicom_source(make_dicom)


@pytest.fixture(scope="session")
def png(encode: Callable[..., bytes]) -> bytes:
    return encode(np.uint8(255 * draw_phantom(ROWS, COLUMNS, seed=3, opacity="left_lower")), "PNG")


@pytest.fixture(scope="session")
def draw(make_card: Callable[..., Any], png: bytes) -> Callable[..., Report]:
    """Make the report of a reading; keywords are those of `Drawn`, or facts of the card."""

    def make(content: bytes | None = None, **keywords: Any) -> Report:
        drawn = {k: v for k, v in keywords.items() if k in Drawn.__dataclass_fields__}
        facts = {k: v for k, v in keywords.items() if k not in drawn}
        return make_report(Drawn(**drawn), make_card, content or png, **facts)

    return make


@pytest.fixture(scope="session")
def dicom_report(draw: Callable[..., Report], source: bytes) -> Report:
    return draw(source)
