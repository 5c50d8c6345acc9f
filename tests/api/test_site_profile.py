"""A service with a site profile: every answer names it, and one that does not fit stops reading."""

import io
import json
from datetime import date
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from pypdf import PdfReader

from hilum.evaluation.calibration.profile import make_site_profile
from hilum.findings import Finding
from hilum.imaging.phantom import draw_phantom
from hilum.models import load_bundle
from hilum.models.site_profile import load_site_profile
from tests.pacs.films import as_file, film
from tests.site_films import outcomes_at_site

SITE = {"name": "ward-3", "films": 120, "date": "2026-05-06"}


@pytest.fixture(scope="module")
def path(models_dir, tmp_path_factory) -> Path:
    """A profile for the tiny bundle."""
    bundle = load_bundle(models_dir / "pneumonia")
    outcomes = outcomes_at_site(bundle.card)
    made = make_site_profile(outcomes, bundle, site="ward-3", created=date(2026, 5, 6))
    path = tmp_path_factory.mktemp("profiles") / "ward.json"
    path.write_text(made.model_dump_json())
    return path


@pytest.fixture(scope="module")
def profile(path):
    return load_site_profile(path)


@pytest.fixture(scope="module")
def at_site(make_client, path):
    with make_client(site_profiles=(path,)) as client:
        yield client


def _post(client, address="/predict", content=None):
    file = io.BytesIO()
    Image.fromarray(np.uint8(255 * draw_phantom(128, 128, seed=3))).save(file, "PNG")
    return client.post(address, files={"file": ("x", content or file.getvalue())})


def test_every_answer_names_the_site(at_site, client, profile):
    answer = _post(at_site).json()

    assert answer["model"]["site"] == SITE
    assert answer["model"]["version"] == f"0.1+{profile.mark}"
    assert answer["readings"][0]["model"] == answer["model"]
    task = profile.tasks[Finding.PNEUMONIA]
    assert answer["verdicts"][0]["operating_point"] == task.operating_point.threshold
    own = _post(client).json()
    assert own["model"]["site"] is None
    assert own["model"]["sha256"] == answer["model"]["sha256"]
    assert own["prediction"] != answer["prediction"]


def test_rates_and_coverage_are_told_of_the_site_s_patients(at_site, profile):
    [verdict] = _post(at_site).json()["verdicts"]
    measured = profile.tasks[Finding.PNEUMONIA].metrics

    assert (verdict["rates"]["measured_on"], verdict["rates"]["patients"]) == ("site", 120)
    decided = measured.decided_sensitivity
    assert verdict["rates"]["sensitivity"]["value"] == pytest.approx(decided.value, abs=1e-4)
    assert verdict["rates_words"].startswith("On 120 patients of this site, cross-validated: ")
    [coverage] = verdict["coverage_measured"]
    assert (coverage["films"], coverage["patients"]) == ("site", 120)
    assert "on 120 patients of this site, cross-validated." in verdict["coverage_words"]
    assert "hospital of the training data" not in json.dumps(verdict)


def test_at_a_point_that_was_asked_for_rates_are_read_off_the_site_s_curve(at_site):
    [verdict] = _post(at_site, "/predict?operating_point=0.2").json()["verdicts"]

    assert verdict["rates"]["measured_on"] == "site"
    assert "which the user chose" in verdict["rates_words"]
    assert "on 120 patients of this site." in verdict["rates_words"]


def test_the_models_and_the_card_name_the_site(at_site, profile):
    [listed] = at_site.get("/models").json()["models"]
    assert (listed["site"], listed["version"]) == (SITE, f"0.1+{profile.mark}")
    for name in ("pneumonia", "pneumonia@0.1", f"pneumonia@0.1%2B{profile.mark}"):
        card = at_site.get(f"/models/{name}").json()
        assert card["site"] == {
            "name": "ward-3", "created": "2026-05-06", "images": 120, "patients": 120,
        }  # fmt: skip
    assert at_site.get("/health/ready").status_code == 200


def test_reports_have_the_version_with_the_site(at_site, profile):
    version = f"0.1+{profile.mark}"
    told = {
        form: _post(at_site, f"/report?force=true&format={form}", as_file(film())).content
        for form in ("pdf", "fhir", "json", "sr")
    }

    pages = PdfReader(io.BytesIO(told["pdf"])).pages
    assert version in "".join("".join(page.extract_text().split()) for page in pages)
    assert version in told["fhir"].decode()
    assert json.loads(told["json"])["figures"]["model"]["version"] == version
    assert version in str(pydicom.dcmread(io.BytesIO(told["sr"])))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"sha256": "0" * 64}, "and not for the bundle of 'pneumonia'"),
        ({"model": "adults"}, "for model 'adults', which is not among the models"),
        ({"schema_version": 2}, "is of another schema than 1"),
        ({"tasks": {}}, "is not a site profile (tasks"),
    ],
)
def test_a_profile_that_cannot_be_used_is_told_and_nothing_is_read(
    make_client, profile, tmp_path, changes, told
):
    spoilt = tmp_path / "site.json"
    spoilt.write_text(json.dumps(profile.model_dump(mode="json") | changes))
    with make_client(site_profiles=(spoilt,)) as client:
        assert client.get("/health/live").status_code == 200
        for answer in (client.get("/health/ready"), _post(client), client.get("/models/pneumonia")):
            assert answer.status_code == 503
            assert answer.json()["type"] == "/problems/model-unavailable"
            assert told in answer.json()["detail"]
            assert str(tmp_path) not in answer.text
