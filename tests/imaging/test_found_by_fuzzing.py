"""Inputs that fuzzing (`make fuzz`) found, made anew by code."""

import struct

import imagecodecs
import numpy as np
import pytest

from hilum.errors import CorruptImageError, ImageTooLargeError, UnsupportedFormatError
from hilum.imaging import decode
from tests.imaging.dicom_files import EXPLICIT, SYNTAXES, write
from tests.imaging.picture_files import tiff
from tests.imaging.test_other_formats import HEIC
from tests.processor_time import processor_time_under


def _beyond_precision(film):
    """A lossless JPEG of 16 bits whose header claims 12 (ITU-T T.81 B.2.2)."""
    words = film.astype(np.uint16) * 257
    coded = imagecodecs.jpeg8_encode(words, lossless=True, predictor=1, bitspersample=16)
    at = coded.index(b"\xff\xc3") + 4
    assert coded[at] == 16
    return words, coded[:at] + b"\x0c" + coded[at + 1 :]


def test_values_beyond_a_jpegs_precision_are_corrupt(film):
    _, coded = _beyond_precision(film)
    with pytest.raises(CorruptImageError, match="JPEG"):
        decode(coded)


def test_values_beyond_a_jpegs_precision_are_corrupt_in_dicom(film):
    words, coded = _beyond_precision(film)
    syntax = SYNTAXES["JPEG lossless, predictor 1"]
    with pytest.raises(CorruptImageError, match="DICOM"):
        decode(write(words, syntax, bits_stored=12, frame=coded))


def test_a_heic_whose_crop_contradicts_its_size_is_corrupt():
    # The vertical offset of the clean aperture (ISO/IEC 14496-12 12.1.4), -16/2 as it is written.
    at = HEIC.index(b"clap") + 4 + 6 * 4
    assert struct.unpack_from(">i", HEIC, at) == (-16,)
    with pytest.raises(CorruptImageError, match="HEIC"):
        decode(HEIC[:at] + struct.pack(">i", -0x0B000010) + HEIC[at + 4 :])


@pytest.mark.parametrize("order", ["<", ">"])
def test_tiff_directories_of_very_many_entries_take_no_time(order):
    # A directory that follows itself.
    entries = 25_000
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    content = head + struct.pack(order + "H", entries) + struct.pack(order + "HHII", 256, 4, 1, 64)
    content += bytes(12 * (entries - 1)) + struct.pack(order + "I", 8)
    # 25,000 entries of sixteen directories took a second.
    with processor_time_under(0.2), pytest.raises(ImageTooLargeError, match="TIFF"):
        decode(content)


def test_the_brightest_pixel_of_floating_point_numbers_is_one(film):
    # In float32, 130.1 times one over 130.1 is 1.0000001.
    assert decode(tiff(film / 255 * 130.1)).pixels.max() == 1


def test_text_in_place_of_a_transfer_syntax_is_not_quoted(film):
    content = write(film, SYNTAXES["explicit little endian"], bits_stored=8)
    before = EXPLICIT.encode() + b"\0"
    named = content.replace(before, b" Lindqvist^Josephine\x1f".ljust(len(before)), 1)
    assert named != content
    with pytest.raises(UnsupportedFormatError, match="unknown") as refused:
        decode(named)
    assert "Lindqvist" not in str(refused.value)


def test_text_in_place_of_a_tiffs_bits_is_not_quoted(film):
    # Photometric interpretation 3, a palette, which is not there: a kind that is not read.
    with pytest.raises(CorruptImageError, match="TIFF") as refused:
        decode(tiff(film, photometric=3, t258=(2, b"Lindqvist^Josephine\x1f\0")))
    assert "Lindqvist" not in str(refused.value)
