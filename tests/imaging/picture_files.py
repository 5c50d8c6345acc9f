"""PNGs and TIFFs of every depth and count of samples, written by hand from the standards."""

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[Any]

# Colour types of W3C PNG 11.2.1 by how many samples a pixel has.
_COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
_SAMPLE_FORMATS = {"u": 1, "i": 2, "f": 3}
_SHORT, _LONG = 3, 4


def png_of_16_bits(samples: NDArray[np.uint16]) -> bytes:
    """Write grey, grey and opacity, RGB, or RGB and opacity, as the last axis has it."""
    rows, columns = samples.shape[:2]
    colour_type = _COLOUR_TYPES[samples.size // (rows * columns)]

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    filtered = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 16, colour_type, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(filtered))
        + chunk(b"IEND", b"")
    )


def tiff(
    samples: Samples,
    *,
    photometric: int | None = None,
    orientation: int = 1,
    strips: list[bytes] | None = None,
    **tags: Any,
) -> bytes:
    """Write samples in one strip, little endian (TIFF 6.0), or strips that are given.

    `photometric` is 1, BlackIsZero, or 2, RGB, unless told otherwise. Keywords such as ``t259``
    set a tag to a number, a pair of type and numbers, or bytes.
    """
    rows, columns = samples.shape[:2]
    count = samples.size // (rows * columns)
    colours = 3 if count > 2 else 1
    data = strips if strips is not None else [samples.tobytes()]
    entries: dict[int, tuple[int, Any]] = {
        256: (_LONG, [columns]),
        257: (_LONG, [rows]),
        258: (_SHORT, [8 * samples.dtype.itemsize] * count),
        259: (_SHORT, [1]),
        262: (_SHORT, [photometric if photometric is not None else (2 if colours == 3 else 1)]),
        274: (_SHORT, [orientation]),
        277: (_SHORT, [count]),
        278: (_LONG, [-(-rows // len(data))]),
        279: (_LONG, [len(strip) for strip in data]),
        339: (_SHORT, [_SAMPLE_FORMATS[samples.dtype.kind]] * count),
    }
    if count > colours:
        entries[338] = (_SHORT, [2] * (count - colours))
    for name, given in tags.items():
        entries[int(name[1:])] = given if isinstance(given, tuple) else (_SHORT, [given])
    return _with_directory(entries, data)


def _with_directory(entries: dict[int, tuple[int, Any]], strips: list[bytes]) -> bytes:
    body, offsets = b"", []
    for strip in strips:
        offsets.append(8 + len(body))
        body += strip + b"\0" * (len(strip) % 2)
    entries[273] = (_LONG, offsets)
    directory = b""
    for tag, (kind, given) in sorted(entries.items()):
        letter = {_SHORT: "H", _LONG: "I"}.get(kind)
        packed = given if letter is None else struct.pack(f"<{len(given)}{letter}", *given)
        if len(packed) > 4:
            at, body = 8 + len(body), body + packed + b"\0" * (len(packed) % 2)
            packed = struct.pack("<I", at)
        directory += struct.pack("<HHI", tag, kind, len(given)) + packed.ljust(4, b"\0")
    start = 8 + len(body)
    head = b"II*\0" + struct.pack("<I", start)
    return head + body + struct.pack("<H", len(entries)) + directory + bytes(4)
