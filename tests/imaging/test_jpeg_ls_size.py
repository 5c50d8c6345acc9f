"""JPEG-LS whose size stands in another segment than the frame's header, where no limit sees it.

CharLS 2.4.3 reads such a size of up to 2^32 (T.87 C.2.4.1.4; GHSA-mqrg-gfc8-73ff).
"""

import struct
import tracemalloc

import imagecodecs
import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGLSLossless

from hilum.deidentification.deidentify import deidentify
from hilum.deidentification.profile import Profile
from hilum.errors import ImageError
from hilum.imaging import decode
from tests.pacs.films import as_file, film

SIDE = 6000
FRAME_HEADER = b"\xff\xf7"


def _frame(rows: int, columns: int) -> bytes:
    """A picture of 6000 x 6000 whose header says another size, and an LSE segment the true one."""
    frame = imagecodecs.jpegls_encode(np.zeros((SIDE, SIDE), np.uint16))
    at = frame.index(FRAME_HEADER)
    end = at + 2 + struct.unpack_from(">H", frame, at + 2)[0]
    header = frame[at : at + 5] + struct.pack(">HH", rows, columns) + frame[at + 9 : end]
    size = b"\xff\xf8\x00\x0c\x04\x04" + struct.pack(">II", SIDE, SIDE)
    return frame[:at] + header + size + frame[end:]


def _film(frame: bytes) -> bytes:
    made = film(TransferSyntaxUID=JPEGLSLossless)
    made.PixelData = encapsulate([frame])
    made["PixelData"].is_undefined_length = True
    return as_file(made)


def test_the_decoder_takes_the_size_of_the_segment():
    # Else the test below tests nothing.
    assert imagecodecs.jpegls_decode(_frame(0, 0)).shape == (SIDE, SIDE)


@pytest.mark.parametrize("size", [(0, 0), (250, 0), (0, 200), (250, 200)])
@pytest.mark.parametrize(
    ("read", "is_film"),
    [(decode, False), (decode, True), (lambda content: deidentify(content, Profile()), True)],
    ids=["picture", "DICOM", "de-identification"],
)
def test_it_is_refused_before_memory_is_taken_for_it(read, is_film, size):
    content = _film(_frame(*size)) if is_film else _frame(*size)
    tracemalloc.start()
    try:
        with pytest.raises(ImageError):
            read(content)
        # The picture has 72 MB; NumPy's memory is traced.
        assert tracemalloc.get_traced_memory()[1] < 2**23
    finally:
        tracemalloc.stop()
