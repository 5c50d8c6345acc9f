"""No value in an address makes the database fail: neither SQLite's nor PostgreSQL's."""

import pytest

from hilum.pacs.query import Level, QueryError, parse_query
from tests.store.conftest import new_database  # noqa: F401

ZERO = "%00"
PLACES = [
    "/arrivals?state={}", "/arrivals?limit=1&{}=1", "/deliveries?state={}",
    "/readings/{}", "/readings/x/{}", "/readings?limit=1&offset=0&a={}", "/readings?{}=1",
    "/dicomweb/studies?StudyInstanceUID={}", "/dicomweb/studies?PatientID=a{}b",
    "/dicomweb/studies?{}=1", "/dicomweb/series?Modality={}", "/dicomweb/instances?includefield={}",
    "/dicomweb/studies/{}/series", "/dicomweb/studies/1.2/series/{}/instances",
    "/dicomweb/studies/{}", "/dicomweb/studies/1.2/series/{}", "/dicomweb/studies/{}/instances",
    "/dicomweb/studies/1.2/series/1.3/instances/{}", "/dicomweb/studies/{}/metadata",
    "/dicomweb/studies/1.2/series/{}/metadata",
    "/dicomweb/studies/1.2/series/1.3/instances/{}/metadata",
    "/dicomweb/studies/1.2/series/1.3/instances/{}/frames/1",
    "/dicomweb/studies/1.2/series/1.3/instances/1.4/frames/{}",
]  # fmt: skip
NUMBERS = ["-1", "9223372036854775807", "9223372036854775808", "1" * 400, "1e3", "0x10", "NaN", ""]
TEXTS = ["%F0%9F%98%80", "%ED%A0%80", "%FF", "'%3B--", "x" * 5000, "%25%5C_", "\u0660"]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kept(request, make_client, tmp_path_factory):
    url = request.getfixturevalue("new_database")() if request.param == "postgresql" else ""
    with make_client(store=tmp_path_factory.mktemp("bounds"), database=url) as client:
        yield client


def test_a_zero_byte_is_a_problem_of_the_request(kept):
    answers = {place: kept.get(place.format(ZERO)) for place in PLACES}
    answers["delete"] = kept.delete(f"/readings/{ZERO}")
    for path in ("/arrivals", "/deliveries"):
        answers[f"discard {path}"] = kept.delete(f"{path}/{ZERO}")
        answers[f"retry {path}"] = kept.post(f"{path}/{ZERO}/retry")
    body = {"content": b"--b--", "headers": {"Content-Type": 'multipart/related; boundary="b"'}}
    answers["store"] = kept.post(f"/dicomweb/studies/{ZERO}", **body)
    for place, answer in answers.items():
        assert answer.status_code == 422, place
        assert answer.headers["content-type"] == "application/problem+json"
        assert "\0" not in answer.text


@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize("path", ["/readings", "/arrivals", "/deliveries", "/dicomweb/studies"])
def test_numbers_out_of_bounds_are_a_problem_of_the_request(kept, path, name):
    for number in NUMBERS:
        answer = kept.get(f"{path}?{name}={number}")
        assert answer.status_code == 422, number
        assert answer.json()["type"] == "/problems/invalid-request"
    assert kept.get(f"{path}?offset=999999999").status_code in (200, 204)


@pytest.mark.parametrize("path", ["/arrivals", "/deliveries"])
def test_numbers_of_rows_out_of_bounds_are_a_problem_of_the_request(kept, path):
    for number in (*NUMBERS[:-1], "0", "2147483648"):
        for answer in (kept.delete(f"{path}/{number}"), kept.post(f"{path}/{number}/retry")):
            assert answer.status_code == 422, number
    assert kept.delete(f"{path}/2147483647").status_code == 404


def test_any_other_text_is_looked_for_and_not_found(kept):
    for place in PLACES:
        for text in TEXTS:
            answer = kept.get(place.format(text))
            assert answer.status_code in (200, 204, 404, 422), (place, text)


def test_a_list_of_values_is_bounded():
    many = ",".join(["1.2"] * 1001)
    for name in ("StudyInstanceUID", "ModalitiesInStudy"):
        with pytest.raises(QueryError, match="1000"):
            parse_query(Level.STUDIES, [(name, many)])
    assert parse_query(Level.STUDIES, [("StudyInstanceUID", many[4:])])
