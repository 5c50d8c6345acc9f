"""Where associations come in: bounded in time and in bytes, whatever the other side does."""

import socket
import ssl
import time
from typing import Any

from pynetdicom.transport import ThreadedAssociationServer

_SLACK_BYTES = 1 << 20


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
