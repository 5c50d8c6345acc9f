"""`POST /predict?evidence=…`: what is answered, when nothing is, and what goes with it."""

import base64
import io
import json
import logging
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from hilum.api.evidence_schemas import EvidenceAnswer
from hilum.api.examples import READING_WITH_EVIDENCE
from hilum.api.schemas import ReadingAnswer
from hilum.imaging.phantom import draw_phantom
from hilum.models.bundle import sha256_of
from tests.shipped import SHIPPED

pytestmark = pytest.mark.weights


def _png(pixels: np.ndarray) -> dict[str, Any]:
    file = io.BytesIO()
    Image.fromarray(np.uint8(255 * pixels)).save(file, "PNG")
    return {"file": ("film.png", file.getvalue())}


ROWS, COLUMNS = 500, 600
FILM = _png(draw_phantom(ROWS, COLUMNS, seed=50, opacity="right_lower"))
SIDEWAYS = _png(np.rot90(draw_phantom(ROWS, COLUMNS, seed=51)))
ALL = "evidence=map&evidence=overlay&evidence=contour"


@pytest.fixture(scope="module")
def shipped(make_client: Callable[..., TestClient]) -> Iterator[TestClient]:
    with make_client(models_dir=SHIPPED.parent) as client:
        yield client


def _picture(text: str) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(base64.b64decode(text), np.uint8), cv2.IMREAD_UNCHANGED)


def test_no_evidence_unless_asked(shipped: TestClient) -> None:
    assert shipped.post("/predict", files=FILM).json()["evidence"] is None


def test_a_reading_with_all_parts_of_the_evidence(shipped: TestClient) -> None:
    # Decided at 0, so that it is shown whatever the network says.
    evidence = shipped.post(f"/predict?operating_point=0&{ALL}", files=FILM).json()["evidence"]

    assert (evidence["is_shown"], evidence["reason"], evidence["message"]) == (True, None, None)
    assert (evidence["rows"], evidence["columns"]) == (ROWS, COLUMNS)
    names = [found["finding"] for found in evidence["findings"]]
    assert names == ["pneumonia", "bacterial_pneumonia", "viral_pneumonia"]
    found = evidence["findings"][0]
    shares = [region["share"] for region in found["regions"]]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=0.001)
    outside = [r["share"] for r in found["regions"] if r["region"] == "outside_lungs_and_heart"]
    assert found["share_in_chest"] == pytest.approx(1 - sum(outside), abs=0.001)
    assert f"in the {found['regions'][0]['label']} (" in found["sentence"]
    grey = _picture(found["map"]["png"])
    assert grey.dtype == np.uint16
    assert grey.shape == (found["map"]["rows"], found["map"]["columns"])
    assert grey.max() == 65535
    assert found["map"]["maximum"] > 0
    overlay = _picture(found["overlay"]["png"])
    assert overlay.shape == (ROWS, COLUMNS, 3)


def test_peak_contours_and_map_lie_in_one_place(shipped: TestClient) -> None:
    answer = shipped.post(f"/predict?operating_point=0&{ALL}", files=FILM).json()
    found = answer["evidence"]["findings"][0]
    grey, box = _picture(found["map"]["png"]), found["map"]["box"]
    row, column = np.unravel_index(grey.argmax(), grey.shape)
    # The map's edges are the box's: the peak's pixel, centred, is where the peak is said to be.
    x = box["left"] + (column + 0.5) / grey.shape[1] * (box["right"] - box["left"]) - 0.5
    y = box["top"] + (row + 0.5) / grey.shape[0] * (box["bottom"] - box["top"]) - 0.5
    pixel = (box["right"] - box["left"]) / grey.shape[1]

    assert (x, y) == pytest.approx((found["peak"]["x"], found["peak"]["y"]), abs=pixel)
    levels = [each["level"] for each in found["contours"]]
    assert levels == [0.25, 0.5, 0.75]
    for each in found["contours"]:
        inside = [
            cv2.pointPolygonTest(
                np.float32(polygon), (found["peak"]["x"], found["peak"]["y"]), False
            )
            for polygon in each["polygons"]
        ]
        assert max(inside) >= 0


@pytest.mark.parametrize("part", ["map", "overlay", "contour"])
def test_only_what_is_asked_for_is_drawn(shipped: TestClient, part: str) -> None:
    answer = shipped.post(f"/predict?operating_point=0&evidence={part}", files=FILM).json()
    found = answer["evidence"]["findings"][0]
    drawn = {name for name in ("map", "overlay", "contours") if found[name] is not None}
    assert drawn == {"contours" if part == "contour" else part}
    assert found["regions"]


def test_an_unknown_part_is_a_problem(shipped: TestClient) -> None:
    answer = shipped.post("/predict?evidence=heat", files=FILM)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-request"


def test_below_the_operating_point_there_is_no_heat_and_it_says_why(client: TestClient) -> None:
    # The tiny bundle has no sets of labels: it is never uncertain.
    evidence = client.post(f"/predict?operating_point=1&{ALL}", files=FILM).json()["evidence"]

    assert (evidence["is_shown"], evidence["reason"]) == (False, "below_operating_point")
    assert "the probability is below the operating point" in evidence["message"]
    assert evidence["findings"] == []


def test_a_film_read_by_force_carries_its_warning(shipped: TestClient) -> None:
    refused = shipped.post(f"/predict?{ALL}", files=SIDEWAYS)
    forced = shipped.post(f"/predict?force=true&operating_point=0&{ALL}", files=SIDEWAYS).json()

    assert refused.status_code == 422
    evidence = forced["evidence"]
    codes = [warning["code"] for warning in evidence["warnings"]]
    assert codes[:2] == ["forced", "whole_picture"]
    assert "lies on its side" in evidence["warnings"][0]["message"]
    found = evidence["findings"][0]
    assert found["regions"] == []
    assert found["share_in_chest"] is None
    assert found["sentence"] == (
        "No lungs were found, so the regions of the evidence cannot be named."
    )
    # The words are burned into the picture that may be passed on.
    overlay = _picture(found["overlay"]["png"])
    assert overlay.shape == (COLUMNS, ROWS, 3)
    assert (overlay[-round(0.15 * COLUMNS) :] > 200).any()


def test_a_film_outside_the_population_carries_its_warning(
    shipped: TestClient, make_dicom: Callable[..., bytes]
) -> None:
    pixels = np.uint16(4095 * draw_phantom(ROWS, COLUMNS, seed=50, opacity="right_lower"))
    files = {"file": ("x", make_dicom(pixels, PatientAge="061Y"))}
    query = "?model=pneumonia&operating_point=0&evidence=contour"
    body = shipped.post(f"/predict{query}", files=files).json()
    assert "outside_population" in [w["code"] for w in body["evidence"]["warnings"]]


def test_evidence_changes_no_reading_and_goes_with_anatomy(shipped: TestClient) -> None:
    alone = shipped.post("/predict", files=FILM).json()
    both = shipped.post(f"/predict?anatomy=true&{ALL}", files=FILM).json()
    assert both["findings"] == alone["findings"]
    assert both["anatomy"] is not None


def test_of_several_films_each_has_its_own(shipped: TestClient) -> None:
    files = [("files", FILM["file"]), ("files", SIDEWAYS["file"])]
    first, second = shipped.post("/predict?operating_point=0&evidence=contour", files=files).json()
    assert first["evidence"]["is_shown"] is True
    assert second["type"] == "/problems/unsuitable-radiograph"


@pytest.fixture
def old_models(tmp_path: Path, models_dir: Path, make_card: Callable[..., Any]) -> Path:
    """The tiny bundle as it was written before there was evidence: one output, no field."""
    import keras

    folder = Path(shutil.copytree(models_dir, tmp_path / "models"))
    both = keras.saving.load_model(folder / "pneumonia" / "model.keras", compile=False)
    old = keras.Model(both.input, both.output["logits"])
    old.save(folder / "pneumonia" / "model.keras")
    signature = keras.InputSpec(shape=(None, 64, 64, 1), dtype="float32", name="image")
    old.export(
        folder / "pneumonia" / "model.onnx", format="onnx", verbose=False,
        input_signature=[signature],
    )  # fmt: skip
    hashes = {f: sha256_of(folder / "pneumonia" / f) for f in ("model.keras", "model.onnx")}
    card = json.loads(make_card(hashes).model_dump_json())
    del card["evidence"]
    (folder / "pneumonia" / "card.json").write_text(json.dumps(card))
    return folder


def test_a_bundle_without_a_layer_reads_and_says_that_it_can_show_none(
    make_client: Callable[..., TestClient], old_models: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.WARNING, logger="hilum"),
        make_client(models_dir=old_models) as client,
    ):
        [model] = client.get("/models").json()["models"]
        body = client.post(f"/predict?operating_point=0&{ALL}", files=FILM).json()

    assert any("'pneumonia'" in m and "no evidence" in m for m in caplog.messages)
    assert (model["ready"], model["shows_evidence"]) == (True, False)
    assert "no evidence layer" in model["evidence_message"]
    assert body["result"] == "Potentially Pneumonia"
    assert (body["evidence"]["is_shown"], body["evidence"]["reason"]) == (
        False, "no_evidence_layer",
    )  # fmt: skip
    assert body["evidence"]["message"] == model["evidence_message"]


def test_a_bundle_with_a_layer_says_so(client: TestClient) -> None:
    [model] = client.get("/models").json()["models"]
    assert (model["shows_evidence"], model["evidence_message"]) == (True, None)


def test_the_example_fits_the_schema() -> None:
    answer = ReadingAnswer.model_validate(READING_WITH_EVIDENCE)
    assert answer.model_dump(mode="json") == READING_WITH_EVIDENCE
    assert isinstance(answer.evidence, EvidenceAnswer)
