"""Compressed frames, as places of a name."""

import io
import struct
from collections.abc import Callable, Iterator

import imagecodecs
import numpy as np
from PIL import Image
from pydicom.encaps import encapsulate

from tests.deidentification.raw_films import Place, bare_words, base, item, spelt_in_bit, written
from tests.imaging.dicom_files import SYNTAXES


def frame(syntax: str, bits: int = 12) -> bytes:
    """A compressed frame of the film."""
    known = SYNTAXES[syntax]
    words = bare_words(base())
    if known.most_bits < bits:
        words, bits = np.uint8(words >> 4), known.most_bits
    return known.encode(words, bits)


def compressed(
    syntax: str, change: Callable[[bytes], bytes] = bytes, *more: bytes, **elements: object
) -> bytes:
    """A film with a frame of this syntax, changed, and with more fragments after it."""
    known = SYNTAXES[syntax]
    made = base(**elements)
    if known.most_bits < 12:
        made.BitsAllocated, made.BitsStored, made.HighBit = 8, 8, 7
    content = change(frame(syntax))
    fragments = [content, *more]
    value = encapsulate([content]) if not more else _items(fragments)
    made.add_new("PixelData", "OB", value)
    made["PixelData"].is_undefined_length = True
    return written(made, known.uid)


def _items(fragments: list[bytes]) -> bytes:
    padded = [each + b"\0" * (len(each) % 2) for each in fragments]
    return b"".join(map(item, [b"", *padded]))


def segment(marker: int, body: bytes) -> bytes:
    """A segment of a JPEG or JPEG 2000 codestream."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _after_start(content: bytes, more: bytes) -> bytes:
    return content[:2] + more + content[2:]


def _before_tile(content: bytes, more: bytes) -> bytes:
    at = content.index(b"\xff\x90\x00\x0a")
    return content[:at] + more + content[at:]


def _before_scan(content: bytes, more: bytes) -> bytes:
    at = content.index(b"\xff\xda")
    return content[:at] + more + content[at:]


def _huffman(kind: int, name: bytes) -> bytes:
    """A table of Huffman codes, with the name for values."""
    counts = bytes(15) + bytes((len(name),))
    return segment(0xC4, bytes((kind,)) + counts + name)


def _redefined(content: bytes, name: bytes) -> bytes:
    """Tables of JPEG that others take the place of, before a scan needs them."""
    more = segment(0xDB, b"\0" + name.ljust(64, b"\1")) + _huffman(0, name) + _huffman(0x10, name)
    return _after_start(content, more)


def _progressive(name: str) -> bytes:
    """A table for the scans of AC coefficients before the one of DC that another replaces."""
    made = frame("JPEG baseline")
    pixels = imagecodecs.jpeg8_decode(made)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", progressive=True)
    more = _huffman(0x10, name.encode()) + segment(0xDB, b"\3" + name.encode().ljust(64, b"\1"))
    content = _before_scan(buffer.getvalue(), more)
    return compressed("JPEG baseline", lambda _c: content)


def _in_tile_header(content: bytes, more: bytes) -> bytes:
    at = content.index(b"\xff\x90\x00\x0a")
    (size,) = struct.unpack_from(">I", content, at + 6)
    assert size, "the encoder leaves the length of the only tile-part out"
    start = content[: at + 6] + struct.pack(">I", size + len(more)) + content[at + 10 : at + 12]
    return start + more + content[at + 12 :]


def _longer(content: bytes, marker: int, more: bytes) -> bytes:
    """Lengthen a segment of a codestream's main header."""
    at = content.index(bytes((0xFF, marker)), content.index(b"\xff\x51"))
    (size,) = struct.unpack_from(">H", content, at + 2)
    end = at + 2 + size
    lengthened = struct.pack(">H", size + len(more)) + content[at + 4 : end] + more
    return content[: at + 2] + lengthened + content[end:]


def _earlier_style(content: bytes, more: bytes) -> bytes:
    """Quantisation of the first component, which that of another segment replaces."""
    first, second = (segment(0x5D, b"\0\x40" + each) for each in (more, content_of(content, 0x5C)))
    return _before_tile(content, first + second)


def content_of(content: bytes, marker: int) -> bytes:
    """Numbers of a segment of quantisation."""
    at = content.index(bytes((0xFF, marker)), content.index(b"\xff\x51"))
    (size,) = struct.unpack_from(">H", content, at + 2)
    return content[at + 5 : at + 2 + size]


def _after_last_packet(content: bytes, more: bytes) -> bytes:
    at = content.index(b"\xff\x90\x00\x0a") + 6
    (size,) = struct.unpack_from(">I", content, at)
    start = content[:at] + struct.pack(">I", size + len(more)) + content[at + 4 : -2]
    return start + more + content[-2:]


def _in_jp2(content: bytes, more: bytes) -> bytes:
    pixels = imagecodecs.jpeg2k_decode(content)
    whole = imagecodecs.jpeg2k_encode(pixels, codecformat="jp2", reversible=True, bitspersample=12)
    at = whole.index(b"jp2c") - 4
    boxes = (struct.pack(">I4s", 8 + len(more), b"xml ") + more
             + struct.pack(">I4s", 24 + len(more), b"uuid") + bytes(16) + more)  # fmt: skip
    return whole[:at] + boxes + whole[at:]


def _in_frame(syntax: str, change: Callable[[bytes, bytes], bytes]) -> Place:
    return lambda name: compressed(syntax, lambda content: change(content, name.encode()))


def _in_bit_of_frame(syntax: str) -> Place:
    def place(name: str) -> bytes:
        words = spelt_in_bit(bare_words(base()), name, 14)
        known = SYNTAXES[syntax]
        return compressed(syntax, lambda _content: known.encode(words, 16))

    return place


def _rle_excess(content: bytes, name: bytes) -> bytes:
    """A literal run after the last, in the first segment."""
    starts = list(struct.unpack_from("<16I", content))
    # Before it are two runs of nothing: one may be taken for what padding says that follows.
    more = b"\x80\x80" + bytes((len(name) - 1,)) + name
    more += b"\x80" * (len(more) % 2)
    at = starts[2]
    starts[2] += len(more)
    return struct.pack("<16I", *starts) + content[64:at] + more + content[at:]


def _offset_tables(name: str) -> bytes:
    made = base()
    padded = name.encode()[:8]
    made.add_new(0x7FE00001, "OV", padded)
    made.add_new(0x7FE00002, "OV", padded)
    made.add_new("PixelData", "OB", encapsulate([frame("RLE")], has_bot=False))
    made["PixelData"].is_undefined_length = True
    return written(made, SYNTAXES["RLE"].uid)


def _places() -> Iterator[tuple[str, Place]]:
    yield "offset tables", _offset_tables
    yield "a fragment more", lambda name: compressed("JPEG baseline", bytes, name.encode())
    yield "after the pixels' items", lambda name: compressed("RLE") + name.encode()
    for syntax in ("JPEG baseline", "JPEG lossless, predictor 1", "JPEG-LS lossless"):
        for marker, what in ((0xFE, "a comment"), (0xE1, "EXIF"), (0xED, "IPTC")):
            yield (
                f"{what} of {syntax}",
                _in_frame(syntax, lambda c, n, marker=marker: _after_start(c, segment(marker, n))),
            )
        yield f"after the end of {syntax}", _in_frame(syntax, lambda c, n: c + n)
        yield (
            f"between segments of {syntax}",
            _in_frame(syntax, lambda c, n: _after_start(c, segment(0xFE, b"") + n)),
        )
    thumbnail = b"JFIF\0\x01\x01\0\0\x01\0\x01\x02\x03"
    yield (
        "JFIF's thumbnail",
        _in_frame(
            "JPEG baseline", lambda c, n: _after_start(c, segment(0xE0, thumbnail + n.ljust(18)))
        ),
    )
    yield (
        "a table of JPEG that is not used",
        _in_frame(
            "JPEG baseline",
            lambda c, n: _after_start(c, segment(0xDB, b"\x03" + n.ljust(64, b"\1"))),
        ),
    )
    yield "tables of JPEG that are redefined", _in_frame("JPEG baseline", _redefined)
    yield "tables of a progressive JPEG", _progressive
    lossless = "JPEG lossless, predictor 1"
    yield (
        "a table of quantisation in lossless JPEG",
        _in_frame(
            lossless, lambda c, n: _before_scan(c, segment(0xDB, b"\0" + n.ljust(64, b"\1")))
        ),
    )
    yield (
        "a table of AC in lossless JPEG",
        _in_frame(lossless, lambda c, n: _before_scan(c, _huffman(0x10, n))),
    )
    yield (
        "JFIF's version and density",
        _in_frame(
            "JPEG baseline",
            lambda c, n: _after_start(c, segment(0xE0, b"JFIF\0" + n[:7] + b"\0\0")),
        ),
    )
    yield (
        "a table of colours in JPEG-LS",
        _in_frame("JPEG-LS lossless", lambda c, n: _before_scan(c, segment(0xF8, b"\2\1\1" + n))),
    )
    for syntax in ("JPEG 2000 lossless", "HTJ2K lossless"):
        for marker, what in ((0x56, "profile"), (0x59, "corresponding profile")):
            yield (
                f"a {what} of {syntax}",
                _in_frame(syntax, lambda c, n, m=marker: _before_tile(c, segment(m, n))),
            )
        yield (
            f"after the quantisation of {syntax}",
            _in_frame(syntax, lambda c, n: _longer(c, 0x5C, n)),
        )
        yield (f"after the style of {syntax}", _in_frame(syntax, lambda c, n: _longer(c, 0x52, n)))
        yield (
            f"the quantisation of a component that {syntax} has not",
            _in_frame(syntax, lambda c, n: _before_tile(c, segment(0x5D, b"\7\x40" + n))),
        )
        yield (
            f"an earlier style of {syntax}",
            _in_frame(syntax, lambda c, n: _earlier_style(c, n[:7])),
        )
    yield (
        "after the capabilities of HTJ2K lossless",
        _in_frame("HTJ2K lossless", lambda c, n: _longer(c, 0x50, n)),
    )
    yield (
        "capabilities of JPEG 2000 lossless",
        _in_frame("JPEG 2000 lossless", lambda c, n: _before_tile(c, segment(0x50, n))),
    )
    for syntax in ("JPEG 2000 lossless", "HTJ2K lossless"):
        yield (
            f"a comment of {syntax}",
            _in_frame(syntax, lambda c, n: _before_tile(c, segment(0x64, b"\0\1" + n))),
        )
        yield f"after the end of {syntax}", _in_frame(syntax, lambda c, n: c + n)
    yield (
        "an unknown segment of JPEG 2000",
        _in_frame("JPEG 2000 lossless", lambda c, n: _before_tile(c, segment(0x78, n))),
    )
    yield (
        "a tile's comment",
        _in_frame(
            "JPEG 2000 lossless", lambda c, n: _in_tile_header(c, segment(0x64, b"\0\1" + n))
        ),
    )
    for syntax in ("JPEG baseline", "JPEG lossless, predictor 1", "JPEG-LS lossless"):
        yield (
            f"after the last value of {syntax}",
            _in_frame(syntax, lambda c, n: c[:-2] + n + c[-2:]),
        )
    for syntax in ("JPEG 2000 lossless", "HTJ2K lossless"):
        yield f"after the last packet of {syntax}", _in_frame(syntax, _after_last_packet)
    yield "boxes of JP2", _in_frame("JPEG 2000 lossless", _in_jp2)
    yield "after the last run", _in_frame("RLE", _rle_excess)
    yield "after RLE", _in_frame("RLE", lambda c, n: c + n)
    for syntax in ("RLE", "JPEG lossless, predictor 1", "JPEG-LS lossless", "JPEG 2000 lossless"):
        yield f"a bit beside the values of {syntax}", _in_bit_of_frame(syntax)


FRAME_PLACES: dict[str, Place] = dict(_places())
