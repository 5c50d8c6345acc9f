"""Checks of the grammars of HTTP and of the API: forms, headers, searches, options."""

import asyncio
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from urllib.parse import parse_qsl

from fastapi import Request

from hilum.api.access.policy import AccessPolicy
from hilum.api.access.settings import AccessSettings
from hilum.api.compression import CODINGS, compressed
from hilum.api.form_parser import parse_form
from hilum.api.problems import ProblemError
from hilum.api.routes.dicomweb.addresses import accepted
from hilum.api.temporary_files import TemporaryFiles
from hilum.errors import OperatingPointError
from hilum.models.bundle import CARD_FILE
from hilum.models.card import Card
from hilum.models.operating_point import choose_operating_points, rates_at
from hilum.pacs.multipart import MultipartError, PartReader, parameters
from hilum.pacs.query import Level, QueryError, listed, parse_query
from tests.fuzz.parsers import check_words
from tests.fuzz.target import Seed
from tests.shipped import SHIPPED

FORM_TOKENS = (
    b"\r\n--b\r\n", b"\r\n--b--\r\n", b"--b\r\n", b"\r\n\r\n", b"Content-Disposition: form-data; ",
    b'name="file"', b'name="files"', b'filename="x.png"', b"filename*=UTF-8''r%C3%B6", b"filename=",
    b"Content-Type: ", b"multipart/form-data; boundary=", b"boundary=b", b"multipart/related; ",
    b'type="application/dicom"', b"Content-Transfer-Encoding: base64\r\n", b"filename*0=", b"; ",
)  # fmt: skip
ACCEPT_TOKENS = (
    b"*/*", b"multipart/related", b'; type="application/dicom"', b";q=0", b";q=0.5", b"gzip",
    b"br", b"identity;q=0", b", ", b'"', b"\\", b"application/dicom+json", b"transfer-syntax=*",
    b"image/*", b"charset*0*=x''%",
)  # fmt: skip
ORIGIN_TOKENS = (
    b"localhost", b"127.0.0.1", b":8000", b"[::1]", b"http://", b"https://", b"null",
    b"same-origin", b"cross-site", b"@", b"%00", b"evil.example", b"..", b"\n",
)  # fmt: skip
QUERY_TOKENS = (
    b"PatientName=", b"00100010=", b"StudyDate=", b"20260101-20261231", b"limit=", b"offset=",
    b"includefield=", b"all", b"&", b"=", b"*", b"?", b"\\", b",", b"%00", b"%ff", b"1.2.3",
    b"ModalitiesInStudy=", b"fuzzymatching=true", b"99999999", b"-1", b"\xd9\xa3", b"[",
    b"5533000C",
)  # fmt: skip
POINT_TOKENS = (
    b"sensitivity:", b"specificity:", b"youden", b"0.", b"1", b"nan", b"inf", b"1e-9", b"-", b".",
    b" ", b"0" * 30, b"\xd9\xa3",
)  # fmt: skip
_LARGEST_PART_BYTES = 1000
_LOOP = cache(asyncio.new_event_loop)


def forms() -> list[Seed]:
    """A line with the media type, and the body; as browsers and other clients send them."""
    return [
        _message(b"multipart/form-data; boundary=b", *heads)
        for heads in (
            [b'Content-Disposition: form-data; name="file"; filename="film.png"'],
            [b'Content-Disposition: form-data; name="files"\r\nContent-Type: image/png'] * 3,
            [b"Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''r%C3%B6ntgen.png"],
            [b'Content-Disposition: form-data; name="evidence"'],
        )
    ]


def form(content: bytes) -> bool:
    """Parse a form; its values are no longer than it."""
    kind, _, body = content.partition(b"\n")
    try:
        found = _LOOP().run_until_complete(_form(kind, body))
    except ProblemError:
        return False
    return found


async def _form(kind: bytes, body: bytes) -> bool:
    chunks = _chunks(body)

    async def receive() -> dict[str, object]:
        chunk = next(chunks, b"")
        return {"type": "http.request", "body": chunk, "more_body": bool(chunk)}

    service = SimpleNamespace(state=SimpleNamespace(temporary_files=TemporaryFiles()))
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "app": service,
             "headers": [(b"content-type", kind)]}  # fmt: skip
    found = await parse_form(Request(scope, receive), max_files=32)
    if found is None:
        return False
    values = [value for _, value in found.multi_items()]
    sizes = [len(value) if isinstance(value, str) else value.size or 0 for value in values]
    await found.close()
    assert sum(sizes) <= len(body)
    return bool(values)


def stow_bodies() -> list[Seed]:
    """A line with the media type, and the body."""
    kind = b'multipart/related; type="application/dicom"; boundary=b'
    head = b"Content-Type: application/dicom"
    return [_message(kind, head), _message(kind, head, head, b"X: y\r\n" + head)]


def stow(content: bytes) -> bool:
    """Take a body apart: in one piece and in many, the same comes out."""
    kind, _, body = content.partition(b"\n")
    found, given = parameters(kind.decode("latin-1"))
    boundary = given.get("boundary", "")
    if found != "multipart/related" or not boundary:
        return False
    whole, apart = _parts(boundary, iter([body])), _parts(boundary, _chunks(body))
    assert whole == apart
    return isinstance(whole, tuple) and bool(whole[0])


def _parts(boundary: str, chunks: Iterator[bytes]) -> tuple[list[bytes], bool] | None:
    """Parts and whether the message ended; None of a message that is refused."""
    try:
        reader = PartReader(boundary, _LARGEST_PART_BYTES)
        parts = [part for chunk in chunks for part in reader.feed(chunk)]
    except MultipartError:
        return None
    assert all(len(part) <= _LARGEST_PART_BYTES + 1 for part in parts)
    return parts, reader.is_complete


def accepts() -> list[Seed]:
    """What clients accept: media types on one line, codings on the next."""
    return _seeds(
        b"application/dicom+json, */*;q=0.1\ngzip, br",
        b'multipart/related; type="application/dicom"; transfer-syntax=*\nidentity;q=0, gzip;q=0.0',
        b"image/png\n*",
        b"text/html,application/xhtml+xml;q=0.9\nbr;q=1.0, gzip;q=0.8",
    )


def accept(content: bytes) -> bool:
    """Choose a media type and a coding: one that is offered, or none."""
    kinds, _, codings = content.partition(b"\n")
    offered = ("application/dicom+json", "multipart/related")
    _, given = compressed(SHIPPED / CARD_FILE, codings.decode("latin-1"))
    assert given.get("Content-Encoding") in {None, *CODINGS}
    try:
        assert accepted(_request(accept=kinds), *offered) in offered
    except ProblemError:
        return False
    return True


def origins() -> list[Seed]:
    """Host, Origin, Sec-Fetch-Site, Authorization and Cookie, on a line each."""
    return _seeds(
        b"127.0.0.1:8000",
        b"localhost:8000\nhttp://localhost:8000\nsame-origin\nBearer x\nhilum_session=x.y.z",
        b"[::1]:8000\nhttp://[::1]:8000",
        b"film.hospital.example\nhttps://film.hospital.example\n\nBasic eDp5",
    )


def origin(content: bytes) -> bool:
    """Refuse what is of other hosts and pages, and never accept a token that is not set."""
    names = (b"host", b"origin", b"sec-fetch-site", b"authorization", b"cookie")
    given = [(name, line) for name, line in zip(names, content.split(b"\n"), strict=False) if line]
    request = _request(**{name.decode(): value for name, value in given})
    policy = _policy()
    try:
        policy.check(request)
    except ProblemError:
        return False
    try:
        policy.check_credential(request)
    except ProblemError:
        return True
    raise AssertionError("a credential was accepted that nobody has")


@cache
def _policy() -> AccessPolicy:
    # In two halves, so that mutation has no way to it.
    settings = AccessSettings(
        token="no client has " + "this token", allowed_hosts=("film.hospital.example",)
    )
    return AccessPolicy.of(settings, None)


def queries() -> list[Seed]:
    """Query strings of DICOMweb searches."""
    return _seeds(
        b"PatientName=Lindqvist*&StudyDate=20260101-20261231&limit=10&offset=0",
        b"00080060=CR&includefield=all&fuzzymatching=true",
        b"ModalitiesInStudy=CR,DX&StudyInstanceUID=1.2.3\\1.2.4&includefield=00101010,PatientID",
        b"AccessionNumber=&PatientID=%22%22",
    )


def query(content: bytes) -> bool:
    """Understand a search: numbers within bounds, tags that are known."""
    pairs = parse_qsl(content.decode("latin-1"), keep_blank_values=True)
    for level in Level:
        try:
            found = parse_query(level, pairs, study="1.2")
        except QueryError as exc:
            check_words(exc)
            return False
        assert 0 <= found.limit <= 1000
        assert 0 <= found.offset < 10**9
        assert all(len(tag) == 8 and int(tag, 16) >= 0 for tag in found.keys)
        assert all(listed(value) for value in found.keys.values())
    return True


def points() -> list[Seed]:
    """Operating points."""
    return _seeds(
        b"youden", b"sensitivity:0.98", b"specificity:.95", b"0.4", b" 1.0 ",
        b"pneumonia:0.4", b"pneumonia:youden\n0.5",
    )  # fmt: skip


def point(content: bytes) -> bool:
    """Choose an operating point: a threshold that is a probability, with its rates."""
    try:
        found = choose_operating_points(_card(), content.decode("latin-1").split("\n"))
    except OperatingPointError as exc:
        check_words(exc)
        return False
    for finding, chosen in found.items():
        assert 0 <= chosen.threshold <= 1
        rates = rates_at(_card().task(finding), chosen.threshold)
        assert rates is not None
        assert all(0 <= rate <= 1 for rate in rates)
    return True


@cache
def _card() -> Card:
    return Card.model_validate_json((SHIPPED / CARD_FILE).read_bytes())


def _request(**headers: bytes) -> Request:
    given = [(name.encode(), value) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"",
             "headers": given, "server": ("127.0.0.1", 8000)}  # fmt: skip
    return Request(scope)


def _message(kind: bytes, *heads: bytes) -> Seed:
    parts = b"".join(b"--b\r\n" + head + b"\r\n\r\n\x89PNG\r\n\r\n" for head in heads)
    return Seed(kind + b"\n" + parts + b"--b--\r\n")


def _chunks(body: bytes) -> Iterator[bytes]:
    """In pieces of uneven lengths."""
    at, length = 0, 1
    while at < len(body):
        yield body[at : at + length]
        at, length = at + length, length * 5 % 97


def _seeds(*contents: bytes) -> list[Seed]:
    return [Seed(each) for each in contents]
