"""Which models there are; a service without its model starts, and says why it cannot read."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from hilum.models import load_bundle


def test_the_list_names_each_model_and_what_it_finds(client: TestClient) -> None:
    body = client.get("/models").json()
    assert body["default"] == "pneumonia"
    [model] = body["models"]
    assert (model["name"], model["ready"], model["reason"]) == ("pneumonia", True, None)
    assert set(model["findings"]) == {
        "normal", "bacterial_pneumonia", "viral_pneumonia", "pneumonia",
    }  # fmt: skip


def test_a_model_shows_its_card(client: TestClient, models_dir: Path) -> None:
    expected = json.loads((models_dir / "pneumonia" / "card.json").read_text())
    assert client.get("/models/pneumonia").json() == expected


def test_a_browser_is_sent_to_the_page_about_the_model(client: TestClient) -> None:
    accept = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = client.get("/models/pneumonia", headers=accept, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/about/pneumonia")
    assert "Accept" in answer.headers["vary"]
    page = client.get("/models/pneumonia", headers=accept)
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (200, "text/html")
    assert "Accept" in client.get("/models/pneumonia").headers["vary"]


def test_a_browser_gets_the_card_where_no_page_is_built(
    make_client: Callable[..., TestClient], tmp_path: Path
) -> None:
    with make_client(page_dir=tmp_path) as client:
        answer = client.get("/models/pneumonia", headers={"Accept": "text/html"})
    assert answer.json()["name"] == "pneumonia"


def test_a_ready_service_is_live_and_ready(client: TestClient) -> None:
    for path in ("/health/live", "/health/ready"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def _remove(folder: Path) -> None:
    shutil.rmtree(folder)


def _damage(folder: Path) -> None:
    with (folder / "model.onnx").open("ab") as file:
        file.write(b"x")


def _mismatch(folder: Path) -> None:
    card = json.loads((folder / "card.json").read_text())
    card["outputs"] = ["normal", "pneumonia"]
    card["tasks"][0]["parts"] = []
    card["calibration"] |= {"temperature": [1, 1], "bias": [0, 0]}
    (folder / "card.json").write_text(json.dumps(card))


def _break_card(folder: Path) -> None:
    (folder / "card.json").write_text('{"schema_version": 2}')


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_remove, "no readable card.json"),
        (_damage, "model.onnx is not the file that its card describes"),
        (_mismatch, "does not answer what its card says"),
        (_break_card, "does not fit its schema"),
    ],
)
def test_a_service_whose_model_is_spoilt_starts_and_says_why_it_cannot_read(
    make_client: Callable[..., TestClient],
    models_dir: Path,
    tmp_path: Path,
    files: dict[str, bytes],
    spoil: Callable[[Path], None],
    reason: str,
) -> None:
    folder = Path(shutil.copytree(models_dir, tmp_path / "models"))
    spoil(folder / "pneumonia")
    with make_client(models_dir=folder) as client:
        assert client.get("/health/live").status_code == 200
        for answer in (
            client.get("/health/ready"),
            client.get("/models/pneumonia"),
            client.post("/predict", files={"file": ("x", files["png"])}),
            client.post("/", files={"file": ("x", files["png"])}),
        ):
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["type"] == "/problems/model-unavailable"
            assert reason in answer.json()["detail"]
            assert str(tmp_path) not in answer.text
            assert int(answer.headers["retry-after"]) > 0
        [model] = client.get("/models").json()["models"]
        assert (model["name"], model["ready"]) == ("pneumonia", False)
        assert reason in model["reason"]


def test_a_spoilt_second_model_does_not_spoil_the_first(
    make_client: Callable[..., TestClient],
    models_dir: Path,
    tmp_path: Path,
    files: dict[str, bytes],
) -> None:
    folder = Path(shutil.copytree(models_dir, tmp_path / "models"))
    shutil.copytree(folder / "pneumonia", folder / "second")
    _damage(folder / "second")
    with make_client(models_dir=folder) as client:
        assert client.get("/health/ready").status_code == 200
        part = {"file": ("x", files["png"])}
        assert client.post("/predict", files=part).status_code == 200
        assert client.post("/predict?model=second", files=part).status_code == 503


def test_the_shown_hash_is_that_of_the_source(client: TestClient, models_dir: Path) -> None:
    [model] = client.get("/models").json()["models"]
    assert model["sha256"] == load_bundle(models_dir / "pneumonia").sha256
