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


def _cut_card(folder: Path) -> None:
    (folder / "card.json").write_text('{"schema_version": ')


def _break_card(folder: Path) -> None:
    (folder / "card.json").write_text('{"schema_version": 2}')


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_remove, "no card.json. Restore the bundle"),
        (_cut_card, "not valid JSON (card.json, line 1). Correct it, or restore"),
        (_damage, "model.onnx is not the file that its card describes"),
        (_mismatch, "the outputs of its network do not match its card"),
        (_break_card, "does not match its schema"),
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
    with make_client(models_dir=folder, default_model="pneumonia") as client:
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


POINT_OF_SECOND = 0.0625


def _add_second_version(folder: Path) -> None:
    """Copy the bundle as another version, which answers and decides otherwise."""
    copy = shutil.copytree(folder / "pneumonia", folder / "pneumonia@9.0")
    card = json.loads((copy / "card.json").read_text())
    card["version"] = "9.0"
    card["calibration"]["bias"][0] += 2
    card["tasks"][0]["operating_point"]["threshold"] = POINT_OF_SECOND
    (copy / "card.json").write_text(json.dumps(card))


@pytest.fixture(params=["pneumonia", "pneumonia@0.1"])
def two_versions(
    request: pytest.FixtureRequest, models_dir: Path, tmp_path: Path
) -> tuple[Path, str]:
    """A folder of models with two versions of one, and its first version's folder."""
    folder = Path(shutil.copytree(models_dir, tmp_path / "models"))
    _add_second_version(folder)
    if request.param != "pneumonia":
        (folder / "pneumonia").rename(folder / request.param)
    return folder, request.param


def test_each_version_has_an_address_that_names_it_alone(
    make_client: Callable[..., TestClient], two_versions: tuple[Path, str], files: dict[str, bytes]
) -> None:
    models_dir, default = two_versions
    figures = {"probabilities": {"pneumonia": 0.5}}
    with make_client(models_dir=models_dir, default_model=default) as client:
        listed = client.get("/models").json()
        addresses = {each["address"]: each["version"] for each in listed["models"]}
        assert addresses == {"pneumonia@0.1": "0.1", "pneumonia@9.0": "9.0"}
        assert listed["default"] == "pneumonia@0.1"
        said = {}
        for address, version in addresses.items():
            assert client.get(f"/models/{address}").json()["version"] == version
            query, part = {"model": address, "force": True}, {"file": ("x", files["png"])}
            read = client.post("/predict", params=query, files=part).json()
            assert read["model"]["version"] == version
            said[address] = read["prediction"]
            report = client.post("/report", params=query | {"format": "json"}, files=part).json()
            assert report["figures"]["model"]["version"] == version
            asked = client.post(
                "/verdicts", params={"model": address}, json={"readings": [figures]}
            ).json()
            [verdict] = asked[0]["verdicts"]
            assert (verdict["operating_point"] == POINT_OF_SECOND) == (version == "9.0")
        assert len({*said.values()}) == 2

        both = {"model": [*addresses], "force": True}
        read = client.post("/predict", params=both, files=part).json()
        assert [each["prediction"] for each in read["readings"]] == [*said.values()]
        bundle = client.post("/report", params=both | {"format": "fhir"}, files=part).json()
        resources = [each["resource"] for each in bundle["entry"]]
        versions = [
            each["version"][0]["value"] for each in resources if each["resourceType"] == "Device"
        ]
        assert versions == ["0.1", "9.0"]


def test_two_bundles_of_one_version_are_not_both_served(
    make_client: Callable[..., TestClient], models_dir: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(models_dir, tmp_path / "models"))
    shutil.copytree(folder / "pneumonia", folder / "pneumonia@0.1")
    with make_client(models_dir=folder) as client:
        first, second = client.get("/models").json()["models"]
        assert (first["address"], first["ready"]) == ("pneumonia", True)
        assert (second["address"], second["ready"]) == ("pneumonia@0.1", False)
        assert "'pneumonia' and 'pneumonia@0.1' are both" in second["reason"]
        # It still names the one that is served.
        assert client.get("/models/pneumonia@0.1").json()["version"] == "0.1"
