"""Captions on an image, for text that must stay with it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from hilum.reporting.fonts import PLAIN, font_file

_LINES_A_SIDE = 40
_LEAST_SIZE = 8
_LEADING = 1.4
_INK = (255, 255, 255)


def captioned(picture: NDArray[np.uint8], sentences: Sequence[str]) -> NDArray[np.uint8]:
    """Write sentences over the lower edge of a picture, which is darkened behind them.

    Parameters
    ----------
    picture : ndarray of uint8, shape (rows, columns, 3)
        RGB.
    sentences : sequence of str
        From top to bottom; each begins a line.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 3)
    """
    rows, columns = picture.shape[:2]
    size = max(_LEAST_SIZE, round(min(rows, columns) / _LINES_A_SIDE))
    font = ImageFont.truetype(font_file(PLAIN), size)
    lines = [line for each in sentences for line in wrapped(each, font, columns - 2 * size)]
    step = round(_LEADING * size)
    top = rows - step * len(lines)
    made = picture.copy()
    made[max(top, 0) :] //= 4
    image = Image.fromarray(made)
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        pen.text((size, top + number * step), line, font=font, fill=_INK)
    return np.asarray(image, dtype=np.uint8)


def wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Divide a text into lines of at most this many pixels, between words."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
