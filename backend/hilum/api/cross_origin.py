"""Which other origins' pages may call the API from a browser (CORS)."""

import ipaddress
from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

LOCAL_PAGES = ("http://localhost:3000", "http://127.0.0.1:3000")
"""Where the page of the original student service runs, and this one's under ``npm start``."""

_METHODS = ("GET", "HEAD", "POST", "DELETE")
_ANSWERED = ("Content-Disposition", "Location", "Retry-After", "Warning", "X-Request-ID")


class CrossOriginMiddleware:
    """Starlette's `CORSMiddleware`, with pages on the same machine allowed by default.

    Parameters
    ----------
    app : ASGIApp
    allowed_origins : collection of str or None
        None: `LOCAL_PAGES`, on connections to a loopback address; no others.
    """

    def __init__(self, app: ASGIApp, *, allowed_origins: Collection[str] | None) -> None:
        on_loopback = LOCAL_PAGES if allowed_origins is None else allowed_origins
        self._on_loopback = _allowing(app, on_loopback)
        self._elsewhere = _allowing(app, allowed_origins or ())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = (scope.get("server") or ("", None))[0]
        app = self._on_loopback if is_loopback(host) else self._elsewhere
        await app(scope, receive, send)


def is_loopback(host: str) -> bool:
    """Whether a host, by name or address, is this machine to itself alone."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host.lower() == "localhost"
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _allowing(app: ASGIApp, origins: Collection[str]) -> CORSMiddleware:
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=_METHODS,
        allow_headers=("*",),
        expose_headers=_ANSWERED,
    )
