"""Memory that two processes share, used again and again: fresh pages cost more than the copying."""

import mmap
import os
import weakref
from collections import deque
from collections.abc import Sequence

import numpy as np

HAS_SLABS = hasattr(os, "memfd_create")

_ALIGNED = 64
_STEP_BYTES = 4 * 2**20
_KEPT_BYTES = 128 * 2**20
"""Of all slabs of one side that wait to be used again."""


class SlabError(Exception):
    """What came is no memory that can be used."""


class OwnSlabs:
    """Memory that this side writes to and the other side reads.

    A slab is written to again once the other side has told that nothing is left that lies in it.
    """

    def __init__(self) -> None:
        self._maps: dict[int, mmap.mmap] = {}
        self._free: set[int] = set()
        self._last = 0

    def write(self, parts: Sequence[memoryview]) -> tuple[int, int | None]:
        """Copy parts into a slab.

        Returns
        -------
        int
            Number of the slab.
        int or None
            Its descriptor, where it is new to the other side; to be closed once it is sent.
        """
        offsets, end = layout([each.nbytes for each in parts])
        fitting = [each for each in self._free if len(self._maps[each]) >= end]
        number = min(fitting, key=lambda each: len(self._maps[each]), default=0)
        descriptor = None
        if not number:
            number, descriptor = self._add(end)
        self._free.discard(number)
        target = memoryview(self._maps[number])
        for offset, part in zip(offsets, parts, strict=True):
            target[offset : offset + part.nbytes] = part.cast("B")
        return number, descriptor

    def _add(self, size: int) -> tuple[int, int]:
        size = -(-size // _STEP_BYTES) * _STEP_BYTES
        descriptor = os.memfd_create("hilum", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            os.ftruncate(descriptor, size)
            _seal(descriptor)
            mapped = mmap.mmap(descriptor, size)
        except BaseException:
            os.close(descriptor)
            raise
        self._last += 1
        self._maps[self._last] = mapped
        return self._last, descriptor

    def take_back(self, numbers: Sequence[int]) -> None:
        """Use slabs again that the other side needs no more; forget those of a negative number."""
        for number in numbers:
            if number > 0:
                self._free.add(number)
            else:
                self._free.discard(-number)
                self._maps.pop(-number, None)


class TheirSlabs:
    """Memory that the other side has written to."""

    def __init__(self) -> None:
        self._maps: dict[int, mmap.mmap] = {}
        # By whatever thread drops the last array.
        self._unused: deque[int] = deque()

    def read(self, number: int, descriptor: int | None, sizes: Sequence[int]) -> list[memoryview]:
        """Views of the parts that a slab holds; it is noted when the last of them is gone."""
        offsets, end = layout(sizes)
        if descriptor is not None:
            if not _is_sealed(descriptor):
                raise SlabError
            self._maps[number] = mmap.mmap(descriptor, os.fstat(descriptor).st_size)
        mapped = self._maps.get(number)
        if mapped is None or not 0 < end <= len(mapped):
            raise SlabError
        # An array, since there can be a weak reference to one.
        lease = np.frombuffer(mapped, np.uint8, end)
        weakref.finalize(lease, self._put_back, number).atexit = False
        view = lease.data
        return [view[at : at + size] for at, size in zip(offsets, sizes, strict=True)]

    def _put_back(self, number: int) -> None:
        if sum(map(len, list(self._maps.values()))) > _KEPT_BYTES:
            self._maps.pop(number, None)
            number = -number
        self._unused.append(number)

    def unused(self) -> list[int]:
        """What the other side may use again, and by a negative number what it may forget."""
        numbers = []
        while self._unused:
            numbers.append(self._unused.popleft())
        return numbers


def layout(sizes: Sequence[int]) -> tuple[list[int], int]:
    """Where each part starts, and where the last one ends."""
    offsets, at = [], 0
    for size in sizes:
        offsets.append(at)
        at += -(-size // _ALIGNED) * _ALIGNED
    return offsets, at


def _seal(memory: int) -> None:
    import fcntl

    fcntl.fcntl(memory, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)


def _is_sealed(memory: int) -> bool:
    """Whether the other side can no longer cut off what is mapped here."""
    import fcntl

    return bool(fcntl.fcntl(memory, fcntl.F_GET_SEALS) & fcntl.F_SEAL_SHRINK)
