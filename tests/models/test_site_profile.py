"""Site profiles: which are taken, for which bundle, and what they change."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from hilum.errors import BundleError
from hilum.evaluation.calibration.profile import make_site_profile
from hilum.findings import Finding
from hilum.imaging import decode
from hilum.models import Reader, Registry, RuntimeName, load_bundle
from hilum.models.loading import Unavailable
from hilum.models.rates import coverage_figures, decision_rates
from hilum.models.site_profile import at_site, load_site_profile
from tests.site_films import outcomes_at_site


@pytest.fixture(scope="module")
def bundle(models_dir):
    return load_bundle(models_dir / "pneumonia")


@pytest.fixture(scope="module")
def profile(bundle):
    outcomes = outcomes_at_site(bundle.card)
    return make_site_profile(outcomes, bundle, site="ward-3", created=date(2026, 5, 6))


@pytest.fixture
def write(tmp_path, profile):
    """Write the profile with changes."""

    def write(name="site.json", **changes):
        path = tmp_path / name
        path.write_text(json.dumps(profile.model_dump(mode="json") | changes))
        return path

    return write


def test_a_profile_is_read_as_it_was_written(write, profile):
    assert load_site_profile(write()) == profile


def test_a_profile_replaces_calibration_and_decisions_and_marks_the_version(bundle, profile):
    card = at_site(bundle, profile)

    assert card.calibration == profile.calibration
    task, site = card.main_task, profile.tasks[Finding.PNEUMONIA]
    assert (task.operating_point, task.conformal) == (site.operating_point, site.conformal)
    assert card.version == f"0.1+ward-3.{profile.content_sha256[:8]}"
    assert (card.site.name, card.site.images, card.site.created) == (
        "ward-3", 120, date(2026, 5, 6),
    )  # fmt: skip
    assert bundle.card.site is None
    assert "site" not in bundle.card.model_dump()
    assert card.files == bundle.card.files


def test_rates_and_coverage_are_those_of_the_site(bundle, profile):
    task = at_site(bundle, profile).main_task
    rates = decision_rates(task, task.operating_point)
    measured = profile.tasks[Finding.PNEUMONIA].metrics

    assert (rates.split, rates.patients) == ("site", 120)
    assert rates.sensitivity == measured.decided_sensitivity
    [coverage] = coverage_figures(task)
    assert coverage.films == "site"
    assert coverage.negative == measured.conformal_coverage_negative.value


def test_another_content_has_another_mark(write, profile):
    other = load_site_profile(write(images=121))

    assert other.mark.startswith("ward-3.")
    assert other.mark != profile.mark


def _newer(facts):
    facts["schema_version"] = 2


def _of_other_kind(facts):
    facts["kind"] = "classifier"


def _of_long_name(facts):
    facts["site"] = "Ward 3"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_newer, "is of another schema than 1"),
        (_of_other_kind, r"is not a site profile \(kind"),
        (_of_long_name, r"is not a site profile \(site"),
    ],
)
def test_what_is_no_profile_of_this_schema_is_refused(tmp_path, profile, spoil, told):
    facts = profile.model_dump(mode="json")
    spoil(facts)
    path = tmp_path / "site.json"
    path.write_text(json.dumps(facts))

    with pytest.raises(BundleError, match=told) as refused:
        load_site_profile(path)
    assert str(tmp_path) not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff"])
def test_what_is_no_json_of_a_profile_is_refused(tmp_path, content):
    path = tmp_path / "site.json"
    path.write_bytes(content)

    with pytest.raises(BundleError, match=r"site\.json is not a site profile"):
        load_site_profile(path)


@pytest.mark.parametrize("changes", [{"sha256": "0" * 64}, {"version": "0.2"}])
def test_a_profile_of_another_bundle_is_refused(bundle, write, changes):
    with pytest.raises(BundleError, match=r"not for the bundle of 'pneumonia', version 0\.1"):
        at_site(bundle, load_site_profile(write(**changes)))


def _registry(models_dir, *profiles):
    return Registry(
        models_dir, default="pneumonia", runtime=RuntimeName.OPENVINO, site_profiles=profiles
    )


def test_a_registry_reads_with_a_profile_and_is_asked_by_either_version(
    models_dir, write, profile, files
):
    path = models_dir / "pneumonia" / "card.json"
    before = path.read_bytes()
    registry = _registry(models_dir, write())
    reader = registry.reader()

    radiograph = decode(files["png"])
    at_home, here = reader.without_site.read(radiograph), reader.read(radiograph)
    own, new = reader.bundle.card.calibration, profile.calibration
    # The softmax of (x / T + b), from that of (x / T0 + b0).
    scaled = np.log([at_home.probability(each) for each in reader.card.outputs])
    scaled = (scaled - own.bias) * own.temperature[0] / new.temperature[0] + new.bias
    expected = np.exp(scaled) / np.exp(scaled).sum()
    found = [here.probability(each) for each in reader.card.outputs]
    assert found == pytest.approx(expected, rel=1e-5)
    assert (here.model_version, at_home.model_version) == (f"0.1+{profile.mark}", "0.1")
    assert here.model_sha256 == at_home.model_sha256
    for name in ("pneumonia", "pneumonia@0.1", f"pneumonia@0.1+{profile.mark}"):
        assert registry.reader(name) is reader
    assert path.read_bytes() == before


def test_the_model_of_a_profile_that_cannot_be_used_does_not_read(models_dir, write):
    spoilt = [
        ([write("a.json", version="0.2")], "and not for the bundle"),
        ([write("b.json", model="adults")], "for model 'adults', which is not among the models"),
        ([Path("nowhere.json")], "nowhere.json cannot be read"),
        ([write("c.json"), write("d.json", site="ward-4")], "Two site profiles"),
        ([write("e.json"), write("f.json", schema_version=2)], "another schema"),
    ]
    for paths, told in spoilt:
        entry = _registry(models_dir, *paths).entry()
        assert isinstance(entry, Unavailable), told
        assert told in entry.reason


def test_a_reader_without_a_profile_is_the_bundle_s(bundle, profile):
    reader = Reader(bundle)

    assert reader.at_site(profile).without_site.card == bundle.card
    assert reader.card is bundle.card
