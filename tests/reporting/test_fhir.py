"""The FHIR bundle, validated by fhir.resources (R4B: of these resources the same as R4)."""

import base64
import json

import pytest
from fhir.resources.R4B.bundle import Bundle

from hilum.reporting.forms import Format
from hilum.reporting.outputs import make
from tests.reporting.drawn import STUDY, dicom_source


def _bundle(report) -> dict:
    return json.loads(make(report, Format.FHIR).content)


def _resources(bundle, kind) -> list[dict]:
    return [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == kind]


def _component(observation, text) -> dict:
    return next(c["valueQuantity"] for c in observation["component"] if c["code"]["text"] == text)


@pytest.mark.parametrize("changes", [{}, {"probability": 0.1}, {"has_organs": False}])
def test_the_bundle_is_valid(draw, source, changes):
    for content in (None, source):
        bundle = Bundle.model_validate(_bundle(draw(content, **changes)))
        assert bundle.type == "transaction"


def test_every_reference_leads_to_an_entry(dicom_report):
    bundle = _bundle(dicom_report)
    there = {entry["fullUrl"] for entry in bundle["entry"]}
    text = json.dumps(bundle)
    named = {part.split('"')[0] for part in text.split('"reference": "')[1:]}
    assert named
    assert named <= there


def test_the_report_is_preliminary_and_holds_the_page(dicom_report):
    (report,) = _resources(_bundle(dicom_report), "DiagnosticReport")

    assert report["status"] == "preliminary"
    assert "Probability of pneumonia 90.0\u00a0%" in report["conclusion"]
    assert report["conclusion"].endswith("a person decides.")
    assert base64.b64decode(report["presentedForm"][0]["data"]).startswith(b"%PDF-1.7")
    assert len(report["result"]) == 4  # The target, its two parts, the ratio.


def test_each_finding_is_an_observation(dicom_report):
    target, bacterial, viral, ratio = _resources(_bundle(dicom_report), "Observation")

    assert {each["status"] for each in (target, bacterial, viral, ratio)} == {"preliminary"}
    coding = {(c["system"], c["code"]) for c in target["code"]["coding"]}
    assert coding == {("http://snomed.info/sct", "233604007"), ("http://radlex.org", "RID5350")}
    assert target["valueCodeableConcept"]["text"] == "Present"
    assert target["interpretation"][0]["coding"][0]["code"] == "POS"
    assert _component(target, "Calibrated probability")["value"] == pytest.approx(90)
    assert _component(target, "Operating point")["value"] == pytest.approx(60)
    for part in (bacterial, viral):
        assert part["dataAbsentReason"]["text"] == "Not assessed"
        assert "component" not in part
    assert ratio["valueQuantity"]["value"] == pytest.approx(161 / 353, abs=0.005)
    assert "Not valid by the adult limit" in ratio["note"][0]["text"]


@pytest.mark.parametrize(
    ("changes", "letter"),
    [({"probability": 0.1}, "NEG"), ({"probability": 0.4}, "IND"), ({"age_years": 60.0}, "IND")],
)
def test_what_is_not_certain_is_not_told_as_certain(draw, changes, letter):
    target = _resources(_bundle(draw(**changes)), "Observation")[0]
    assert target["interpretation"][0]["coding"][0]["code"] == letter


def test_the_study_and_its_patient_are_those_of_the_header(dicom_report):
    bundle = _bundle(dicom_report)
    (study,) = _resources(bundle, "ImagingStudy")

    assert study["identifier"][0]["value"] == f"urn:oid:{STUDY}"
    assert study["started"] == "2026-11-20"
    assert study["subject"]["identifier"]["value"] == "MRN-4711"
    assert "Josephine" not in json.dumps(bundle)


def test_a_picture_without_header_has_neither_study_nor_subject(draw):
    bundle = _bundle(draw())
    assert _resources(bundle, "ImagingStudy") == []
    assert "subject" not in _resources(bundle, "DiagnosticReport")[0]


def test_a_study_without_a_patients_number_says_so(draw, make_dicom):
    bundle = _bundle(draw(dicom_source(make_dicom, PatientID="")))
    Bundle.model_validate(bundle)
    assert _resources(bundle, "ImagingStudy")[0]["subject"]["display"] == "not stated"


def test_the_device_is_the_model(dicom_report):
    (device,) = _resources(_bundle(dicom_report), "Device")
    assert device["version"][0]["value"] == "1.2.3"
    assert device["serialNumber"] == "ab" * 32
