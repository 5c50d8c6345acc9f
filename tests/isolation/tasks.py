"""What workers of the tests are told to do, by reference: some of it kills them."""

import ctypes
import os
import signal
import struct
import subprocess
import sys
import time
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hilum.errors import CorruptImageError
from hilum.isolation import slabs
from hilum.isolation.memory import empty_pixels


def reverse(content: bytes) -> bytes:
    return content[::-1]


def number(_: bytes) -> int:
    return os.getpid()


def add(content: bytes, first: int, *, second: int) -> int:
    return len(content) + first + second


def pixels(content: bytes, shape: tuple[int, ...]) -> tuple[NDArray[np.float32], dict[str, Any]]:
    shown = np.frombuffer(content, np.uint8).astype(np.float32).reshape(shape)
    return shown, {"mean": shown.mean(axis=1), "turned": shown.T}


def own_pixels(_: bytes, value: int) -> NDArray[np.float32]:
    unused, pixels = empty_pixels((500, 600)), empty_pixels((500, 600))
    unused[:] = -1
    pixels[:] = value
    return pixels


def segfault(_: bytes) -> None:
    ctypes.string_at(0)


def leave(_: bytes) -> None:
    os._exit(0)


def spin(_: bytes) -> None:
    while True:
        pass


def spin_in_c(_: bytes) -> None:
    # One call into C that never returns to the interpreter within the time that it has.
    zlib.crc32(b"")
    sum(iter(int, 1))


def sleep(_: bytes, seconds: float) -> None:
    time.sleep(seconds)


def start_another_and_sleep(_: bytes, told: str) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    Path(told).write_text(f"{os.getpid()} {child.pid}")
    time.sleep(60)


def allocate(_: bytes, size: int) -> int:
    return int(np.ones(size, np.uint8)[-1])


def allocate_within(_: bytes, size: int) -> None:
    try:
        np.ones(size, np.uint8)
    except MemoryError as exc:
        raise CorruptImageError("The file is damaged.") from exc


def hold(_: bytes, size: int) -> int:
    _held.append(np.ones(size, np.uint8))
    return os.getpid()


_held: list[Any] = []


def shout(_: bytes, size: int) -> int:
    written = 0
    while written < size:
        try:
            written += os.write(2, b"Lindqvist^Josephine: not a tag\n" * 50)
        except BlockingIOError:
            return written
    return written


def fail(_: bytes, error: Exception) -> None:
    raise error


def fail_unexpectedly(content: bytes) -> None:
    raise ValueError(content.decode())


def fail_of(_: bytes, number: int) -> None:
    raise CorruptImageError("The file is damaged.") from OSError(number, "")


def kill_by(_: bytes, number: int) -> None:
    os.kill(os.getpid(), number)
    signal.pause()


def answer_noise(_: bytes) -> None:
    for each in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if str(each.readlink()).startswith("socket:"):
                os.write(int(each.name), b"\x07" * 64)
    time.sleep(60)


def answer_in_trickles(_: bytes) -> None:
    """Begin an answer, send a byte of it at a time for three seconds, and end."""
    head = struct.pack("<IIIB", 1, 0, 0, 0) + struct.pack("<qqq", 0, 0, 60_000)
    (own,) = (
        int(each.name)
        for each in Path("/proc/self/fd").iterdir()
        if each.is_symlink() and str(each.readlink()).startswith("socket:")
    )
    os.write(own, head)
    for _ in range(30):
        os.write(own, b"a")
        time.sleep(0.1)
    os._exit(0)


def cannot_be_sent(_: bytes) -> Any:
    return lambda: None


def environment(_: bytes) -> dict[str, str]:
    return dict(os.environ)


def fail_in_a_circle(_: bytes) -> None:
    first, second = CorruptImageError("The file is damaged."), ValueError()
    first.__cause__, second.__cause__ = second, first
    raise first


def answer_for_ever(_: bytes) -> Any:
    return Endless()


class Endless:
    def __reduce__(self) -> Any:
        spin(b"")


def begin_twice(content: bytes, told: str) -> bytes:
    """Wait for ever where fewer than two have begun before."""
    path = Path(told)
    is_again = path.exists() and path.read_text().count("begun") >= 2
    with path.open("a") as file:
        file.write("begun")
    if not is_again:
        time.sleep(60)
    return content


def zeros(_: bytes, shape: tuple[int, int], count: int = 1) -> NDArray[np.float32]:
    made = [empty_pixels(shape) for _ in range(count)]
    for each in made:
        each[:] = 0
    return made[0]


def fail_from_another(content: bytes, array: Any) -> None:
    """Fail with a cause, each with frames of its own that hold the file and an array."""
    try:
        int(content[:1] + bytes(array[:1]))
    except ValueError as exc:
        cause = exc
        raise CorruptImageError("The file is damaged.") from cause


def open_all(_: bytes) -> int:
    try:
        while True:
            _held.append(os.dup(1))
    except OSError:
        time.sleep(0.05)
        return os.getpid()


def lack_files(content: bytes, told: str) -> None:
    with Path(told).open("a") as file:
        file.write("begun")
    open_all(content)
    Path(told).read_bytes()


def map_nothing(_: bytes, error: Exception) -> int:
    def failing(*_: object) -> None:
        raise error

    slabs.mmap.mmap = failing  # type: ignore[misc, assignment]
    return os.getpid()
