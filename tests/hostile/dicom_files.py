"""DICOM files that cost much more to read than to send."""

import struct
import zlib
from collections.abc import Iterator

import numpy as np

from tests.hostile.codestreams import jpeg_2000, progressive_jpeg

EXPLICIT = "1.2.840.10008.1.2.1"
IMPLICIT = "1.2.840.10008.1.2"
_DEFLATED = "1.2.840.10008.1.2.1.99"
_BIG_ENDIAN = "1.2.840.10008.1.2.2"
_JPEG, _JPEG_2000 = "1.2.840.10008.1.2.4.55", "1.2.840.10008.1.2.4.90"
_UNDEFINED = 0xFFFFFFFF
_LONG = ("OB", "OW", "SQ", "UN", "UT")
SOURCES = 0x0008_2112
_STEPS = 0x0040_0260
_MANY = 30_000
_END_OF_ITEM = struct.pack("<HHI", 0xFFFE, 0xE00D, 0)
_END_OF_SEQUENCE = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)


def element(
    tag: int, representation: str, content: bytes, order: str = "<", length: int | None = None
) -> bytes:
    """Write an element of a data set; implicit where it has no representation (PS3.5 7.1)."""
    size = len(content) if length is None else length
    head = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
    if not representation:
        return head + struct.pack(order + "I", size) + content
    if representation in _LONG:
        return head + struct.pack(order + "2sHI", representation.encode(), 0, size) + content
    return head + struct.pack(order + "2sH", representation.encode(), size) + content


def item(content: bytes = b"", order: str = "<", length: int | None = None) -> bytes:
    """Write an item of a sequence."""
    size = len(content) if length is None else length
    return struct.pack(order + "HHI", 0xFFFE, 0xE000, size) + content


def film(
    header: bytes = b"",
    syntax: str = EXPLICIT,
    pixels: bytes | None = None,
    *,
    side: int = 64,
    order: str = "<",
    meta: bytes = b"",
    before: bytes = b"",
    photometric: bytes = b"MONOCHROME2 ",
) -> bytes:
    """Write a film of 8 bits, with a header of one's own between identifiers and picture."""

    def put(tag: int, representation: str, content: bytes) -> bytes:
        return element(tag, "" if syntax == IMPLICIT else representation, content, order)

    def put_number(tag: int, value: int) -> bytes:
        return put(tag, "US", struct.pack(order + "H", value))

    kind = b"1.2.840.10008.5.1.4.1.1.1\0"
    dataset = before + put(0x0008_0016, "UI", kind) + put(0x0008_0018, "UI", b"1.2.3.4.5\0")
    dataset += header + put_number(0x0028_0002, 1) + put(0x0028_0004, "CS", photometric)
    dataset += put_number(0x0028_0010, side) + put_number(0x0028_0011, side)
    dataset += put_number(0x0028_0100, 8) + put_number(0x0028_0101, 8)
    dataset += put_number(0x0028_0102, 7) + put_number(0x0028_0103, 0)
    if pixels is None:
        ramp = np.arange(side * side) % 251
        dataset += put(0x7FE0_0010, "OW", ramp.astype(np.uint8).tobytes())
    else:
        dataset += element(0x7FE0_0010, "OB", pixels, order, _UNDEFINED)
    if syntax == _DEFLATED:
        packer = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
        dataset = packer.compress(dataset) + packer.flush()
    named = element(0x0002_0002, "UI", kind) + meta
    named += element(0x0002_0010, "UI", (syntax + "\0" * (len(syntax) % 2)).encode())
    return bytes(128) + b"DICM" + named + dataset


def encapsulated(*parts: bytes, table: bytes = b"") -> bytes:
    """Write encapsulated pixels (PS3.5 A.4)."""
    return item(table) + b"".join(map(item, parts)) + _END_OF_SEQUENCE


def nested(depth: int, representation: str = "SQ", *, is_undefined: bool = True) -> bytes:
    """Write a sequence in a sequence in a sequence."""
    if not is_undefined:
        content = b""
        for _ in range(depth):
            content = element(_STEPS, representation, item(content))
        return content
    begin = element(_STEPS, representation, b"", length=_UNDEFINED) + item(length=_UNDEFINED)
    return begin * depth + (_END_OF_ITEM + _END_OF_SEQUENCE) * depth


def dicom_files() -> Iterator[tuple[str, bytes]]:
    """Headers and pixels."""
    yield from _items()
    yield from _elements()
    yield from _pixels()


def _items() -> Iterator[tuple[str, bytes]]:
    many = item() * _MANY
    for name, syntax, representation, order in (
        ("explicit", EXPLICIT, "SQ", "<"),
        ("implicit", IMPLICIT, "", "<"),
        ("deflated", _DEFLATED, "SQ", "<"),
        ("big_endian", _BIG_ENDIAN, "SQ", ">"),
        ("unknown", EXPLICIT, "UN", "<"),
    ):
        sources = element(SOURCES, representation, item(order=order) * _MANY, order)
        yield f"items_{name}.dcm", film(sources, syntax, order=order)
    undefined = many + _END_OF_SEQUENCE
    yield "items_undefined.dcm", film(element(SOURCES, "SQ", undefined, length=_UNDEFINED))
    creator = element(0x0009_0010, "LO", b"SOMEONE ")
    private = element(0x0009_1001, "UN", undefined, length=_UNDEFINED)
    yield "items_private.dcm", film(creator + private)
    yield "items_in_an_item.dcm", film(element(SOURCES, "SQ", item(element(_STEPS, "SQ", many))))
    # pydicom takes whatever begins where an item should for one.
    other = struct.pack("<HHI", 0x0008, 0x0001, 0) * _MANY
    yield "items_of_another_name.dcm", film(element(SOURCES, "SQ", other))
    yield "depth_known.dcm", film(nested(60, is_undefined=False))
    yield "depth_undefined.dcm", film(nested(60))
    yield "depth_unknown.dcm", film(nested(60, "UN"))
    yield "depth_thousands.dcm", film(nested(20_000))


def _elements() -> Iterator[tuple[str, bytes]]:
    numbers = range(0x1000, 0x1000 + _MANY)
    explicit = b"".join(element(0x0009_0000 + n, "US", b"\0\0") for n in numbers)
    yield "elements.dcm", film(explicit)
    implicit = b"".join(element(0x0009_0000 + n, "", b"") for n in numbers)
    yield "elements_implicit.dcm", film(implicit, IMPLICIT)
    yield "elements_repeated.dcm", film(element(0x0008_0005, "CS", b"") * 5 * _MANY)
    yield "elements_of_meta.dcm", film(meta=element(0x0002_0016, "AE", b"") * 20 * _MANY)
    spacing = b"\\".join([b"1.5"] * 600_001)
    yield "values.dcm", film(element(0x0018_1164, "", spacing + b" "), IMPLICIT)
    pointers = b"\x08\0\x08\0" * 600_000
    yield "values_of_pointers.dcm", film(element(0x0028_0009, "", pointers), IMPLICIT)
    centres, widths = b"\\".join([b"9000"] * 20_001), b"\\".join([b"2"] * 20_002)
    windows = element(0x0028_1050, "", centres) + element(0x0028_1051, "", widths + b" ")
    yield "windows.dcm", film(windows, IMPLICIT)
    sets = b"\\".join([b"ISO_IR 99"] * 6_000)
    yield "character_sets.dcm", film(before=element(0x0008_0005, "CS", sets))
    yield "inflated.dcm", film(element(0x0009_1010, "OB", bytes(70_000_000)), _DEFLATED)


def _with_palette(segments: bytes) -> bytes:
    """Write a film in colours of a palette in segments, after one of a single entry."""
    entries = struct.pack("<3H", 0, 1, 7) + segments
    header = b"".join(
        element(0x0028_1101 + n, "US", struct.pack("<3H", 256, 0, 16)) for n in range(3)
    )
    header += b"".join(element(0x0028_1221 + n, "OW", entries) for n in range(3))
    return film(header, photometric=b"PALETTE COLOR ")


def _pixels() -> Iterator[tuple[str, bytes]]:
    yield "fragments.dcm", film(b"", _JPEG, item() * 20 * _MANY)
    offsets = np.arange(20 * _MANY, dtype="<u4").tobytes()
    yield "offsets.dcm", film(b"", _JPEG, encapsulated(b"\xff\xd8\xff\xd9", table=offsets))
    frames = element(0x0028_0008, "IS", b"2000000000")
    yield "frames.dcm", film(frames, _JPEG, encapsulated(progressive_jpeg(1024, 1)))
    yield "palette.dcm", _with_palette(struct.pack("<3H", 1, 0xFFFF, 9) * 10_000)
    # Each repeats all before it.
    repeated = b"".join(struct.pack("<4H", 2, n, 0, 0) for n in range(1, 30))
    yield "palette_of_repeats.dcm", _with_palette(repeated)
    scans = encapsulated(progressive_jpeg(4000, 883))
    yield "scans.dcm", film(b"", _JPEG, scans, side=4000)
    tile = encapsulated(jpeg_2000(8000, tile=200))
    yield "one_tile.dcm", film(b"", _JPEG_2000, tile, side=8000)
