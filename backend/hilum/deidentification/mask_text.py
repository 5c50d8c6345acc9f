"""Clean Pixel Data Option of PS3.15 (E.3.1): mask text burned into a film."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, generate_uid

from hilum.deidentification.film_text import Picture, find_text_in, read_picture
from hilum.deidentification.native import layout_of, without_other_bits
from hilum.deidentification.strokes import Box
from hilum.errors import TextMaskError
from hilum.imaging import DecodeLimits
from hilum.imaging.codecs import Words

MOST_OF_THE_FILM: Final = 1 / 3
"""The largest share of the film, or of its middle, that masks may cover."""
_MIDDLE = 0.2
"""Of a side, before the middle and after it."""
_ROUNDS = 3
# CID 7050.
_CLEAN_PIXELS, _CLEAN_PIXELS_MEANING = "113101", "Clean Pixel Data Option"
_RETAIN_UIDS = "113110"
_TOO_MUCH = (
    "The picture looks like text over more than a third of the film or of its middle; a mask would "
    "leave no film. It may be a scanned page or a screenshot. Mask it by hand, or leave it out."
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A file with masked text.

    Attributes
    ----------
    content : bytes
        The same as before where no text was found.
    boxes : tuple of Box
        What was masked, in the file's pixels.
    is_clean : bool
        No text was found after masking, or none at all.
    """

    content: bytes
    boxes: tuple[Box, ...]
    is_clean: bool


def mask_text(content: bytes, limits: DecodeLimits | None = None) -> Masked:
    """Mask the text in a de-identified film with the film's black.

    The file is written with native pixels, and says that its pixels were cleaned. Burned In
    Annotation becomes NO where no text is found in the masked film, and YES where some is. A film
    that retained its SOP Instance UID gets a new one, since it is another picture now.

    Parameters
    ----------
    content : bytes
        As `hilum.deidentification.deidentify` makes it.
    limits : DecodeLimits, optional

    Raises
    ------
    ImageError
        It has no picture that can be decoded here.
    TextMaskError
        The mask would cover over a third of the film, or of its middle.
    TextSearchError
        Tesseract is not installed, or fails.
    """
    limits = limits or DecodeLimits()
    picture = read_picture(content, limits)
    boxes: list[Box] = []
    for _ in range(_ROUNDS):
        found = find_text_in(picture)
        if not found:
            break
        boxes += found
        masked = _mask_of(boxes, picture.shown.shape)
        _check(masked)
        words = picture.words.copy()
        words[masked] = picture.words[np.unravel_index(picture.shown.argmin(), masked.shape)]
        content = _written(content, picture, words, is_clean=False)
        picture = read_picture(content, limits)
    else:
        found = find_text_in(picture)
    if boxes and not found:
        content = _written(content, picture, picture.words, is_clean=True)
    return Masked(content, tuple(boxes), not found)


def _mask_of(boxes: Iterable[Box], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    masked = np.zeros(shape, np.bool_)
    for box in boxes:
        masked[box.top : box.bottom, box.left : box.right] = True
    return masked


def _check(masked: NDArray[np.bool_]) -> None:
    rows, columns = (round(_MIDDLE * side) for side in masked.shape)
    middle = masked[rows : len(masked) - rows, columns : masked.shape[1] - columns]
    if max(masked.mean(), middle.mean()) > MOST_OF_THE_FILM:
        raise TextMaskError(_TOO_MUCH)


def _written(content: bytes, picture: Picture, words: Words, *, is_clean: bool) -> bytes:
    dataset = pydicom.dcmread(io.BytesIO(content))
    _put_pixels(dataset, picture, words)
    dataset.BurnedInAnnotation = "NO" if is_clean else "YES"
    _mark(dataset)
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, dataset, enforce_file_format=True)
    return buffer.getvalue()


def _put_pixels(dataset: Dataset, picture: Picture, words: Words) -> None:
    """Write words natively, with no bits beside their values but an extended sign."""
    pixel, meta = picture.pixel, dataset.file_meta
    if meta.TransferSyntaxUID.is_encapsulated:
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
    words, _ = without_other_bits(words, layout_of(pixel))
    dataset.SamplesPerPixel = pixel.samples
    # Of the other kinds of YBR, chrominances are at hand for each pixel.
    is_ybr = pixel.photometric.startswith("YBR")
    dataset.PhotometricInterpretation = "YBR_FULL" if is_ybr else pixel.photometric
    if pixel.samples == 3:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = pixel.bits_allocated
    dataset.BitsStored, dataset.HighBit = pixel.bits_stored, pixel.high_bit
    dataset.PixelRepresentation = int(pixel.is_signed)
    is_big_endian = meta.TransferSyntaxUID == ExplicitVRBigEndian
    raw = words.astype(words.dtype.newbyteorder(">" if is_big_endian else "<")).tobytes()
    is_bytes = words.dtype == np.uint8
    dataset.add_new("PixelData", "OB" if is_bytes else "OW", raw + b"\0" * (len(raw) % 2))


def _mark(dataset: Dataset) -> None:
    """Say that pixels were cleaned (PS3.15 E.1.1, CID 7050)."""
    codes = list(dataset.get("DeidentificationMethodCodeSequence") or [])
    values = {str(item.CodeValue) for item in codes}
    if _CLEAN_PIXELS in values:
        return
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator = _CLEAN_PIXELS, "DCM"
    item.CodeMeaning = _CLEAN_PIXELS_MEANING
    dataset.DeidentificationMethodCodeSequence = [*codes, item]
    if _RETAIN_UIDS in values:
        uid = generate_uid(prefix=None)
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = uid
