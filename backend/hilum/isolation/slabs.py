"""Reused memory shared by two processes; new pages cost more than copying."""

import mmap
import os
import weakref
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

HAS_SLABS = hasattr(os, "memfd_create")

_ALIGNED = 64
_STEP_BYTES = 4 * 2**20
_KEPT_BYTES = 128 * 2**20
"""Of all slabs of one side that wait to be used again."""
_USED_AGAIN_BYTES = 48 * 2**20
"""A slab that is larger is for a single message: few films are, and each worker would keep one."""


class Place(NamedTuple):
    """Location of a part of a message.

    Attributes
    ----------
    slab : int
        Its number.
    offset, size : int
        In bytes.
    """

    slab: int
    offset: int
    size: int


class SlabError(Exception):
    """What came is no memory that can be used."""


class _Slab:
    """A piece of shared memory of this side."""

    def __init__(self, size: int) -> None:
        descriptor = os.memfd_create("hilum", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            os.ftruncate(descriptor, size)
            _seal(descriptor)
            self.map = mmap.mmap(descriptor, size)
        except BaseException:
            os.close(descriptor)
            raise
        self.descriptor: int | None = descriptor
        self.starts = _address(memoryview(self.map))

    def offset_of(self, part: memoryview) -> int | None:
        """Offset of a part in this slab; None if it is elsewhere."""
        offset = _address(part) - self.starts
        return offset if 0 <= offset <= len(self.map) - part.nbytes else None


class OwnSlabs:
    """Memory that this side writes to and the other side reads.

    A slab is reused once the other side has reported that it holds no object any longer.

    Parameters
    ----------
    most_bytes : int, optional
        Of all that this side has mapped.
    """

    def __init__(self, most_bytes: int | None = None) -> None:
        self._most_bytes = most_bytes
        self._slabs: dict[int, _Slab] = {}
        self._free: set[int] = set()
        self._reserved: set[int] = set()
        self._last = 0

    def reserve(self, size: int) -> memoryview:
        """Memory for something that may be sent later, which then need not be copied.

        Raises
        ------
        MemoryError
            What is reserved would be too much.
        """
        number = self._taken(size)
        return memoryview(self._slabs[number].map)[:size]

    def take_back_reserved(self) -> None:
        """Reuse memory that was reserved and not sent."""
        self._free |= self._reserved
        self._reserved.clear()
        for number in [each for each in self._free if self._size(each) > _USED_AGAIN_BYTES]:
            self._forget(number)
        while sum(map(self._size, self._free)) > _KEPT_BYTES:
            self._forget(max(self._free, key=self._size))

    def place(self, parts: Sequence[memoryview]) -> list[Place]:
        """Copy parts into a slab, except those already in one."""
        places: list[Place | None] = [self._reserved_place(part) for part in parts]
        left = [part for part, place in zip(parts, places, strict=True) if place is None]
        offsets, end = _layout([each.nbytes for each in left])
        number = self._taken(end)
        target, copied = memoryview(self._slabs[number].map), []
        for offset, part in zip(offsets, left, strict=True):
            target[offset : offset + part.nbytes] = part.cast("B")
            copied.append(Place(number, offset, part.nbytes))
        rest = iter(copied)
        return [place or next(rest) for place in places]

    def new(self, numbers: Iterable[int]) -> dict[int, int]:
        """Descriptors of slabs that the other side does not know; to be closed once it does."""
        found = {}
        for number in sorted(set(numbers)):
            slab = self._slabs[number]
            if slab.descriptor is not None:
                found[number] = slab.descriptor
                slab.descriptor = None
        return found

    def sent(self, numbers: Iterable[int]) -> None:
        """Note that the other side has these."""
        for number in set(numbers) & self._reserved:
            self._reserved.discard(number)
            if self._size(number) > _USED_AGAIN_BYTES:
                self._forget(number)

    def take_back(self, numbers: Iterable[int]) -> None:
        """Use slabs again that the other side needs no more; forget those of a negative number."""
        for number in numbers:
            if number < 0:
                self._forget(-number)
            elif number in self._slabs:
                self._free.add(number)

    def _reserved_place(self, part: memoryview) -> Place | None:
        for number in self._reserved:
            offset = self._slabs[number].offset_of(part) if part.nbytes else None
            if offset is not None:
                return Place(number, offset, part.nbytes)
        return None

    def _taken(self, size: int) -> int:
        fitting = [each for each in self._free if len(self._slabs[each].map) >= size]
        number = min(fitting, key=lambda each: len(self._slabs[each].map), default=0)
        if not number:
            size = -(-size // _STEP_BYTES) * _STEP_BYTES
            self._make_room(size)
            self._last += 1
            number = self._last
            self._slabs[number] = _Slab(size)
        self._free.discard(number)
        self._reserved.add(number)
        return number

    def _make_room(self, size: int) -> None:
        """Forget what is not in use on this side; what was sent stays with the other."""
        if self._most_bytes is None:
            return
        for number in [*self._free, *(self._slabs.keys() - self._free - self._reserved)]:
            if size + sum(map(self._size, self._slabs)) <= self._most_bytes:
                return
            self._forget(number)
        if size + sum(map(self._size, self._slabs)) > self._most_bytes:
            raise MemoryError

    def _size(self, number: int) -> int:
        return len(self._slabs[number].map)

    def _forget(self, number: int) -> None:
        self._free.discard(number)
        slab = self._slabs.pop(number, None)
        if slab is not None and slab.descriptor is not None:
            os.close(slab.descriptor)


class TheirSlabs:
    """Memory that the other side has written to."""

    def __init__(self) -> None:
        self._maps: dict[int, mmap.mmap] = {}
        # By whatever thread drops the last array.
        self._unused: deque[int] = deque()

    def views(self, places: Sequence[Place], new: Mapping[int, int]) -> list[memoryview]:
        """Views of parts; the release of the last view of a slab is recorded.

        Parameters
        ----------
        new : mapping of int to int
            Descriptors of the slabs that are new.

        Raises
        ------
        SlabError
        """
        for number, descriptor in new.items():
            if not _is_sealed(descriptor):
                raise SlabError
            self._maps[number] = mmap.mmap(descriptor, os.fstat(descriptor).st_size)
        leases: dict[int, memoryview] = {}
        for slab in {each.slab for each in places}:
            if slab not in self._maps:
                raise SlabError
            # An array, since there can be a weak reference to one.
            lease = np.frombuffer(self._maps[slab], np.uint8)
            weakref.finalize(lease, self._put_back, slab).atexit = False
            leases[slab] = lease.data
        return [leases[slab][offset : offset + size] for slab, offset, size in places]

    def _put_back(self, number: int) -> None:
        sizes = {each: len(memory) for each, memory in list(self._maps.items())}
        if sizes[number] > _USED_AGAIN_BYTES or sum(sizes.values()) > _KEPT_BYTES:
            self._maps.pop(number, None)
            number = -number
        self._unused.append(number)

    def unused(self) -> list[int]:
        """Slabs that the other side may reuse, and, as negative numbers, those it may release."""
        numbers = []
        while self._unused:
            numbers.append(self._unused.popleft())
        return numbers


def _layout(sizes: Sequence[int]) -> tuple[list[int], int]:
    """Where each part starts, and where the last one ends."""
    offsets, at = [], 0
    for size in sizes:
        offsets.append(at)
        at += -(-size // _ALIGNED) * _ALIGNED
    return offsets, at


def _address(part: memoryview) -> int:
    return int(np.frombuffer(part, np.uint8).ctypes.data)


def _seal(memory: int) -> None:
    import fcntl

    fcntl.fcntl(memory, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)


def _is_sealed(memory: int) -> bool:
    """Whether the other side can no longer cut off what is mapped here."""
    import fcntl

    return bool(fcntl.fcntl(memory, fcntl.F_GET_SEALS) & fcntl.F_SEAL_SHRINK)
