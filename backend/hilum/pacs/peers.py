"""Peers that receive results: an AE title at a host and port, or a DICOMweb address."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

from hilum.errors import HilumError

_LONGEST_TITLE = 16


class PeerError(HilumError):
    """A peer's address is not understood."""


@dataclass(frozen=True, slots=True)
class DicomPeer:
    """A storage SCP."""

    ae_title: str
    host: str
    port: int

    @property
    def name(self) -> str:
        """What it is called in the database and the log."""
        return f"{self.ae_title}@{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class WebPeer:
    """A DICOMweb service.

    Attributes
    ----------
    url : str
        Of the service; ``/studies`` is added to it. Without user and password.
    user, password : str
        Empty where none is needed.
    """

    url: str
    user: str = ""
    password: str = ""

    @property
    def name(self) -> str:
        """What it is called in the database and the log."""
        return self.url


Peer = DicomPeer | WebPeer


def parse_peer(text: str) -> Peer:
    """Parse a peer's address.

    Parameters
    ----------
    text : str
        ``TITLE@host:port`` or ``http(s)://[user:password@]host/path``.

    Raises
    ------
    PeerError
        Its words do not quote it, since there may be a password in it.
    """
    text = text.strip()
    if text.startswith(("http://", "https://")):
        return _web_peer(text)
    title, _, address = text.partition("@")
    host, _, port = address.rpartition(":")
    if not (0 < len(title) <= _LONGEST_TITLE and host and port.isdecimal() and int(port) < 1 << 16):
        raise PeerError(
            "A peer's address is not understood. Write TITLE@host:port, the title of at most 16 "
            "characters, or the http(s) address of a DICOMweb service."
        )
    return DicomPeer(title, host.strip("[]"), int(port))


def _web_peer(text: str) -> WebPeer:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        host = f"[{host}]" if ":" in host else host
        place = f"{host}:{parts.port}" if parts.port else host
    except ValueError as exc:
        raise PeerError("A peer's DICOMweb address is not understood.") from exc
    url = urlunsplit((parts.scheme, place, parts.path.rstrip("/"), "", ""))
    return WebPeer(url, unquote(parts.username or ""), unquote(parts.password or ""))
