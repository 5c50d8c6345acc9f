"""Compression: of JSON in answers, and of the page's files at build time."""

import re
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

_SMALLEST_BYTES = 1024

OF_ANSWERS: dict[str, Any] = {
    "minimum_size": _SMALLEST_BYTES,
    # Half a percent larger than by 9, in a third of the time.
    "compresslevel": 6,
    # All but JSON. Films and reports are compressed by their own formats; the page's files were
    # compressed when it was built, and have an ETag for each coding, which this would not change.
    "exclude_content_types": (
        "application/dicom",
        "application/javascript",
        "application/octet-stream",
        "application/pdf",
        "application/wasm",
        "audio/*",
        "font/*",
        "image/*",
        "multipart/*",
        "text/*",
        "video/*",
    ),
}
"""Settings of `AnswerCompression`."""

CODINGS = {"br": ".br", "gzip": ".gz"}
"""Codings that the page's files may also lie in, with the endings of these, the smallest first."""

_NONE_OF_IT = re.compile(r"0(\.0*)?")


class AnswerCompression(GZipMiddleware):
    """Starlette's middleware, for which ``gzip`` anywhere in the header is a wish for it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request whose header names no coding but those that are accepted."""
        if scope["type"] == "http":
            accepted = _accepted(",".join(Headers(scope=scope).getlist("accept-encoding")))
            scope = {**scope, "headers": list(scope["headers"])}
            MutableHeaders(scope=scope)["accept-encoding"] = ", ".join(
                sorted(accepted & CODINGS.keys())
            )
        await super().__call__(scope, receive, send)


def compressed(file: Path, accept_encoding: str) -> tuple[Path, dict[str, str]]:
    """Choose among a file of the page and its compressed forms (RFC 9110 12.5.3).

    Parameters
    ----------
    accept_encoding : str
        The request's header.

    Returns
    -------
    Path, dict of str to str
        The file to send, and the headers that tell of the choice.
    """
    forms = {coding: file.with_name(file.name + ending) for coding, ending in CODINGS.items()}
    there = {coding: form for coding, form in forms.items() if form.is_file()}
    if not there:
        return file, {}
    wanted = _accepted(accept_encoding)
    for coding, form in there.items():
        if coding in wanted:
            return form, {"Content-Encoding": coding, "Vary": "Accept-Encoding"}
    return file, {"Vary": "Accept-Encoding"}


def _accepted(accept_encoding: str) -> set[str]:
    accepted = set()
    for each in accept_encoding.lower().split(","):
        coding, _, weight = each.partition(";")
        if not _NONE_OF_IT.fullmatch(weight.strip().removeprefix("q=")):
            accepted.add(coding.strip())
    return accepted
