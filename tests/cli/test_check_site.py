"""`hilum check` where a model reads with a site profile."""

import json
import shutil
from datetime import date
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from hilum.api import Settings, create_app
from hilum.cli import app
from hilum.evaluation.calibration.profile import make_site_profile
from hilum.models import load_bundle
from tests.site_films import outcomes_at_site


@pytest.fixture
def models(models_dir, tmp_path):
    """A copy of the models."""
    return Path(shutil.copytree(models_dir, tmp_path / "models"))


@pytest.fixture
def profile(models, tmp_path):
    bundle = load_bundle(models / "pneumonia")
    made = make_site_profile(
        outcomes_at_site(bundle.card), bundle, site="ward-3", created=date(2026, 5, 6)
    )
    path = tmp_path / "ward.json"
    path.write_text(made.model_dump_json())
    return path


@pytest.fixture
def check(monkeypatch, models, profile, tmp_path):
    """Run the command; its exit status, and what it printed."""
    monkeypatch.setenv("HILUM_MODELS_DIR", str(models))
    monkeypatch.setenv("HILUM_SITE_PROFILES", str(profile))
    monkeypatch.setenv("HILUM_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("HILUM_DECODE_WORKERS", "0")

    def run(*options):
        done = CliRunner().invoke(app, ["check", *options])
        return done.exit_code, done.stdout

    return run


def test_the_model_is_named_with_the_site(check):
    status, told = check("--json")

    found = json.loads(told)
    assert (status, found["faults"]) == (0, [])
    names = [each["name"] for each in found["parts"]]
    assert "model pneumonia, with the site profile of ward-3" in names


def test_a_profile_that_does_not_fit_is_a_fault(check, profile):
    facts = json.loads(profile.read_text()) | {"version": "0.2"}
    profile.write_text(json.dumps(facts))

    status, told = check()

    assert status == 1
    assert "FAULT The site profile of 'ward-3' is for model 'pneumonia', version 0.2" in told


def test_expected_values_are_of_the_bundle_with_and_without_the_profile(
    check, models, profile, monkeypatch
):
    before = json.loads((models / "pneumonia" / "card.json").read_text())

    assert check("--into-card")[0] == 0

    after = json.loads((models / "pneumonia" / "card.json").read_text())
    assert len(after.pop("verification")["phantoms"]) == 5
    assert after == {name: value for name, value in before.items() if name != "verification"}
    for paths in (str(profile), ""):
        monkeypatch.setenv("HILUM_SITE_PROFILES", paths)
        status, told = check("--json")
        found = json.loads(told)
        assert (status, len(found["verification"])) == (0, 20)
        assert all(each["ok"] for each in found["verification"])


def test_a_service_with_a_profile_is_not_compared(check, models, profile, monkeypatch):
    settings = Settings(models_dir=models, page_dir=models, decode_workers=0)
    service = create_app(settings)
    client = TestClient(service, base_url="http://127.0.0.1:8000")
    monkeypatch.setattr(httpx2, "Client", lambda **_: client)
    assert settings.site_profiles == (profile,)

    status, told = check("--url", "http://127.0.0.1:8000", "--json")

    assert status == 0
    assert json.loads(told)["not_verified"] == {
        "pneumonia": "not verified, because it uses the site profile of ward-3"
    }
