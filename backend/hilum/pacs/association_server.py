"""Where associations come in: bounded in time and in bytes, whatever the other side does."""

import contextlib
import socket
import ssl
import time
from typing import Any

from pynetdicom import AE
from pynetdicom.association import Association
from pynetdicom.transport import ThreadedAssociationServer

_SLACK_BYTES = 1 << 20
_MOST_WAITING = 64
_MOST_WAITING_OF_AN_ADDRESS = 32


class EstablishedOnlyAE(AE):
    """An application entity whose limit counts associations that are established.

    The library counts every connection, also one that sends nothing or was closed: for as long as
    it waits for a request on these, it rejects all others.
    """

    @property
    def active_associations(self) -> list[Association]:
        """The associations that are established."""
        return [each for each in super().active_associations if each.is_established]

    def bound_associations(self, most: int) -> None:
        """Reject associations while so many are established.

        Parameters
        ----------
        most : int
        """
        # The library asks whether there are more than this, the new one included; that one is not
        # established, and so is not among them.
        self._maximum_associations = most - 1


class Bounds:
    """How long an association may last, and how much it may send before a message is whole.

    Mixed into the socket, since nothing above it sees a message, or a PDU, that never ends.
    """

    ends: float = float("inf")
    max_bytes: float = float("inf")
    received: int = 0

    def recv(self, size: int = 1024, flags: int = 0) -> bytes:
        """Receive, unless the association has had its time or its bytes.

        Raises
        ------
        TimeoutError, ConnectionAbortedError
            It is over; the library closes the connection.
        """
        if time.monotonic() > self.ends:
            raise TimeoutError
        content: bytes = super().recv(size, flags)  # type: ignore[misc]
        self.received += len(content)
        if self.received > self.max_bytes:
            raise ConnectionAbortedError
        return content


class _PlainSocket(Bounds, socket.socket):
    pass


class _TlsSocket(Bounds, ssl.SSLSocket):
    pass


class BoundedServer(ThreadedAssociationServer):
    """An association server with bounds.

    Parameters
    ----------
    *args, **kwargs
        The library's.
    max_object_bytes : int
    idle_seconds, association_seconds : float
        How long nothing may come, and how long all of it may take.
    """

    def __init__(
        self,
        *args: Any,
        max_object_bytes: int,
        idle_seconds: float,
        association_seconds: float,
        **kwargs: Any,
    ) -> None:
        self._max_bytes = max_object_bytes + _SLACK_BYTES
        self._idle_seconds = idle_seconds
        self._association_seconds = association_seconds
        # Connections that may still become associations, by address; the oldest is the first.
        self._connections: list[tuple[socket.socket, str]] = []
        super().__init__(*args, **kwargs)
        self.daemon_threads = True
        if self.ssl_context is not None:
            self.ssl_context.sslsocket_class = _TlsSocket

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection; its TLS handshake is its own thread's business, not this one's."""
        listening: Any = self.socket
        plain, address = listening.accept()
        accepted: Any = _PlainSocket(fileno=plain.detach())
        accepted.settimeout(self._idle_seconds)
        if self.ssl_context is not None:
            accepted = self.ssl_context.wrap_socket(
                accepted, server_side=True, do_handshake_on_connect=False
            )
        accepted.ends = time.monotonic() + self._association_seconds
        accepted.max_bytes = self._max_bytes
        return accepted, address

    def verify_request(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: Any
    ) -> bool:
        """Take a connection; where too many wait for their association, the oldest goes."""
        assert isinstance(request, socket.socket)
        established = [each.dul.socket for each in self.active_associations if each.is_established]
        known = {id(each.socket) for each in established if each is not None}
        self._connections = [
            (each, address)
            for each, address in self._connections
            if each.fileno() != -1 and id(each) not in known
        ]
        address = client_address[0]
        mine = [each for each in self._connections if each[1] == address]
        if len(mine) >= _MOST_WAITING_OF_AN_ADDRESS:
            self._drop(mine[0])
        elif len(self._connections) >= _MOST_WAITING:
            self._drop(self._connections[0])
        self._connections.append((request, address))
        return True

    def _drop(self, waiting: tuple[socket.socket, str]) -> None:
        """End a connection that another thread reads, which closes it."""
        self._connections.remove(waiting)
        with contextlib.suppress(OSError):
            waiting[0].shutdown(socket.SHUT_RDWR)
