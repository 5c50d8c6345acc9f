"""``multipart/related`` (RFC 2387) as in DICOMweb, read and written part by part."""

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import uuid4

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from hilum.errors import HilumError

DICOM: Final = "application/dicom"
_LARGEST_HEADERS_BYTES = 8192


class MultipartError(HilumError):
    """A body that is no multipart message."""


def parameters(content_type: str) -> tuple[str, dict[str, str]]:
    """Media type and parameters of a ``Content-Type`` or of one range of an ``Accept``.

    Returns
    -------
    str, dict
        In lower case; the parameters without quotes.
    """
    # It leaves out `name*` and `name*0` (RFC 2231), which no parameter that is used here has.
    kind, found = parse_options_header(content_type)
    return _text(kind).strip(), {_text(name).lower(): _text(value) for name, value in found.items()}


def _text(value: bytes) -> str:
    return value.decode("latin-1")


class PartReader:
    """Takes a multipart body apart as it comes.

    Parameters
    ----------
    max_part_bytes : int
        A larger part is cut one byte beyond this limit: the caller sees that it is too large
        without holding all of it in memory.

    Raises
    ------
    MultipartError
        The boundary cannot be one.
    """

    def __init__(self, boundary: str, max_part_bytes: int) -> None:
        self._max_part_bytes = max_part_bytes
        self._part = bytearray()
        self._header_bytes = 0
        self._whole: list[bytes] = []
        self.is_complete = False
        try:
            self._parser = MultipartParser(
                boundary.encode("ascii"),
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._header,
                    "on_header_value": self._header,
                    "on_part_data": self._data,
                    "on_part_end": self._end_part,
                    "on_end": self._end,
                },
            )
        except (UnicodeEncodeError, ValueError, MultipartParseError) as exc:
            raise MultipartError("The body's boundary is not understood.") from exc

    def feed(self, chunk: bytes) -> list[bytes]:
        """Feed the next bytes.

        Parameters
        ----------
        chunk : bytes

        Returns
        -------
        list of bytes
            Contents of the parts that became whole.

        Raises
        ------
        MultipartError
        """
        try:
            self._parser.write(chunk)
        except MultipartParseError as exc:
            raise MultipartError("The body is not a multipart message as announced.") from exc
        whole, self._whole = self._whole, []
        return whole

    def _begin(self) -> None:
        self._part, self._header_bytes = bytearray(), 0

    def _header(self, _data: bytes, start: int, end: int) -> None:
        self._header_bytes += end - start
        if self._header_bytes > _LARGEST_HEADERS_BYTES:
            raise MultipartError("A part's headers are too long.")

    def _data(self, data: bytes, start: int, end: int) -> None:
        room = self._max_part_bytes + 1 - len(self._part)
        self._part += data[start : min(end, start + room)]

    def _end_part(self) -> None:
        self._whole.append(bytes(self._part))
        self._part = bytearray()

    def _end(self) -> None:
        self.is_complete = True


def write_parts(parts: Iterable[tuple[str, bytes]]) -> tuple[str, Iterator[bytes]]:
    """Write parts as a multipart message.

    Parameters
    ----------
    parts : iterable of (str, bytes)
        Media type and content; each is asked for when its turn comes.

    Returns
    -------
    str, iterator of bytes
        The boundary, and the body.
    """
    boundary = uuid4().hex

    def body() -> Iterator[bytes]:
        for media_type, content in parts:
            yield f"--{boundary}\r\nContent-Type: {media_type}\r\n\r\n".encode("ascii")
            yield content
            yield b"\r\n"
        yield f"--{boundary}--\r\n".encode("ascii")

    return boundary, body()
