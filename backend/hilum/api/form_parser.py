"""Multipart forms; every part sent as a file counts as a file."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from email.message import Message
from typing import BinaryIO, cast

from fastapi import Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, Headers
from starlette.formparsers import MultiPartException, MultiPartParser

from hilum.api.problems import INVALID_REQUEST, TOO_LARGE, ProblemError
from hilum.api.temporary_files import TemporaryFiles

# Forms of the service have no texts; what people send by mistake is small.
_MOST_TEXTS = 100
_LONGEST_TEXT_BYTES = 64 * 1024


async def parse_form(request: Request, max_files: int) -> FormData | None:
    """Read the form of a request; the caller closes it.

    Parameters
    ----------
    max_files : int
        Where it has more, it is read no further.

    Returns
    -------
    FormData or None
        None where the body is no multipart form. It is not parsed then: a file that is posted as
        ``application/x-www-form-urlencoded``, which is curl's default, would become a field's name.

    Raises
    ------
    ProblemError
        The form is malformed, which is not quoted; it has too many files; or there are too many
        uploads at once.
    """
    kind, parameters = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data":
        if kind == b"application/x-www-form-urlencoded":
            await _refuse_text_for_a_file(request)
        return None
    if not parameters.get(b"boundary"):
        raise ProblemError(
            INVALID_REQUEST,
            "The Content-Type multipart/form-data lacks its boundary: leave the header to the "
            "client, which sets both.",
        )
    try:
        async with aclosing(request.stream()) as stream:
            files: TemporaryFiles = request.app.state.temporary_files
            return await _FileAwareParser(request.headers, stream, files, max_files).parse()
    except MultiPartException as exc:
        raise ProblemError(
            INVALID_REQUEST,
            "The form is malformed, or has too many fields or a text that is too long.",
        ) from exc


async def _refuse_text_for_a_file(request: Request) -> None:
    """Detect ``curl -d file=@film.dcm`` by the beginning of the body, and explain the error."""
    async with aclosing(request.stream()) as stream:
        start = (await anext(stream))[: len("files=")]
    for field in ("file", "files"):
        if start.startswith(f"{field}=".encode()):
            raise ProblemError(INVALID_REQUEST, f"{field}: Send a file here, not text")


class _FileAwareParser(MultiPartParser):
    """Starlette's parser, which takes a part for a file by the parameter ``filename`` alone.

    RFC 7578 4.2 forbids ``filename*`` in forms and makes ``filename`` optional. Clients send a
    name that is not ASCII as ``filename*`` alone (.NET, Apache HttpClient), and bytes without a
    name but with a media type (Apache HttpClient's binary bodies).
    """

    def __init__(
        self,
        headers: Headers,
        stream: AsyncGenerator[bytes],
        temporary_files: TemporaryFiles,
        most_files: int,
    ) -> None:
        super().__init__(headers, stream, max_fields=_MOST_TEXTS, max_part_size=_LONGEST_TEXT_BYTES)
        self._temporary_files = temporary_files
        self._most_files = most_files

    def on_headers_finished(self) -> None:
        part = self._current_part
        if b"filename" not in parse_options_header(part.content_disposition)[1]:
            headers = Message()
            for field, value in part.item_headers:
                headers[field.decode("latin-1")] = value.decode("latin-1")
            # Not `get_filename`, which decodes a name by whatever it claims; the name is not used.
            named = (
                _has(headers, parameter, header)
                for parameter, header in (
                    ("filename", "content-disposition"),
                    ("name", "content-type"),
                )
            )
            if any(named) or headers.get_content_maintype() != "text":
                # Any name will do: the service uses none.
                part.content_disposition = (part.content_disposition or b"") + b'; filename="file"'
        super().on_headers_finished()
        if part.file is None:
            return
        if self._current_files > self._most_files:
            raise ProblemError(
                TOO_LARGE,
                f"The request has over {self._most_files} files, which is the limit. Send them in "
                "several requests.",
            )
        # Replaces the empty file that was just made.
        part.file.file.close()
        counted = self._temporary_files.new()
        self._files_to_close_on_error[-1] = counted
        part.file.file = cast(BinaryIO, counted)


def _has(headers: Message, parameter: str, header: str) -> bool:
    """Whether a part's header has a parameter, also as `name*` or `name*0` (RFC 2231)."""
    try:
        return headers.get_param(parameter, header=header) is not None
    except TypeError:
        # Its sections cannot be put in order: some have no number.
        return True
