"""Where the header of a HEIF or an AVIF says that the data of its pictures are."""

import struct
import time

import pytest

from hilum.imaging.heif import check_end
from hilum.imaging.heif_boxes import boxes, coded_pictures

KINDS = {1: b"grid", 2: b"hvc1", 3: b"Exif", 4: b"av01", 5: b"hvc1"}


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _infos(version: int) -> bytes:
    number = ">HH4s" if version == 2 else ">IH4s"
    infos = [
        _box(b"infe", bytes([version, 0, 0, 0]) + struct.pack(number, item, 0, kind) + b"\0")
        for item, kind in KINDS.items()
    ]
    count = struct.pack(">BxxxH" if version == 2 else ">BxxxI", version - 2, len(infos))
    return _box(b"iinf", count + b"".join(infos))


def _locations(version: int, *, wide: bool) -> bytes:
    """Items of a base of 1,000 and two extents each, the second one up to the file's end."""
    number, offset = (">H" if version < 2 else ">I"), (">Q" if wide else ">I")
    size = 8 if wide else 4
    indices = size if version else 0
    content = bytes([version, 0, 0, 0, size << 4 | size, size << 4 | indices])
    content += struct.pack(number, len(KINDS))
    for item in KINDS:
        content += struct.pack(number, item)
        if version:
            # The fifth is in a box of the header.
            content += struct.pack(">H", item == 5)
        content += struct.pack(">H", 0) + struct.pack(offset, 1000) + struct.pack(">H", 2)
        for at, length in ((item, 10), (item + 100, 0)):
            content += bytes(indices) + struct.pack(offset, at) + struct.pack(offset, length)
    return _box(b"iloc", content)


@pytest.mark.parametrize("version", [0, 1, 2])
@pytest.mark.parametrize("wide", [False, True])
def test_pictures_are_found_in_all_versions(version: int, wide: bool) -> None:
    meta = bytes(4) + _infos(3 if version == 2 else 2) + _locations(version, wide=wide)
    pictures = [2, 4] if version else [2, 4, 5]
    assert coded_pictures(meta) == [
        [slice(1000 + item, 1010 + item), slice(1100 + item, None)] for item in pictures
    ]
    # Nowhere it is cut off is there an answer that is half of it.
    assert not any(coded_pictures(meta[:end]) for end in range(len(meta)))


def test_an_end_in_zeros_is_found_over_the_extents_of_a_picture() -> None:
    # Of 65 bytes from 2,000 on, in extents of one byte, given with no base or index.
    item = struct.pack(">HHH", 2, 0, 65)
    item += b"".join(struct.pack(">IB", 2000 + at, 1) for at in range(65))
    locations = _box(b"iloc", bytes([0, 0, 0, 0, 0x41, 0, 0, 1]) + item)
    header = _box(b"meta", bytes(4) + _infos(2) + locations)
    for end, is_sound in ((b"\1" + bytes(64), True), (bytes(65), False)):
        content = header.ljust(2000, b"\0") + end + b"\1"
        if is_sound:
            check_end(content)
        else:
            with pytest.raises(ValueError, match="zeros"):
                check_end(content)


def test_a_header_of_many_items_is_not_gone_through() -> None:
    locations = bytes([0, 0, 0, 0, 0, 0]) + struct.pack(">H", 65535)
    locations += struct.pack(">HHH", 2, 0, 0) * 65535
    started = time.process_time()
    assert not coded_pictures(bytes(4) + _infos(2) + _box(b"iloc", locations))
    assert time.process_time() - started < 1


def test_a_box_may_have_a_length_of_64_bits() -> None:
    content = struct.pack(">I4sQ", 1, b"mdat", 20) + b"abcd" + _box(b"free", b"e")
    assert [(kind, content[span]) for kind, span in boxes(content)] == [
        (b"mdat", b"abcd"),
        (b"free", b"e"),
    ]
