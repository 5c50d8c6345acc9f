"""Download one file over HTTP, resumable and verified (RFC 9110: 13.1.5 If-Range, 14 Range)."""

import hashlib
import re
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx2

from hilum import __version__
from hilum.datasets.downloads.partial import Partial
from hilum.datasets.downloads.source import RemoteFile
from hilum.errors import DataSourceError

Report = Callable[[int, int | None], None]
"""Called with the bytes done so far and all of them, or None where that is not known."""

ATTEMPTS = 6
"""Failures in a row, none of which got any further, before giving up."""

_LONGEST_PAUSE_SECONDS = 60.0
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)$")
_WORTH_ANOTHER_TRY = frozenset({408, 425, 429, 500, 502, 503, 504})


class _InterruptionError(Exception):
    """A failure that a later attempt may overcome: a dropped connection, a busy server."""

    def __init__(self, reason: str, pause_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.pause_seconds = pause_seconds


def new_client() -> httpx2.Client:
    """Make the HTTP client that downloads use.

    Returns
    -------
    httpx2.Client
        It follows redirects: Mendeley, Box and Kaggle all answer with one to a signed address.
    """
    return httpx2.Client(
        follow_redirects=True,
        timeout=httpx2.Timeout(30, read=60),
        # Identity, so that byte ranges count the file's own bytes.
        headers={"User-Agent": f"hilum/{__version__}", "Accept-Encoding": "identity"},
    )


def download(
    remote: RemoteFile,
    target: Path,
    *,
    client: httpx2.Client,
    report: Report = lambda *_: None,
    pause: Callable[[float], None] = time.sleep,
    auth: tuple[str, str] | None = None,
) -> Path:
    """Bring a file, going on from where an earlier attempt stopped.

    It grows under a ``.part`` name beside the target and gets its own name once verified.

    Parameters
    ----------
    target : Path
        Where it is wanted; its folder exists. A file that is already there is only verified.
    client : httpx2.Client
    pause : callable
        Waits the given seconds between attempts.
    auth : tuple of (str, str) or None
        User name and key for HTTP basic authentication.

    Returns
    -------
    Path
        `target`.

    Raises
    ------
    DataSourceError
        The server refuses, keeps failing, or gives other bytes than the published ones; or
        the file that is already there has others.
    """
    if target.is_file():
        # Somebody may have saved it by hand: it is not overwritten.
        if problem := _mismatch(target, remote):
            raise DataSourceError(
                f"The {remote.filename} that is already there {problem}. Remove it to download it."
            )
        report(target.stat().st_size, target.stat().st_size)
        return target
    partial = Partial(target, remote.url)
    resumed = partial.size > 0
    _transfer(remote, partial, client, report, pause, auth)
    problem = _mismatch(partial.path, remote)
    if problem and resumed:
        # The earlier piece may be another file's: one clean try before blaming the source.
        partial.discard()
        _transfer(remote, partial, client, report, pause, auth)
        problem = _mismatch(partial.path, remote)
    if problem:
        partial.discard()
        raise DataSourceError(
            f"{remote.filename} {problem}. The file was deleted. Try again. If this "
            "happens twice, the source has changed: do not trust the data."
        )
    partial.path.replace(target)
    partial.discard()
    return target


def _mismatch(path: Path, remote: RemoteFile) -> str | None:
    size_bytes = path.stat().st_size
    if remote.size_bytes is not None and size_bytes != remote.size_bytes:
        return f"has {size_bytes:,} bytes, not the published {remote.size_bytes:,}"
    if remote.checksum is None:
        return None
    algorithm, expected = remote.checksum
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, algorithm).hexdigest()
    if digest == expected:
        return None
    return f"does not have the published checksum ({algorithm} {expected}, got {digest})"


def _transfer(
    remote: RemoteFile,
    partial: Partial,
    client: httpx2.Client,
    report: Report,
    pause: Callable[[float], None],
    auth: tuple[str, str] | None,
) -> None:
    furthest, failures = partial.size, 0
    while True:
        try:
            return _attempt(remote, partial, client, report, auth)
        except _InterruptionError as interruption:
            if partial.size > furthest:
                furthest, failures = partial.size, 0
            failures += 1
            if failures >= ATTEMPTS:
                raise DataSourceError(
                    f"{remote.filename} could not be fetched after {ATTEMPTS} attempts "
                    f"({interruption}). Run the same command again to continue from "
                    f"{partial.size:,} bytes."
                ) from interruption
            wait = interruption.pause_seconds or 2.0**failures
            pause(min(_LONGEST_PAUSE_SECONDS, wait))


def _attempt(
    remote: RemoteFile,
    partial: Partial,
    client: httpx2.Client,
    report: Report,
    auth: tuple[str, str] | None,
) -> None:
    headers = partial.resume_headers(trust_unvalidated=remote.checksum is not None)
    try:
        with client.stream("GET", remote.url, headers=headers, auth=auth) as response:
            _receive(response, remote, partial, report)
    except httpx2.TransportError as error:
        raise _InterruptionError("the connection failed") from error
    except httpx2.HTTPError as error:
        raise DataSourceError(f"{remote.filename} could not be fetched from its address.") from (
            error
        )


def _receive(
    response: httpx2.Response, remote: RemoteFile, partial: Partial, report: Report
) -> None:
    if response.status_code == 416:
        _settle_unsatisfiable(response, partial)
        return
    _check_answer(response, remote)
    offset, total = _span(response)
    if offset != (partial.size if offset else 0) or (offset and not partial.is_same(response)):
        partial.discard()
        raise _InterruptionError("the file changed on the server")
    _check_size(total, remote)
    partial.remember(response)
    with partial.path.open("ab" if offset else "wb") as stream:
        report(offset, total)
        # As they come: gathered into larger chunks, a dropped connection would lose the last one.
        for chunk in response.iter_raw():
            stream.write(chunk)
            offset += len(chunk)
            report(offset, total)
    if total is not None and offset < total:
        raise _InterruptionError("the connection closed early")


def _settle_unsatisfiable(response: httpx2.Response, partial: Partial) -> None:
    """Treat a refused range as complete if the sizes agree, otherwise start again."""
    if response.headers.get("Content-Range") != f"bytes */{partial.size}":
        partial.discard()
        raise _InterruptionError("the file changed on the server")


def _check_answer(response: httpx2.Response, remote: RemoteFile) -> None:
    status = response.status_code
    if status in _WORTH_ANOTHER_TRY:
        raise _InterruptionError(f"the server answered {status}", _retry_after(response))
    if status in (401, 403):
        raise DataSourceError(
            f"The server refused {remote.filename} ({status}): the address may require a "
            "browser, or the token is not accepted."
        )
    if status not in (200, 206):
        raise DataSourceError(
            f"{remote.filename} is no longer at its published address (status {status})."
        )
    if remote.url.startswith("https:") and response.url.scheme != "https":
        raise DataSourceError(f"{remote.filename} was redirected to an unencrypted address.")
    if response.headers.get("Content-Type", "").startswith("text/html"):
        raise DataSourceError(
            f"The server sent a web page instead of {remote.filename}: it requires a browser."
        )


def _check_size(total: int | None, remote: RemoteFile) -> None:
    """Tell a changed file by its size, before its gigabytes are fetched."""
    if None not in (total, remote.size_bytes) and total != remote.size_bytes:
        raise DataSourceError(
            f"{remote.filename} has {total:,} bytes on the server, not the published "
            f"{remote.size_bytes:,}: the source has changed."
        )


def _span(response: httpx2.Response) -> tuple[int, int | None]:
    """Give the offset at which the body starts, and the whole file's size."""
    if response.status_code == 200:
        length = response.headers.get("Content-Length", "")
        return 0, int(length) if length.isdecimal() else None
    found = _CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
    if found is None:
        raise DataSourceError("The server's partial answer does not state its range.")
    return int(found[1]), None if found[2] == "*" else int(found[2])


def _retry_after(response: httpx2.Response) -> float | None:
    value = response.headers.get("Retry-After", "")
    if value.isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None
