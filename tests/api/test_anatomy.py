"""`POST /anatomy`, and anatomy with a reading, through the shipped bundle."""

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from hilum.api import Settings, create_app
from hilum.imaging.phantom import draw_phantom
from tests.api.conftest import LOCAL

pytestmark = pytest.mark.weights
MODELS = Path(__file__).resolve().parents[2] / "ml_model"


@pytest.fixture(scope="module")
def shipped() -> Iterator[TestClient]:
    with TestClient(create_app(Settings(models_dir=MODELS)), base_url=LOCAL) as client:
        yield client


@pytest.fixture(scope="module")
def film_png() -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.uint8(255 * draw_phantom(700, 900, seed=1))).save(file, "PNG")
    return file.getvalue()


def test_a_reading_has_no_anatomy_unless_asked(shipped: TestClient, film_png: bytes) -> None:
    answer = shipped.post("/predict", files={"file": film_png})

    assert answer.json()["anatomy"] is None


def test_a_reading_with_anatomy_has_both(shipped: TestClient, film_png: bytes) -> None:
    body = shipped.post("/predict?anatomy=true", files={"file": film_png}).json()

    anatomy = body["anatomy"]
    ratio = anatomy["cardiothoracic_ratio"]
    (x1, y1), (x2, y2) = ratio["lines"]["heart"]
    (x3, _), (x4, _) = ratio["lines"]["thorax"]
    assert {"decision", "findings"} <= body.keys()
    assert ratio["value"] == pytest.approx((x2 - x1) / (x4 - x3), abs=1e-4)
    assert y1 == y2
    assert ratio["heart_mm"] is None
    assert "the file does not state the view" in ratio["reason"]
    assert anatomy["right_lung"]["polygons"][0]
    assert anatomy["heart"]["area"] > 0
    assert anatomy["heart"]["mask_png"] is None


def test_anatomy_alone_with_masks_at_the_films_size(shipped: TestClient, film_png: bytes) -> None:
    body = shipped.post("/anatomy?masks=png", files={"file": film_png}).json()

    organ = body["anatomy"]["left_lung"]
    mask = np.asarray(Image.open(io.BytesIO(base64.b64decode(organ["mask_png"]))))
    assert mask.shape == (700, 900)
    assert set(np.unique(mask)) == {0, 255}
    assert (mask > 0).sum() == pytest.approx(organ["area"], rel=0.02)
    assert np.nonzero(mask)[1].mean() > 450  # the patient's left is on the picture's right
    assert (body["image"]["rows"], body["image"]["columns"]) == (700, 900)


def test_anatomy_alone_is_that_of_a_reading_on_an_inverted_film_too(shipped: TestClient) -> None:
    file = io.BytesIO()
    inverted = 255 - np.uint8(255 * draw_phantom(700, 900, seed=1))
    Image.fromarray(inverted).save(file, "PNG")

    with_reading = shipped.post("/predict?anatomy=true", files={"file": file.getvalue()}).json()
    alone = shipped.post("/anatomy", files={"file": file.getvalue()}).json()

    for anatomy in (alone["anatomy"], with_reading["anatomy"]):
        assert anatomy.pop("milliseconds") > 0
    assert alone["anatomy"] == with_reading["anatomy"]
    (note,) = [each for each in with_reading["suitability"]["notes"] if each["code"] == "inverted"]
    assert note["words"] in alone["image"]["warnings"]


def test_anatomy_alone_turns_a_film_on_request_as_a_reading_does(shipped: TestClient) -> None:
    file = io.BytesIO()
    Image.fromarray(np.uint8(255 * draw_phantom(700, 900, seed=1)[::-1, ::-1])).save(file, "PNG")
    files = {"file": file.getvalue()}

    as_it_is = shipped.post("/anatomy", files=files).json()
    turned = shipped.post("/anatomy?orient=auto", files=files).json()
    with_reading = shipped.post("/predict?anatomy=true&orient=auto", files=files).json()

    assert as_it_is["image"]["turned_degrees"] == 0
    assert turned["image"]["turned_degrees"] == 180
    for anatomy in (turned["anatomy"], with_reading["anatomy"]):
        assert anatomy.pop("milliseconds") > 0
    assert turned["anatomy"] == with_reading["anatomy"]


def test_what_is_no_chest_has_no_number(shipped: TestClient) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (300, 300)).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "PNG")

    anatomy = shipped.post("/anatomy", files={"file": file.getvalue()}).json()["anatomy"]

    assert anatomy["cardiothoracic_ratio"]["value"] is None
    assert anatomy["cardiothoracic_ratio"]["valid"] is False
    assert anatomy["cardiothoracic_ratio"]["reason"]
    assert anatomy["lung_field"] is None
    assert anatomy["right_lung"] == {
        "area": None, "area_mm2": None, "polygons": [], "mask_png": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("view", "age", "valid", "words"),
    [
        ("PA", "045Y", True, None),
        ("AP", "045Y", False, "magnifies"),
        ("PA", "004Y", False, "child"),
    ],
)
def test_the_ratio_is_valid_on_pa_films_of_adults(
    shipped: TestClient, make_dicom, view: str, age: str, valid: bool, words: str | None
) -> None:
    pixels = np.uint16(4095 * draw_phantom(600, 600, seed=1))
    content = make_dicom(pixels, ViewPosition=view, PatientAge=age, PixelSpacing=[0.5, 0.5])

    ratio = shipped.post("/anatomy", files={"file": content}).json()["anatomy"][
        "cardiothoracic_ratio"
    ]

    assert ratio["valid"] is valid
    assert (words is None and ratio["reason"] is None) or words in ratio["reason"]
    (x1, _), (x2, _) = ratio["lines"]["heart"]
    assert ratio["heart_mm"] == pytest.approx((x2 - x1) * 0.5, abs=0.1)


def test_a_missing_anatomy_bundle_spoils_no_reading(models_dir: Path, film_png: bytes) -> None:
    with TestClient(create_app(Settings(models_dir=models_dir)), base_url=LOCAL) as client:
        assert client.post("/predict", files={"file": film_png}).status_code == 200
        answer = client.post("/predict?anatomy=true", files={"file": film_png})

    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/model-unavailable"


def test_the_anatomy_card_is_shown(shipped: TestClient) -> None:
    card = shipped.get("/models/anatomy").json()

    assert card["organs"] == ["right_lung", "left_lung", "heart"]
    assert card["metrics"]["test"]["images"] > 0
    assert "anatomy" not in [model["name"] for model in shipped.get("/models").json()["models"]]


def test_several_films_are_refused_rather_than_one_measured(
    shipped: TestClient, film_png: bytes
) -> None:
    answer = shipped.post("/anatomy", files=[("files", film_png), ("files", film_png)])

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-request"


def test_asking_for_anatomy_does_not_change_the_reading(shipped: TestClient) -> None:
    file = io.BytesIO()
    # A size at which a JPEG decoded for either network alone would come out different.
    pixels = draw_phantom(900, 1300, seed=2)
    Image.fromarray(np.uint8(255 * pixels)).save(file, "JPEG", quality=90)

    alone, both = (
        shipped.post(f"/predict{query}", files={"file": file.getvalue()}).json()["findings"]
        for query in ("", "?anatomy=true")
    )

    assert alone == both
