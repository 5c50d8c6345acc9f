"""Frames hold no more of a picture than the data set says: what a viewer does not show goes."""

import io
import struct
from functools import cache

import cv2
import imagecodecs
import numpy as np
import pydicom
import pytest

from hilum.deidentification.deidentify import deidentify
from hilum.deidentification.profile import Profile
from hilum.deidentification.removal import Removal
from hilum.errors import CorruptImageError
from hilum.imaging import decode
from hilum.imaging.phantom import draw_phantom
from tests.imaging.dicom_files import EXPLICIT, SYNTAXES, write

ROWS, COLUMNS = 104, 96


_phantom = cache(draw_phantom)


def _greys(bits: int) -> np.ndarray:
    greys = _phantom(ROWS, COLUMNS, seed=5) * ((1 << bits) - 1)
    return greys.astype(np.uint8 if bits == 8 else np.uint16)


@pytest.mark.parametrize("name", [name for name, known in SYNTAXES.items() if known.encode])
def test_a_frame_that_is_larger_than_the_picture_is_refused(name):
    syntax = SYNTAXES[name]
    bits = min(12, syntax.most_bits)
    whole = _greys(bits)
    frame = syntax.encode(whole, bits)
    content = write(whole[:-8], syntax, bits_stored=bits, frame=frame)
    with pytest.raises(CorruptImageError):
        deidentify(content, Profile())


def _cut(name: str, rows: int, columns: int) -> tuple[bytes, np.ndarray]:
    """A film cut without decoding it, with a name at the lower right, and the pixels that show."""
    syntax = SYNTAXES[name]
    bits = syntax.most_bits
    whole, drawn = _greys(bits), np.zeros((ROWS, COLUMNS), np.uint8)
    cv2.putText(drawn, "ZQXNAME", (30, ROWS - 1), cv2.FONT_HERSHEY_PLAIN, 0.6, 255)
    whole[drawn > 0] = (1 << bits) - 1
    coded = syntax.encode(whole, bits)
    size = struct.pack(">HH", ROWS, COLUMNS)
    assert coded.count(size) == 1
    frame = coded.replace(size, struct.pack(">HH", rows, columns))
    shown = imagecodecs.jpeg8_decode(coded)[:rows, :columns]
    return write(shown, syntax, bits_stored=bits, frame=frame), shown


@pytest.mark.parametrize("name", ["JPEG baseline", "JPEG extended, 12 bits"])
@pytest.mark.parametrize(("rows", "columns"), [(97, 96), (97, 95), (104, 89)])
def test_pixels_past_the_edge_of_a_jpeg_go_and_the_others_stay(name, rows, columns):
    content, shown = _cut(name, rows, columns)
    done = deidentify(content, Profile())
    assert done.removals == {Removal.PAST_EDGE}
    made = pydicom.dcmread(io.BytesIO(done.content))
    assert made.file_meta.TransferSyntaxUID == EXPLICIT
    np.testing.assert_array_equal(made.pixel_array, shown)


@pytest.mark.parametrize(
    ("subsampling", "whole"), [("444", (64, 72)), ("420", (64, 80)), ("422", (72, 80))]
)
@pytest.mark.parametrize("beside", [0, 8])
def test_a_jpeg_in_colour_is_decompressed_where_its_blocks_go_past_the_edge(
    subsampling, whole, beside
):
    is_past = bool(beside) and subsampling != "444"
    grey = _greys(8)[: whole[0], : whole[1] - beside]
    colours = np.dstack([grey, grey // 2, 255 - grey])
    frame = imagecodecs.jpeg8_encode(colours, 92, subsampling=subsampling)
    content = write(
        colours,
        SYNTAXES["JPEG baseline"],
        bits_stored=8,
        frame=frame,
        PhotometricInterpretation="YBR_FULL_422",
    )
    done = deidentify(content, Profile())
    assert done.removals == ({Removal.PAST_EDGE} if is_past else set())
    made = pydicom.dcmread(io.BytesIO(done.content))
    assert made.file_meta.TransferSyntaxUID.is_encapsulated != is_past
    assert (decode(done.content).pixels == decode(content).pixels).all()


@pytest.mark.parametrize("quality", [75, 95])
def test_an_edge_that_an_encoder_repeats_is_nothing_hidden(quality):
    greys = _greys(8)[:-3, :-5]
    noise = np.random.default_rng(3).normal(0, 2, greys.shape)
    greys = np.clip(greys + noise, 0, 255).astype(np.uint8)
    content = write(
        greys,
        SYNTAXES["JPEG baseline"],
        bits_stored=8,
        frame=imagecodecs.jpeg8_encode(greys, quality),
    )
    assert not deidentify(content, Profile()).removals
