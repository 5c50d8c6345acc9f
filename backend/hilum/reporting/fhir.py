"""FHIR R4: a preliminary DiagnosticReport, one Observation a finding, ImagingStudy, Device."""

import base64
from html import escape
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from pydicom import Dataset

from hilum.findings import Coding, Finding
from hilum.models import Decision
from hilum.models.verdict import Part, Verdict
from hilum.reporting.evidence_words import strongest
from hilum.reporting.facts import Model, Ratio, ReadingFacts, TaskFacts
from hilum.reporting.pdf import write_pdf
from hilum.reporting.report import Report
from hilum.reporting.sentences import finding_words
from hilum.reporting.source import iso_date
from hilum.reporting.task_words import task_words
from hilum.reporting.verdict_words import verdict_words
from hilum.words.catalogue import Catalogue

Resource = dict[str, Any]

_SYSTEMS = {
    "SCT": "http://snomed.info/sct",
    "RADLEX": "http://radlex.org",
    "LN": "http://loinc.org",
    "DCM": "http://dicom.nema.org/resources/ontology/DCM",
}
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
_UCUM = "http://unitsofmeasure.org"
_OURS = "urn:hilum:verdict"
_DICOM_UID = "urn:dicom:uid"
_STUDY = Coding("LN", "18748-4", "Diagnostic imaging study")
_PRESENCE = {
    Decision.POSITIVE: (Coding("SCT", "52101004", "Present"), "POS", "Positive"),
    Decision.NEGATIVE: (Coding("SCT", "272519000", "Absent"), "NEG", "Negative"),
    Decision.UNCERTAIN: (Coding("SCT", "82334004", "Indeterminate"), "IND", "Indeterminate"),
}


def write_bundle(report: Report) -> Resource:
    """Write a reading as a transaction that a FHIR R4 server takes by ``POST /``.

    The patient is named by the identifier that the DICOM header has, and by nothing else: the
    server knows whom it means. What is no DICOM has neither subject nor study.

    Parameters
    ----------
    report : Report

    Returns
    -------
    mapping
        A Bundle, ready for JSON.
    """
    source = report.source.header("A FHIR ImagingStudy") if report.source.has_study else None
    subject = _subject(source)
    observations: dict[str, Resource] = {}
    for reading in report.facts.readings:
        device = {"reference": _urn(report, _device_name(reading))}
        for name, observation in _of_reading(report, reading).items():
            observations[f"{name}{reading.by}"] = {**observation, "device": device}
    if report.facts.ratio is not None:
        device = {"reference": _urn(report, "device")}
        observations["ratio"] = {**_ratio(report, report.facts.ratio), "device": device}
    for observation in observations.values():
        observation.update(subject)
        if source is not None:
            observation.update(_effective(source))
            observation["derivedFrom"] = [{"reference": _urn(report, "study")}]
    entries = [
        _entry(report, _device_name(reading), _device(report, reading.model))
        for reading in report.facts.readings
    ]
    if source is not None:
        entries.append(_entry(report, "study", _imaging_study(source, subject)))
    entries += [_entry(report, name, each) for name, each in observations.items()]
    entries.append(_entry(report, "report", _report(report, list(observations), source, subject)))
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "timestamp": report.created.isoformat(timespec="seconds"),
        "entry": entries,
    }


def _urn(report: Report, name: str) -> str:
    return f"urn:uuid:{report.uuid(f'fhir {name}')}"


def _entry(report: Report, name: str, resource: Resource) -> Resource:
    request = {"method": "POST", "url": resource["resourceType"]}
    # One device and one study, however many reports there are of them.
    if resource["resourceType"] in {"Device", "ImagingStudy"}:
        identifier = resource["identifier"][0]
        request["ifNoneExist"] = f"identifier={identifier['system']}|{identifier['value']}"
    return {"fullUrl": _urn(report, name), "resource": resource, "request": request}


def _subject(source: Dataset | None) -> Resource:
    if source is None:
        return {}
    if not source.PatientID:
        return {"subject": {"type": "Patient", "display": "not stated"}}
    identifier: Resource = {"value": str(source.PatientID)}
    if source.get("IssuerOfPatientID"):
        identifier["assigner"] = {"display": str(source.IssuerOfPatientID)}
    return {"subject": {"type": "Patient", "identifier": identifier}}


def _effective(source: Dataset) -> Resource:
    date = iso_date(source.StudyDate)
    return {"effectiveDateTime": date} if date else {}


def _coded(coding: Coding) -> Resource:
    return {"system": _SYSTEMS[coding.scheme], "code": coding.value, "display": coding.meaning}


def _concept(finding: Finding, report: Report) -> Resource:
    text = finding_words(finding, report.catalogue)
    codings = [_coded(coding) for coding in finding.codings]
    return {"coding": codings, "text": text} if codings else {"text": text}


def _quantity(value: float, unit: str, code: str) -> Resource:
    return {"value": round(value, 4), "unit": unit, "system": _UCUM, "code": code}


def _percent(share: float) -> Resource:
    return _quantity(100 * share, "%", "%")


def _component(text: str, quantity: Resource, coding: Coding | None = None) -> Resource:
    code: Resource = {"text": text}
    if coding is not None:
        code["coding"] = [_coded(coding)]
    return {"code": code, "valueQuantity": quantity}


def _observation(code: Resource) -> Resource:
    imaging = {"system": f"{_TERMINOLOGY}/observation-category", "code": "imaging"}
    return {
        "resourceType": "Observation",
        "status": "preliminary",
        "category": [{"coding": [imaging]}],
        "code": code,
    }


def _device_name(reading: ReadingFacts) -> str:
    return f"device{reading.by}"


def _of_reading(report: Report, reading: ReadingFacts) -> dict[str, Resource]:
    """An observation of each finding that is decided on, and of each part."""
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
    found["valueCodeableConcept"] = {"coding": [_coded(present)], "text": present.meaning}
    interpretation = f"{_TERMINOLOGY}/v3-ObservationInterpretation"
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
    """Whether the decision is to be relied on, which Present and Absent alone do not say."""
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
    reason = {"system": f"{_TERMINOLOGY}/data-absent-reason", "code": "unsupported"}
    found["dataAbsentReason"] = {"coding": [reason], "text": "Not assessed"}
    return found


def _ratio(report: Report, ratio: Ratio) -> Resource:
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


def _device(report: Report, model: Model) -> Resource:
    uid = f"urn:oid:2.25.{uuid5(NAMESPACE_OID, model.sha256).int}"
    return {
        "resourceType": "Device",
        "identifier": [{"system": _DICOM_UID, "value": uid}],
        "status": "active",
        "manufacturer": "Hilum",
        "serialNumber": model.sha256,
        "deviceName": [{"name": model.name, "type": "model-name"}],
        "type": {"text": model.title},
        "version": [{"value": model.version}],
        "note": [{"text": report.words.notice}, *({"text": limit} for limit in model.limits)],
    }


def _imaging_study(source: Dataset, subject: Resource) -> Resource:
    date = iso_date(source.StudyDate)
    instance = {
        "uid": str(source.SOPInstanceUID),
        "sopClass": {"system": "urn:ietf:rfc:3986", "code": f"urn:oid:{source.SOPClassUID}"},
    }
    modality = {"system": _SYSTEMS["DCM"], "code": str(source.get("Modality") or "OT")}
    return {
        "resourceType": "ImagingStudy",
        "identifier": [{"system": _DICOM_UID, "value": f"urn:oid:{source.StudyInstanceUID}"}],
        "status": "available",
        **subject,
        **({"started": date} if date else {}),
        "series": [
            {
                "uid": str(source.SeriesInstanceUID),
                "modality": modality,
                "instance": [instance],
            }
        ],
    }


def _report(
    report: Report, names: list[str], source: Dataset | None, subject: Resource
) -> Resource:
    lines = report.words.lines
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    page = base64.b64encode(write_pdf(report)).decode("ascii")
    found: Resource = {
        "resourceType": "DiagnosticReport",
        "language": report.catalogue.language,
        "text": {
            "status": "generated",
            "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{paragraphs}</div>',
        },
        "status": "preliminary",
        "category": [{"coding": [{"system": f"{_TERMINOLOGY}/v2-0074", "code": "RAD"}]}],
        "code": {"coding": [_coded(_STUDY)], "text": report.catalogue.say("page.title")},
        **subject,
        "issued": report.created.isoformat(timespec="seconds"),
        "result": [{"reference": _urn(report, name)} for name in names],
        "conclusion": "\n".join(lines),
        "presentedForm": [
            {
                "contentType": "application/pdf",
                "language": report.catalogue.language,
                "data": page,
                "title": report.catalogue.say("page.title"),
            }
        ],
    }
    if source is not None:
        found["imagingStudy"] = [{"reference": _urn(report, "study")}]
        found |= _effective(source)
    return found
