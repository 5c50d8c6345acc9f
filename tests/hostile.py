"""Files that cost much more to read than to send, each of one kind, built by code.

`hostile_files()` has all of them: the acceptance test sends them over HTTP as well.
"""

import io
import struct
import zlib
from collections.abc import Callable, Iterator

import imagecodecs
import numpy as np
from PIL import Image

_IMPLICIT = "1.2.840.10008.1.2"
_EXPLICIT = "1.2.840.10008.1.2.1"
_DEFLATED = "1.2.840.10008.1.2.1.99"
_BIG_ENDIAN = "1.2.840.10008.1.2.2"
_JPEG, _JPEG_2000, _RLE = (f"{_IMPLICIT}.{end}" for end in ("4.50", "4.90", "5"))
_UNDEFINED = 0xFFFFFFFF
_LONG = ("OB", "OW", "SQ", "UN", "UT")
_SOURCES = 0x0008_2112
_STEPS = 0x0040_0260


def hostile_files() -> dict[str, bytes]:
    """All of them, by what is wrong with each; a name ends as a file of its format does."""
    return dict([*_dicom_headers(), *_dicom_pixels(), *_jpegs(), *_tiffs(), *_others()])


def element(
    tag: int, representation: str, content: bytes, order: str = "<", length: int | None = None
) -> bytes:
    """An element of a data set; implicit where it has no representation (PS3.5 7.1)."""
    size = len(content) if length is None else length
    head = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
    if not representation:
        return head + struct.pack(order + "I", size) + content
    if representation in _LONG:
        return head + struct.pack(order + "2sHI", representation.encode(), 0, size) + content
    return head + struct.pack(order + "2sH", representation.encode(), size) + content


def item(content: bytes = b"", order: str = "<", length: int | None = None) -> bytes:
    """An item of a sequence."""
    size = len(content) if length is None else length
    return struct.pack(order + "HHI", 0xFFFE, 0xE000, size) + content


def dicom(
    header: bytes,
    syntax: str = _EXPLICIT,
    pixels: bytes | None = None,
    *,
    side: int = 64,
    order: str = "<",
    meta: bytes = b"",
    before: bytes = b"",
) -> bytes:
    """A film of 8 bits with a header of one's own between its identifiers and its picture."""
    implicit = syntax == _IMPLICIT

    def put(tag: int, representation: str, content: bytes) -> bytes:
        return element(tag, "" if implicit else representation, content, order)

    numbers = {0x2: 1, 0x10: side, 0x11: side, 0x100: 8, 0x101: 8, 0x102: 7, 0x103: 0}
    picture = [(0x0028_0000 + at, struct.pack(order + "H", value)) for at, value in numbers.items()]
    image = b"".join(put(tag, "US", value) for tag, value in picture if tag <= 0x0028_0002)
    image += put(0x0028_0004, "CS", b"MONOCHROME2 ")
    image += b"".join(put(tag, "US", value) for tag, value in picture if tag > 0x0028_0002)
    if pixels is None:
        ramp = np.arange(side * side, dtype=np.uint32) % 251
        image += put(0x7FE0_0010, "OW", ramp.astype(np.uint8).tobytes())
    else:
        image += element(0x7FE0_0010, "OB", pixels, order, _UNDEFINED)
    kind = b"1.2.840.10008.5.1.4.1.1.1\0"
    dataset = before + put(0x0008_0016, "UI", kind) + put(0x0008_0018, "UI", b"1.2.3.4\0")
    dataset += header + image
    if syntax == _DEFLATED:
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        dataset = packer.compress(dataset) + packer.flush()
    named = element(0x0002_0002, "UI", kind) + meta
    named += element(0x0002_0010, "UI", (syntax + "\0" * (len(syntax) % 2)).encode())
    return bytes(128) + b"DICM" + named + dataset


def fragments(*parts: bytes) -> bytes:
    """Encapsulated pixels (PS3.5 A.4)."""
    end = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    return item() + b"".join(map(item, parts)) + end


def _nested(depth: int, representation: str = "SQ", *, is_undefined: bool = True) -> bytes:
    content = b""
    for _ in range(depth):
        if is_undefined:
            inner = item(content + struct.pack("<HHI", 0xFFFE, 0xE00D, 0), length=_UNDEFINED)
            inner += struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
            content = element(_STEPS, representation, inner, length=_UNDEFINED)
        else:
            content = element(_STEPS, representation, item(content))
    return content


def _dicom_headers() -> Iterator[tuple[str, bytes]]:
    many = item() * 200_000
    for name, syntax, representation, order in (
        ("explicit", _EXPLICIT, "SQ", "<"),
        ("implicit", _IMPLICIT, "", "<"),
        ("deflated", _DEFLATED, "SQ", "<"),
        ("big_endian", _BIG_ENDIAN, "SQ", ">"),
        ("unknown", _EXPLICIT, "UN", "<"),
    ):
        content = item(order=order) * 200_000
        yield (
            f"items_{name}.dcm",
            dicom(element(_SOURCES, representation, content, order), syntax, order=order),
        )
    end = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    yield "items_undefined.dcm", dicom(element(_SOURCES, "SQ", many + end, length=_UNDEFINED))
    private = element(0x0009_0010, "LO", b"SOMEONE ")
    yield (
        "items_private.dcm",
        dicom(private + element(0x0009_1001, "UN", many + end, length=_UNDEFINED)),
    )
    inner = element(_STEPS, "SQ", many)
    yield "items_in_an_item.dcm", dicom(element(_SOURCES, "SQ", item(inner)))
    # Items that are called something else; pydicom takes them for items.
    other = struct.pack("<HHI", 0x0008, 0x0001, 0) * 200_000
    yield "items_of_another_name.dcm", dicom(element(_SOURCES, "SQ", other))
    yield "depth_known.dcm", dicom(_nested(60, is_undefined=False))
    yield "depth_undefined.dcm", dicom(_nested(100))
    yield "depth_thousands.dcm", dicom(_nested(20_000))
    yield "depth_unknown.dcm", dicom(_nested(100, "UN"))
    known = b"".join(element(0x0009_0000 + n, "US", b"\0\0") for n in range(0x10, 0xFFF0))
    yield "elements.dcm", dicom(known)
    implicit = b"".join(element(0x0009_0000 + n, "", b"") for n in range(0x10, 0xFFF0))
    yield "elements_implicit.dcm", dicom(implicit, _IMPLICIT)
    empty = element(0x0008_0005, "CS", b"") * 500_000
    yield "elements_repeated.dcm", dicom(empty)
    yield "meta.dcm", dicom(b"", meta=element(0x0002_0016, "AE", b"") * 500_000)
    numbers = b"\\".join([b"1"] * 1_000_000) + b" "
    yield "values.dcm", dicom(element(0x0018_1164, "", numbers), _IMPLICIT)
    names = b"\\".join([b"ISO_IR 99"] * 6_000) + b" "
    yield "character_sets.dcm", dicom(b"", before=element(0x0008_0005, "CS", names))
    yield "deflated_bomb.dcm", dicom(element(0x0009_1010, "OB", bytes(400_000_000)), _DEFLATED)


def _dicom_pixels() -> Iterator[tuple[str, bytes]]:
    yield "fragments.dcm", dicom(b"", _JPEG, fragments() + item() * 1_000_000)
    table = item(np.arange(1_000_000, dtype="<u4").tobytes())
    yield "offsets.dcm", dicom(b"", _JPEG, table + fragments(b"\xff\xd8\xff\xd9"))
    frames = element(0x0028_0008, "IS", b"2000000000")
    yield "frames.dcm", dicom(frames, _JPEG, fragments(_progressive(64, 3)))
    yield "scans.dcm", dicom(b"", _JPEG, fragments(_progressive(4000, 400)), side=4000)


def _others() -> Iterator[tuple[str, bytes]]:
    yield from ()


def _jpegs() -> Iterator[tuple[str, bytes]]:
    yield "scans.jpg", _progressive(8000, 900)


def _tiffs() -> Iterator[tuple[str, bytes]]:
    yield from ()


def _progressive(side: int, scans: int) -> bytes:
    """A JPEG whose scans each refine all blocks by nothing."""
    tables = b"\xff\xdb\0\x43\0" + b"\1" * 64
    frame = b"\xff\xc2\0\x0b\x08" + struct.pack(">HH", side, side) + b"\1\1\x11\0"
    # One code, of one bit: no difference.
    codes = b"\xff\xc4\0\x14\0" + b"\1" + bytes(15) + b"\0"
    codes += b"\xff\xc4\0\x14\x10" + b"\1" + bytes(15) + b"\0"
    blocks = (-(-side // 8)) ** 2
    first = b"\xff\xda\0\x08\1\1\0\0\0\1" + bytes(-(-blocks // 8))
    # An end of band for 32,767 blocks at a time would be smaller still; a bit a block is enough.
    more = b"\xff\xda\0\x08\1\1\0\0\0\x10" + bytes(-(-blocks // 8))
    return b"\xff\xd8" + tables + frame + codes + first + more * (scans - 1) + b"\xff\xd9"
