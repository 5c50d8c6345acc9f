"""Who sends the request that is at work: readings are shared out by address."""

from contextvars import ContextVar

CLIENT: ContextVar[str] = ContextVar("client", default="")
"""Address of the client; empty where it has none, as on a Unix socket."""
