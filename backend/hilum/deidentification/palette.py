"""Palette of an image, reduced to the colours that its pixels use."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pydicom import DataElement, Dataset
from pydicom.encaps import encapsulate, generate_frames

from hilum.deidentification.pixels import CleanPixels
from hilum.deidentification.removal import Removal
from hilum.errors import ImageError
from hilum.imaging.dicom.colour import read_palette
from hilum.imaging.dicom.elements import code, whole
from hilum.imaging.dicom.file import DicomFile, PixelData
from hilum.imaging.dicom.grey import stored_values
from hilum.imaging.dicom.image_pixel import ImagePixel, read_image_pixel
from hilum.imaging.dicom.lut import Lut, entry_indices
from hilum.imaging.dicom.samples import read_samples
from hilum.imaging.limits import DecodeLimits

_FRAMES = 0x00280008
_BYTE = 8


def put_palette(
    made: Dataset,
    file: DicomFile,
    pixels: CleanPixels,
    limits: DecodeLimits,
    removals: set[Removal],
) -> None:
    """Give a picture with a palette the colours that its pixels have, and white for others.

    Palettes in segments are unfolded. What the tables' words hold beside the colours goes.

    Parameters
    ----------
    made : Dataset
        The cleaned data set, whose pixels are described but which has no palette.
    file : DicomFile
        Which has the palette.
    removals : set of Removal
        Added to.

    Raises
    ------
    ImageError
        The pixels cannot be decoded, so their colours are unknown.
    """
    if code(made, "PhotometricInterpretation") != "PALETTE COLOR":
        return
    try:
        tables = read_palette(file.dataset)
    except ImageError:
        removals.add(Removal.TABLES)
        return
    pixel, words = _used_words(made, file, pixels, limits)
    stored = stored_values(
        np.arange(1 << pixel.bits_allocated),
        bits_stored=pixel.bits_stored,
        high_bit=pixel.high_bit,
        is_signed=pixel.is_signed,
    )
    for colour, read in tables.items():
        table = read.meant
        is_used = np.zeros(table.entries.size, np.bool_)
        is_used[entry_indices(stored, table)[words]] = True
        # Of the highest value: validators compare the greatest entry with the number of bits.
        entries = np.where(is_used, table.entries, np.uint16(table.top))
        if (entries != table.entries).any() or read.is_cut.any():
            removals.add(Removal.UNUSED_COLOURS)
        written = table._replace(entries=entries)
        is_high = read.is_in_high_bytes
        _put(made, colour, written, is_little=file.is_little_endian, is_high=is_high)


def _put(made: Dataset, colour: str, table: Lut, *, is_little: bool, is_high: bool) -> None:
    """Write a table again: 8-bit entries in single bytes, others in words (C.7.6.3.1.5)."""
    keyword = f"{colour}PaletteColorLookupTable"
    entries, bits = table.entries, int(table.top).bit_length()
    if is_high:
        # As other readers see them, whatever they make of it.
        entries = entries << np.uint16(bits)
    elif bits == _BYTE:
        # Two entries to a word, the first in its low byte; past the last, it is repeated anyway.
        even = np.append(entries, entries[-1:]) if entries.size % 2 else entries
        entries = even.astype(np.uint8)
    words = np.array([entries.size & 0xFFFF, table.first & 0xFFFF, bits], "<u2")
    representation = "SS" if whole(made, "PixelRepresentation") == 1 else "US"
    described = words.view("<i2") if representation == "SS" else words
    made.add(DataElement(f"{keyword}Descriptor", representation, described.tolist()))
    content = entries.view("<u2").astype("<u2" if is_little else ">u2").tobytes()
    made.add(DataElement(f"{keyword}Data", "OW", content))


def _used_words(
    made: Dataset, file: DicomFile, pixels: CleanPixels, limits: DecodeLimits
) -> tuple[ImagePixel, NDArray[np.integer]]:
    """Words that pixels of any frame have, and how to read them."""
    frames = whole(made, "NumberOfFrames") or 1
    single = Dataset({element.tag: element for element in made if element.tag != _FRAMES})
    if not pixels.is_encapsulated:
        pixel = read_image_pixel(single, limits, native_bytes=len(pixels.content))
        pixel = replace(pixel, rows=pixel.rows * frames)
        contents = [pixels.content]
    else:
        pixel = read_image_pixel(single, limits, native_bytes=None)
        found = generate_frames(pixels.content, number_of_frames=frames)
        contents = [encapsulate([each]) for each in found]
    used = np.zeros(1 << 16, np.bool_)
    for content in contents:
        data = PixelData(
            memoryview(content),
            pixels.is_encapsulated,
            not file.is_little_endian,
            pixels.representation,
        )
        samples = read_samples(data, pixel, pixels.transfer_syntax, limits)
        used[samples.words] = True
    return samples.image_pixel, np.flatnonzero(used)
