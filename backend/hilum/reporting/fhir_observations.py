"""Observations of a FHIR bundle: findings, their parts, cardiothoracic ratio."""

from typing import Any

from hilum.findings import Coding, Finding
from hilum.models import Decision
from hilum.models.verdict import Part, Verdict
from hilum.reporting.evidence_words import strongest
from hilum.reporting.facts import Ratio, ReadingFacts, TaskFacts
from hilum.reporting.report import Report
from hilum.reporting.sentences import finding_words
from hilum.reporting.task_words import task_words
from hilum.reporting.verdict_words import verdict_words
from hilum.words.catalogue import Catalogue

Resource = dict[str, Any]

SYSTEMS = {
    "SCT": "http://snomed.info/sct",
    "RADLEX": "http://radlex.org",
    "LN": "http://loinc.org",
    "DCM": "http://dicom.nema.org/resources/ontology/DCM",
}
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
_UCUM = "http://unitsofmeasure.org"
_OURS = "urn:hilum:verdict"
_PRESENCE = {
    Decision.POSITIVE: (Coding("SCT", "52101004", "Present"), "POS", "Positive"),
    Decision.NEGATIVE: (Coding("SCT", "272519000", "Absent"), "NEG", "Negative"),
    Decision.UNCERTAIN: (Coding("SCT", "82334004", "Indeterminate"), "IND", "Indeterminate"),
}


def of_reading(report: Report, reading: ReadingFacts) -> dict[str, Resource]:
    """An observation of each finding that a model decides on, and of each part.

    Parameters
    ----------
    reading : ReadingFacts
        One of the report's.

    Returns
    -------
    mapping of str to Resource
        By names that are unique in the reading; the headline's is ``target``.
    """
    found = {}
    for task in reading.tasks:
        is_headline = task is report.facts.main_task
        name = "target" if is_headline else f"decision on {task.verdict.finding.value}"
        found[name] = _finding(report, task)
        for part in task.verdict.parts:
            found[part.finding.value] = _part(report, task.verdict, part)
    return found


def _finding(report: Report, task: TaskFacts) -> Resource:
    verdict, words = task.verdict, report.catalogue
    present, letter, letter_words = _PRESENCE[verdict.coded_decision]
    found = _observation(_concept(verdict.finding, report))
    found["valueCodeableConcept"] = {"coding": [coded(present)], "text": present.meaning}
    interpretation = f"{TERMINOLOGY}/v3-ObservationInterpretation"
    found["interpretation"] = [
        {"coding": [{"system": interpretation, "code": letter, "display": letter_words}]}
    ]
    certainty = Coding("DCM", "111012", "Certainty of Finding")
    found["component"] = [
        _component("Calibrated probability", _percent(verdict.probability), certainty),
        _component("Operating point", _percent(verdict.point.threshold)),
        _verdict_component(verdict, words),
        *(
            _component(
                f"Share of the evidence: {words.say(f'region.{region.value}')}", _percent(share)
            )
            for region, share in strongest(task.regions)
        ),
    ]
    if task is report.facts.main_task:
        said = [*report.words.cautions, *report.words.clinician, *report.words.film]
    else:
        said = [*report.words.film_cautions, *task_words(task, words)]
    found["note"] = [{"text": sentence.text} for sentence in said]
    return found


def _verdict_component(verdict: Verdict, words: Catalogue) -> Resource:
    """Component with the reliability of the decision, which Present and Absent do not express."""
    headline = verdict_words(verdict, words).headline.text
    coding = {"system": _OURS, "code": verdict.code.value, "display": headline}
    return {
        "code": {"text": "Verdict"},
        "valueCodeableConcept": {"coding": [coding], "text": headline},
    }


def _part(report: Report, verdict: Verdict, part: Part) -> Resource:
    found = _observation(_concept(part.finding, report))
    if part.is_assessed:
        certainty = Coding("DCM", "111012", "Certainty of Finding")
        found["component"] = [
            _component("Calibrated probability", _percent(part.probability), certainty)
        ]
        if not verdict.is_reliable:
            # An observation may be read without the others.
            found["component"].append(_verdict_component(verdict, report.catalogue))
        return found
    reason = {"system": f"{TERMINOLOGY}/data-absent-reason", "code": "unsupported"}
    found["dataAbsentReason"] = {"coding": [reason], "text": "Not assessed"}
    return found


def of_ratio(report: Report, ratio: Ratio) -> Resource:
    """An observation of the cardiothoracic ratio, with its caveats."""
    found = _observation({"text": "Cardiothoracic ratio"})
    found["valueQuantity"] = _quantity(ratio.value, "ratio", "{ratio}")
    if ratio.heart_mm is not None and ratio.thorax_mm is not None:
        found["component"] = [
            _component("Greatest width of the heart", _quantity(ratio.heart_mm, "mm", "mm")),
            _component("Greatest inner width of the chest", _quantity(ratio.thorax_mm, "mm", "mm")),
        ]
    found["note"] = [
        {"text": sentence.text}
        for sentence in report.words.clinician
        if sentence.name.startswith("ratio.")
    ]
    return found


def coded(coding: Coding) -> Resource:
    """A code as FHIR's ``Coding``."""
    return {"system": SYSTEMS[coding.scheme], "code": coding.value, "display": coding.meaning}


def _concept(finding: Finding, report: Report) -> Resource:
    text = finding_words(finding, report.catalogue)
    codings = [coded(coding) for coding in finding.codings]
    return {"coding": codings, "text": text} if codings else {"text": text}


def _quantity(value: float, unit: str, code: str) -> Resource:
    return {"value": round(value, 4), "unit": unit, "system": _UCUM, "code": code}


def _percent(share: float) -> Resource:
    return _quantity(100 * share, "%", "%")


def _component(text: str, quantity: Resource, coding: Coding | None = None) -> Resource:
    code: Resource = {"text": text}
    if coding is not None:
        code["coding"] = [coded(coding)]
    return {"code": code, "valueQuantity": quantity}


def _observation(code: Resource) -> Resource:
    imaging = {"system": f"{TERMINOLOGY}/observation-category", "code": "imaging"}
    return {
        "resourceType": "Observation",
        "status": "preliminary",
        "category": [{"coding": [imaging]}],
        "code": code,
    }
