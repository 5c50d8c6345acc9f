"""Bodies that are parsed in one piece are small: whoever sends a large one holds up nobody."""

import json

import pytest

from hilum.api.app import _JSON_PATHS

MEGABYTE = 2**20


def test_addresses_that_take_json_are_known():
    assert {"/session", "/verdicts"} == _JSON_PATHS


@pytest.mark.parametrize("path", sorted(_JSON_PATHS))
@pytest.mark.parametrize("is_declared", [True, False])
def test_json_over_a_megabyte_is_refused_unread(client, path, is_declared):
    body = b"[" + b"{}," * (MEGABYTE // 3) + b"{}]"
    content = body if is_declared else iter([body[: MEGABYTE // 2], body[MEGABYTE // 2 :]])
    answer = client.post(path, content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")


def test_a_thousand_readings_of_all_findings_are_no_more(client):
    reading = {"probabilities": {"pneumonia": 0.1234567890123456}, "forced": False}
    question = {"readings": [reading] * 1000}
    assert len(json.dumps(question)) < MEGABYTE / 4
    assert client.post("/verdicts", json=question).status_code == 200
