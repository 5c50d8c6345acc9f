"""Transfer of objects between processes: large ones in shared memory, without pickling."""

import errno
import io
import os
import pickle
import socket
import struct
import time
from collections.abc import Iterable
from typing import Any

from hilum.isolation.failures import reduce_error
from hilum.isolation.slabs import HAS_SLABS, OwnSlabs, Place, TheirSlabs

# Parts, slabs that are new, slabs that are given back; is there a file.
_HEADER = struct.Struct("<IIIB")
_NUMBER = struct.Struct("<q")
_PLACE = struct.Struct("<qqq")
# Less goes faster through the socket.
_SHARED_FROM_BYTES = 64 * 1024
_INLINE = 0
_MOST_DESCRIPTORS = 16
# More than any message has; a process whose memory is damaged may ask for any number.
_MOST_PARTS = 10_000


class BrokenMessageError(Exception):
    """What came is no message."""


class Channel:
    """One end of a connection between two processes.

    Parameters
    ----------
    connection : socket
        A stream socket; a Unix one where memory is to be shared.
    most_bytes : int, optional
        Of memory for what is sent.

    Attributes
    ----------
    own : OwnSlabs
        Memory for what is sent.
    shares : bool
        Whether there is any.
    """

    def __init__(self, connection: socket.socket, most_bytes: int | None = None) -> None:
        self._socket = connection
        self.shares = HAS_SLABS and connection.family == socket.AF_UNIX
        self.own, self._theirs = OwnSlabs(most_bytes), TheirSlabs()
        self._ends: float | None = None

    def send(self, obj: object, file: int | None = None) -> None:
        """Send an object; arrays and `pickle.PickleBuffer` are copied at most once, as they are.

        Parameters
        ----------
        file : int, optional
            Descriptor of an open file to go with it.

        Raises
        ------
        OSError
            The other side has closed, or there is no memory to share.
        """
        buffers: list[pickle.PickleBuffer] = []
        pickled = _pickled(obj, buffers)
        parts = [*(each.raw() for each in buffers), memoryview(pickled)]
        places = [Place(_INLINE, 0, each.nbytes) for each in parts]
        new: dict[int, int] = {}
        if self.shares and sum(each.nbytes for each in parts) >= _SHARED_FROM_BYTES:
            places = self.own.place(parts)
            new = self.own.new(each.slab for each in places)
        unused = self._theirs.unused()
        head = _HEADER.pack(len(parts), len(new), len(unused), file is not None)
        head += b"".join(_PLACE.pack(*each) for each in places)
        head += b"".join(map(_NUMBER.pack, (*new, *unused)))
        try:
            descriptors = [*new.values(), *([] if file is None else [file])]
            if descriptors:
                head = head[socket.send_fds(self._socket, [head], descriptors) :]
            self._socket.sendall(head)
        finally:
            _close(new.values())
        for place, part in zip(places, parts, strict=True):
            if place.slab == _INLINE:
                self._socket.sendall(part)
        self.own.sent(each.slab for each in places)

    def receive(self, ends: float | None = None) -> tuple[Any, int | None]:
        """Receive an object; its arrays stay in the shared memory.

        Parameters
        ----------
        ends : float, optional
            Until when all of it has to be there, by `time.monotonic`.

        Returns
        -------
        int or None
            Descriptor of the file that came with it; to be closed.

        Raises
        ------
        EOFError
            The other side has closed.
        TimeoutError
            It was not there in time.
        BrokenMessageError, SlabError
            What came is no message.
        OSError
            This process may open no more files, or has no memory to map them to.
        """
        self._ends = ends
        head, descriptors = self._first(_HEADER.size)
        file = None
        try:
            count, new_count, unused_count, has_file = _HEADER.unpack(head)
            if max(count, new_count, unused_count) > _MOST_PARTS:
                raise BrokenMessageError
            packed = self._exactly(count * _PLACE.size)
            places = [Place(*each) for each in _PLACE.iter_unpack(packed)]
            packed = self._exactly((new_count + unused_count) * _NUMBER.size)
            numbers = [number for (number,) in _NUMBER.iter_unpack(packed)]
            self.own.take_back(numbers[new_count:])
            if len(descriptors) != new_count + has_file:
                # This process may open no more; the system has dropped them.
                raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
            if has_file:
                file = descriptors.pop()
            if self.shares and any(
                each.slab == _INLINE and each.size > _SHARED_FROM_BYTES for each in places
            ):
                raise BrokenMessageError
            shared = [each for each in places if each.slab != _INLINE]
            views = iter(
                self._theirs.views(shared, dict(zip(numbers[:new_count], descriptors, strict=True)))
            )
            *buffers, pickled = [
                next(views) if each.slab != _INLINE else memoryview(self._exactly(each.size))
                for each in places
            ]
        finally:
            _close(descriptors)
        try:
            return pickle.loads(pickled, buffers=buffers), file  # noqa: S301 - of our own process
        except BaseException:
            _close([] if file is None else [file])
            raise

    def _first(self, size: int) -> tuple[bytes, list[int]]:
        """The start of a message, and the descriptors that come with it."""
        if not self.shares:
            return bytes(self._exactly(size)), []
        self._bound()
        data, descriptors, _, _ = socket.recv_fds(self._socket, size, _MOST_DESCRIPTORS)
        if not data:
            raise EOFError
        return data + self._exactly(size - len(data)), descriptors

    def _exactly(self, size: int) -> bytearray:
        data = bytearray(size)
        view = memoryview(data)
        while view:
            self._bound()
            got = self._socket.recv_into(view)
            if not got:
                raise EOFError
            view = view[got:]
        return data

    def _bound(self) -> None:
        """Set the socket's timeout, which applies to one call, to the remaining time."""
        if self._ends is not None:
            left = self._ends - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)


def _close(descriptors: Iterable[int]) -> None:
    for each in descriptors:
        os.close(each)


def _pickled(obj: object, buffers: list[pickle.PickleBuffer]) -> memoryview:
    stream = io.BytesIO()
    _Pickler(stream, protocol=5, buffer_callback=buffers.append).dump(obj)
    return stream.getbuffer()


class _Pickler(pickle.Pickler):
    def reducer_override(self, obj: Any) -> Any:
        return reduce_error(obj)
