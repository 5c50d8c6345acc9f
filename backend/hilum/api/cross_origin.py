"""Origins whose pages may call the API from a browser (CORS)."""

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
    allowed_origins : collection of str or None
        None: `LOCAL_PAGES`, on connections to a loopback address; no others.
    """

    def __init__(self, app: ASGIApp, *, allowed_origins: Collection[str] | None) -> None:
        self._on_loopback = _allowing(app, origins_for("localhost", allowed_origins))
        self._elsewhere = _allowing(app, origins_for("", allowed_origins))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = (scope.get("server") or ("", None))[0]
        app = self._on_loopback if is_loopback(host) else self._elsewhere
        await app(scope, receive, send)


def origins_for(host: str, allowed_origins: Collection[str] | None) -> Collection[str]:
    """Origins whose pages may call the API on connections to a host.

    Parameters
    ----------
    host : str
        Of the service, by name or address.
    allowed_origins : collection of str or None
        None: `LOCAL_PAGES` on a loopback address; no others.
    """
    if allowed_origins is not None:
        return allowed_origins
    return LOCAL_PAGES if is_loopback(host) else ()


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
