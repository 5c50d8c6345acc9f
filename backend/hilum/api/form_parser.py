"""Multipart forms, with every part that clients send as a file taken for a file."""

from contextlib import aclosing
from email.message import Message

from fastapi import HTTPException, Request
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser


async def parse_form(request: Request) -> FormData:
    """Read the form of a request; the caller closes it.

    Raises
    ------
    HTTPException
        400: the form is malformed.
    """
    kind, _ = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data":
        return await request.form()
    try:
        async with aclosing(request.stream()) as stream:
            return await _FileAwareParser(request.headers, stream).parse()
    except MultiPartException as exc:
        raise HTTPException(400, exc.message) from exc


class _FileAwareParser(MultiPartParser):
    """Starlette's parser, which takes a part for a file by the parameter ``filename`` alone.

    RFC 7578 4.2 forbids ``filename*`` in forms and makes ``filename`` optional. Clients send a
    name that is not ASCII as ``filename*`` alone (.NET, Apache HttpClient), and bytes without a
    name but with a media type (Apache HttpClient's binary bodies).
    """

    def on_headers_finished(self) -> None:
        part = self._current_part
        if b"filename" not in parse_options_header(part.content_disposition)[1]:
            told = Message()
            for field, value in part.item_headers:
                told[field.decode("latin-1")] = value.decode("latin-1")
            if told.get_filename() is not None or told.get_content_maintype() != "text":
                # Which name is the same to the service: none is used.
                part.content_disposition = (part.content_disposition or b"") + b'; filename="file"'
        super().on_headers_finished()
