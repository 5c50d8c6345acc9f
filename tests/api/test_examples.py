"""Synthetic films, and the document's examples, are what the shipped model makes of them."""

import json
import math
import re
from typing import Any

import pytest

from hilum.api import renew_examples
from hilum.api.example_films import EXAMPLE_FILMS
from hilum.api.examples import READING_WITH_EVIDENCE
from hilum.imaging import decode
from hilum.models import Registry, RuntimeName
from tests.shipped import MODELS

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.fixture(scope="module")
def shipped(make_client):
    with make_client(models_dir=MODELS) as client:
        yield client


def differences(made: Any, stored: Any, at: str = "") -> list[str]:
    """Where two answers differ by more than another processor's arithmetic makes."""
    if isinstance(made, dict) and isinstance(stored, dict) and made.keys() == stored.keys():
        return [each for key in made for each in differences(made[key], stored[key], f"{at}.{key}")]
    if isinstance(made, list) and isinstance(stored, list) and len(made) == len(stored):
        pairs = enumerate(zip(made, stored, strict=True))
        return [each for i, pair in pairs for each in differences(*pair, f"{at}[{i}]")]
    if isinstance(made, str) and isinstance(stored, str) and at != ".model.sha256":
        # The file's bytes are those of the JPEG library that is installed.
        if at == ".image.sha256":
            return []
        numbers = zip(_NUMBER.findall(made), _NUMBER.findall(stored), strict=False)
        is_like = _NUMBER.sub("#", made) == _NUMBER.sub("#", stored) and all(
            math.isclose(float(a), float(b), rel_tol=0.03, abs_tol=1) for a, b in numbers
        )
        return [] if is_like and (".version" not in at or made == stored) else [at]
    if type(made) is type(stored) and isinstance(made, float):
        return [] if math.isclose(made, stored, rel_tol=0.05, abs_tol=0.03) else [at]
    return [] if made == stored else [at]


@pytest.mark.weights
def test_the_documents_example_is_what_the_shipped_model_answers():
    registry = Registry(MODELS, default="pneumonia", runtime=RuntimeName.OPENVINO)
    made = renew_examples.make_example(registry)
    assert differences(made, READING_WITH_EVIDENCE) == [], "run `make examples`"


@pytest.mark.parametrize(
    "change",
    [{"prediction": "55.1230"}, {"decision": "negative"}, {"coverage": None}, {"more": 1},
     {"model": READING_WITH_EVIDENCE["model"] | {"version": "2026.11.1"}}],
)  # fmt: skip
def test_an_example_of_another_bundle_is_told(change):
    other = json.loads(json.dumps(READING_WITH_EVIDENCE | change))
    assert differences(READING_WITH_EVIDENCE, READING_WITH_EVIDENCE) == []
    assert differences(other, READING_WITH_EVIDENCE)


READ = {
    "normal": ("negative", {"drawn"}),
    "opacity": ("positive", {"drawn"}),
    "inverted": ("negative", {"drawn", "inverted"}),
    "dicom": ("positive", {"drawn"}),
}
REJECTED = {"upside-down": "upside_down", "hand": "not_a_chest"}


@pytest.mark.weights
def test_each_film_shows_what_its_label_says(shipped):
    listed = shipped.get("/examples").json()["examples"]
    assert [each["name"] for each in listed] == list(EXAMPLE_FILMS)
    assert READ.keys() | REJECTED.keys() == EXAMPLE_FILMS.keys()
    for each in listed:
        film = shipped.get(f"/examples/{each['name']}")
        assert film.headers["content-type"] == each["media_type"]
        assert each["file_name"] in film.headers["content-disposition"]
        part = {"file": (each["file_name"], film.content)}
        answer = shipped.post("/predict", files=part)
        if each["name"] in REJECTED:
            assert answer.status_code == 422
            assert REJECTED[each["name"]] in {r["code"] for r in answer.json()["reasons"]}
        else:
            decision, notes = READ[each["name"]]
            assert answer.json()["decision"] == decision
            assert {note["code"] for note in answer.json()["suitability"]["notes"]} == notes


def test_the_dicom_film_has_a_header_of_nobody():
    header = decode(EXAMPLE_FILMS["dicom"].content())
    assert header.view.value == "PA"
    # A detector of 430 mm across 1024 columns.
    assert header.spacing_mm == pytest.approx((430 / 1024, 430 / 1024), rel=1e-5)


def test_an_example_that_there_is_not_is_told_with_those_that_there_are(client):
    answer = client.get("/examples/none")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
    assert "upside-down" in answer.json()["detail"]
