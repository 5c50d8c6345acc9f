"""FHIR R4: preliminary DiagnosticReport, one Observation per finding, ImagingStudy, Device."""

import base64
from html import escape
from uuid import NAMESPACE_OID, uuid5

from pydicom import Dataset

from hilum.findings import Coding
from hilum.reporting.facts import Model, ReadingFacts
from hilum.reporting.fhir_observations import (
    SYSTEMS,
    TERMINOLOGY,
    Resource,
    coded,
    of_ratio,
    of_reading,
)
from hilum.reporting.pdf import write_pdf
from hilum.reporting.report import Report
from hilum.reporting.source import iso_date

_DICOM_UID = "urn:dicom:uid"
_STUDY = Coding("LN", "18748-4", "Diagnostic imaging study")


def write_bundle(report: Report) -> Resource:
    """Write a reading as a transaction that a FHIR R4 server takes by ``POST /``.

    The patient is named by the identifier that the DICOM header has, and by nothing else: the
    server knows whom it means. What is no DICOM has neither subject nor study.

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
        for name, observation in of_reading(report, reading).items():
            observations[f"{name}{reading.by}"] = {**observation, "device": device}
    if report.facts.ratio is not None:
        device = {"reference": _urn(report, "device")}
        observations["ratio"] = {**of_ratio(report, report.facts.ratio), "device": device}
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


def _device_name(reading: ReadingFacts) -> str:
    return f"device{reading.by}"


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
    modality = {"system": SYSTEMS["DCM"], "code": str(source.get("Modality") or "OT")}
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
        "category": [{"coding": [{"system": f"{TERMINOLOGY}/v2-0074", "code": "RAD"}]}],
        "code": {"coding": [coded(_STUDY)], "text": report.catalogue.say("page.title")},
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
