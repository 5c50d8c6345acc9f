"""Films with headers that break DICOM's rules: every form is made of them, and is valid."""

import copy
import io
import json
import shutil
import subprocess
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

import pydicom
import pytest
from fhir.resources.R4B.bundle import Bundle
from pydicom import Dataset
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    SecondaryCaptureImageStorage,
)
from pypdf import PdfReader

from hilum.reporting.forms import DICOM_FORMATS, Format
from hilum.reporting.outputs import applicable, make
from hilum.reporting.passed_on import ELEMENTS, SEQUENCES, Item
from hilum.reporting.report import Report
from tests.bad_headers import BAD_HEADERS, put
from tests.pacs.films import as_file, film

ROWS, COLUMNS = 320, 256
CLASSES = {
    "CR": ComputedRadiographyImageStorage,
    "DX": DigitalXRayImageStorageForPresentation,
    "OT": SecondaryCaptureImageStorage,
}
UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
# What a validator says of a UID that was passed on as it came.
OF_INVALID_UIDS = (
    "Leading zeroes in embedded numeric component(s)",
    "Error - Dicom dataset contains invalid data values for Value Representations",
)


@cache
def _sound_film(sop_class: str) -> Dataset:
    return film(1, rows=ROWS, columns=COLUMNS, SOPClassUID=sop_class)


def _film(names: Iterable[str], sop_class: str = ComputedRadiographyImageStorage) -> Dataset:
    made = copy.deepcopy(_sound_film(sop_class))
    for name in names:
        BAD_HEADERS[name](made)
    return made


@pytest.fixture(scope="module")
def report_of(draw) -> Callable[[Dataset], Report]:
    """The report of a film with this header; its picture is read once, and without evidence."""
    report = draw(as_file(_film([])), has_evidence_layer=False)
    return lambda dataset: replace(report, content=as_file(dataset))


@pytest.fixture(scope="module")
def reports(report_of) -> dict[str, Report]:
    """A report for each header, and of all that is bad at once in films of each class."""
    made = {name: report_of(_film([name])) for name in BAD_HEADERS}
    for modality, sop_class in CLASSES.items():
        made[f"all of it, {modality}"] = report_of(_film(BAD_HEADERS, sop_class))
    return made


@pytest.fixture(scope="module")
def distinct(reports) -> dict[str, Report]:
    found = _distinct(reports)
    assert 20 < len(found) < len(reports) / 2
    return found


def _distinct(reports: dict[str, Report]) -> dict[str, Report]:
    """Of reports whose forms are made of the same header, the first."""
    found: dict[str, str] = {}
    for name, report in reports.items():
        found.setdefault(report.source.header("It").to_json(), name)
    return {name: reports[name] for name in found.values()}


def test_every_film_has_a_study_that_every_form_can_be_made_for(reports):
    assert {applicable(report) for report in reports.values()} == {tuple(Format)}


def test_what_was_left_out_is_named_by_keywords(reports):
    left_out = {name: report.source.left_out for name, report in reports.items()}

    assert left_out["birth date of no calendar"] == ("PatientBirthDate",)
    assert left_out["study date that is a range"] == ("StudyDate",)
    assert left_out["no modality"] == ("Modality",)
    assert left_out["tab in a method"] == ("DeidentificationMethod",)
    assert left_out["acquisition of no time zone"] == ("AcquisitionDateTime",)
    assert left_out["long method code of few characters"] == ("DeidentificationMethodCodeSequence",)
    assert left_out["two issuers of accession number"] == ("IssuerOfAccessionNumberSequence",)
    assert left_out["modality that is a name"] == ("Modality",)
    assert left_out["lossy compression by a name"] == ("LossyImageCompressionMethod",)
    assert left_out["lossy compression of three ratios"] == ("LossyImageCompressionRatio",)
    assert left_out["oblique patient orientation"] == ()
    assert left_out["modality in lower case"] == ()
    assert left_out["representation that no version has"] == ()
    assert left_out["second method code without a value"] == ("DeidentificationMethodCodeSequence",)
    # What is not passed on is not validated.
    assert left_out["tab in an address"] == ()
    assert left_out["character set that does not exist"] == ("SpecificCharacterSet",)
    assert left_out["spacing in words"] == ("ImagerPixelSpacing",)
    assert len(left_out["all of it, CR"]) > 15


@pytest.mark.parametrize("name", [each for each in BAD_HEADERS if "leading zero" in each])
def test_uids_with_a_leading_zero_are_passed_on_unchanged(reports, name):
    source, report = _film([name]), reports[name]
    structured = pydicom.dcmread(io.BytesIO(make(report, Format.SR).content))
    (evidence,) = structured.CurrentRequestedProcedureEvidenceSequence
    (series,) = evidence.ReferencedSeriesSequence
    bundle = json.loads(make(report, Format.FHIR).content)
    (study,) = [
        each["resource"]
        for each in bundle["entry"]
        if each["resource"]["resourceType"] == "ImagingStudy"
    ]

    uids = [str(source[keyword].value) for keyword in UIDS]
    assert {uid for uid in uids if ".0" in uid.removeprefix("1.2.826.0.1")}
    assert [
        structured.StudyInstanceUID,
        series.SeriesInstanceUID,
        series.ReferencedSOPSequence[0].ReferencedSOPInstanceUID,
    ] == uids
    (of_fhir,) = study["series"]
    assert study["identifier"][0]["value"] == f"urn:oid:{uids[0]}"
    assert [of_fhir["uid"], of_fhir["instance"][0]["uid"]] == uids[1:]
    assert study["subject"]["identifier"]["value"] == "MRN-4711"


@pytest.mark.parametrize(
    ("name", "keyword", "value"),
    [
        ("patient ID as unlimited text", "PatientID", "MRN-4711"),
        ("accession number as an integer", "AccessionNumber", "A77"),
        ("name as text", "PatientName", "Lindqvist^Josephine"),
        ("issuer as bytes", "IssuerOfPatientID", "Clinic"),
        ("representation that no version has", "PatientBirthDate", "20220301"),
        ("character set empty, text not ASCII", "PatientID", "MRN-ä"),
        ("birth date of no calendar", "PatientBirthDate", ""),
        ("patient ID over its length", "PatientID", ""),
    ],
)
def test_what_can_be_written_is_passed_on_and_what_cannot_is_empty(reports, name, keyword, value):
    for wanted in (Format.SR, Format.DICOM_PDF):
        made = pydicom.dcmread(io.BytesIO(make(reports[name], wanted).content))
        assert str(made[keyword].value or "") == value


@pytest.mark.parametrize(
    ("name", "modality"),
    [
        ("modality in lower case", "CR"),
        ("modality in mixed case", "DX"),
        ("no modality", "CR"),
        ("two modalities", "CR"),
        ("modality of a tomograph", "CT"),
        ("modality that is a name", "CR"),
        ("all of it, DX", "DX"),
    ],
)
def test_the_modality_is_in_capitals_and_that_of_the_class_where_none_is_told(
    reports, name, modality
):
    source = reports[name].source.header("It")
    assert source.Modality == modality


def test_a_name_burned_in_is_told_however_the_header_writes_it(draw):
    dataset = _film(["burned in annotation in lower case"])
    report = draw(as_file(dataset))
    made = pydicom.dcmread(io.BytesIO(make(report, Format.SC).content))
    assert made.BurnedInAnnotation == "YES"


@pytest.mark.parametrize(
    ("written", "value"),
    [(b"4711", "4711"), (b"0", "0"), (b"S1", ""), (b"DOE", ""), (b"\xd9\xa1", "")],
)
def test_a_study_id_of_digits_is_passed_on_and_text_stays_with_the_picture(
    report_of, written, value
):
    dataset = _film([])
    put(dataset, "SpecificCharacterSet", b"ISO_IR 192")
    put(dataset, "StudyID", written)
    source = report_of(dataset).source
    assert (source.header("It").StudyID, source.left_out) == (value, ())


def test_bundles_are_valid_fhir(distinct):
    for name, report in distinct.items():
        bundle = json.loads(make(report, Format.FHIR).content)
        assert Bundle.model_validate(bundle).type == "transaction", name


def test_the_words_name_what_was_left_out_and_no_value_of_it(draw):
    report = draw(as_file(_film(BAD_HEADERS)))
    page = PdfReader(io.BytesIO(make(report, Format.PDF, with_identity=True).content)).pages
    said = {
        Format.PDF: " ".join(each.extract_text() for each in page),
        Format.SR: " ".join(
            each.value
            for each in pydicom.dcmread(io.BytesIO(make(report, Format.SR).content)).iterall()
            if each.keyword == "TextValue"
        ),
        Format.FHIR: make(report, Format.FHIR).content.decode(),
        Format.JSON: make(report, Format.JSON).content.decode(),
    }
    figures = json.loads(said[Format.JSON])["figures"]

    assert len(page) == 1
    assert figures["header_left_out"] == list(report.source.left_out)
    assert figures["invalid_uids"] == list(UIDS)
    count = len(report.source.left_out) - 8
    for wanted, text in said.items():
        flat = " ".join(text.split())
        assert "Invalid header values" in flat, wanted
        assert f"{count} more" in flat, wanted
        assert "a component begins with a zero" in flat, wanted
        assert "XXXX" not in flat.replace(report.film.sha256, ""), wanted


# Written into every element that is passed on: each is of the wrong kind for most of them.
JUNK = (
    b"", b"\\", b"  \\  ", b"\t", b"x", b"0", b"-1", b"1\\2\\3", b"99", b"1E400", b"NaN",
    b"20210231", b"20210228", b"00010101", b"235960", b"a\tb", b"1.2.3", b"1.02.3", b"YES", b"ISO",
    b" lead", b"A  B", b"=^=^=",
    b"A" * 20, b"A" * 70, b"A" * 1100, b"\xff\xfe", b"\x00\x01\x02", b"\x1b$B", b"a\r\nb",
    "\u00e4\u6f22".encode(),
)  # fmt: skip
SOUND = {
    **dict.fromkeys(ELEMENTS, b"A"),
    **dict.fromkeys(("PatientBirthDate", "StudyDate", "AcquisitionDateTime"), b"20240229"),
    **dict.fromkeys(("PatientBirthTime", "StudyTime"), b"1015"),
    **dict.fromkeys(("PatientSize", "PatientWeight", "LossyImageCompressionRatio"), b"1.5"),
    "PatientSex": b"O",
    "StudyID": b"1",
    "Modality": b"CR",
    "PatientAge": b"034Y",
    "PatientIdentityRemoved": b"YES",
    "TypeOfPatientID": b"TEXT",
    "UniversalEntityIDType": b"ISO",
    "PatientOrientation": b"LH\\FL",
    "ImagerPixelSpacing": b"0.2\\0.2",
    "LossyImageCompression": b"01",
    "LossyImageCompressionMethod": b"ISO_10918_1",
    **dict.fromkeys(("ReferencedSOPClassUID", "ReferencedSOPInstanceUID"), b"1.2.3"),
}
AS_THEY_ARE = {"SOPClassUID", *UIDS}


def _filled(contents: Callable[[str], bytes]) -> Dataset:
    """A film that has all that is passed on, items of sequences among it."""
    made = _film([])
    for keyword in set(ELEMENTS) - AS_THEY_ARE:
        put(made, keyword, contents(keyword))
    for keyword, item in SEQUENCES.items():
        made.add_new(keyword, "SQ", [_filled_item(item, contents)])
    return made


def _filled_item(item: Item, contents: Callable[[str], bytes]) -> Dataset:
    made = Dataset()
    for keyword in {*item.one_of[0], *item.optional}:
        if keyword in SEQUENCES:
            made.add_new(keyword, "SQ", [_filled_item(SEQUENCES[keyword], contents)])
        else:
            put(made, keyword, contents(keyword))
    return made


def test_a_header_that_is_sound_is_passed_on_whole(report_of):
    dataset = _filled(lambda keyword: SOUND.get(keyword, b"A"))
    source = report_of(dataset).source
    header = source.header("It")

    assert (source.left_out, source.invalid_uids) == ((), ())
    others = {"ReferringPhysicianName", "Rows", "Columns", "SpecificCharacterSet"}
    assert set(header.dir()) == {*ELEMENTS, *SEQUENCES} | others
    assert header.ReferringPhysicianName == ""
    for keyword in (*ELEMENTS, *SEQUENCES):
        assert header[keyword].to_json_dict(None, 0) == dataset[keyword].to_json_dict(None, 0)


def needs_dciodvfy(test):
    """Mark a test as those of `test_validators.py` are."""
    is_missing = not shutil.which("dciodvfy")
    skipped = pytest.mark.skipif(is_missing, reason="needs Debian's dicom3tools")
    return pytest.mark.dicomtools(skipped(test))


def _errors(path: Path) -> list[str]:
    done = subprocess.run(
        ["dciodvfy", path], capture_output=True, text=True, check=False, timeout=60
    )
    return [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("Error")]


def _found_by_dciodvfy(reports: dict[str, Report], folder: Path) -> dict[str, list[str]]:
    """Errors in the DICOM results of reports, less those of UIDs that were passed on."""
    paths = {}
    for number, (name, report) in enumerate(reports.items()):
        for wanted in DICOM_FORMATS:
            path = folder / f"{number}.{wanted.value}"
            path.write_bytes(make(report, wanted).content)
            paths[name, wanted] = path
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(paths, pool.map(_errors, paths.values()), strict=True))
    allowed = {
        name: OF_INVALID_UIDS if report.source.invalid_uids else ()
        for name, report in reports.items()
    }
    return {
        f"{name}: {wanted}": left
        for (name, wanted), errors in found.items()
        if (left := [line for line in errors if not line.endswith(allowed[name])])
    }


@needs_dciodvfy
def test_dciodvfy_finds_no_error_in_any_result(distinct, tmp_path):
    assert _found_by_dciodvfy(distinct, tmp_path) == {}


@needs_dciodvfy
def test_text_that_is_valid_is_passed_on_be_it_too_long_in_bytes_for_dciodvfy(report_of, tmp_path):
    number, patient = "\u00c4quivalenz-M\u00fcll", "\u00e9" * 40
    dataset = _film([])
    put(dataset, "SpecificCharacterSet", b"ISO_IR 100")
    put(dataset, "AccessionNumber", number.encode("latin-1"))
    put(dataset, "PatientID", patient.encode("latin-1"))
    report = report_of(dataset)
    made = pydicom.dcmread(io.BytesIO(make(report, Format.SC).content))

    assert report.source.left_out == ()
    assert (made.AccessionNumber, made.PatientID) == (number, patient)
    errors = {line for each in _found_by_dciodvfy({"": report}, tmp_path).values() for line in each}
    assert {line for line in errors if "Length invalid for this VR" not in line} == {
        OF_INVALID_UIDS[1]
    }


@needs_dciodvfy
def test_dciodvfy_finds_no_error_whatever_is_written_into_all_that_is_passed_on(
    report_of, tmp_path
):
    made = {repr(junk[:9]): report_of(_filled(lambda _, junk=junk: junk)) for junk in JUNK}
    sound = {"sound": report_of(_filled(lambda keyword: SOUND.get(keyword, b"A")))}
    distinct = _distinct(made | sound)

    assert len(distinct) > 15
    assert _found_by_dciodvfy(distinct, tmp_path) == {}
    for name, report in distinct.items():
        assert Bundle.model_validate_json(make(report, Format.FHIR).content).entry, name
