"""Address of the client of the current request, for sharing out readings."""

from contextvars import ContextVar

CLIENT: ContextVar[str] = ContextVar("client", default="")
"""Address of the client; empty where it has none, as on a Unix socket."""
