"""Handling of text in the pixels of a de-identified file: found, or masked."""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from hilum.deidentification.film_text import find_text_in, read_picture
from hilum.deidentification.mask_text import mask_text
from hilum.deidentification.strokes import Box
from hilum.errors import ImageError, TextSearchError
from hilum.imaging import DecodeLimits
from hilum.imaging.dicom.file import take_apart


class TextState(StrEnum):
    """Result of the text search in a file's pixels; it never proves that there is none."""

    NO_PICTURE = "no_picture"
    """The object has no pixels."""
    NOT_LOOKED_FOR = "not_looked_for"
    """Tesseract is not installed or failed, or the picture cannot be decoded here."""
    NOT_FOUND = "not_found"
    FOUND = "found"
    MASKED = "masked"
    """Text was masked and is no longer found."""
    MASKED_IN_PART = "masked_in_part"


@dataclass(frozen=True, slots=True)
class PixelText:
    """A file with the result of the text search in its pixels.

    Attributes
    ----------
    content : bytes
        The file, masked if requested.
    boxes : tuple of Box
        Boxes that were found or masked, in the file's pixels.
    """

    content: bytes
    state: TextState
    boxes: tuple[Box, ...] = ()

    @property
    def places(self) -> int:
        """Number of boxes, those that overlap counted as one."""
        if not self.boxes:
            return 0
        extent = max(box.bottom for box in self.boxes), max(box.right for box in self.boxes)
        covered = np.zeros(extent, np.uint8)
        for box in self.boxes:
            covered[box.top : box.bottom, box.left : box.right] = 1
        return cv2.connectedComponents(covered)[0] - 1


def handle_text(content: bytes, *, masks: bool, limits: DecodeLimits | None = None) -> PixelText:
    """Look for text in the pixels of a de-identified file, and mask it on request.

    Parameters
    ----------
    content : bytes
    limits : DecodeLimits, optional

    Raises
    ------
    ImageError, TextMaskError, TextSearchError
        It was to be masked, and cannot be: see `mask_text`.
    """
    limits = limits or DecodeLimits()
    if not masks:
        try:
            boxes = find_text_in(read_picture(content, limits))
        except (ImageError, TextSearchError):
            has_picture = _has_picture(content, limits)
            state = TextState.NOT_LOOKED_FOR if has_picture else TextState.NO_PICTURE
            return PixelText(content, state)
        return PixelText(content, TextState.FOUND if boxes else TextState.NOT_FOUND, boxes)
    if not _has_picture(content, limits):
        return PixelText(content, TextState.NO_PICTURE)
    masked = mask_text(content, limits)
    if not masked.is_clean:
        state = TextState.MASKED_IN_PART
    else:
        state = TextState.MASKED if masked.boxes else TextState.NOT_FOUND
    return PixelText(masked.content, state, masked.boxes)


def _has_picture(content: bytes, limits: DecodeLimits) -> bool:
    try:
        return take_apart(content, limits).pixel_data is not None
    except ImageError:
        return True
