"""A name in any place of a film is in its results in the Patient Module alone."""

from dataclasses import replace
from typing import Any

import pytest
from highdicom.base import get_module_attribute_map
from pydicom import Dataset

from hilum.imaging import decode
from hilum.reporting.facts import gather
from hilum.reporting.forms import Format
from hilum.reporting.outputs import applicable, make
from hilum.reporting.report import Report
from hilum.reporting.words import describe
from tests.deidentification.named_elements import ELEMENT_PLACES
from tests.deidentification.named_everywhere import NAME, is_named
from tests.deidentification.raw_films import Place, base, written
from tests.reporting.named_results import (
    ACCESSION,
    ALLOWED,
    IDENTITY_LINE,
    IN_FHIR,
    PATIENT_MODULE,
    where_named,
)


def _item(**elements: Any) -> list[Dataset]:
    made = Dataset()
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return [made]


def _in_items(name: str) -> bytes:
    """Items that are valid, of sequences of patient and study."""
    code = {"CodeValue": name, "CodingSchemeDesignator": name, "CodeMeaning": name}
    issuer = {"UniversalEntityID": name, "UniversalEntityIDType": "ISO"}
    patient = {"PatientID": name, "TypeOfPatientID": "TEXT", "IssuerOfPatientID": name}
    codes = (
        *("ProcedureCodeSequence", "ReasonForVisitCodeSequence", "PatientBreedCodeSequence"),
        *("RequestingServiceCodeSequence", "DeidentificationMethodCodeSequence"),
    )
    issuers = (
        *("IssuerOfAccessionNumberSequence", "IssuerOfAdmissionIDSequence"),
        *("IssuerOfServiceEpisodeIDSequence", "IssuerOfPatientIDQualifiersSequence"),
    )
    return written(
        base(
            OtherPatientIDsSequence=_item(**patient),
            RequestAttributesSequence=_item(RequestedProcedureID=name, AccessionNumber=name),
            **{keyword: _item(**code) for keyword in codes},
            **{keyword: _item(**issuer, LocalNamespaceEntityID=name) for keyword in issuers},
        )
    )


def _as_terms(name: str) -> bytes:
    """In code strings of one word, and in a study's number."""
    word = name.split("^", maxsplit=1)[0]
    return written(base(Modality=word, LossyImageCompression="01",
                        LossyImageCompressionRatio=[ord(each) for each in word],
                        LossyImageCompressionMethod=word, StudyID=word))  # fmt: skip


PLACES: dict[str, Place] = ELEMENT_PLACES | {
    "items of patient and study": _in_items,
    "terms of one word": _as_terms,
}


# The page is in two of them.
FORMS = (Format.SEG, Format.SC, Format.JSON, Format.DICOM_PDF, Format.FHIR, Format.SR)


@pytest.fixture(scope="module")
def reports(draw) -> list[Report]:
    """Reports of films with the name in each place, less those of the same header.

    The picture is read once. Forms are made of it, of the header and of facts and words.
    """
    first = draw(written(base()), has_evidence_layer=False)
    found: dict[str, Report] = {}
    for place in PLACES.values():
        content = place(NAME)
        warnings = decode(content).warnings
        report = replace(first, content=content)
        facts = gather(first.result, report.source)
        words = describe(facts, first.catalogue)
        assert not is_named(repr((facts, words, warnings)).encode(), NAME)
        found.setdefault(report.source.header("It").to_json(), report)
    return list(found.values())


def test_a_name_in_any_place_of_a_film_is_in_results_in_the_patient_module_alone(reports):
    found = set()
    for report in reports:
        assert applicable(report) == tuple(Format)
        has_name = is_named(report.source.header("It").to_json().encode(), NAME)
        for form in FORMS if has_name else (Format.SR, Format.FHIR):
            places = where_named(make(report, form).content, form, NAME)
            assert places <= ALLOWED, form
            found |= places

    assert len(reports) > 5
    # Films with these were among them.
    assert found >= {"PatientName", *ACCESSION, *IN_FHIR, IDENTITY_LINE}
    assert found >= PATIENT_MODULE


def test_the_exception_is_of_the_patient_module():
    of_standard = {each["keyword"] for each in get_module_attribute_map()["patient"]}
    assert of_standard >= PATIENT_MODULE
