"""Settings of access: addresses of the service, credential, TLS, trusted proxies."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode

_SHORTEST_TOKEN = 16


def split(value: object) -> object:
    """``a,b`` as a list."""
    if not isinstance(value, str):
        return value
    return [part.strip() for part in value.split(",") if part.strip()]


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(split)]


def _check_url(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query):
        raise ValueError("is not an address such as https://hilum.example.org")
    return url.rstrip("/")


class AccessSettings(BaseSettings):
    """Who may use the service.

    Attributes
    ----------
    token : SecretStr or None
        Bearer token that requests to the API must send.
    token_file : Path or None
        File with the token, for mounted secrets.
    allow_unauthenticated : bool
        Serve addresses other than loopback without a credential: for use behind a proxy that
        authenticates, or in a closed network.
    allowed_hosts : tuple of str
        Names by which clients address the service, separated by commas; ``*.example.org`` for all
        names below a domain, ``*`` for all. IP addresses, ``localhost`` and the machine's own
        name are always allowed.
    public_url : str
        Address of the service as clients see it, for links in answers.
    trusted_proxies : tuple of str
        Addresses of proxies whose ``X-Forwarded-For`` and ``X-Forwarded-Proto`` are used.
    tls_certificate, tls_key : Path or None
        PEM files; HTTPS is used if there is a certificate.
    """

    token: SecretStr | None = None
    token_file: Path | None = None
    allow_unauthenticated: bool = False
    allowed_hosts: Listed = ()
    public_url: Annotated[str, AfterValidator(_check_url)] = Field(default="")
    trusted_proxies: Listed = ()
    tls_certificate: Path | None = None
    tls_key: Path | None = None

    @property
    def secret(self) -> str | None:
        """The token, or None if none is set."""
        return self.token.get_secret_value() if self.token else None

    @model_validator(mode="after")
    def _is_consistent(self) -> "AccessSettings":
        if bool(self.tls_certificate) != bool(self.tls_key):
            raise ValueError("TLS needs both HILUM_TLS_CERTIFICATE and HILUM_TLS_KEY")
        if self.token_file is not None:
            if self.token is not None:
                raise ValueError("set HILUM_TOKEN or HILUM_TOKEN_FILE, not both")
            try:
                text = self.token_file.read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as exc:
                raise ValueError("HILUM_TOKEN_FILE cannot be read") from exc
            # Settings are frozen once they are made.
            object.__setattr__(self, "token", SecretStr(text))
        if self.secret is not None and len(self.secret) < _SHORTEST_TOKEN:
            raise ValueError(
                f"the token has under {_SHORTEST_TOKEN} characters. "
                "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        return self
