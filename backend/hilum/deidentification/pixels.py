"""Pixel Data without data hidden beside, within or after the image."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np
from pydicom import Dataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from hilum.deidentification.jpeg import clean_jpeg
from hilum.deidentification.jpeg_2000 import clean_jpeg_2000
from hilum.deidentification.jpeg_edge import shows_past_edge
from hilum.deidentification.native import (
    Layout,
    clean_words,
    layout_of,
    read_layout,
    without_other_bits,
)
from hilum.deidentification.removal import Removal
from hilum.deidentification.rle import clean_rle
from hilum.deidentification.syntax import syntax_of
from hilum.deidentification.unused import without_unused_end
from hilum.errors import CorruptImageError, ImageTooLargeError
from hilum.imaging.codestream import Codec, Codestream, read_codestream
from hilum.imaging.dicom.damage import DAMAGED
from hilum.imaging.dicom.file import DicomFile, PixelData
from hilum.imaging.dicom.frame import is_sequence_of_items, items_of
from hilum.imaging.dicom.image_pixel import read_image_pixel
from hilum.imaging.dicom.samples import check_same_size, read_samples
from hilum.imaging.limits import DecodeLimits

ENCAPSULATED_UNCOMPRESSED = "1.2.840.10008.1.2.1.98"
_FRAMES = 0x00280008
_MOST_DECODED = 4
"""Times the most pixels of a picture that the frames of a file may have, all together."""


@dataclass(frozen=True, slots=True)
class CleanPixels:
    """Cleaned Pixel Data.

    Attributes
    ----------
    content : bytes
        Value of Pixel Data.
    representation : str
        Value representation, OB or OW.
    attributes : dict
        By keyword, what the data set has to say of the pixels now.
    """

    content: bytes
    transfer_syntax: str
    representation: str
    attributes: dict[str, object] = field(default_factory=dict)
    is_encapsulated: bool = False


def native_syntax(file: DicomFile) -> str:
    """Name the transfer syntax in which the data set is written, independent of the file."""
    if file.transfer_syntax == DeflatedExplicitVRLittleEndian:
        return DeflatedExplicitVRLittleEndian
    if not file.is_little_endian:
        return ExplicitVRBigEndian
    return ImplicitVRLittleEndian if file.is_implicit else ExplicitVRLittleEndian


def clean_pixels(
    file: DicomFile, pixel_data: PixelData, limits: DecodeLimits, removals: set[Removal]
) -> CleanPixels:
    """Write exactly the frames that the header states, and nothing after them.

    Parameters
    ----------
    limits : DecodeLimits
        For a frame that has to be decoded.
    removals : set of Removal
        Added to.

    Returns
    -------
    CleanPixels
        What a decoder makes of it is the same. Frames are only decompressed where there is
        something in bits beside the picture's, or past its edge.

    Raises
    ------
    ImageError
        The pixels are damaged, or stored in a way that cannot be gone through.
    """
    # Some writers give encapsulated pixels a length.
    is_native = not (pixel_data.is_encapsulated or is_sequence_of_items(pixel_data.content))
    native_bytes = len(pixel_data.content) if is_native else None
    layout = read_layout(file.dataset, native_bytes)
    if is_native:
        return _native(file, pixel_data, layout, removals)
    frames = list(_frames(pixel_data, layout, limits, removals))
    if file.transfer_syntax == ENCAPSULATED_UNCOMPRESSED:
        cleaned = [clean_words(each, layout, removals, frames=1) for each in frames]
        return _encapsulated(cleaned, ENCAPSULATED_UNCOMPRESSED)
    _check_decoded(layout, limits)
    headers = [read_codestream(frame) for frame in frames]
    for header in headers:
        check_same_size(header, layout.rows, layout.columns)
    goes_on = any(map(shows_past_edge, frames, headers, repeat(limits)))
    if goes_on or any(_may_have_other_bits(header, layout) for header in headers):
        decompressed, had_other_bits = _decompressed(file, frames, limits)
        if goes_on:
            removals.add(Removal.PAST_EDGE)
        if had_other_bits:
            removals.add(Removal.UNUSED_BITS)
        if goes_on or had_other_bits:
            return decompressed
    cleaned = [
        _cleaned(frame, header, layout, limits, removals)
        for frame, header in zip(frames, headers, strict=True)
    ]
    return _encapsulated(cleaned, syntax_of(cleaned[0], headers[0], file.transfer_syntax))


def _check_decoded(layout: Layout, limits: DecodeLimits) -> None:
    pixels = layout.rows * layout.columns * layout.frames
    if pixels > _MOST_DECODED * limits.max_pixels:
        raise ImageTooLargeError(
            f"The DICOM file claims {layout.frames} compressed frames of {layout.columns} x "
            f"{layout.rows} pixels, which have to be decoded. Send fewer of them in one file."
        )


def _encapsulated(frames: list[bytes], syntax: str) -> CleanPixels:
    content = encapsulate(frames, has_bot=len(frames) > 1)
    return CleanPixels(content, syntax, "OB", is_encapsulated=True)


def _native(
    file: DicomFile, pixel_data: PixelData, layout: Layout, removals: set[Removal]
) -> CleanPixels:
    is_big = pixel_data.is_big_endian
    content = clean_words(
        pixel_data.content,
        layout,
        removals,
        frames=layout.frames,
        order=">" if is_big else "<",
        is_swapped=is_big and layout.allocated == 8 and pixel_data.representation == "OW",
    )
    if _has_bytes(pixel_data.rest):
        removals.add(Removal.AFTER_PIXELS)
    is_bytes = layout.allocated <= 8 and pixel_data.representation == "OB"
    return CleanPixels(content, native_syntax(file), "OB" if is_bytes else "OW")


def _has_bytes(content: memoryview) -> bool:
    """Whether there is anything but zeros."""
    return bool(np.frombuffer(content, np.uint8).any())


def _frames(
    pixel_data: PixelData, layout: Layout, limits: DecodeLimits, removals: set[Removal]
) -> Iterator[bytes]:
    items, end = items_of(pixel_data.content, limits)
    if _has_bytes(pixel_data.content[end:]) or _has_bytes(pixel_data.rest):
        removals.add(Removal.AFTER_PIXELS)
    if layout.frames == 1:
        if not any(map(len, items[1:])):
            raise CorruptImageError(DAMAGED)
        yield b"".join(items[1:])
        return
    found = list(generate_frames(bytes(pixel_data.content[:end]), number_of_frames=layout.frames))
    if len(found) < layout.frames:
        raise CorruptImageError(DAMAGED)
    if len(found) > layout.frames:
        removals.add(Removal.AFTER_FRAME)
    yield from found[: layout.frames]


def _cleaned(
    frame: bytes,
    header: Codestream,
    layout: Layout,
    limits: DecodeLimits,
    removals: set[Removal],
) -> bytes:
    if header.codec is Codec.RLE:
        made = clean_rle(frame, layout.rows, layout.columns, removals)
    else:
        clean = clean_jpeg_2000 if header.codec is Codec.JPEG_2000 else clean_jpeg
        made = without_unused_end(clean(frame, removals), header, limits, removals)
    return made + b"\0" * (len(made) % 2)


def _may_have_other_bits(codestream: Codestream, layout: Layout) -> bool:
    if codestream.codec is Codec.RLE:
        return layout.stored < layout.allocated
    return codestream.precision > layout.stored


def _decompressed(
    file: DicomFile, frames: list[bytes], limits: DecodeLimits
) -> tuple[CleanPixels, bool]:
    """Decode the frames, and report whether their words held more than the image."""
    single = Dataset({element.tag: element for element in file.dataset if element.tag != _FRAMES})
    pixel = read_image_pixel(single, limits, native_bytes=None)
    decoded, has_more = [], False
    for frame in frames:
        encapsulated = PixelData(memoryview(encapsulate([frame])), True, False, "OB")
        samples = read_samples(encapsulated, pixel, file.transfer_syntax, limits)
        made = samples.image_pixel
        words, had_more = without_other_bits(samples.words, layout_of(made))
        decoded.append(words.astype(words.dtype.newbyteorder("<")).tobytes())
        has_more = has_more or had_more
    attributes: dict[str, object] = {
        "BitsAllocated": made.bits_allocated,
        "BitsStored": made.bits_stored,
        "HighBit": made.high_bit,
        "PhotometricInterpretation": made.photometric,
        "SamplesPerPixel": made.samples,
    }
    if made.samples > 1:
        attributes["PlanarConfiguration"] = 0
    content = b"".join(decoded)
    padded = content + b"\0" * (len(content) % 2)
    return CleanPixels(padded, ExplicitVRLittleEndian, "OW", attributes), has_more
