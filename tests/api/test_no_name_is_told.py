"""A name in any place of a request or of a DICOM header: in no log, no error, no file but its own.

Each request has a made-up name in one place, against every address of the OpenAPI document.
"""

import io
import json
import logging
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pydicom
import pytest
from PIL import Image

from hilum.imaging.phantom import draw_phantom
from tests.pacs.conftest import wait_until
from tests.pacs.films import as_file, film
from tests.shipped import MODELS

NAME = "Quorrobin^Ada"
FOUND_BY = re.compile("quorrobin", re.IGNORECASE)
BOUNDARY = f"b{NAME}"
# What the test's own client logs of its requests is no log of the service.
CLIENTS = ("httpx2", "httpcore2", "httpx", "httpcore", "asyncio")

HEADERS = (
    "X-Request-ID", "Accept-Encoding", "Accept-Language", "Authorization", "Cookie",
    "Content-Type", "If-None-Match", "Origin", "Range", "Referer", "User-Agent", "X-Forwarded-For",
)  # fmt: skip
KINDS = (
    "application/x-www-form-urlencoded", "text/plain", "application/dicom", "application/json",
    "image/png", "multipart/form-data", f"multipart/form-data; boundary={BOUNDARY}",
    f"multipart/{NAME}", f'multipart/related; type="{NAME}"; boundary=b',
    f'multipart/related; type="application/dicom"; boundary="{BOUNDARY}"',
    'multipart/related; type="application/dicom"; boundary=b', NAME,
)  # fmt: skip


@cache
def _film(*, names_itself: bool = False, **elements: Any) -> bytes:
    """A film with the name where it belongs, where it does not, and where it breaks the rules."""
    made = film(7, PatientName=NAME, InstitutionName=f"Clinic {NAME}", **elements)
    for broken in ("StudyDate", "PatientBirthDate", *(["SOPInstanceUID"] if names_itself else [])):
        made[broken] = pydicom.DataElement(
            broken, made[broken].VR, NAME, validation_mode=pydicom.config.IGNORE
        )
    made.private_block(0x0011, "Test", create=True).add_new(1, "LO", NAME)
    made.PatientComments = NAME
    return as_file(made)


def _part(disposition: str, content: bytes, *others: str) -> bytes:
    head = "\r\n".join((f"Content-Disposition: {disposition}", *others))
    return head.encode() + b"\r\n\r\n" + content


def _multipart(*parts: bytes) -> dict[str, Any]:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
    return {"content": body, "headers": {"Content-Type": "multipart/form-data; boundary=b"}}


def _forms(parameters: list[str], png: bytes) -> Iterator[dict[str, Any]]:
    file = f'form-data; name="file"; filename="{NAME}.png"'
    whole = _part(file, png)
    yield _multipart(_part(file, b"no picture"))
    yield _multipart(_part(f'form-data; name="file"; filename="{NAME}"', png, f"X-Of: {NAME}"))
    yield _multipart(_part(f'form-data; name="{NAME}"; filename="x"', png))
    yield _multipart(_part(f'form-data; name="{NAME}"', b"x"), whole)
    yield _multipart(_part('form-data; name="file"', NAME.encode()))
    yield _multipart(_part('form-data; name="file"', _film(), f"Content-Type: {NAME}"))
    yield _multipart(_part(f"{NAME}", b"x"))
    yield _multipart(b"Content-Disposition\x01: " + NAME.encode() + b"\r\n\r\nx")
    yield _multipart(NAME.encode())
    for each in parameters:
        yield _multipart(_part(f'form-data; name="{each}"', NAME.encode()), whole)
    for cut in (900, 2000):
        yield _multipart(_part(file, _film()[:cut]))


def _bodies(parameters: list[str], png: bytes) -> Iterator[dict[str, Any]]:
    dicom = _film()
    for kind in KINDS:
        yield {"content": dicom, "headers": {"Content-Type": kind}}
    for content in (f"{NAME}={NAME}&file=x".encode(), f"file={NAME}".encode()):
        yield {"content": content, "headers": {"Content-Type": KINDS[0]}}
    yield from _forms(parameters, png)
    for given in (
        {NAME: NAME}, [NAME], NAME, {"readings": NAME}, {"readings": [{NAME: 1}]},
        {"readings": [{"probabilities": {NAME: 0.5}}]},
        {"readings": [{"probabilities": {"pneumonia": NAME}}]},
        {"readings": [{"probabilities": {"pneumonia": 0.5}, "intended": NAME}]},
    ):  # fmt: skip
        yield {"json": given}
    yield {"content": f'{{"{NAME}'.encode(), "headers": {"Content-Type": "application/json"}}
    yield _stow(dicom[:-9000])
    yield _stow(_film(names_itself=True)[:-9000])


def _stow(content: bytes) -> dict[str, Any]:
    head = f"--b\r\nContent-Type: application/dicom\r\nContent-Location: {NAME}\r\n\r\n"
    return {
        "content": head.encode() + content + b"\r\n--b--",
        "headers": {"Content-Type": 'multipart/related; type="application/dicom"; boundary=b'},
    }


def _requests(document: dict[str, Any], png: bytes) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            named = [each["name"] for each in operation.get("parameters", ())]
            queries = [
                each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"
            ]
            # Every part of the path in turn; the others are such as could be.
            holes = re.findall(r"{\w+}", path)
            plain = re.sub(r"{\w+}", "1.2.3", path)
            addresses = [re.sub(r"{\w+}", "1.2.3", path.replace(hole, NAME)) for hole in holes]
            addresses += [f"{plain}/{quote(NAME)}", f"{plain}%3F{NAME}", f"/{NAME}{plain}"]
            addresses += [f"{plain}?{each}={quote(NAME)}" for each in (*queries, NAME, "x")]
            addresses += [
                f"{plain}?{each}"
                for each in (f"{NAME}=1", f"PatientName={NAME}", f"StudyInstanceUID=1.2,{NAME}",
                             f"includefield={NAME}", f"limit={NAME}", f"%00{NAME}=1")
            ]  # fmt: skip
            for address in addresses:
                yield method, address, {}
            yield "patch", addresses[0], {}
            yield method, plain, {"headers": dict.fromkeys(HEADERS, NAME)}
            yield method, plain, {"headers": {"Accept": NAME, "X-Request-ID": "Quorrobin.Ada"}}
            if method == "post":
                yield method, addresses[0], _stow(_film())
                for body in _bodies([*named, "model", "operating_point"], png):
                    yield method, plain, body
    for address in (f"/{NAME}", f"/assets/{NAME}", f"/../{NAME}", f"/readings//{NAME}"):
        for method in ("get", "post", "put", "delete", "options", "head", NAME.replace("^", "")):
            yield method, address, {"headers": {"Accept": f"text/{NAME}"}}


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    for each in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=each)
    return caplog


def _told(logs: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    formatter = logging.Formatter()
    return [
        (record.name, formatter.format(record))
        for record in logs.records
        if record.name.split(".")[0] not in CLIENTS
    ]


def _naming(logs: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(name, words) for name, words in _told(logs) if FOUND_BY.search(words)]


def _naming_files(folder: Path) -> list[str]:
    return [
        str(each.relative_to(folder))
        for each in folder.rglob("*")
        if each.is_file() and FOUND_BY.search(each.read_bytes().decode("latin-1"))
    ]


@pytest.mark.weights
def test_no_error_and_no_log_quotes_a_request(make_client, files, tmp_path, logs, capfd):
    settings = {"store": tmp_path / "store", "held_formats": ("json",), "processor_workers": 1}
    access = logging.getLogger("uvicorn.access")
    count, statuses = 0, set()
    with make_client(models_dir=MODELS, **settings) as client:
        document = client.get("/openapi.json").json()
        for method, address, arguments in _requests(document, files["png"]):
            answer = client.request(method, address, follow_redirects=False, **arguments)
            # As uvicorn logs it.
            access.info('%s - "%s %s HTTP/%s" %d', "::1:9", method.upper(), address, "1.1", 200)
            count += 1
            statuses.add(answer.status_code)
            if answer.status_code >= 400:
                said = answer.text + str(answer.headers)
                assert not FOUND_BY.search(said), (method, address, arguments, said[:300])
            assert answer.status_code < 500, (method, address, arguments)
        store = client.app.state.holdings.store
        wait_until(lambda: store.counts().get("arrived", 0) == 0, seconds=60)
    assert {400, 404, 405, 406, 409, 415, 422} <= statuses
    assert len([name for name, _ in _told(logs) if name == "uvicorn.access"]) == count
    assert not _naming(logs)
    output = capfd.readouterr()
    assert not FOUND_BY.search(output.out + output.err)
    assert not _naming_files(tmp_path)


@pytest.mark.weights
@pytest.mark.parametrize("keeps", [False, True])
def test_a_name_in_a_header_is_in_no_log_and_no_file_but_its_own(
    make_client, tmp_path, logs, capfd, keeps
):
    content = _film()
    settings = {
        "store": tmp_path, "held_formats": ("json", "sr", "sc"), "processor_workers": 1,
        "keep_identity": keeps, "result_formats": ("sr",),
    }  # fmt: skip
    with make_client(models_dir=MODELS, **settings) as client:
        for address in ("/predict?evidence=map&anatomy=true", "/anatomy", "/deidentify",
                        "/report?format=json", "/report?format=pdf"):  # fmt: skip
            answer = client.post(address, files={"file": ("x", content)})
            assert answer.is_success, (address, answer.text)
            assert not FOUND_BY.search(answer.content.decode("latin-1")), address
        made = client.post("/readings", files={"file": ("x", content)})
        assert made.status_code == 201, made.text
        assert not FOUND_BY.search(made.text)
        # The database has the header to be searched, the files have it as it came, or nowhere.
        assert bool(_naming_files(tmp_path)) is keeps
        if keeps:
            assert any("sqlite" in each for each in _naming_files(tmp_path))
        assert client.delete(f"/readings/{made.json()['id']}").status_code == 204
        assert not _naming_files(tmp_path)

        assert client.post("/dicomweb/studies", **_stow(content)).is_success
        store = client.app.state.holdings.store
        wait_until(lambda: store.counts().get("read", 0) == 1, seconds=60)
        assert bool(_naming_files(tmp_path)) is keeps
        reading = client.get("/readings").json()["readings"][0]
        assert client.delete(f"/readings/{reading['id']}").status_code == 204
        assert not _naming_files(tmp_path)
    assert not _naming(logs)
    output = capfd.readouterr()
    assert not FOUND_BY.search(output.out + output.err)


def test_an_answer_cut_off_by_an_error_is_not_logged_with_its_words(
    make_client, monkeypatch, tmp_path, logs
):
    def fail(*_given: object) -> Iterator[tuple[str, bytes]]:
        yield "application/dicom", b"begun"
        raise ZeroDivisionError(NAME)

    monkeypatch.setattr("hilum.api.routes.dicomweb.retrieve._find", lambda *_: [])
    monkeypatch.setattr("hilum.api.routes.dicomweb.retrieve._contents", fail)
    with make_client(store=tmp_path) as client, pytest.raises(Exception) as caught:  # noqa: PT011
        client.get("/dicomweb/studies/1.2.3")
    logging.getLogger("uvicorn.error").error("as uvicorn does", exc_info=caught.value)
    assert [name for name, words in _told(logs) if "ZeroDivisionError" in words] == [
        "hilum.api.problems"
    ]
    assert not _naming(logs)


def test_a_tiff_that_names_the_patient_names_no_one_in_the_log(client, logs):
    buffer = io.BytesIO()
    picture = Image.fromarray(np.uint8(255 * draw_phantom(300, 300)))
    picture.save(buffer, "TIFF", description=NAME, artist=NAME, software=NAME)
    answer = client.post("/predict", files={"file": ("x", buffer.getvalue())})
    assert answer.status_code == 200
    assert not FOUND_BY.search(json.dumps(answer.json()))
    assert not _naming(logs)


def test_the_name_is_where_this_module_says():
    read = pydicom.dcmread(io.BytesIO(_film()))
    assert str(read.PatientName) == NAME
    assert len(FOUND_BY.findall(_film().decode("latin-1"))) == 6
