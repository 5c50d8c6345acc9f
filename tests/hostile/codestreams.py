"""Compressed frames that claim much and hold next to nothing."""

import struct

_LONGEST_RUN = 32_767


def progressive_jpeg(side: int, scans: int) -> bytes:
    """Write a JPEG of one grey, in up to 883 scans, each over all of its blocks (T.81 annex G).

    Its side is 1024 or 4000: runs of blocks of those lengths are written.
    """
    table = b"\xff\xdb\0\x43\0" + b"\1" * 64
    frame = b"\xff\xc2\0\x0b\x08" + struct.pack(">HH", side, side) + b"\1\1\x11\0"
    # One code of one bit each: no difference; and a run of empty blocks, its length in 14 bits.
    codes = b"".join(
        b"\xff\xc4\0\x14" + bytes((kind, 1)) + bytes(15) + bytes((symbol,))
        for kind, symbol in ((0x00, 0x00), (0x10, 0xE0))
    )
    blocks = (-(-side // 8)) ** 2
    runs, rest = divmod(blocks, _LONGEST_RUN)
    bits = f"0{_LONGEST_RUN - 16_384:014b}" * runs
    bits += f"0{rest - 16_384:014b}" if rest >= 16_384 else ""
    parts = [_scan((0, 0, 0), bytes(-(-blocks // 8)))]
    for coefficient in range(1, 64):
        parts.append(_scan((coefficient, coefficient, 13), _packed(bits)))
        parts += [
            _scan((coefficient, coefficient, low + 1 << 4 | low), _packed(bits))
            for low in range(12, -1, -1)
        ]
    return b"\xff\xd8" + table + frame + codes + b"".join(parts[:scans]) + b"\xff\xd9"


def _scan(parameters: tuple[int, int, int], coded: bytes) -> bytes:
    return b"\xff\xda\0\x08\1\1\0" + bytes(parameters) + coded


def _packed(bits: str) -> bytes:
    """Bits in bytes, ones after the last, a zero stuffed after 0xFF (T.81 F.1.2.3)."""
    bits += "1" * (-len(bits) % 8)
    return (int(bits, 2).to_bytes(len(bits) // 8)).replace(b"\xff", b"\xff\0")


def jpeg_2000(
    side: int,
    *,
    tile: int = 0,
    components: int = 1,
    block: int = 64,
    precinct: int | None = None,
    layers: int = 1,
    comments: int = 0,
) -> bytes:
    """Write a JPEG 2000 with one tile-part that holds nothing (T.800 annex A)."""
    edge = tile or side
    size = struct.pack(">H8IH", 0, side, side, 0, 0, edge, edge, 0, 0, components)
    size += b"\7\1\1" * components
    levels = 5
    power = block.bit_length() - 3
    style = struct.pack(">BBHB5B", precinct is not None, 0, layers, 0, levels, power, power, 0, 1)
    if precinct is not None:
        style += bytes([precinct << 4 | precinct]) * (levels + 1)
    quantised = b"\x40" + b"\x40" * (3 * levels + 1)
    part = struct.pack(">HHHIBB", 0xFF90, 10, 0, 14, 0, 1) + b"\xff\x93"
    segments = [(0xFF51, size), (0xFF52, style), (0xFF5C, quantised)] + [(0xFF64, b"")] * comments
    head = b"".join(struct.pack(">HH", mark, len(body) + 2) + body for mark, body in segments)
    return b"\xff\x4f" + head + part + b"\xff\xd9"
