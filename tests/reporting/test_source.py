"""The header of the file that was read: parsed once, and the same for whoever asks."""

import dataclasses

import pytest

from hilum.reporting import source as source_module
from hilum.reporting.errors import ReportError
from hilum.reporting.forms import Format
from hilum.reporting.outputs import applicable, make
from tests.imaging.dicom_files import DEFLATED
from tests.reporting.drawn import dicom_source


@pytest.fixture
def parses(monkeypatch) -> list[int]:
    """One entry for each time that the header is parsed for results."""
    counted: list[int] = []
    parse = source_module.before_pixels

    def count(*arguments, **keywords):
        counted.append(1)
        return parse(*arguments, **keywords)

    monkeypatch.setattr(source_module, "before_pixels", count)
    return counted


def test_the_file_is_parsed_once_for_all_forms(draw, source, parses):
    report = draw(source)
    parses.clear()  # That of the report's words.

    for wanted in applicable(report):
        make(report, wanted)
        make(report, wanted, with_identity=True)

    assert len(applicable(report)) == len(Format)
    assert len(parses) == 1


def test_a_picture_is_not_parsed_at_all(draw, parses):
    report = draw()

    for wanted in applicable(report):
        make(report, wanted)

    assert not parses


def _elements(**changes):
    """A header with all that the writers copy or overwrite."""
    return {
        "Laterality": "L",
        "BurnedInAnnotation": "YES",
        "LossyImageCompression": "01",
        "LossyImageCompressionRatio": 9.5,
        "LossyImageCompressionMethod": "ISO_10918_1",
        "IssuerOfPatientID": "Elsewhere",
        "SeriesDescription": "Chest",
        "SoftwareVersions": "7",
        **changes,
    }


@pytest.mark.parametrize("order", [1, -1, 3])
def test_no_form_changes_what_another_gets(draw, make_dicom, order):
    content = dicom_source(make_dicom, **_elements())
    alone = {wanted: make(draw(content), wanted).content for wanted in Format}

    # Forwards, backwards, and by every third.
    size = len(Format)
    every = [tuple(Format)[order * number % size] for number in range(size)]
    shared = draw(content)
    together = {wanted: make(shared, wanted).content for wanted in every}

    assert set(every) == set(Format)
    assert together == alone


def test_what_is_done_to_a_header_is_not_seen_by_the_next(draw, make_dicom):
    report = draw(dicom_source(make_dicom, ImagerPixelSpacing=[0.25, 0.25]))
    first = report.source.header("One")
    first.PatientID = "other"
    first.PatientOrientation[0] = "R"
    del first.StudyInstanceUID

    second = report.source.header("Another")

    assert second.PatientID == "MRN-4711"
    assert second.PatientOrientation == ["L", "F"]
    assert "StudyInstanceUID" in second


def test_a_report_with_another_file_has_the_header_of_that_file(draw, source, make_dicom):
    report = draw(source)
    assert report.source.header("One").PatientName == "Lindqvist^Josephine"

    nameless = dataclasses.replace(report, content=dicom_source(make_dicom, PatientName="None^No"))

    assert nameless.source.header("One").PatientName == "None^No"
    assert report.source.header("One").PatientName == "Lindqvist^Josephine"


def test_each_form_begins_the_reason_with_its_own_name(draw):
    report = draw()
    assert not report.source.has_study
    for wanted, what in {
        Format.SR: "A DICOM structured report",
        Format.SEG: "A DICOM segmentation",
        Format.SC: "A DICOM secondary capture",
        Format.DICOM_PDF: "An encapsulated PDF",
    }.items():
        with pytest.raises(ReportError, match=f"^{what} belongs into the study"):
            make(report, wanted)
    with pytest.raises(ReportError, match=r"^A page with the patient's name belongs into the"):
        make(report, Format.PDF, with_identity=True)


@pytest.mark.parametrize(
    "written", [{"TransferSyntaxUID": DEFLATED}, {"preamble": False}], ids=["deflated", "bare"]
)
def test_a_file_that_is_read_has_its_header_passed_on_however_it_is_written(
    draw, make_dicom, written
):
    report = draw(dicom_source(make_dicom, **written))

    assert applicable(report) == tuple(Format)
    assert report.source.header("One").PatientName == "Lindqvist^Josephine"
