"""Server for associations, with limits on time and bytes."""

import contextlib
import socket
import ssl
import threading
import time
from typing import Any

from pynetdicom import evt
from pynetdicom.association import Association
from pynetdicom.events import Event
from pynetdicom.transport import ThreadedAssociationServer

_SLACK_BYTES = 1 << 20
_MOST_WAITING = 64
_MOST_WAITING_OF_AN_ADDRESS = 32
# How often a connection is looked at for what it sends. The library looks 1,000 times a second, so
# that some connections which send nothing take the time of a processor that readings need.
_POLL_SECONDS = 0.001
_POLL_SECONDS_BEFORE_REQUEST = 0.025
_CLOSING_SECONDS = 1.0
# PS3.8 table 9-21: transient, of the service provider (presentation), local limit exceeded.
_LOCAL_LIMIT_EXCEEDED = (2, 3, 2)


def poll_rarely(event: Event) -> None:
    """Look at a new connection (`EVT_CONN_OPEN`) rarely, until it requests an association."""
    event.assoc.dul._run_loop_delay = _POLL_SECONDS_BEFORE_REQUEST


def end(association: Association) -> None:
    """Abort an association, or close a connection that none is established on, and wait for it.

    Aborting the latter raises an error in the library's thread of the connection.
    """
    if association.is_established:
        association.abort()
        return
    connection = association.dul.socket
    if connection is not None and connection.socket is not None:
        _close(connection.socket)
    reactor, until = association.dul, time.monotonic() + _CLOSING_SECONDS
    while reactor.is_alive() and not reactor.stop_dul() and time.monotonic() < until:
        time.sleep(_POLL_SECONDS)


def _close(connection: socket.socket) -> None:
    """End a connection that another thread reads, which then closes it."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class Places:
    """Places for associations, half of them at most for one address.

    The library's own limit counts every connection, also one that sends nothing or was closed, and
    knows no addresses.

    Parameters
    ----------
    most : int
        Associations at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._most_of_an_address = max(1, most // 2)
        self._lock = threading.Lock()
        self._taken: list[Association] = []

    def admit(self, event: Event) -> None:
        """Give a place to the association that is requested (`EVT_REQUESTED`), or reject it."""
        requested = event.assoc
        requested.dul._run_loop_delay = _POLL_SECONDS
        with self._lock:
            self._taken = [each for each in self._taken if _lasts(each)]
            address = requested.requestor.address
            mine = sum(each.requestor.address == address for each in self._taken)
            if len(self._taken) < self._most and mine < self._most_of_an_address:
                self._taken.append(requested)
                return
        requested.acse.send_reject(*_LOCAL_LIMIT_EXCEEDED)
        evt.trigger(requested, evt.EVT_REJECTED, {})
        requested.kill()


def _lasts(association: Association) -> bool:
    is_over = association.is_released or association.is_aborted or association.is_rejected
    return association.is_alive() and not is_over


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
        self._connections.remove(waiting)
        _close(waiting[0])
