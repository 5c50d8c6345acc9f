"""DICOMweb: STOW-RS in, QIDO-RS and WADO-RS of what is held, and each kind of refusal."""

import io
from collections.abc import Iterator

import pydicom
import pytest
from dicomweb_client.api import DICOMwebClient
from fastapi.testclient import TestClient

from hilum.api.problems import BUSY, ProblemError
from hilum.api.reading_service import ReadingService
from hilum.pacs.multipart import MultipartError, PartReader, write_parts
from tests.api.conftest import Server
from tests.bad_headers import BAD_HEADERS
from tests.pacs.conftest import wait_until
from tests.pacs.films import NAMES, as_file, film, report

STUDIES = "/dicomweb/studies"
KIND = 'multipart/related; type="application/dicom"; boundary=b'


@pytest.fixture(scope="module")
def web(make_client, tmp_path_factory) -> Iterator[TestClient]:
    """A service that holds the readings of two films of one study, and of a third of another."""
    store = tmp_path_factory.mktemp("web") / "store"
    with make_client(store=store, max_upload_bytes=2**20, max_request_bytes=4 * 2**20) as client:
        one, other, third = film(0), film(1, StudyInstanceUID=film(0).StudyInstanceUID), film(2)
        third.StudyDescription = "Dropped"
        answer = _stow(client, as_file(one), as_file(other), as_file(third))
        assert answer.status_code == 200, answer.text
        store = client.app.state.holdings.store
        wait_until(lambda: store.counts() == {"read": 3}, seconds=60)
        yield client


def _stow(client: TestClient, *parts: bytes, kind: str = KIND, path: str = STUDIES):
    body = b"".join(b"--b\r\nContent-Type: application/dicom\r\n\r\n" + p + b"\r\n" for p in parts)
    return client.post(path, content=body + b"--b--\r\n", headers={"Content-Type": kind})


def _reason(answer) -> int:
    return answer.json()["00081198"]["Value"][0]["00081197"]["Value"][0]


def test_what_is_stored_is_named_with_where_to_get_it(web):
    answer = _stow(web, as_file(film(0)))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/dicom+json"
    (item,) = answer.json()["00081199"]["Value"]
    assert item["00081155"]["Value"] == [film(0).SOPInstanceUID]
    assert item["00081150"]["Value"] == [film(0).SOPClassUID]
    assert item["00081190"]["Value"][0].endswith(
        f"/dicomweb/studies/{film(0).StudyInstanceUID}/series/{film(0).SeriesInstanceUID}"
        f"/instances/{film(0).SOPInstanceUID}"
    )


def test_a_request_of_too_many_parts_is_cut_off(web, monkeypatch):
    monkeypatch.setattr("hilum.api.routes.dicomweb.store._MOST_PARTS", 3)
    assert _stow(web, *[b"no DICOM at all" * 50] * 3).status_code == 409
    answer = _stow(web, *[b"no DICOM at all" * 50] * 4)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")


def test_refused_parts_take_a_bounded_time_of_one_request(web, monkeypatch):
    monkeypatch.setattr("hilum.pacs.stow._MOST_SECONDS_ON_REFUSED", 0)
    noise, sound = b"no DICOM at all" * 50, as_file(film(0))
    isolation, calls = web.app.state.holdings.store.isolation, []
    call = isolation.call
    monkeypatch.setattr(isolation, "call", lambda *given: calls.append(given[0]) or call(*given))
    answer = _stow(web, sound, sound, noise, noise, sound)
    assert (answer.status_code, len(calls)) == (202, 3)
    assert len(answer.json()["00081199"]["Value"]) == 2
    reasons = [each["00081197"]["Value"][0] for each in answer.json()["0008119A"]["Value"]]
    assert reasons == [0xC000, 0xA700, 0xA700]


def test_some_or_none_stored_is_202_or_409_with_a_reason(web):
    broken = as_file(film(0))[:-9000]
    some = _stow(web, broken, as_file(film(0)))
    assert (some.status_code, _reason(some)) == (202, 0xC000)
    none = _stow(web, broken)
    assert (none.status_code, _reason(none)) == (409, 0xC000)
    noise = _stow(web, b"no DICOM at all" * 50)
    assert noise.status_code == 409
    assert noise.json()["0008119A"]["Value"][0]["00081197"]["Value"] == [0xC000]


def test_what_is_refused_is_parsed_once(web, monkeypatch):
    isolation, calls = web.app.state.holdings.store.isolation, []
    call = isolation.call
    monkeypatch.setattr(isolation, "call", lambda *given: calls.append(given[0]) or call(*given))
    broken = as_file(film(0))[:-9000]
    answer = _stow(web, b"no DICOM at all", broken, path=f"{STUDIES}/1.2.3")
    assert answer.status_code == 409
    answer = _stow(web, broken, as_file(film(0, PatientID="X")), as_file(film(0)))
    assert (answer.status_code, len(calls)) == (202, 5)
    named = [each["00081155"]["Value"] for each in answer.json()["00081198"]["Value"]]
    assert named == [[film(0).SOPInstanceUID]] * 2


def test_what_is_too_large_is_named_and_the_rest_is_stored(web):
    large = as_file(film(3)) + bytes(2**20)
    answer = _stow(web, large, as_file(film(0)))
    assert (answer.status_code, _reason(answer)) == (202, 0xA700)
    (failed,) = answer.json()["00081198"]["Value"]
    assert failed["00081155"]["Value"] == [film(3).SOPInstanceUID]
    (stored,) = answer.json()["00081199"]["Value"]
    assert stored["00081155"]["Value"] == [film(0).SOPInstanceUID]


def _dicomdir() -> bytes:
    made = film(3, SOPClassUID="1.2.840.10008.1.3.10")
    return as_file(made)


def _in_syntax(uid: str) -> bytes:
    content = as_file(film(3))
    return content.replace(b"1.2.840.10008.1.2.1\0", uid.encode().ljust(20, b"\0"), 1)


FAILURES = {
    "a DICOMDIR": (_dicomdir, 0x0122),
    "a video's syntax": (lambda: _in_syntax("1.2.840.10008.1.2.41"), 0xC122),
    "an unknown syntax": (lambda: _in_syntax("1.2.3.4.5.6.7"), 0xC122),
    "a bomb": (lambda: as_file(film(3, Rows=65535, Columns=65535)), 0xC000),
    "frames": (lambda: as_file(film(3, NumberOfFrames=10000)), 0xA900),
    "another's bytes": (lambda: as_file(film(0, PatientID="X")), 0x0111),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_each_failure_has_its_own_reason(web, kind):
    content, reason = FAILURES[kind]
    answer = _stow(web, content())
    assert (answer.status_code, _reason(answer)) == (409, reason)


def test_a_report_in_the_study_is_a_warning_and_is_not_kept(web):
    answer = _stow(web, as_file(report(0)))
    assert answer.status_code == 202
    assert answer.json()["00081199"]["Value"][0]["00081196"]["Value"] == [0xB006]
    found = web.get(f"{STUDIES}/{film(0).StudyInstanceUID}/instances").json()
    assert report(0).SOPInstanceUID not in str(found)


def test_an_object_of_another_study_than_the_address_is_not_stored(web):
    answer = _stow(web, as_file(film(4)), path=f"{STUDIES}/1.2.3")
    assert (answer.status_code, _reason(answer)) == (409, 0xA900)


BODIES = {
    "no multipart": ("application/dicom", b"x", 415, "unsupported-media-type"),
    "another type": ('multipart/related; type="application/dicom+json"; boundary=b', b"", 415,
                     "unsupported-media-type"),
    "no boundary": ("multipart/related", b"x", 415, "unsupported-media-type"),
    "an extended boundary": ("multipart/related; boundary*=utf-8''b", b"x", 415,
                             "unsupported-media-type"),
    "an extended type": ("multipart/related; type*=utf-8''x; boundary=b", b"", 422, "missing-file"),
    "a continued and extended boundary": ("multipart/related; boundary*=b; boundary*0=b", b"x", 415,
                                          "unsupported-media-type"),
    "a boundary in 5000 digits of sections": (f"multipart/related; boundary*{'9' * 5000}=b", b"x",
                                              415, "unsupported-media-type"),
    "empty": (KIND, b"", 422, "missing-file"),
    "not what it says": (KIND, b"x" * 500, 422, "invalid-request"),
    "cut off": (KIND, b"--b\r\n\r\nabc", 422, "missing-file"),
    "endless headers": (KIND, b"--b\r\nX: " + b"y" * 10_000, 422, "invalid-request"),
    "a large part, cut off": (KIND, b"--b\r\n\r\n" + bytes(2**20 + 1), 422, "missing-file"),
    "a body over the limit": (KIND, bytes(4 * 2**20 + 1), 413, "too-large"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_that_is_not_understood_is_a_problem(web, kind):
    media_type, body, status, slug = BODIES[kind]
    answer = web.post(STUDIES, content=body, headers={"Content-Type": media_type})
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")


def test_what_was_stored_before_there_was_no_place_is_answered(web, monkeypatch):
    run, places = ReadingService.run, iter((True, False, True, False))

    async def run_if_there_is_a_place(self, work):
        if not next(places):
            raise ProblemError(BUSY, "Send it again.")
        return await run(self, work)

    monkeypatch.setattr(ReadingService, "run", run_if_there_is_a_place)
    answer = _stow(web, *[as_file(film(0))] * 3)
    assert answer.status_code == 202
    assert len(answer.json()["00081199"]["Value"]) == 2
    (failed,) = answer.json()["0008119A"]["Value"]
    assert failed == {"00081197": {"vr": "US", "Value": [0xA700]}}
    none = _stow(web, as_file(film(0)))
    assert (none.status_code, none.json()["type"]) == (503, "/problems/busy")
    assert none.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    "address", ["1/metadata", "1/series/2/metadata", "1/series/2/instances/3/metadata",
                "1/series/2/instances/3/frames/1"],
)  # fmt: skip
def test_what_is_parsed_to_be_answered_takes_turns(web, monkeypatch, address):
    async def find_no_place(self, work):
        raise ProblemError(BUSY, "Ask again.")

    monkeypatch.setattr(ReadingService, "run", find_no_place)
    assert web.get(f"{STUDIES}/{address}").json()["type"] == "/problems/busy"


def test_a_client_of_others_finds_and_gets_what_is_held(start_server, tmp_path):
    server: Server = start_server(store=tmp_path / "store")
    client = DICOMwebClient(f"{server.url}/dicomweb")
    stored = client.store_instances([film(5)])
    assert stored.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == film(5).SOPInstanceUID
    wait_until(client.search_for_studies, seconds=60)
    (study,) = client.search_for_studies(
        search_filters={"StudyInstanceUID": film(5).StudyInstanceUID}
    )
    uid = study["0020000D"]["Value"][0]
    assert sorted(study["00080061"]["Value"]) == ["CR", "DOC", "OT", "SR"]
    assert study["00201208"]["Value"] == [4]
    assert len(client.search_for_series(uid)) == 4
    made = {each.Modality: each for each in client.retrieve_study(uid)}
    assert made.keys() == {"CR", "DOC", "OT", "SR"}
    assert made["SR"].VerificationFlag == "UNVERIFIED"
    assert len(client.retrieve_study_metadata(uid)) == 4
    kept = made["CR"]
    assert kept.PatientIdentityRemoved == "YES"
    (frame,) = client.retrieve_instance_frames(
        uid, kept.SeriesInstanceUID, kept.SOPInstanceUID, [1]
    )
    assert frame == film(5).PixelData
    assert client.search_for_studies(search_filters={"PatientName": "Lindqvist*"}) == []
    server.terminate()
    server.wait()
    log = "".join(server.lines)
    assert "GET /dicomweb/studies/{study}" in log
    assert not [name for name in (*NAMES, uid.encode()) if name.decode() in log]


QUERIES = {
    "studies": ("/studies", 2),
    "one by uid": (f"/studies?StudyInstanceUID={film(2).StudyInstanceUID}", 1),
    "two by uid": (
        f"/studies?0020000D={film(2).StudyInstanceUID},{film(0).StudyInstanceUID}", 2,
    ),
    "by an empty uid": ("/studies?StudyInstanceUID=", 2),
    "by an empty uid, by tag": ("/series?0020000E=&Modality=CR,SR", 6),
    "by an empty list": ("/studies?0020000D=,", 2),
    "by any uid": ("/studies?StudyInstanceUID=*", 2),
    "by an empty uid and another": (
        f"/studies?StudyInstanceUID=&StudyInstanceUID={film(2).StudyInstanceUID}", 1,
    ),
    "by an empty uid of an instance": ("/instances?SOPInstanceUID=&Modality=CR", 3),
    "by an empty modality": ("/studies?ModalitiesInStudy=", 2),
    "by an empty name": ("/studies?PatientName=", 2),
    "by modality in study": ("/studies?ModalitiesInStudy=SR", 2),
    "by another modality": ("/studies?ModalitiesInStudy=CT", 0),
    "by any of two modalities": ("/studies?ModalitiesInStudy=CR,DX", 2),
    "by any of two modalities with a space": ("/studies?ModalitiesInStudy=CR,%20DX", 2),
    "as DICOM separates them": ("/studies?ModalitiesInStudy=DX%5CCR", 2),
    "by none of two": ("/studies?ModalitiesInStudy=CT,DX", 0),
    "by tag, given twice": ("/studies?00080061=DX&00080061=CR", 2),
    "films or reports": ("/series?Modality=CR,SR", 6),
    "a list with a wild card": ("/series?Modality=DX,S?", 3),
    "a name is no list": ("/studies?PatientName=CR,Lindqvist*", 0),
    "films of all": ("/instances?Modality=CR", 3),
    "films of a study": (f"/studies/{film(0).StudyInstanceUID}/instances?Modality=CR", 2),
    "series by wild card": ("/series?Modality=S?", 3),
    "limit": ("/instances?Modality=CR&limit=2", 2),
    "offset": ("/instances?Modality=CR&offset=2", 1),
    "beyond": ("/studies?offset=5", 0),
    "identity is not there to be found": ("/studies?PatientName=Lindqvist*", 0),
    "nor its date": ("/studies?StudyDate=20261101-20261130", 0),
    "by when it was made": ("/series?Modality=SR&SeriesDate=20200101-", 3),
    "by a range of times": ("/series?Modality=SR&SeriesTime=00-23", 3),
    "by times from": ("/series?Modality=SR&SeriesTime=000000-", 3),
    "by times until": ("/series?Modality=SR&SeriesTime=-2359", 3),
    "by dates until": ("/series?Modality=SR&SeriesDate=-20200101", 0),
    "by no such number": ("/instances?InstanceNumber=471", 0),
    "unknown study": ("/studies/1.2.3/series", 0),
}  # fmt: skip


@pytest.mark.parametrize("kind", QUERIES)
def test_a_search_finds_what_matches(web, kind):
    address, count = QUERIES[kind]
    answer = web.get(f"/dicomweb{address}", headers={"Accept": "application/dicom+json"})
    assert answer.status_code == (200 if count else 204)
    assert len(answer.json() if count else []) == count


def test_answers_have_what_the_standard_wants_and_what_was_asked_for(web):
    (study,) = web.get(f"{STUDIES}?StudyInstanceUID={film(2).StudyInstanceUID}").json()
    # PS3.18 table 10.6.3-3, without Timezone Offset, which the film did not have.
    assert study.keys() >= {
        "00080020", "00080030", "00080050", "00080056", "00080061", "00080090", "00081190",
        "00100010", "00100020", "00100030", "00100040", "0020000D", "00200010", "00201206",
        "00201208",
    }  # fmt: skip
    assert "00280100" not in study
    (instance,) = web.get(
        f"{STUDIES}/{film(2).StudyInstanceUID}/instances?Modality=CR&includefield=BitsStored,Manufacturer"
    ).json()
    assert instance["00280101"]["Value"] == [12]
    assert instance["00280010"]["Value"] == [film(2).Rows]
    every = web.get("/dicomweb/instances?Modality=CR&includefield=all&limit=1").json()[0]
    assert "00280102" in every
    warned = web.get(f"{STUDIES}?fuzzymatching=true")
    assert warned.headers["warning"].startswith("299 ")


@pytest.mark.parametrize(
    "query",
    [
        "NoSuchAttribute=1", "limit=x", "limit=-1", "includefield=Nope", "includefield=99999999",
        "00091001=1", "PatientID=1&PatientID=2",
        "StudyDate=Nope", "StudyDate=-", "StudyDate=2026", "StudyDate=20261301", "StudyDate=2026*",
        "StudyDate=20260101-Nope", "StudyDate=20260101-20260201-", "00080020=2026-01-01",
        "StudyTime=Nope", "StudyTime=2500", "StudyTime=10:15", "StudyTime=10-Nope", "StudyTime=-",
        "InstanceNumber=Nope",
    ],
)  # fmt: skip
def test_a_search_that_is_not_understood_is_a_problem_that_quotes_nothing(web, query):
    answer = web.get(f"{STUDIES}?{query}")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")
    assert "Nope" not in answer.text


def test_an_instance_comes_as_a_part_or_bare(web):
    path = f"{STUDIES}/{film(2).StudyInstanceUID}/series/{film(2).SeriesInstanceUID}"
    path += f"/instances/{film(2).SOPInstanceUID}"
    bare = web.get(path, headers={"Accept": "application/dicom"})
    assert pydicom.dcmread(io.BytesIO(bare.content)).SOPInstanceUID == film(2).SOPInstanceUID
    parts = web.get(path, headers={"Accept": 'multipart/related; type="application/dicom"'})
    assert parts.headers["content-type"].startswith('multipart/related; type="application/dicom"')
    assert bare.content in parts.content
    metadata = web.get(f"{path}/metadata").json()[0]
    assert "7FE00010" not in metadata
    assert web.get(f"{path}/frames/1").content.count(film(2).PixelData) == 1


@pytest.mark.parametrize(
    ("address", "accept", "status"),
    [
        ("/1.2.3", "*/*", 404),
        ("/1.2.3/metadata", "application/dicom+json", 404),
        (f"/{film(2).StudyInstanceUID}/series/1.2", "*/*", 404),
        (f"/{film(2).StudyInstanceUID}", "image/png", 406),
        ("", "application/dicom+xml", 406),
        ("/1/series/2/instances/3/frames/0x1", "*/*", 422),
    ],
)
def test_what_is_not_there_or_not_offered_is_a_problem(web, address, accept, status):
    answer = web.get(f"{STUDIES}{address}", headers={"Accept": accept})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_parts_are_found_however_the_body_is_cut():
    contents = [b"one", b"\r\n--almost", bytes(range(256)) * 20]
    boundary, body = write_parts(("application/dicom", content) for content in contents)
    whole = b"".join(body)
    for step in (1, 7, 64, len(whole)):
        reader = PartReader(boundary, 2**20)
        found: list[bytes] = []
        for at in range(0, len(whole), step):
            found += reader.feed(whole[at : at + step])
        assert found == contents
        assert reader.is_complete
    with pytest.raises(MultipartError):
        PartReader("é", 1)


def test_uids_with_a_leading_zero_are_stored_found_and_retrieved(web):
    sent = film(9)
    BAD_HEADERS["all UIDs with a leading zero"](sent)
    BAD_HEADERS["modality in lower case"](sent)
    study, series, instance = sent.StudyInstanceUID, sent.SeriesInstanceUID, sent.SOPInstanceUID
    assert study.endswith(".01")

    answer = _stow(web, as_file(sent), path=f"{STUDIES}/{study}")
    assert answer.status_code == 200, answer.text
    (item,) = answer.json()["00081199"]["Value"]
    assert item["00081155"]["Value"] == [instance]
    store = web.app.state.holdings.store
    wait_until(lambda: store.counts().get("read", 0) == 4, seconds=60)

    (found,) = web.get(STUDIES, params={"StudyInstanceUID": study}).json()
    assert found["0020000D"]["Value"] == [study]
    assert "CR" in found["00080061"]["Value"]
    (of_series,) = web.get(f"{STUDIES}/{study}/series", params={"Modality": "CR"}).json()
    assert of_series["0020000E"]["Value"] == [series]
    path = f"{STUDIES}/{study}/series/{series}/instances/{instance}"
    (metadata,) = web.get(f"{path}/metadata").json()
    assert metadata["00080018"]["Value"] == [instance]
    film_again = web.get(path, headers={"Accept": "application/dicom"})
    assert pydicom.dcmread(io.BytesIO(film_again.content)).SOPInstanceUID == instance
