"""Connections of the HTTP server: how many, and how long and large the head of a request may be.

uvicorn bounds none of these. Where there are too many connections, the one that has waited longest
for a request makes room for the new one, so that clients which send nothing keep out nobody.
"""

import asyncio
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass, replace

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_PER_FIELD_BYTES = 4
"""Colon, space and the end of the line."""
_ANSWER = (
    b"HTTP/1.1 %s\r\ncontent-type: text/plain\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)
_TOO_SLOW = _ANSWER % b"408 Request Timeout"
_TOO_LARGE = _ANSWER % b"431 Request Header Fields Too Large"


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What a server's connections may take.

    Attributes
    ----------
    total, per_address : int
        Connections at once.
    head_bytes : int
        Of a request's line and header fields.
    head_seconds : float
        From the first byte of a request, or from the connection, to the end of its header fields.
    """

    total: int
    per_address: int
    head_bytes: int = 32 * 1024
    head_seconds: float = 10

    def fitted(self) -> "ConnectionLimits":
        """Bound the connections by half of the files that this process may open."""
        try:
            import resource
        except ModuleNotFoundError:
            # Windows counts no files.
            return self
        most = max(1, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)
        return replace(self, total=min(self.total, most), per_address=min(self.per_address, most))


def bounded_protocol(limits: ConnectionLimits) -> type[HttpToolsProtocol]:
    """Make the protocol of one server, for ``uvicorn.run(http=...)``.

    Parameters
    ----------
    limits : ConnectionLimits

    Returns
    -------
    type
    """
    return type("BoundedHttp", (_BoundedProtocol,), {"open": _Connections(limits)})


class _Connections:
    """The open connections of a server."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self.limits = limits
        self._addresses: dict[_BoundedProtocol, str] = {}
        self._counts: Counter[str] = Counter()
        # Those that wait for the head of a request, and for its body; the oldest is the first.
        self._before_head: dict[_BoundedProtocol, None] = {}
        self._before_body: dict[_BoundedProtocol, None] = {}

    def enter(self, connection: "_BoundedProtocol", address: str) -> None:
        """Count a new connection; where there are too many, drop one that waits, else this."""
        if self._counts[address] >= self.limits.per_address:
            self._drop_one({each for each, of in self._addresses.items() if of == address})
        if len(self._addresses) >= self.limits.total:
            self._drop_one(self._addresses.keys())
        is_full = len(self._addresses) >= self.limits.total
        if is_full or self._counts[address] >= self.limits.per_address:
            connection.transport.abort()
            return
        self._addresses[connection] = address
        self._counts[address] += 1
        self.waits_for_head(connection)

    def leave(self, connection: "_BoundedProtocol") -> None:
        """Count a connection no more."""
        self.has_request(connection)
        address = self._addresses.pop(connection, None)
        if address is not None:
            self._counts[address] -= 1
            if not self._counts[address]:
                del self._counts[address]

    def waits_for_head(self, connection: "_BoundedProtocol") -> None:
        """Note that a connection waits for a request to begin, or for the rest of its head."""
        self.has_request(connection)
        if connection in self._addresses:
            self._before_head[connection] = None

    def waits_for_body(self, connection: "_BoundedProtocol") -> None:
        """Note that a connection waits for the rest of a request's body."""
        self.has_request(connection)
        if connection in self._addresses:
            self._before_body[connection] = None

    def has_request(self, connection: "_BoundedProtocol") -> None:
        """Note that a whole request was received."""
        self._before_head.pop(connection, None)
        self._before_body.pop(connection, None)

    def _drop_one(self, among: Set["_BoundedProtocol"]) -> None:
        """Drop the connection among these that waits longest, for a head before for a body."""
        for waiting in (self._before_head, self._before_body):
            for each in waiting:
                if each in among:
                    self.leave(each)
                    each.transport.abort()
                    return


class _BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol within `ConnectionLimits`."""

    open: _Connections
    _deadline: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _is_in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start_timer()
        self.open.enter(self, self.client[0] if self.client else "")

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        self.open.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._is_in_head:
            if self._deadline is None:
                self._start_timer()
            self._head_bytes += len(data)
        super().data_received(data)
        if self._is_in_head and self._head_bytes > self.open.limits.head_bytes:
            self._end(_TOO_LARGE)

    def on_headers_complete(self) -> None:
        self._stop_timer()
        self._is_in_head, self._head_bytes = False, 0
        self.open.waits_for_body(self)
        fields = sum(len(name) + len(value) + _PER_FIELD_BYTES for name, value in self.headers)
        if len(self.url) + fields > self.open.limits.head_bytes:
            # All of it came at once.
            self._end(_TOO_LARGE)
            return
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        self.open.has_request(self)
        if not self.transport.is_closing():
            super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.pipeline:
            # uvicorn's own timer ends a connection on which no other request comes.
            self._is_in_head = True
            self.open.waits_for_head(self)

    def _start_timer(self) -> None:
        seconds = self.open.limits.head_seconds
        self._deadline = self.loop.call_later(seconds, self._end, _TOO_SLOW)

    def _stop_timer(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _end(self, answer: bytes) -> None:
        self._stop_timer()
        if not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()
