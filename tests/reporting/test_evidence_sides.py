"""Evidence that lies in both lungs names no side, in any output."""

import io
import json
import re
from collections.abc import Callable

import highdicom as hd
import pydicom
import pytest

from hilum.models.evidence import FindingEvidence, Region
from hilum.reporting.dicom import codes
from hilum.reporting.forms import Format
from hilum.reporting.outputs import make
from hilum.reporting.report import Report

A_SIDE = re.compile(r"right|left", re.IGNORECASE)


@pytest.fixture(scope="module")
def spread(draw: Callable[..., Report], source: bytes) -> Report:
    return draw(source, hot="both_lower")


def _findings(report: Report) -> tuple[FindingEvidence, ...]:
    assert report.result.main.evidence is not None
    return report.result.main.evidence.findings


def test_sentences_name_zones_of_both_lungs(spread: Report) -> None:
    said = {each.name: each.text for each in (*spread.words.clinician, *spread.words.patient)}
    assert "in the lower zones (" in said["clinician.evidence"]
    assert "most of all the lower parts of the lungs." in said["patient.where"]
    assert not A_SIDE.search(said["clinician.evidence"] + said["patient.where"])


def test_figures_and_fhir_name_no_side(spread: Report) -> None:
    figures = json.loads(make(spread, Format.JSON).content)["figures"]
    bundle = json.loads(make(spread, Format.FHIR).content)
    components = json.dumps([each["resource"].get("component") for each in bundle["entry"]])
    assert "both_lower_zones" in json.dumps(figures["regions"])
    assert "lower zones" in components
    assert not A_SIDE.search(json.dumps(figures["regions"]) + components)


def test_the_structured_report_codes_the_zone_without_laterality(spread: Report) -> None:
    found = pydicom.dcmread(io.BytesIO(make(spread, Format.SR).content))
    content = hd.sr.Comprehensive3DSR.from_dataset(found).content
    assert isinstance(content, hd.sr.MeasurementReport)
    groups = content.get_planar_roi_measurement_groups(finding_type=codes.EVIDENCE)
    # One line in each lung; the one with the peak says in which zone.
    assert len(groups) == 2
    [site] = [site for group in groups for site in group.finding_sites]
    assert (site.value.meaning, site.laterality) == ("Lower zone of lung", None)


def test_only_the_finding_that_is_decided_on_names_a_side(draw: Callable[..., Report]) -> None:
    main, *parts = _findings(draw(hot="left_lower"))
    assert main.peak_region is Region.LEFT_LOWER_ZONE
    assert next(iter(main.shares)) is Region.LEFT_LOWER_ZONE
    assert len(parts) == 2
    for part in parts:
        assert part.peak_region is Region.BOTH_LOWER_ZONES
        assert all(region.lung is None for region in part.shares)


def test_without_lungs_there_are_no_regions(draw: Callable[..., Report]) -> None:
    for found in _findings(draw(hot="both_lower", has_organs=False)):
        assert (found.shares, found.peak_region) == ({}, None)
        assert found.peak is not None
