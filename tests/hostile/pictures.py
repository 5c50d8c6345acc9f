"""Pictures of other formats that cost much more to read than to send."""

import io
import struct
import zlib
from collections.abc import Iterator, Sequence

import imagecodecs
import numpy as np
from PIL import Image

from tests.hostile.codestreams import jpeg_2000, progressive_jpeg

_SHORT, _LONG = 3, 4
_WIDTH, _LENGTH, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_STRIPS, _STRIP_ROWS, _STRIP_BYTES = 273, 278, 279
_TILE_WIDTH, _TILE_LENGTH, _TILES, _TILE_BYTES, _FORMAT = 322, 323, 324, 325, 339
_RESOURCE = b"8BIM" + struct.pack(">HBBI", 0x0404, 0, 0, 0)
_FAX, _JPEG, _DEFLATE, _FLOAT = 3, 7, 8, 3


def pictures() -> Iterator[tuple[str, bytes]]:
    """JPEG, JPEG 2000, PNG, TIFF and others."""
    yield from _jpegs()
    yield from _jpegs_2000()
    yield from _pngs()
    yield from _tiffs()
    yield from _others()


def _jpegs() -> Iterator[tuple[str, bytes]]:
    yield "scans.jpg", progressive_jpeg(4000, 883)
    yield "segments.jpg", b"\xff\xd8" + b"\xff\xfe\0\2" * 2_000_000 + b"\xff\xd9"
    yield "fill_bytes.jpg", b"\xff\xd8" + b"\xff" * 8_000_000 + b"\xff\xd9"
    yield "stray_bytes.jpg", b"\xff\xd8" + b"\xff\0" * 4_000_000 + b"\xff\xd9"
    # A row of 0xFF that ends in no marker, in the data of a lossless frame.
    lossless = imagecodecs.jpeg8_encode(np.zeros((64, 64), np.uint8), lossless=True, predictor=1)
    yield "fill_in_scan.jpg", lossless[:-2] + b"\xff" * 200_000 + b"\0" + lossless[-2:]

    # Pillow joins the segments of Exif, and goes through the resources.
    exif, resources = b"Exif\0\0" + bytes(65_000), b"Photoshop 3.0\0" + _RESOURCE * 5_400
    yield "exif.jpg", with_segments(progressive_jpeg(1024, 1), 0xE1, [exif] * 200)
    yield "photoshop.jpg", with_segments(progressive_jpeg(1024, 1), 0xED, [resources] * 200)


def with_segments(jpeg: bytes, code: int, bodies: Sequence[bytes], at: int = 2) -> bytes:
    """Put segments into a JPEG, at its start or before another segment."""
    added = [struct.pack(">BBH", 0xFF, code, len(body) + 2) + body for body in bodies]
    return b"".join([jpeg[:at], *added, jpeg[at:]])


def _jpegs_2000() -> Iterator[tuple[str, bytes]]:
    yield "tiles.j2k", jpeg_2000(8000, tile=2)
    yield "one_tile.j2k", jpeg_2000(8000, tile=200)
    yield "colours.j2k", jpeg_2000(8000, components=3)
    yield "components.j2k", jpeg_2000(200, components=16_000)
    yield "code_blocks.j2k", jpeg_2000(8000, block=4)
    yield "precincts.j2k", jpeg_2000(8000, precinct=1)
    yield "layers.j2k", jpeg_2000(2000, precinct=6, layers=65_535)
    yield "segments.j2k", jpeg_2000(200, comments=1_000_000)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(extra: bytes = b"", *, side: int = 64, bits: int = 8, kind: int = 0) -> bytes:
    channels = {0: 1, 6: 4}[kind]
    header = struct.pack(">IIBBBBB", side, side, bits, kind, 0, 0, 0)
    # Not those of a large picture, which is refused before they are looked at.
    rows = min(side, 64)
    pixels = zlib.compress(bytes(rows * (1 + rows * channels * bits // 8)), 1)
    body = _chunk(b"IHDR", header) + extra + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _pngs() -> Iterator[tuple[str, bytes]]:
    bomb = zlib.compress(bytes(20_000_000), 1)
    yield "text.png", _png(_chunk(b"zTXt", b"a\0\0" + bomb))
    yield "international_text.png", _png(_chunk(b"iTXt", b"a\0\1\0\0\0" + bomb))
    yield "profile.png", _png(_chunk(b"iCCP", b"a\0\0" + bomb))
    profile = _chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(1_000_000), 1))
    yield "profiles.png", _png(profile * 2_000)
    yield "chunks.png", _png(_chunk(b"abCd", b"") * 400_000)
    yield "samples.png", _png(side=4100, bits=16, kind=6)


def _tiff(entries: dict[int, tuple[int, int, int]], content: bytes = b"") -> bytes:
    """Write a TIFF: what its entries lie at, if not in them, is `content`, from byte 8 on."""
    directory = struct.pack("<H", len(entries)) + b"".join(
        struct.pack("<HHII", tag, *entry) for tag, entry in sorted(entries.items())
    )
    return b"II*\0" + struct.pack("<I", 8 + len(content)) + content + directory + bytes(4)


def _plain(side: int, compression: int = 1, bits: int = 8) -> dict[int, tuple[int, int, int]]:
    values = {_WIDTH: side, _LENGTH: side, _BITS: bits, _COMPRESSION: compression, _PHOTOMETRIC: 1}
    return {tag: (_LONG, 1, value) for tag, value in values.items()}


def _tiffs() -> Iterator[tuple[str, bytes]]:
    noise = np.random.default_rng(5).bytes(60_000)
    strip = {
        _STRIPS: (_LONG, 1, 8),
        _STRIP_ROWS: (_LONG, 1, 4000),
        _STRIP_BYTES: (_LONG, 1, 60_000),
    }
    yield "fax.tif", _tiff(_plain(4000, _FAX, 1) | strip, noise)
    yield "entries.tif", _tiff(_plain(64) | dict.fromkeys(range(400, 60000), (_SHORT, 1, 0)))
    count = 4000
    table = struct.pack(f"<{count}I", *[8] * count) + struct.pack(f"<{count}I", *[30_000] * count)
    shared = {
        _STRIPS: (_LONG, count, 8),
        _STRIP_ROWS: (_LONG, 1, 1),
        _STRIP_BYTES: (_LONG, count, 8 + 4 * count),
    }
    yield "shared_strips.tif", _tiff(_plain(count, _DEFLATE) | shared, table)
    small = {_TILE_WIDTH: (_LONG, 1, 16), _TILE_LENGTH: (_LONG, 1, 16)}
    many = {_TILES: (_LONG, 200_000, 8), _TILE_BYTES: (_LONG, 200_000, 8)}
    yield "tiles.tif", _tiff(_plain(8000, _DEFLATE) | small | many, bytes(800_000))
    large = {_TILE_WIDTH: (_LONG, 1, 60_000), _TILE_LENGTH: (_LONG, 1, 60_000)}
    one = {_TILES: (_LONG, 1, 8), _TILE_BYTES: (_LONG, 1, 100)}
    yield "large_tile.tif", _tiff(_plain(640, _DEFLATE) | large | one, bytes(100))
    # Each within the limits of a JPEG, but not all of them together.
    tile = progressive_jpeg(1024, 90)
    tiles = [8 + len(tile) * at for at in range(16)]
    table = struct.pack("<16I", *tiles) + struct.pack("<16I", *[len(tile)] * 16)
    at = 8 + len(tile) * 16
    scanned = {
        _TILE_WIDTH: (_LONG, 1, 1024),
        _TILE_LENGTH: (_LONG, 1, 1024),
        _TILES: (_LONG, 16, at),
        _TILE_BYTES: (_LONG, 16, at + 4 * 16),
    }
    yield "jpeg_tiles.tif", _tiff(_plain(4096, _JPEG) | scanned, tile * 16 + table)
    packed = zlib.compress(bytes(64), 1)
    floats = {
        _STRIPS: (_LONG, 1, 8),
        _STRIP_BYTES: (_LONG, 1, len(packed)),
        _FORMAT: (_SHORT, 1, _FLOAT),
    }
    yield "floats.tif", _tiff(_plain(5000, _DEFLATE, 64) | floats, packed)
    entries = struct.pack("<QQ", 16, 1 << 40) + bytes(20) * 400_000
    yield "entries_without_end.tif", b"II+\0\x08\0\0\0" + entries


def _others() -> Iterator[tuple[str, bytes]]:
    yield "samples.jxl", imagecodecs.jpegxl_encode(np.zeros((4800, 4800), np.uint8), effort=1)
    buffer = io.BytesIO()
    first, second = (Image.new("RGB", (64, 64), colour) for colour in ("black", "white"))
    first.save(buffer, "WEBP", save_all=True, append_images=[second])
    canvas = bytearray(buffer.getvalue())
    for at in (24, 27):
        canvas[at : at + 3] = (5000 - 1).to_bytes(3, "little")
    yield "animation.webp", bytes(canvas)
    head = struct.pack("<IiiHHIIiiII", 40, 64, 64, 1, 8, 1, 0, 0, 0, 256, 0)
    runs = struct.pack("<IHHI", 0, 0, 0, 54 + 1024) + head + bytes(1024) + b"\0\0" * 4_000_000
    yield "runs.bmp", b"BM" + runs
