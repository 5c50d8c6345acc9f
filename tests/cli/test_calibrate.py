"""`hilum calibrate`: a site profile from drawn films of a folder."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hilum.cli import app
from hilum.errors import DatasetError
from hilum.findings import Finding
from hilum.models.site_profile import load_site_profile
from tests.datasets.phantom_data import draw_to


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Films of a site: 26 with and 30 without an opacity."""
    root = tmp_path_factory.mktemp("ward")
    for number in range(26):
        draw_to(root / f"pneumonia/{number}.png", seed=number, opacity="both")
    for number in range(30):
        draw_to(root / f"normal/{number}.png", seed=100 + number)
    return root


@pytest.fixture(autouse=True)
def _models(monkeypatch: pytest.MonkeyPatch, models_dir: Path) -> None:
    monkeypatch.setenv("HILUM_MODELS_DIR", str(models_dir))


def _run(*arguments: Any) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def _hashes(folder: Path) -> dict[Path, str]:
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_profile_is_written_and_the_bundle_stays(films, models_dir, tmp_path):
    before, path = _hashes(models_dir), tmp_path / "ward.json"

    done = _run("calibrate", "pneumonia", "--data", films, "--name", "ward-3", "--to", path)

    assert done.exit_code == 0, done.output
    profile = load_site_profile(path)
    assert (profile.site, profile.model, profile.images) == ("ward-3", "pneumonia", 56)
    task = profile.tasks[Finding.PNEUMONIA]
    assert (task.metrics.positives, task.metrics.patients) == (26, 56)
    ece = task.before.expected_calibration_error
    assert f"{ece.value:.3f} ({ece.low:.3f} to {ece.high:.3f})" in done.output
    assert "| before | after | change |" in done.output
    assert _hashes(models_dir) == before


def test_what_was_fitted_once_is_what_is_read_with_and_is_fitted_to_again(
    films, tmp_path, monkeypatch
):
    """A second fit is to the bundle's own answers: the profile in force changes nothing of it."""
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    _run("calibrate", "pneumonia", "--data", films, "--to", first)
    film = next((films / "normal").iterdir())
    alone = json.loads(_run("read", film, "--force").output)

    monkeypatch.setenv("HILUM_SITE_PROFILES", str(first))
    at_site = json.loads(_run("read", film, "--force").output)
    _run("calibrate", "pneumonia", "--data", films, "--to", second)

    profile = load_site_profile(first)
    assert at_site["operating_point"] == profile.tasks[Finding.PNEUMONIA].operating_point.threshold
    assert at_site["pneumonia"] != alone["pneumonia"]
    assert load_site_profile(second) == profile


def test_the_profile_is_beside_the_bundle_s_folder_by_default(
    films, models_dir, tmp_path, monkeypatch
):
    copy = tmp_path / "models"
    copy.mkdir()
    (copy / "pneumonia").symlink_to(models_dir / "pneumonia")

    done = _run("calibrate", copy / "pneumonia", "--data", films, "--name", "ward-3")

    assert done.exit_code == 0, done.output
    assert load_site_profile(copy / "pneumonia.ward-3.json").site == "ward-3"


def test_too_few_films_are_refused_before_anything_is_written(tmp_path):
    for number in range(4):
        draw_to(tmp_path / f"films/pneumonia/{number}.png", seed=number, opacity="both")
        draw_to(tmp_path / f"films/normal/{number}.png", seed=number)

    done = _run("calibrate", "pneumonia", "--data", tmp_path / "films", "--to", tmp_path / "x.json")

    assert isinstance(done.exception, DatasetError)
    assert "8 labelled radiographs, 4 patients with it and 4 without it" in str(done.exception)
    assert not (tmp_path / "x.json").exists()


@pytest.mark.parametrize("name", ["Ward 3", "", "-", "a" * 25, "ward/3"])
def test_a_name_that_cannot_stand_in_a_version_is_refused(films, name):
    done = _run("calibrate", "pneumonia", "--data", films, "--name", name)

    assert done.exit_code == 2
    assert "lower-case letters, digits and hyphens" in " ".join(done.output.split())
