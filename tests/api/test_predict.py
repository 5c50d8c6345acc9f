"""`POST /predict` keeps its contract, and `POST /` that of the service before it."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from numpy.typing import NDArray

from hilum.findings import Finding
from hilum.imaging import decode
from hilum.imaging.phantom import draw_phantom
from hilum.models import Reader, load_bundle


def test_an_answer_has_every_field_of_the_contract(
    client: TestClient, files: dict[str, bytes], film: NDArray[np.uint8], models_dir: Path
) -> None:
    answer = client.post("/predict", files={"file": ("x", files["png"])})
    assert answer.status_code == 200
    body = answer.json()
    card = load_bundle(models_dir / "pneumonia").card
    assert [(each["code"], each["label"]) for each in body["findings"]] == [
        ("normal", "Normal"),
        ("bacterial_pneumonia", "Bacterial pneumonia"),
        ("viral_pneumonia", "Viral pneumonia"),
        ("pneumonia", "Pneumonia"),
    ]
    assert [each["operating_point"] for each in body["findings"]] == [None, None, None, 0.5]
    assert body["model"] == {
        "name": "pneumonia",
        "version": "0.1",
        "sha256": card.files["model.keras"],
        "intended_population": "Nobody",
        "site": None,
    }
    assert body["image"] == {
        "sha256": hashlib.sha256(files["png"]).hexdigest(),
        "format": "png",
        "rows": film.shape[0],
        "columns": film.shape[1],
        "view": "unknown",
        "estimated_view": "unknown",
        "was_colour": False,
        "warnings": [],
        "turned_degrees": 0,
        "to_file": {
            "rows": film.shape[0],
            "columns": film.shape[1],
            "matrix": [[1, 0, 0], [0, 1, 0]],
            "mirrored": False,
            "turned_degrees": 0,
        },
        "sides": {"certain": True, "reasons": []},
    }
    timing = body["timing_ms"]
    assert set(timing) == {"decode", "anatomy", "preprocess", "inference", "total"}
    assert 0 < timing["decode"] + timing["preprocess"] + timing["inference"] <= timing["total"]
    assert "not a medical device" in body["notice"].lower()
    assert body["decision"] in ("positive", "negative")
    assert body["operating_point"] == {
        "threshold": 0.5,
        "criterion": "none",
        "sensitivity": None,
        "specificity": None,
    }
    assert [
        body[name] for name in ("prediction_set", "coverage", "uncertain_between", "suitability")
    ] == [None] * 4


def test_the_probabilities_are_those_of_the_reader(
    client: TestClient, files: dict[str, bytes], models_dir: Path
) -> None:
    reader = Reader(load_bundle(models_dir / "pneumonia"))
    radiograph = decode(files["png"], smallest_side_px=reader.smallest_side_px)
    expected = {read.finding: read.probability for read in reader.read(radiograph).findings}
    body = client.post("/predict", files={"file": ("x", files["png"])}).json()
    given = {Finding(each["code"]): each["probability"] for each in body["findings"]}
    assert given == pytest.approx(expected, abs=1e-5)


@pytest.fixture(scope="module")
def both_ways(client: TestClient, encode: Callable[..., bytes]) -> list[dict]:
    """Readings on both sides of the operating point."""
    films = [np.uint8(255 * draw_phantom(80, 80, seed=seed)) for seed in range(12)]
    parts = [("files", ("x", encode(film, "PNG"))) for film in films]
    bodies = client.post("/predict", files=parts).json()
    assert {body["decision"] for body in bodies} == {"positive", "negative"}
    return bodies


def test_result_and_decision_follow_the_operating_point(both_ways: list[dict]) -> None:
    for body in both_ways:
        is_positive = body["findings"][3]["probability"] >= body["findings"][3]["operating_point"]
        assert body["decision"] == ("positive" if is_positive else "negative")
        assert body["result"] == ("Potentially Pneumonia" if is_positive else "Normal")


def test_prediction_is_pneumonia_in_per_cent_with_four_decimals(both_ways: list[dict]) -> None:
    for body in both_ways:
        assert re.fullmatch(r"\d{1,3}\.\d{4}", body["prediction"])
        percent = 100 * body["findings"][3]["probability"]
        assert float(body["prediction"]) == pytest.approx(percent, abs=1.1e-4)


def test_every_format_is_read_and_named(client: TestClient, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        # The name and the declared type are another format's: neither counts.
        part = ("film.gif", content, "text/html")
        answer = client.post("/predict", files={"file": part})
        assert answer.status_code == 200
        assert answer.json()["image"]["format"] == name


def test_the_root_answers_the_older_clients_alike(
    client: TestClient, files: dict[str, bytes]
) -> None:
    new, old = (
        client.post(path, files={"file": ("x", files["jpeg"])}).json() for path in ("/predict", "/")
    )
    new.pop("timing_ms"), old.pop("timing_ms")
    assert old == new


def test_several_files_are_a_list_in_their_order(
    client: TestClient, files: dict[str, bytes]
) -> None:
    parts = [("files", ("x", content)) for content in files.values()]
    answer = client.post("/predict", files=parts)
    assert answer.status_code == 200
    assert [body["image"]["format"] for body in answer.json()] == list(files)


def test_one_bad_file_does_not_spoil_the_others(
    client: TestClient, files: dict[str, bytes]
) -> None:
    parts = [
        ("files", ("1", files["png"])),
        ("files", ("2", b"not a picture")),
        ("files", ("3", files["jpeg"][:500])),
        ("files", ("4", b"")),
        ("files", ("5", files["webp"])),
    ]
    answer = client.post("/predict", files=parts)
    assert answer.status_code == 200
    good, text, cut, empty, last = answer.json()
    assert (good["image"]["format"], last["image"]["format"]) == ("png", "webp")
    assert (text["status"], cut["status"], empty["status"]) == (415, 400, 422)
    assert text["type"] == "/problems/unsupported-format"
    assert text["request_id"] == answer.headers["X-Request-ID"]


def test_a_single_file_in_the_field_files_is_a_list_of_one(
    client: TestClient, files: dict[str, bytes]
) -> None:
    body = client.post("/predict", files={"files": ("x", files["png"])}).json()
    assert [each["image"]["format"] for each in body] == ["png"]


def test_file_and_files_together_are_one_list(client: TestClient, files: dict[str, bytes]) -> None:
    parts = [("files", ("x", files["png"])), ("file", ("y", files["bmp"]))]
    body = client.post("/predict", files=parts).json()
    assert [each["image"]["format"] for each in body] == ["bmp", "png"]


def test_the_model_can_be_named(client: TestClient, files: dict[str, bytes]) -> None:
    answer = client.post("/predict?model=pneumonia", files={"file": ("x", files["png"])})
    assert answer.json()["model"]["name"] == "pneumonia"


def test_a_picture_of_a_megapixel_and_more_goes_through_the_disk(
    client: TestClient, encode: Callable[..., bytes]
) -> None:
    content = encode(np.uint8(255 * draw_phantom(1200, 1300)), "BMP")
    assert len(content) > 2**20, "uploads are kept in memory up to a megabyte"
    body = client.post("/predict", files={"file": ("x", content)}).json()
    assert body["image"]["sha256"] == hashlib.sha256(content).hexdigest()


def test_a_field_left_blank_is_as_if_not_sent(client: TestClient, files: dict[str, bytes]) -> None:
    # What Swagger sends where only `file` was chosen.
    answer = client.post("/predict", files={"file": ("film.png", files["png"])}, data={"files": ""})

    assert answer.status_code == 200
    assert answer.json()["image"]["format"] == "png"


def test_the_old_address_refuses_several_films_rather_than_drop_one(
    client: TestClient, files: dict[str, bytes]
) -> None:
    two = [("files", ("a", files["png"])), ("files", ("b", files["jpeg"]))]

    answer = client.post("/", files=two)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-request"
    assert "the request has 2" in answer.json()["detail"]
