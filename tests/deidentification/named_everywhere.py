"""DICOM films with a name in every place that a file has.

`PLACES` maps the name of a place to a function that takes the name of a person and returns the
bytes of a film that has it there, and nowhere else. `forms` tells how it may be written.
"""

import itertools

import numpy as np

from tests.deidentification.named_elements import ELEMENT_PLACES
from tests.deidentification.named_frames import FRAME_PLACES
from tests.deidentification.named_pixels import PIXEL_PLACES
from tests.deidentification.raw_films import Place

NAME = "ZQXNAME^MADEUP"

PLACES: dict[str, Place] = ELEMENT_PLACES | PIXEL_PLACES | FRAME_PLACES
REFUSED = frozenset(
    {
        *(each for each in PLACES if each.startswith("between segments")),
        "a table of colours in JPEG-LS",
        "after RLE",
        "after the style of HTJ2K lossless",
        "the quantisation of a component that HTJ2K lossless has not",
        "after the last value of JPEG baseline",
        "after the last value of JPEG lossless, predictor 1",
        "after the last value of JPEG-LS lossless",
    }
)
"""Places where a name makes the film one that cannot be decoded."""


_NUMBERS = ("<f4", "<f8", ">f4", ">f8", "<u8", ">u8", ">u4")


def forms(name: str) -> tuple[bytes, ...]:
    """Ways to write a name, and the longest part of it that fits in sixteen bytes."""
    start = name[:7]
    swapped = np.frombuffer(name[: len(name) // 2 * 2].encode(), "<u2").byteswap().tobytes()
    return (
        *(start.encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le")),
        start.lower().encode(),
        swapped,
        *(np.frombuffer(start.encode(), np.uint8).astype(dtype).tobytes() for dtype in _NUMBERS),
        start[:5].encode() + b"\0\0\0" + name[5:10].encode(),
    )


def is_named(content: bytes, name: str) -> bool:
    """Whether the bytes have the name, as text or in single bits of words."""
    return any(form in content for form in forms(name))


def is_named_in_bits(words: np.ndarray, name: str) -> bool:
    """Whether one bit of each word, one after the other, spells the name."""
    flat = words.ravel()
    planes = (flat >> bit & 1 for bit in range(8 * flat.dtype.itemsize))
    orders = itertools.product(planes, ("big", "little"))
    return any(is_named(np.packbits(plane, bitorder=order).tobytes(), name)
               for plane, order in orders)  # fmt: skip
