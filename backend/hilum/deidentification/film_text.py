"""Text burned into the image of a DICOM file, and the stored pixels that show it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hilum.deidentification.strokes import Box
from hilum.deidentification.text_in_pixels import find_text
from hilum.imaging import DecodeLimits, decode
from hilum.imaging.codecs import Words
from hilum.imaging.dicom.file import take_apart
from hilum.imaging.dicom.grey import stored_values
from hilum.imaging.dicom.image_pixel import ImagePixel, read_image_pixel
from hilum.imaging.dicom.samples import read_samples

_TAIL_PERCENT = 0.5
_TAIL_SHARE = 0.2
"""Of the greys, for what is brighter or darker than all but a few pixels: text often is."""
_HIDDEN_SHARE = 0.05
"""Of the stored range: a window that shows more of it as one black or one white hides some."""

Plane = NDArray[np.floating]


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A file's picture as it is stored.

    Attributes
    ----------
    words : ndarray of uint8 or uint16, shape (rows, columns) or (rows, columns, 3)
    pixel : ImagePixel
        How to read them.
    shown : ndarray of float32, shape (rows, columns)
        As displayed, from 0 to 1, but laid as in the file.
    """

    words: Words
    pixel: ImagePixel
    shown: Plane
    is_colour: bool


def read_picture(content: bytes, limits: DecodeLimits) -> Picture:
    """Decode a DICOM file's picture.

    Parameters
    ----------
    content : bytes

    Raises
    ------
    ImageError
        It has no picture that can be decoded here: see `hilum.imaging.decode`.
    """
    radiograph = decode(content, limits=limits)
    file = take_apart(content, limits)
    # There is one, since it has been decoded.
    assert file.pixel_data is not None
    length = None if file.pixel_data.is_encapsulated else len(file.pixel_data.content)
    pixel = read_image_pixel(file.dataset, limits, native_bytes=length)
    samples = read_samples(file.pixel_data, pixel, file.transfer_syntax, limits)
    return Picture(
        samples.words,
        samples.image_pixel,
        shown=radiograph.orientation.inverse.display(radiograph.pixels),
        is_colour=radiograph.was_colour,
    )


def find_text_in(picture: Picture) -> tuple[Box, ...]:
    """Find text in an image, even if it is invisible when displayed.

    Returns
    -------
    tuple of Box
        In the file's pixels.

    Raises
    ------
    TextSearchError
        Tesseract is not installed, or fails.
    """
    return tuple(dict.fromkeys(box for plane in _planes(picture) for box in find_text(plane)))


def _planes(picture: Picture) -> Iterator[Plane]:
    yield picture.shown
    pixel = picture.pixel
    if pixel.samples == 3:
        if picture.is_colour:
            # Red on a grey of the same luminance is plain to see, in one of these.
            for channel in range(3):
                yield picture.words[:, :, channel] / np.float32((1 << pixel.bits_stored) - 1)
        return
    if pixel.photometric == "PALETTE COLOR":
        return
    stored = stored_values(
        picture.words,
        bits_stored=pixel.bits_stored,
        high_bit=pixel.high_bit,
        is_signed=pixel.is_signed,
    )
    if _hides_values(picture.shown, stored):
        yield _full_range(stored)


def _hides_values(shown: Plane, stored: NDArray[np.int64]) -> bool:
    """Whether the window shows many values as one black or one white."""
    least = _HIDDEN_SHARE * float(np.ptp(stored))
    ends = (stored[shown <= 0], stored[shown >= 1])
    return any(len(end) and float(np.ptp(end)) > least for end in ends)


def _full_range(stored: NDArray[np.int64]) -> Plane:
    """All values as greys, with a step to the few that are far from the others."""
    low, high = np.percentile(stored, (_TAIL_PERCENT, 100 - _TAIL_PERCENT))
    middle = np.clip((stored - low) / max(1.0, high - low), 0, 1)
    grey = _TAIL_SHARE + (1 - 2 * _TAIL_SHARE) * middle
    grey[stored < low], grey[stored > high] = 0, 1
    return np.asarray(grey, np.float32)
