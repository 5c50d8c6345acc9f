"""One table of verdicts, and what every output says of each: see tests/verdicts.json."""

import io
import json
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from hilum.api.evidence_schemas import EvidenceAnswer
from hilum.api.original_service import original_set
from hilum.api.schemas import SuitabilityAnswer
from hilum.api.verdict_schemas import decided
from hilum.models.suitability import ReasonCode
from hilum.populations import Population
from hilum.reporting.dicom.structured_report import write_structured_report
from hilum.reporting.fhir import write_bundle
from hilum.reporting.pdf import write_pdf
from hilum.reporting.plain_json import as_plain
from tests.reporting.drawn import FACTS, TEST_METRICS, dicom_source, interval

ROWS = json.loads((Path(__file__).parents[1] / "verdicts.json").read_text(encoding="utf-8"))["rows"]
SETS = {
    "overlapping": {"absent": 0.5, "present": 0.7},
    "apart": {"absent": 0.4, "present": 0.2},
}
PARTS_AUROC = "parts_auroc"
AGES = {True: 4.0, False: 60.0, None: None}


def _spaced(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\n", " ")


@pytest.fixture
def report(draw, source, row):
    auroc = interval(0.95) if row["assessed"] else interval(0.7)
    quantiles = SETS.get(row["sets"])
    return draw(
        source,
        probability=row["probability"],
        threshold=0.6 if row["requested"] is None else row["requested"],
        age_years=AGES[row["intended"]],
        is_known=row["intended"] is not None,
        forced=(ReasonCode.UNLIKE_TRAINING,) if row["forced"] else (),
        conformal=quantiles and FACTS["conformal"] | {"quantiles": quantiles},
        # Parts that are assessed, so that they have figures of their own.
        metrics={"test": TEST_METRICS | {"auroc": auroc, PARTS_AUROC: interval(0.9)}},
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_every_output_says_the_same(report, make_card, row):
    main = report.facts.main
    assert main.code == row["code"]
    assert main.decision == row["decision"]
    assert main.cautions == tuple(row["cautions"])
    assert original_set(main) == row["set"]
    assert (main.uncertain_between is None) == (row["requested"] is not None)

    (answer,) = decided(
        report.result.main.verdicts, make_card({}, **FACTS), report.catalogue
    ).verdicts
    assert answer.code == row["code"]
    assert answer.reliable is row["reliable"]
    assert answer.prediction_set_shown is row["set_shown"]
    for name in ("headline", "short", "sentence"):
        assert _spaced(getattr(answer, name)) == row[name]
    assert [caution.code for caution in answer.cautions] == row["cautions"]
    if not row["reliable"]:
        assert main.rates is answer.rates is None
        assert as_plain(report)["figures"]["rates"] is None
    assert (answer.evidence_caution or "").startswith(
        {"uncertain": "The reading is uncertain", "forced": "Not a reliable",
         "outside_population": "Not a reliable"}.get(row["code"], "")
    )  # fmt: skip
    assert bool(answer.evidence_caution) is (row["code"] == "uncertain" or not row["reliable"])

    (page,) = PdfReader(io.BytesIO(write_pdf(report))).pages
    printed = _spaced(page.extract_text())
    assert row["headline"] in printed
    assert all(_spaced(caution.words) in printed for caution in answer.cautions)
    assert row["patient"] in [sentence.name for sentence in report.words.patient]

    content = write_structured_report(report)
    assert _coded(content, "Presence") == row["presence"]
    assert _coded(content, "Suitability of the image for the model", "code") == row["suitability"]
    told = _spaced(content.ContentSequence[-1].TextValue)
    assert row["headline"] in told
    assert all(_spaced(caution.words) in told for caution in answer.cautions)
    groups = _measurements(content)
    for group in groups[1:3]:
        names = [item.ConceptNameCodeSequence[0].CodeMeaning for item in group.ContentSequence]
        assert ("Suitability of the image for the model" in names) is not row["reliable"]
    is_not_assessed = row["code"] == "not_assessed"
    assert (_coded(content, "Assessment") == "Not assessed") is is_not_assessed

    bundle = write_bundle(report)
    resources = [entry["resource"] for entry in bundle["entry"]]
    target = next(each for each in resources if each["resourceType"] == "Observation")
    assert target["valueCodeableConcept"]["text"] == row["presence"]
    assert target["interpretation"][0]["coding"][0]["code"] == row["interpretation"]
    (verdict,) = [c for c in target["component"] if c["code"]["text"] == "Verdict"]
    assert verdict["valueCodeableConcept"]["coding"][0]["code"] == row["code"]
    parts = [each for each in resources if each["resourceType"] == "Observation"][1:3]
    for part in parts:
        told = [c for c in part.get("component", []) if c["code"]["text"] == "Verdict"]
        assert bool(told) is (not row["reliable"] and "dataAbsentReason" not in part)
    conclusion = resources[-1]["conclusion"]
    assert _spaced(conclusion).startswith(row["headline"])
    assert all(_spaced(caution.words) in _spaced(conclusion) for caution in answer.cautions)


@pytest.mark.parametrize(
    "facts",
    [
        {"age_years": 60.0},
        {"age_years": None, "population": Population.ADULTS},
        {"age_years": None, "is_known": False},
        {"forced": (ReasonCode.SIDEWAYS, ReasonCode.UNLIKE_TRAINING), "has_organs": False},
        {"notes": (ReasonCode.INVERTED, ReasonCode.DRAWN, ReasonCode.HEADER)},
        {"probability": 0.1},
        {"has_evidence_layer": False},
        {"probability": 0.55},
        {"probability": 0.55, "age_years": 60.0},
        {"probability": 0.55, "forced": (ReasonCode.UNLIKE_TRAINING,)},
    ],
)
def test_what_the_api_says_of_picture_people_and_evidence_every_output_says(draw, source, facts):
    report = draw(source, **facts)
    result = report.result
    suitability = SuitabilityAnswer.of(
        result.screening.suitability, result.main.population, report.catalogue
    )
    evidence = EvidenceAnswer.of(result, result.main, frozenset(), report.catalogue)
    is_uncertain = report.facts.main.code == "uncertain"
    assert ("uncertain" in [each.code for each in evidence.warnings]) is is_uncertain
    said = [each.words for each in (*suitability.reasons, *suitability.notes)]
    said += [each.message for each in evidence.warnings]
    said += [evidence.message] if evidence.message else []
    if suitability.population.intended is not True:
        said.append(suitability.population.words)
    assert said

    (page,) = PdfReader(io.BytesIO(write_pdf(report))).pages
    resources = [entry["resource"] for entry in write_bundle(report)["entry"]]
    outputs = {
        "PDF": page.extract_text(),
        "SR": write_structured_report(report).ContentSequence[-1].TextValue,
        "FHIR": resources[-1]["conclusion"],
        "JSON": str(as_plain(report)["words"]),
    }
    for words in said:
        for name, told in outputs.items():
            # Page breaks and quotes are the outputs' own.
            assert _plain(words) in _plain(told), name


def _plain(text):
    return re.sub(r"[\s\"'\\]", "", text)


def _coded(content, name, what="meaning"):
    """The coded value of an evaluation in the target's group, the first of the measurements."""
    for item in _measurements(content)[0].ContentSequence:
        if item.ConceptNameCodeSequence[0].CodeMeaning == name:
            code = item.ConceptCodeSequence[0]
            if what == "meaning":
                return code.CodeMeaning
            # More than 16 characters have an attribute of their own (PS3.3 8.8).
            return code.get("CodeValue") or code.LongCodeValue
    return None


def _measurements(content):
    """The groups of the report: target, parts, evidence, ratio."""
    (measurements,) = [
        item
        for item in content.ContentSequence
        if item.ConceptNameCodeSequence[0].CodeMeaning == "Imaging Measurements"
    ]
    return list(measurements.ContentSequence)


def test_what_is_to_be_known_of_the_film_is_said_by_every_output(draw, make_dicom):
    # An age that nobody has, and writing in the picture.
    content = dicom_source(
        make_dicom, PatientAge="411Y", PatientBirthDate=None, BurnedInAnnotation="YES"
    )
    report = draw(content)
    told = [warning.text for warning in report.words.film]
    assert len(told) == 2
    assert any("burned into the picture" in each for each in told)

    (page,) = PdfReader(io.BytesIO(write_pdf(report))).pages
    printed = _spaced(page.extract_text())
    comment = write_structured_report(report).ContentSequence[-1].TextValue
    resources = [entry["resource"] for entry in write_bundle(report)["entry"]]
    target = next(each for each in resources if each["resourceType"] == "Observation")
    notes = [note["text"] for note in target["note"]]
    for each in told:
        assert each in printed
        assert each in comment
        assert each in notes
        assert each in resources[-1]["conclusion"]
