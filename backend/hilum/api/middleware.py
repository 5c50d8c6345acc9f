"""What every request passes: an id, a bound on its body, security headers; HEAD becomes GET."""

import contextlib
import re
import uuid

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hilum.api.problems import (
    TOO_LARGE,
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

    It is the process's edge as well: an error that nobody expected becomes an answer here, so
    that it has these headers too, and so that the server does not log the error's own words.
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
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as exc:
            if has_started:
                log_unexpected(exc, request_id)
                # An error makes the server cut the answer off, and it logs the error's words.
                raise AnswerCutOffError(request_id) from None
            await unexpected_response(exc, request_id)(scope, receive, send_with_headers)


class BodyLimitMiddleware:
    """Answers 413 to a request whose body is over the limit, without holding it in memory.

    A body that says its size is refused before it is read; one that does not (chunked) as soon
    as it has sent too much. What the client is still sending is read and thrown away for half
    a second at the most: a client that finds its connection closed while it sends never sees
    the answer.
    """

    def __init__(self, app: ASGIApp, *, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdigit() and int(declared) > self._max_bytes:
            await self._refuse(scope, receive, send)
            return
        received = 0

        async def bounded_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_bytes:
                raise _BodyTooLargeError
            return message

        async def send_unless_refused(message: Message) -> None:
            # The framework turns the error above into an answer of its own; ours comes instead.
            if received <= self._max_bytes:
                await send(message)

        with contextlib.suppress(_BodyTooLargeError):
            await self._app(scope, bounded_receive, send_unless_refused)
        if received > self._max_bytes:
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        with anyio.move_on_after(_DRAIN_SECONDS):
            while (await receive()).get("more_body", False):
                pass
        error = ProblemError(
            TOO_LARGE,
            f"The request is over {self._max_bytes / 2**20:.0f} MB. Send fewer or smaller files.",
        )
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


class _BodyTooLargeError(Exception):
    pass
