"""DICOM films with any bytes in any element, and the words of their pixels."""

import copy
import struct
from collections.abc import Callable
from functools import cache

import imagecodecs
import numpy as np
import pydicom
from pydicom import Dataset
from pydicom.dataelem import RawDataElement
from pydicom.encaps import generate_frames
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element, write_file_meta_info
from pydicom.tag import Tag
from pydicom.uid import UID

from tests.imaging.dicom_files import BIG_ENDIAN, DEFLATED, EXPLICIT, IMPLICIT
from tests.pacs.films import film

Place = Callable[[str], bytes]
"""Writes the name of a person into a place of a film, and nowhere else."""

ROWS, COLUMNS = 64, 80
LONG = ("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV")


@cache
def _film() -> Dataset:
    return film(31, rows=ROWS, columns=COLUMNS)


def base(**elements: object) -> Dataset:
    """A film of which nothing is named so."""
    made = copy.deepcopy(_film())
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made


def written(dataset: Dataset, syntax: str = EXPLICIT) -> bytes:
    """A film as a file, with the bytes that were `put` in it."""
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    buffer = DicomBytesIO()
    if syntax in (BIG_ENDIAN, DEFLATED):
        pydicom.dcmwrite(buffer, dataset, enforce_file_format=True)
        return buffer.getvalue()
    buffer.write(bytes(128) + b"DICM")
    write_file_meta_info(buffer, dataset.file_meta)
    return buffer.getvalue() + _encoded(dataset, is_implicit=syntax == IMPLICIT)


def _encoded(dataset: Dataset, *, is_implicit: bool) -> bytes:
    """Encode a data set; pydicom would decode raw elements, and these are of no representation."""
    buffer = DicomBytesIO()
    buffer.is_implicit_VR, buffer.is_little_endian = is_implicit, True
    for tag in sorted(dataset.keys()):
        element = dataset.get_item(tag)
        if element.is_raw and is_implicit:
            buffer.write(implicit(tag, element.value))
        elif element.is_raw:
            buffer.write(explicit(tag, element.VR, element.value))
        elif element.VR == "SQ":
            items = b"".join(item(_encoded(each, is_implicit=is_implicit)) for each in element)
            buffer.write(implicit(tag, items) if is_implicit else explicit(tag, "SQ", items))
        else:
            write_data_element(buffer, element, "utf-8")
    return buffer.getvalue()


def put(dataset: Dataset, tag: int, representation: str, value: bytes) -> None:
    """Put bytes in an element, whether they are such a value or not."""
    made = RawDataElement(Tag(tag), representation, len(value), value, 0, False, True)
    dataset[Tag(tag)] = made


def explicit(tag: int, representation: str, value: bytes) -> bytes:
    """Encode an element in explicit little endian."""
    start = struct.pack("<HH2s", tag >> 16, tag & 0xFFFF, representation.encode())
    value += b" " * (len(value) % 2)
    if representation in LONG:
        return start + struct.pack("<HI", 0, len(value)) + value
    return start + struct.pack("<H", len(value)) + value


def implicit(tag: int, value: bytes) -> bytes:
    """Encode an element in implicit little endian."""
    value += b" " * (len(value) % 2)
    return struct.pack("<HHI", tag >> 16, tag & 0xFFFF, len(value)) + value


def item(content: bytes) -> bytes:
    """Encode an item of a sequence."""
    return struct.pack("<HHI", 0xFFFE, 0xE000, len(content)) + content


def words_of(dataset: Dataset) -> np.ndarray:
    """The words of a film of any syntax, decoded by other code than ours."""
    if not dataset["PixelData"].is_undefined_length:
        dtype = np.uint8 if dataset.BitsAllocated == 8 else np.uint16
        return np.frombuffer(dataset.PixelData, dtype)
    content = next(generate_frames(dataset.PixelData, number_of_frames=1))
    if content.startswith(b"\xff\x4f"):
        return imagecodecs.jpeg2k_decode(content)
    if b"\xff\xf7" in content[:64]:
        return imagecodecs.jpegls_decode(content)
    if content.startswith(b"\xff\xd8"):
        return imagecodecs.jpeg8_decode(content)
    # pydicom's own decoder clears bits beside the stored ones.
    _, start, end = struct.unpack_from("<3I", content)
    high, low = (
        np.frombuffer(imagecodecs.packbits_decode(each), np.uint8)[: dataset.Rows * dataset.Columns]
        for each in (content[start:end], content[end:])
    )
    return high * np.uint16(256) + low


def spelt_in_bit(words: np.ndarray, name: str, bit: int) -> np.ndarray:
    """Spell a name with one bit of each word."""
    bits = np.unpackbits(np.frombuffer(name.encode(), np.uint8))
    made = words.copy()
    made.ravel()[: bits.size] |= bits.astype(words.dtype) << words.dtype.type(bit)
    return made


def bare_words(dataset: Dataset) -> np.ndarray:
    """The words of a film of sixteen bits that is not compressed, by rows and columns."""
    return np.frombuffer(dataset.PixelData, "<u2").reshape(dataset.Rows, dataset.Columns)
