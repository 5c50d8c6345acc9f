"""Text burned into pixels: location of lines of letters or digits.

Lines of strokes that may be text are found by their shape (`strokes`). Ribs and wires make such
lines, too, so Tesseract has to read letters or digits in one before it counts (`tesseract`).
`python -m benchmarks.text_in_pixels` measures what is found, and what is by mistake; the constants
were chosen on what other seeds drew.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.deidentification.strokes import Box, Grey, Line, find_lines
from hilum.deidentification.tesseract import Read, read_lines

MARGIN: Final = 0.35
"""Of a mask around its line, as a share of the letters' height."""
_MOST_LINES = 400
_LINE_PX = 36
_BORDER_PX = 14

# Read with certainty, whatever the shape; or read in any way, in what has the shape of letters.
_CERTAIN_CHARACTERS = 2.0
_CHARACTERS = 3
_LETTERS = 3
_LETTERS_CONTRAST = 80
_LETTERS_UNEVENNESS = 0.4


def find_text(pixels: NDArray[np.floating]) -> tuple[Box, ...]:
    """Find lines of text, upright or turned by 90, 180 or 270 degrees.

    In letters that are upside down or mirrored other characters are read, which is enough. A letter
    that stands alone is not found: L and R say which side of the patient it is.

    Parameters
    ----------
    pixels : ndarray of float, shape (rows, columns)
        Values in [0, 1].

    Returns
    -------
    tuple of Box
        Of lines, with a margin. They may overlap: a line is found at several scales.

    Raises
    ------
    TextSearchError
        Tesseract is not installed, or fails.

    Notes
    -----
    Of more than 400 candidates, those of most strokes are read.
    """
    grey = (np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8)
    lines = sorted(find_lines(grey), key=lambda line: -len(line.members))[:_MOST_LINES]
    read = read_lines([_page(line) for line in lines])
    found = [line for line, each in zip(lines, read, strict=True) if _is_text(line, each)]
    return tuple(dict.fromkeys(line.box(MARGIN) for line in found))


def _is_text(line: Line, read: Read) -> bool:
    if read.certain >= _CERTAIN_CHARACTERS:
        return True
    return (
        read.characters >= _CHARACTERS
        and len(line.members) >= _LETTERS
        and line.contrast >= _LETTERS_CONTRAST
        and line.unevenness <= _LETTERS_UNEVENNESS
    )


def _page(line: Line) -> Grey:
    """Black on white, of one height, with a border: what Tesseract reads best."""
    strokes = line.picture()
    ink = max(1.0, float(np.percentile(strokes, 98)))
    page = (255 - np.minimum(255, strokes * (255 / ink))).astype(np.uint8)
    by = _LINE_PX / len(page)
    size = (max(1, round(page.shape[1] * by)), _LINE_PX)
    scaled = cv2.resize(page, size, interpolation=cv2.INTER_CUBIC if by > 1 else cv2.INTER_AREA)
    border = (_BORDER_PX,) * 4
    return np.asarray(cv2.copyMakeBorder(scaled, *border, cv2.BORDER_CONSTANT, value=255), np.uint8)
