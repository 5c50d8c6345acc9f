"""Operating points, suitability and force, on the service with the shipped bundles."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from hilum.imaging.phantom import draw_phantom
from tests.shipped import SHIPPED

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def shipped(make_client: Callable[..., TestClient]) -> Iterator[TestClient]:
    with make_client(models_dir=SHIPPED.parent) as client:
        yield client


def _png(pixels: np.ndarray) -> dict[str, Any]:
    file = io.BytesIO()
    Image.fromarray(np.uint8(255 * pixels)).save(file, "PNG")
    return {"file": ("film.png", file.getvalue())}


FILM = _png(draw_phantom(500, 600, seed=50, opacity="right_lower"))
SIDEWAYS = _png(np.rot90(draw_phantom(500, 600, seed=51)))


def test_a_suitable_film_says_so(shipped: TestClient) -> None:
    body = shipped.post("/predict", files=FILM).json()

    assert body["suitability"]["suitable"] is True
    assert body["suitability"]["forced"] is False
    assert body["suitability"]["reasons"] == []
    assert body["suitability"]["population"]["intended"] is None  # a drawing has no age


def test_a_refused_film_has_reasons_and_force_reads_it(shipped: TestClient) -> None:
    refused = shipped.post("/predict", files=SIDEWAYS)
    forced = shipped.post("/predict?force=true", files=SIDEWAYS)

    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/unsuitable-radiograph"
    assert [reason["code"] for reason in refused.json()["reasons"]] == ["sideways"]
    assert forced.status_code == 200
    suitability = forced.json()["suitability"]
    assert (suitability["suitable"], suitability["forced"]) == (False, True)
    assert suitability["reasons"] == refused.json()["reasons"]


def test_a_refused_film_is_turned_on_request_and_marked(shipped: TestClient) -> None:
    image = shipped.post("/predict?orient=auto", files=SIDEWAYS).json()["image"]
    report = shipped.post("/report?orient=auto&format=json", files=SIDEWAYS).json()
    upright = shipped.post("/predict?orient=auto", files=FILM).json()["image"]

    # Stored turned counter-clockwise: the first displayed pixel is the file's lower left one.
    assert image["turned_degrees"] == image["to_file"]["turned_degrees"] == 90
    assert (image["rows"], image["columns"]) == (500, 600)
    assert (image["to_file"]["rows"], image["to_file"]["columns"]) == (600, 500)
    assert image["to_file"]["matrix"] == [[0, 1, 0], [-1, 0, 599]]
    assert image["sides"] == {"certain": True, "reasons": []}
    assert any("turned by 90° clockwise" in words for words in image["warnings"])
    assert report["figures"]["turned_degrees"] == 90
    assert any("turned by 90°" in each["text"] for each in report["words"]["cautions"])
    assert upright["turned_degrees"] == 0


def test_films_are_turned_by_auto_alone(shipped: TestClient) -> None:
    assert shipped.post("/predict?orient=mirror", files=FILM).status_code == 422


def test_of_several_films_a_refused_one_leaves_the_others(shipped: TestClient) -> None:
    files = [("files", SIDEWAYS["file"]), ("files", FILM["file"])]

    first, second = shipped.post("/predict", files=files).json()

    assert first["type"] == "/problems/unsuitable-radiograph"
    assert first["reasons"]
    assert second["decision"] in ("positive", "negative", "uncertain")


def test_another_operating_point_decides(shipped: TestClient) -> None:
    own = shipped.post("/predict", files=FILM).json()
    low, high = (
        shipped.post(f"/predict?operating_point={threshold}", files=FILM).json()
        for threshold in ("0.0", "1.0")
    )

    assert own["operating_point"]["threshold"] == own["findings"][-1]["operating_point"]
    assert (low["result"], high["result"]) == ("Potentially Pneumonia", "Normal")
    assert low["operating_point"]["criterion"] == "as asked for"
    assert low["findings"][-1]["operating_point"] == 0.0
    assert low["findings"][-1]["probability"] == own["findings"][-1]["probability"]


def test_a_sensitivity_that_is_asked_for_is_reached_on_validation(shipped: TestClient) -> None:
    points = {
        asked: shipped.post(f"/predict?operating_point={asked}", files=FILM).json()[
            "operating_point"
        ]
        for asked in ("sensitivity:0.99", "specificity:0.99")
    }

    assert points["sensitivity:0.99"]["sensitivity"] >= 0.99
    assert points["specificity:0.99"]["specificity"] >= 0.99
    assert points["sensitivity:0.99"]["threshold"] < points["specificity:0.99"]["threshold"]


def test_an_operating_point_that_is_none_is_a_problem(shipped: TestClient) -> None:
    answer = shipped.post("/predict?operating_point=best", files=FILM)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-operating-point"
    assert "sensitivity:0.98" in answer.json()["detail"]


def test_an_inverted_film_is_read_as_it_would_be_upright(shipped: TestClient) -> None:
    pixels = draw_phantom(500, 600, seed=52, opacity="left_lower")
    levels = np.uint8(255 * pixels)
    plain = shipped.post("/predict", files=_png(levels / 255)).json()
    inverted = shipped.post("/predict", files=_png((255 - levels) / 255)).json()

    assert "inverted" in [note["code"] for note in inverted["suitability"]["notes"]]
    for one, other in zip(plain["findings"], inverted["findings"], strict=True):
        assert one["probability"] == pytest.approx(other["probability"], abs=0.01)
