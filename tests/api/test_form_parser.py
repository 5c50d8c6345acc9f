"""Parts of a form as clients in the field send files, byte for byte."""

import pytest
from fastapi.testclient import TestClient

FILES = {
    "browsers": b'filename="film.png"\r\nContent-Type: image/png',
    "no name (Apache HttpClient)": b"\r\nContent-Type: application/octet-stream",
    "an extended name alone (.NET)": b"filename*=UTF-8''r%C3%B6ntgen.png",
    "an extended name in Latin-1": b"filename*=ISO-8859-1'de'r%F6ntgen.png",
    "an extended name without a character set": b"filename*=film.png",
    "an extended name in an unknown one": b"filename*=x-none''%e2%82",
    "an extended name in one that is no text": b"filename*=U\xff\0''r%C3%B6ntgen.png",
    "a continued name": b'filename*0="fi"; filename*1="lm.png"',
    "a continued name without an order": b"filename*=a; filename*0=b",
    "both names": b"filename=\"x.png\"; filename*=UTF-8''%E2%82%AC.png",
    "a name in capitals": b"FILENAME*=utf-8''\"x\".png",
}


def _post(client: TestClient, parameters: bytes, content: bytes, path: str = "/predict"):
    separator = b"" if parameters.startswith(b"\r\n") else b"; "
    head = b'--b\r\nContent-Disposition: form-data; name="file"' + separator + parameters
    return client.post(
        path,
        content=head + b"\r\n\r\n" + content + b"\r\n--b--\r\n",
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )


@pytest.mark.parametrize("client_kind", FILES)
def test_a_file_is_read_however_clients_name_it(client, files, client_kind):
    answer = _post(client, FILES[client_kind], files["png"])
    assert answer.status_code == 200, answer.text
    assert answer.json()["image"]["format"] == "png"


def test_every_address_that_takes_a_file_takes_an_extended_name(make_client, tmp_path):
    with make_client(store=tmp_path) as client:
        answers = {
            path: _post(client, b"filename*=UTF-8''x", b"words", path)
            for path in ("/", "/predict", "/anatomy", "/report", "/deidentify", "/readings")
        }
    for path, answer in answers.items():
        # The form was understood: its content is what is refused, or what would read it is missing.
        kinds = ("/problems/unsupported-format", "/problems/model-unavailable")
        assert answer.json()["type"] in kinds, path


@pytest.mark.parametrize("parameters", [b"x=1", b"\r\nContent-Type: text/plain; charset=utf-8"])
def test_text_stays_text(client, parameters):
    answer = _post(client, parameters, b"just text")
    assert answer.json()["type"] == "/problems/invalid-request"
    assert answer.json()["detail"] == "file: Send a file here, not text"
