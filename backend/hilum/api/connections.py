"""Connections of the HTTP server: limits on number, duration and header size.

And in how small pieces a body may come. uvicorn bounds none of these. Where there are too many
connections, the one that has waited longest for a request is closed for the new one, so that idle
clients do not block others.
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
    """Limits on the server's connections.

    Attributes
    ----------
    total, per_address : int
        Connections at once.
    head_bytes : int
        Of a request's line and header fields; of the trailer fields after a chunked body, too.
    head_seconds : float
        From the first byte of a request, or from the connection, to the end of its header fields.
    body_pieces, piece_bytes : int
        A body that comes in more pieces (chunks, or what is received at once) than this needs so
        many bytes in each on average: the event loop has some work for each of them.
    """

    total: int
    per_address: int
    head_bytes: int = 32 * 1024
    head_seconds: float = 10
    body_pieces: int = 5000
    piece_bytes: int = 100

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
    """Make the protocol of one server, for ``uvicorn.run(http=...)``."""
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
        """Count a new connection; if there are too many, drop a waiting one, or else this one."""
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
    # Between requests, and in the head of the first one that is not answered.
    _is_in_head = True
    # Whether fields are of a head, not of a chunked body's trailer; and their bytes.
    _are_of_head = True
    _field_bytes = 0
    # Bytes in a row that were no body: of a head or a trailer that has not ended.
    _open_bytes = 0
    _body_pieces = _body_bytes = 0

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
        if self._is_in_head and self._deadline is None:
            self._start_timer()
        self._open_bytes += len(data)
        super().data_received(data)
        if self._open_bytes > self.open.limits.head_bytes:
            self._end(_TOO_LARGE)

    def on_message_begin(self) -> None:
        self._are_of_head, self._field_bytes = True, 0
        self._body_pieces = self._body_bytes = 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._field_bytes += len(name) + len(value) + _PER_FIELD_BYTES
        # Trailer fields are dropped: in the request's head, its checks would not have seen them.
        if self._are_of_head:
            super().on_header(name, value)
        else:
            self._check_fields()

    def _check_fields(self) -> None:
        """End the connection where too much came at once, so that its row is not too long."""
        if len(self.url) + self._field_bytes > self.open.limits.head_bytes:
            self._end(_TOO_LARGE)

    def on_headers_complete(self) -> None:
        self._stop_timer()
        self._check_fields()
        self._is_in_head = self._are_of_head = False
        self._field_bytes = self._open_bytes = 0
        self.open.waits_for_body(self)
        if not self.transport.is_closing():
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if self.transport.is_closing():
            return
        self._open_bytes = 0
        self._body_pieces += 1
        self._body_bytes += len(body)
        limits = self.open.limits
        least = self._body_pieces * limits.piece_bytes
        if self._body_pieces > limits.body_pieces and self._body_bytes < least:
            # The parser reads no further, and uvicorn answers 400.
            raise _TinyPiecesError
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._open_bytes = 0
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
        if self.transport.is_closing():
            return
        is_in_answer = self.cycle is not None and (
            self.cycle.response_started and not self.cycle.response_complete
        )
        if not is_in_answer:
            self.transport.write(answer)
        self.transport.close()


class _TinyPiecesError(Exception):
    pass
