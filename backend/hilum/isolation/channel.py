"""Objects from one process to another: what is large lies in shared memory and is not pickled."""

import io
import os
import pickle
import socket
import struct
from collections.abc import Sequence
from typing import Any

from hilum.isolation.failures import reduce_error
from hilum.isolation.slabs import HAS_SLABS, OwnSlabs, TheirSlabs

# Number of the slab (0: none), parts, slabs that are given back.
_HEADER = struct.Struct("<qII")
_NUMBER = struct.Struct("<q")
# Less goes faster through the socket.
_SHARED_FROM_BYTES = 64 * 1024


class Channel:
    """One end of a connection between two processes.

    Parameters
    ----------
    connection : socket
        A stream socket; a Unix one where memory is to be shared.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._shares = HAS_SLABS and connection.family == socket.AF_UNIX
        self._own, self._theirs = OwnSlabs(), TheirSlabs()

    def send(self, obj: object) -> None:
        """Send an object; arrays and `pickle.PickleBuffer` are copied once, as they are.

        Raises
        ------
        OSError
            The other side has closed, or there is no memory to share.
        """
        buffers: list[pickle.PickleBuffer] = []
        pickled = _pickled(obj, buffers)
        parts = [*(each.raw() for each in buffers), memoryview(pickled)]
        number, descriptor = 0, None
        if self._shares and sum(each.nbytes for each in parts) >= _SHARED_FROM_BYTES:
            number, descriptor = self._own.write(parts)
        unused = self._theirs.unused()
        numbers = [*(each.nbytes for each in parts), *unused]
        head = _HEADER.pack(number, len(parts), len(unused))
        head += b"".join(map(_NUMBER.pack, numbers))
        if descriptor is None:
            self._socket.sendall(head)
        else:
            try:
                sent = socket.send_fds(self._socket, [head], [descriptor])
            finally:
                os.close(descriptor)
            self._socket.sendall(head[sent:])
        if not number:
            for each in parts:
                self._socket.sendall(each)

    def receive(self) -> Any:
        """Receive an object; its arrays lie where the other side put them.

        Raises
        ------
        EOFError
            The other side has closed.
        TimeoutError
            The socket's timeout has passed.
        """
        head, descriptor = self._first(_HEADER.size)
        try:
            number, count, returned = _HEADER.unpack(head)
            sizes = self._numbers(count)
            self._own.take_back(self._numbers(returned))
            if number:
                parts = self._theirs.read(number, descriptor, sizes)
            else:
                parts = [memoryview(self._exactly(size)) for size in sizes]
        finally:
            if descriptor is not None:
                os.close(descriptor)
        *buffers, pickled = parts
        return pickle.loads(pickled, buffers=buffers)  # noqa: S301 - of our own process

    def _first(self, size: int) -> tuple[bytes, int | None]:
        """The start of a message, and the descriptor of the memory that comes with it."""
        if not self._shares:
            return bytes(self._exactly(size)), None
        data, descriptors, _, _ = socket.recv_fds(self._socket, size, 1)
        if not data:
            raise EOFError
        return data + self._exactly(size - len(data)), descriptors[0] if descriptors else None

    def _numbers(self, count: int) -> Sequence[int]:
        return [number for (number,) in _NUMBER.iter_unpack(self._exactly(count * _NUMBER.size))]

    def _exactly(self, size: int) -> bytearray:
        data = bytearray(size)
        view = memoryview(data)
        while view:
            got = self._socket.recv_into(view)
            if not got:
                raise EOFError
            view = view[got:]
        return data


def _pickled(obj: object, buffers: list[pickle.PickleBuffer]) -> memoryview:
    stream = io.BytesIO()
    _Pickler(stream, protocol=5, buffer_callback=buffers.append).dump(obj)
    return stream.getbuffer()


class _Pickler(pickle.Pickler):
    def reducer_override(self, obj: Any) -> Any:
        return reduce_error(obj)
