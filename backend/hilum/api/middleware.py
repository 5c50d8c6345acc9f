"""Middleware of all requests: request id, body limit, security headers, HEAD as GET."""

import re
import uuid
from collections import Counter
from dataclasses import dataclass

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hilum.api.client_address import CLIENT
from hilum.api.problems import (
    BUSY,
    TOO_LARGE,
    TOO_SLOW,
    ProblemError,
    log_unexpected,
    problem_of,
    problem_response,
    unexpected_response,
)

# With a digit: a name has none.
_REQUEST_ID = re.compile(r"(?=.*[0-9])[A-Za-z0-9._-]{1,64}")

_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "script-src 'self' "
)
# The viewer's decoders of compressed DICOM are WebAssembly.
_PAGE_POLICY = _POLICY + "'wasm-unsafe-eval'"
# Swagger's page starts itself by an inline script.
_DOCS_POLICY = _POLICY + "'unsafe-inline'"

_DRAIN_SECONDS = 0.5


class RequestIdMiddleware:
    """Takes or makes the request's id, and sends it back with the security headers.

    It also turns unexpected errors into responses, so that these have the headers too and the
    server does not log the error's message.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        policy = _DOCS_POLICY if scope["path"].startswith("/docs") else _PAGE_POLICY

        has_started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                headers["Content-Security-Policy"] = policy
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
                # A response without its own setting may contain patient data.
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except ClientDisconnect:
            # The client disconnected during its upload: no answer is needed, and it is no error.
            return
        except Exception as exc:
            if has_started:
                log_unexpected(exc, request_id)
                # An error makes the server cut the answer off, and it logs the error's words.
                raise AnswerCutOffError(request_id) from None
            await unexpected_response(exc, request_id)(scope, receive, send_with_headers)


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """Limits on request bodies.

    Attributes
    ----------
    max_bytes : int
        Of one.
    max_pending_bytes : int
        Of all requests at work together, as far as they were received; at most half of it is of
        one address.
    idle_seconds : float
        How long nothing may come.
    bytes_per_second : float
        How fast a body has to come on average, once `idle_seconds` have passed.
    json_paths : set of str
        Addresses whose body is JSON, which is parsed in one piece where others wait.
    max_json_bytes : int
        Of one of these: a thousand readings of twenty findings in `POST /verdicts`.
    """

    max_bytes: int
    max_pending_bytes: int
    idle_seconds: float = 20
    bytes_per_second: float = 4096
    json_paths: frozenset[str] = frozenset()
    max_json_bytes: int = 2**20

    def most_bytes(self, path: str) -> int:
        """Of one body that is sent to an address."""
        is_json = path in self.json_paths
        return min(self.max_json_bytes, self.max_bytes) if is_json else self.max_bytes


class BodyLimitMiddleware:
    """Refuses a request whose body is too large or too slow, without holding it in memory.

    A body that says its size is refused before it is read; one that does not (chunked) as soon
    as it has sent too much.
    """

    def __init__(self, app: ASGIApp, *, limits: BodyLimits) -> None:
        self._app = app
        self._limits = limits
        self._pending_bytes: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        client = scope["client"][0] if scope.get("client") else ""
        CLIENT.set(client)
        declared = Headers(scope=scope).get("content-length", "")
        most_bytes = self._limits.most_bytes(scope["path"])
        if declared.isdigit() and int(declared) > most_bytes:
            await refuse(_too_large(most_bytes), scope, receive, send)
            return
        body = _BoundedBody(receive, self, client, most_bytes)
        try:
            await self._app(scope, body.receive, body.unless_refused(send))
        except _RefusedBodyError:
            pass
        finally:
            self._pending_bytes[client] -= body.received
            if not self._pending_bytes[client]:
                del self._pending_bytes[client]
        if body.problem is not None:
            await refuse(body.problem, scope, receive, send)

    def took(self, body: "_BoundedBody", size: int, seconds: float) -> ProblemError | None:
        """Count received bytes; returns the reason for rejecting the body, if any."""
        body.received += size
        self._pending_bytes[body.client] += size
        limits = self._limits
        if body.received > body.most_bytes:
            return _too_large(body.most_bytes)
        of_client = self._pending_bytes[body.client]
        # One request may fill the half, whatever the settings: a client alone is served.
        most_of_client = max(limits.max_pending_bytes // 2, limits.max_bytes)
        if self._pending_bytes.total() > limits.max_pending_bytes or of_client > most_of_client:
            return ProblemError(BUSY, "Too many uploads at once. Send it again after a second.")
        if seconds > limits.idle_seconds and body.received < seconds * limits.bytes_per_second:
            return self.too_slow()
        return None

    @property
    def idle_seconds(self) -> float:
        """How long nothing may come."""
        return self._limits.idle_seconds

    def too_slow(self) -> ProblemError:
        """The problem of a body that does not come."""
        return ProblemError(TOO_SLOW, "The upload is too slow or has stopped. Send it again.")


def _too_large(most_bytes: int) -> ProblemError:
    limit = most_bytes / 2**20
    return ProblemError(TOO_LARGE, f"The request is over {limit:.0f} MB. Send less at once.")


class _BoundedBody:
    """The body of one request, as it is received."""

    def __init__(
        self, receive: Receive, owner: BodyLimitMiddleware, client: str, most_bytes: int
    ) -> None:
        self.client = client
        self.most_bytes = most_bytes
        self.received = 0
        self.problem: ProblemError | None = None
        self._receive = receive
        self._owner = owner
        self._started: float | None = None
        self._is_whole = False

    async def receive(self) -> Message:
        """Receive the next part; nothing bounds the wait for the end of the connection."""
        if self._is_whole:
            return await self._receive()
        if self._started is None:
            self._started = anyio.current_time()
        with anyio.move_on_after(self._owner.idle_seconds) as waiting:
            message = await self._receive()
        if waiting.cancelled_caught:
            self.problem = self._owner.too_slow()
            raise _RefusedBodyError
        self._is_whole = not message.get("more_body", False)
        seconds = anyio.current_time() - self._started
        self.problem = self._owner.took(self, len(message.get("body", b"")), seconds)
        if self.problem is not None:
            raise _RefusedBodyError
        return message

    def unless_refused(self, send: Send) -> Send:
        """Send nothing once the body was refused.

        The framework turns our error into an answer of its own; ours comes instead.
        """

        async def send_unless_refused(message: Message) -> None:
            if self.problem is None:
                await send(message)

        return send_unless_refused


async def refuse(error: ProblemError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a problem to a request whose body was not read, and close the connection.

    What the client is still sending is read and thrown away for half a second at the most: a
    client that finds its connection closed while it sends never sees the answer.

    Parameters
    ----------
    scope, receive, send
        The request, by ASGI.
    """
    with anyio.move_on_after(_DRAIN_SECONDS):
        while (await receive()).get("more_body", False):
            pass
    response = problem_response(problem_of(error, scope["state"]["request_id"]))
    response.headers["Connection"] = "close"
    await response(scope, Request(scope, receive).receive, send)


class HeadMiddleware:
    """Answers HEAD as GET, less the body (RFC 9110 9.3.2), wherever there is a GET."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"}, receive, send_without_body)


class AnswerCutOffError(Exception):
    """An answer that had begun ends in mid-body; its words are the request's id alone."""


class _RefusedBodyError(Exception):
    pass
