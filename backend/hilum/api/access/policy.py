"""Which requests are allowed: by host, by origin of the page, by credential."""

import hmac
import ipaddress
import re
import socket
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from itsdangerous import BadSignature, TimestampSigner
from starlette.requests import HTTPConnection

from hilum.api.access.settings import AccessSettings
from hilum.api.cross_origin import is_loopback, origins_for
from hilum.api.problems import (
    FOREIGN_ORIGIN,
    MALFORMED,
    MISDIRECTED,
    NO_CREDENTIAL_SET,
    UNAUTHENTICATED,
    ProblemError,
)

SESSION_COOKIE = "hilum_session"
SESSION_SECONDS = 12 * 3600
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_OWN_PAGES = ("same-origin", "none")
_SIGNED_IN = b"signed in"
# RFC 9110 7.2, less what no host has: a looser reader may see another name in it than this one.
_HOST = re.compile(
    r"(?:\[([0-9a-f:.]+)\]|([0-9a-z._-]+))(?::[0-9]{0,5})?", re.ASCII | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """Access policy of a deployment, from its settings.

    Attributes
    ----------
    secret : str or None
        Token that requests to the API need; None where they need none.
    needs_secret_elsewhere : bool
        Serve no address but loopback unless `secret` is set.
    hosts : frozenset of str
        Names of the service in lower case; ``*.`` in front for all names below, ``*`` for all.
    public_origin : str
        Origin of the service's own page where a proxy changes it; empty where none does.
    allowed_origins : collection of str or None
        See `hilum.api.cross_origin`.
    """

    secret: str | None
    needs_secret_elsewhere: bool
    hosts: frozenset[str]
    public_origin: str
    allowed_origins: Collection[str] | None

    @classmethod
    def of(
        cls, settings: AccessSettings, allowed_origins: Collection[str] | None
    ) -> "AccessPolicy":
        """Make the policy of a deployment.

        Parameters
        ----------
        allowed_origins : collection of str or None
        """
        public = urlsplit(settings.public_url)
        names = (*settings.allowed_hosts, "localhost", "*.localhost", socket.gethostname())
        hosts = {each.lower() for each in (*names, public.hostname or "") if each}
        return cls(
            secret=settings.secret,
            needs_secret_elsewhere=not settings.allow_unauthenticated,
            hosts=frozenset(hosts),
            public_origin=f"{public.scheme}://{public.netloc}".lower() if public.netloc else "",
            allowed_origins=allowed_origins,
        )

    def check(self, request: HTTPConnection) -> None:
        """Refuse what no credential can make right.

        Raises
        ------
        ProblemError
            The service is open to others and has no token; the request names no host, two, one
            that cannot be, or another one (DNS rebinding), or a page of another origin sends it to
            change something.
        """
        server = request.scope.get("server")
        host = server[0] if server else ""
        # A Unix socket has a path, and no port.
        is_local = server is not None and (server[1] is None or is_loopback(host))
        if self.needs_secret_elsewhere and self.secret is None and not is_local:
            raise ProblemError(
                NO_CREDENTIAL_SET,
                "This service can be reached by others and has no token: set HILUM_TOKEN. Behind "
                "a proxy that authenticates, set HILUM_ALLOW_UNAUTHENTICATED=true.",
            )
        named = request.headers.getlist("host")
        if len(named) > 1:
            # A proxy in front may go by another one of them (RFC 9112 3.2).
            raise ProblemError(MALFORMED, "The request has more than one Host. Send one.")
        if not named and request.scope.get("http_version") == "1.1":
            raise ProblemError(MALFORMED, "The request has no Host, which HTTP/1.1 requires.")
        # A client of HTTP/1.0 sends none; no page does.
        if named and not self._is_own_host(_host(named[0])):
            raise ProblemError(
                MISDIRECTED,
                "The service is not known by this host name. Use its address, or name it in "
                "HILUM_ALLOWED_HOSTS.",
            )
        if request.scope["method"] not in _SAFE_METHODS and not self._is_own_page(request, host):
            raise ProblemError(
                FOREIGN_ORIGIN,
                "A page of another origin sent this request. Name the origin in "
                "HILUM_ALLOWED_ORIGINS if it may.",
            )

    def check_credential(self, request: HTTPConnection) -> None:
        """Refuse a request without the token or a session.

        Raises
        ------
        ProblemError
        """
        if self.secret is None:
            return
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self.is_token(given.strip()):
            return
        if not self.is_session(request.cookies.get(SESSION_COOKIE, "")):
            raise ProblemError(
                UNAUTHENTICATED,
                "This needs the service's token: send the header Authorization: Bearer TOKEN, or "
                "sign in on the page.",
            )

    def is_token(self, given: str) -> bool:
        """Whether this is the token, compared in constant time."""
        return self.secret is not None and hmac.compare_digest(
            given.encode("utf-8", "surrogateescape"), self.secret.encode()
        )

    def new_session(self) -> str:
        """Value of the session cookie, signed with the token."""
        return self._signer().sign(_SIGNED_IN).decode()

    def is_session(self, cookie: str) -> bool:
        """Whether the cookie is of a session that has not ended."""
        if self.secret is None:
            return False
        try:
            return self._signer().unsign(cookie, max_age=SESSION_SECONDS) == _SIGNED_IN
        except BadSignature:
            return False

    def _signer(self) -> TimestampSigner:
        assert self.secret is not None
        return TimestampSigner(self.secret, salt="hilum session")

    def _is_own_host(self, host: str) -> bool:
        """Whether this is a name of this service.

        An IP address is: a page of another host's name cannot send it (DNS rebinding).
        """
        if "*" in self.hosts or host in self.hosts or _is_address(host):
            return True
        return any(each[:2] == "*." and host.endswith(each[1:]) for each in self.hosts)

    def _is_own_page(self, request: HTTPConnection, server: str) -> bool:
        """Whether no page sends the request, or one of this service or of an allowed origin."""
        site = request.headers.get("sec-fetch-site")
        origin = request.headers.get("origin")
        if origin is None:
            return site is None or site in _OWN_PAGES
        allowed = origins_for(server, self.allowed_origins)
        if site == "same-origin" or origin in allowed or "*" in allowed:
            return True
        # No page sends "none": where it comes with an origin, the origin counts.
        if not origin or site not in {None, "none"}:
            return False
        host = request.headers.get("host", "").lower()
        # A browser that does not send Sec-Fetch-Site. A proxy may have ended TLS, so that the
        # scheme here is not the page's.
        own = (self.public_origin, f"http://{host}", f"https://{host}")
        return origin.lower() in own


def _host(header: str) -> str:
    """The name or address in a Host header."""
    found = _HOST.fullmatch(header)
    # A name with its root's dot is the same name.
    host = (found[1] or found[2]).lower().removesuffix(".") if found else ""
    if not host or (found and found[1] and not _is_address(host)):
        raise ProblemError(MALFORMED, "The request's Host is no host name or address.")
    return host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
