"""Random changes of files: of bits, integers and lengths, of whole pieces, with parts of others."""

import struct
from collections.abc import Callable, Sequence
from random import Random

Split = Callable[[bytes], list[bytes]]
"""Takes a file apart into its pieces; joined, they are the file."""

_INTERESTING = (0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 64, 100, 127, 128, 255, 256, 1000, 4095, 4096,
                32767, 32768, 65534, 65535, 65536, 2**24, 2**31 - 1, 2**31, 2**32 - 1)  # fmt: skip
_LAYOUTS = ("<B", "<H", ">H", "<I", ">I", ">Q", "<Q")
_LONGEST = 1 << 20
_MOST_REPEATS = 300


def mutate(
    content: bytes,
    rng: Random,
    others: Sequence[bytes] = (),
    split: Split | None = None,
    tokens: Sequence[bytes] = (),
) -> bytes:
    """Change a file in one to eight ways.

    Parameters
    ----------
    content : bytes
    rng : Random
    others : sequence of bytes
        Files that parts are taken from.
    split : callable, optional
        For changes of whole pieces.
    tokens : sequence of bytes
        Words of the format, to be put in.

    Returns
    -------
    bytes
        Of a megabyte at most.
    """
    changed = content
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        dice = rng.random()
        if split and dice < 0.25:
            changed = _change_pieces(changed, rng, split)
        elif tokens and dice < 0.45:
            at = _place(changed, rng)
            changed = changed[:at] + rng.choice(tokens) + changed[at + rng.choice((0, 0, 4)) :]
        elif others and dice < 0.5:
            changed = _splice(changed, rng.choice(others), rng)
        else:
            changed = rng.choice(_BYTE_CHANGES)(changed, rng)
    return changed[:_LONGEST]


def _place(content: bytes, rng: Random) -> int:
    """Where to change something; headers, at the start, more often than pixels."""
    reach = rng.choice((64, 600, len(content)))
    return rng.randrange(min(len(content), reach) + 1)


def _overwrite(content: bytes, at: int, by: bytes) -> bytes:
    return content[:at] + by[: len(content) - at] + content[at + len(by) :]


def _flip_bit(content: bytes, rng: Random) -> bytes:
    at = _place(content, rng)
    found = content[at : at + 1]
    return _overwrite(content, at, bytes((found[0] ^ 1 << rng.randrange(8),))) if found else content


def _put_integer(content: bytes, rng: Random) -> bytes:
    layout = rng.choice(_LAYOUTS)
    most = 256 ** struct.calcsize(layout)
    value = (rng.choice(_INTERESTING) - rng.choice((0, 0, 1))) % most
    return _overwrite(content, _place(content, rng), struct.pack(layout, value))


def _add_to_integer(content: bytes, rng: Random) -> bytes:
    layout, at = rng.choice(_LAYOUTS), _place(content, rng)
    size = struct.calcsize(layout)
    if at + size > len(content):
        return content
    value = struct.unpack_from(layout, content, at)[0] + rng.randint(-16, 16)
    return _overwrite(content, at, struct.pack(layout, value % 256**size))


def _put_noise(content: bytes, rng: Random) -> bytes:
    return _overwrite(content, _place(content, rng), rng.randbytes(rng.choice((1, 2, 4, 30, 200))))


def _insert(content: bytes, rng: Random) -> bytes:
    at = _place(content, rng)
    filled = rng.choice((b"\0", b"\xff", b"0", b" "))
    length = rng.choice((1, 2, 3, 8, 100, 3000))
    more = filled * length if rng.random() < 0.5 else rng.randbytes(length)
    return content[:at] + more + content[at:]


def _delete(content: bytes, rng: Random) -> bytes:
    at = _place(content, rng)
    return content[:at] + content[at + rng.choice((1, 2, 4, 16, 200)) :]


def _truncate(content: bytes, rng: Random) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _repeat(content: bytes, rng: Random) -> bytes:
    at = _place(content, rng)
    end = at + rng.choice((1, 2, 8, 60, 1000))
    times = rng.choice((1, 2, 10, _MOST_REPEATS))
    return content[:end] + content[at:end] * times + content[end:]


def _splice(content: bytes, other: bytes, rng: Random) -> bytes:
    start = rng.randrange(len(other) + 1)
    taken = other[start : start + rng.choice((8, 100, len(other)))]
    at = _place(content, rng)
    if rng.random() < 0.5:
        return _overwrite(content, at, taken)
    return content[:at] + taken + (b"" if rng.random() < 0.5 else content[at:])


def _change_pieces(content: bytes, rng: Random, split: Split) -> bytes:
    """Drop, repeat, move, exchange or change one piece of the format."""
    pieces = split(content)
    if not pieces:
        return content
    at = rng.randrange(len(pieces))
    match rng.randrange(5):
        case 0:
            del pieces[at]
        case 1:
            times = rng.choice((1, 1, 2, _MOST_REPEATS))
            pieces[at:at] = [pieces[at]] * min(times, 1 + _LONGEST // (len(pieces[at]) + 1))
        case 2:
            pieces.insert(rng.randrange(len(pieces)), pieces.pop(at))
        case 3:
            pieces[at] = rng.choice(_BYTE_CHANGES)(pieces[at], rng)
        case _:
            pieces[at] = _add_to_integer(pieces[at][:16], rng) + pieces[at][16:]
    return b"".join(pieces)


_BYTE_CHANGES = (
    _flip_bit, _flip_bit, _put_integer, _put_integer, _add_to_integer, _put_noise, _insert,
    _delete, _truncate, _repeat,
)  # fmt: skip
