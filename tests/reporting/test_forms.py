"""The registry of output forms: distinct codes, what each needs, and writers that load late."""

import csv
import dataclasses
import subprocess
import sys
import textwrap

import pytest
from pydicom.uid import DigitalMammographyXRayImageStorageForPresentation

from hilum.reporting.errors import ReportError
from hilum.reporting.forms import DICOM_FORMATS, Form, Format
from hilum.reporting.outputs import applicable, choose, make
from hilum.words.catalogue import load_catalogue
from tests.how_to import blocks, files, page
from tests.reporting.drawn import dicom_source

DICOM = {"sr", "seg", "sc", "dicom-pdf"}
KNOWN = {"pdf", "fhir", "json"} | DICOM
"""Forms whose requirements are written here; others are held to their own."""


@pytest.mark.parametrize("field", ["name", "suffix", "address", "writer"])
def test_no_two_forms_share_what_tells_them_apart(field):
    values = [getattr(each.form, field) for each in Format]

    assert len(set(values)) == len(values)
    assert all(values)


def test_a_format_is_its_forms_name():
    assert set(Format) >= KNOWN
    assert [each.value for each in Format] == [each.form.name for each in Format]
    assert {each.form.name for each in DICOM_FORMATS} >= DICOM


@pytest.mark.parametrize("wanted", [each for each in Format if each is not Format.PDF])
def test_the_page_offers_every_form(wanted):
    entries = load_catalogue().entries
    table, other = ("form_study", "form_any")[:: 1 if wanted.form.needs_study else -1]
    assert entries[f"{table}.{wanted}"]
    assert f"{other}.{wanted}" not in entries
    assert entries[f"form_use.{wanted}"]


@pytest.mark.parametrize("wanted", Format)
def test_every_writer_is_found(wanted):
    assert callable(wanted.form.load_writer())
    named = wanted.form.load_writer(with_identity=True)
    assert (named is wanted.form.load_writer()) == (wanted is not Format.PDF)


def test_what_is_a_dicom_object_needs_a_study():
    assert {each for each in Format if each.form.needs_study} >= set(DICOM_FORMATS)


@pytest.mark.parametrize(
    ("is_dicom", "changes", "missing"),
    [
        (False, {}, DICOM),
        (False, {"has_organs": False, "has_evidence_layer": False}, DICOM),
        (True, {}, set()),
        (True, {"has_organs": False}, set()),
        (True, {"has_evidence_layer": False}, set()),
        (True, {"has_organs": False, "has_evidence_layer": False}, {"seg"}),
    ],
    ids=["png", "png, no outline", "dicom", "evidence only", "organs only", "dicom, no outline"],
)
def test_what_a_report_has_decides_which_forms_apply(draw, source, is_dicom, changes, missing):
    report = draw(source if is_dicom else None, **changes)

    assert KNOWN & set(applicable(report)) == KNOWN - missing
    for each in Format:
        if each in applicable(report):
            assert make(report, each).name.endswith(each.form.suffix)
        else:
            with pytest.raises(ReportError):
                make(report, each)


def test_a_file_of_a_class_that_is_not_read_has_no_study_to_join(draw, make_dicom):
    report = draw(
        dicom_source(make_dicom, SOPClassUID=DigitalMammographyXRayImageStorageForPresentation)
    )

    assert not DICOM & set(applicable(report))
    reason = "no CR, DX or secondary capture"
    with pytest.raises(ReportError, match=f"^A DICOM segmentation cannot be made: .*{reason}"):
        make(report, Format.SEG)


def test_what_is_asked_for_is_made_once_each_and_all_that_applies_where_nothing_is(draw):
    report = draw()

    assert choose([Format.SR, Format.PDF, Format.SR], report) == ("sr", "pdf")
    assert choose([], report) == applicable(report)


def test_a_writers_bytes_data_set_or_mapping_becomes_a_file_of_its_media_type(dicom_report):
    starts = {
        "application/pdf": b"%PDF-",
        "application/dicom": bytes(128) + b"DICM",
        "application/fhir+json": b"{\n",
        "application/json": b"{\n",
    }
    for each in Format:
        made = make(dicom_report, each)
        assert made.media_type == each.form.media_type
        assert made.content.startswith(starts.get(made.media_type, b""))
        assert made.content


def test_the_names_of_forms_load_no_library_that_writes_them():
    code = "import sys, hilum.reporting.forms, hilum.reporting.outputs; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"highdicom", "reportlab"} & set(done.stdout.split())


def test_a_form_is_sent_to_peers_only_where_it_is_dicom():
    page = Form(name="x", suffix=".x", media_type="text/html", address="x", writer="json:dumps")

    assert not page.is_dicom
    assert dataclasses.replace(page, media_type="application/dicom").is_dicom


def test_the_form_of_the_how_to_page_is_registered_and_written(draw):
    ((path, writer),) = files(page("add-an-output-form")).items()
    written: dict[str, object] = {}
    exec(writer, written)
    registered: dict[str, object] = {"Form": Form}
    exec(textwrap.dedent(blocks(page("add-an-output-form"), "python")[1]), registered)
    module, function = registered["CSV"].writer.split(":")
    assert f"backend/{module.replace('.', '/')}.py" == path

    report = draw()
    rows = list(csv.DictReader(written[function](report).decode().splitlines()))
    main = report.facts.main
    assert [row["finding"] for row in rows] == [main.finding]
    assert float(rows[0]["probability"]) == pytest.approx(main.probability, abs=5e-5)
