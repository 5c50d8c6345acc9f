"""Films that text is written on, and where."""

import shutil
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from hilum.deidentification.strokes import Box
from hilum.imaging.phantom import draw_phantom
from tests.pacs.films import as_file, film

ROWS, COLUMNS = 220, 300
NAME, DATE = "DOE JANE 4711", "1957-03-21"

NEEDS_TESSERACT = [
    pytest.mark.tesseract,
    pytest.mark.skipif(not shutil.which("tesseract"), reason="needs Debian's tesseract-ocr"),
]


@dataclass(frozen=True)
class Written:
    """Pixels from 0 to 1, and which of them are ink."""

    pixels: NDArray[np.float32]
    ink: NDArray[np.bool_]

    def share_in(self, boxes: tuple[Box, ...]) -> float:
        """Share of the ink that lies in boxes."""
        inside = np.zeros(self.ink.shape, np.bool_)
        for box in boxes:
            inside[box.top : box.bottom, box.left : box.right] = True
        return float(inside[self.ink].mean())


def blank() -> NDArray[np.float32]:
    return draw_phantom(ROWS, COLUMNS, seed=5)


def write(
    text: str,
    at: tuple[int, int],
    *,
    on: NDArray[np.float32] | None = None,
    ink: float = 1.0,
    turns: int = 0,
    size: float = 0.6,
    edge: float | None = None,
) -> Written:
    """Write a line, its lower left corner at (column, row), in OpenCV's own letters.

    With `edge` they are outlined in that grey. With `turns`, the film is turned counter-clockwise
    by so many quarters after it was written on.
    """
    pixels = blank() if on is None else on

    def cover(thickness: int) -> NDArray[np.float32]:
        drawn = np.zeros(pixels.shape, np.uint8)
        cv2.putText(drawn, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, 255, thickness, cv2.LINE_AA)
        return drawn / np.float32(255)

    if edge is not None:
        pixels = pixels * (1 - cover(5)) + np.float32(edge) * cover(5)
    letters = cover(1)
    pixels = pixels * (1 - letters) + np.float32(ink) * letters
    return Written(np.rot90(pixels, turns).copy(), np.rot90(letters > 0.4, turns))


def cr_file(pixels: NDArray[np.float32], **elements: Any) -> bytes:
    """A CR film of 12 bits with these pixels."""
    made = film(0, Rows=pixels.shape[0], Columns=pixels.shape[1], **elements)
    made.PixelData = np.round(4095 * pixels).astype(np.uint16).tobytes()
    return as_file(made)
