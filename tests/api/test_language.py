"""The texts in answers are in the language that the request, or else the service, chooses."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from hilum.api import Settings
from hilum.imaging.phantom import draw_phantom
from hilum.words.catalogue import languages

MARK = "§ "
EVERYTHING = "operating_point=0.01&anatomy=true&evidence=overlay"
FROM_THE_CARD = {"intended_population", "criterion"}
CODES = {"code", "sha256", "result", "prediction", "png", "name", "version"}


def _png(pixels: np.ndarray) -> dict[str, Any]:
    file = io.BytesIO()
    Image.fromarray(np.uint8(255 * pixels)).save(file, "PNG")
    return {"file": ("film.png", file.getvalue())}


FILM = _png(draw_phantom(500, 600, seed=50, opacity="right_lower"))
SIDEWAYS = _png(np.rot90(draw_phantom(500, 600, seed=51)))


@pytest.fixture(scope="module")
def taught(make_client: Callable[..., TestClient], taught_dir) -> Iterator[TestClient]:
    with make_client(models_dir=taught_dir) as client:
        yield client


def _texts(answer: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Each text of an answer with the name of its field."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            yield from _texts(value, key)
    elif isinstance(answer, list):
        for value in answer:
            yield from _texts(value, name)
    elif isinstance(answer, str):
        yield name, answer


def _is_sentence(name: str, text: str) -> bool:
    return (name == "label" or " " in text) and name not in CODES | FROM_THE_CARD


@pytest.mark.parametrize(
    ("film", "query"), [(FILM, ""), (SIDEWAYS, "&force=true"), (SIDEWAYS, "&orient=auto")]
)
def test_every_text_of_a_reading_is_in_the_language_that_is_asked_for(
    taught, with_german, film, query
):
    answer = taught.post(f"/predict?{EVERYTHING}{query}&language=de", files=film)
    assert answer.status_code == 200, answer.text
    said = [(name, text) for name, text in _texts(answer.json()) if _is_sentence(name, text)]
    assert {"label", "headline", "sentence", "words", "notice"} <= {name for name, _ in said}
    assert [each for each in said if MARK not in each[1]] == []
    assert MARK not in taught.post(f"/predict?{EVERYTHING}{query}", files=film).text


def test_the_picture_with_evidence_bears_words_of_the_language(taught, with_german):
    pictures = {
        taught.post(f"/predict?{EVERYTHING}{language}", files=FILM).json()["evidence"]["findings"][
            0
        ]["overlay"]["png"]
        for language in ("", "&language=en", "&language=de")
    }
    assert len(pictures) == 2


def test_the_reasons_of_a_refusal_are_in_the_language(taught, with_german):
    for path in ("/predict", "/report"):
        answer = taught.post(f"{path}?language=de", files=SIDEWAYS)
        assert answer.status_code == 422
        assert answer.json()["reasons"][0]["words"].startswith(MARK)


def test_anatomy_and_verdicts_take_a_language_as_well(taught, with_german):
    measured = taught.post("/anatomy?language=de", files=FILM).json()
    assert measured["notice"].startswith(MARK)
    assert MARK in measured["anatomy"]["cardiothoracic_ratio"]["reason"]
    question = {"readings": [{"probabilities": {"pneumonia": 0.9}}]}
    (decided,) = taught.post("/verdicts?language=de", json=question).json()
    assert decided["verdicts"][0]["headline"].startswith(MARK)


def test_the_service_has_a_language_of_its_own(make_client, taught_dir, with_german):
    with make_client(models_dir=taught_dir, language="de") as client:
        for path in ("/predict", "/"):
            assert client.post(path, files=FILM).json()["notice"].startswith(MARK)
        assert MARK not in client.post("/predict?language=en", files=FILM).text


@pytest.mark.parametrize("path", ["/predict", "/anatomy", "/report"])
def test_an_unknown_language_is_refused_with_those_that_there_are(client, files, path):
    answer = client.post(f"{path}?language=tlh", files={"file": files["png"]})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")
    assert f"Known languages: {', '.join(languages())}." in answer.json()["detail"]


def test_the_setting_is_taken_by_its_earlier_name(monkeypatch, with_german):
    monkeypatch.setenv("HILUM_REPORT_LANGUAGE", "de")
    with pytest.warns(FutureWarning, match="HILUM_REPORT_LANGUAGE is now HILUM_LANGUAGE"):
        assert Settings().language == "de"
