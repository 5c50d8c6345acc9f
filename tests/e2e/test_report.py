"""The report of a reading, saved from the page."""

import io
import json
import re

import pydicom
import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.conftest import MakeFile
from tests.e2e.steps import read
from tests.pacs.films import as_file, film

pytestmark = pytest.mark.e2e


def _save(page: Page, label: str) -> tuple[str, bytes]:
    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def test_a_picture_gives_the_page_and_what_needs_no_study(page: Page, draw_file: MakeFile) -> None:
    read(page, draw_file("Lindqvist_Josephine.jpg"))
    name, content = _save(page, "Download as PDF")
    assert re.fullmatch(r"hilum-[0-9a-f]{12}\.pdf", name)
    assert content.startswith(b"%PDF-")
    report = page.get_by_role("region", name="Report")
    expect(report.get_by_role("status")).to_have_text("Saved.")

    report.get_by_text(re.compile("^For a hospital")).click()
    expect(report.get_by_role("button", name="Structured report")).to_have_count(0)
    _, content = _save(page, "FHIR bundle")
    assert json.loads(content)["resourceType"] == "Bundle"


def test_a_dicom_film_gives_objects_of_its_study(page: Page) -> None:
    source = film(0, rows=1000, columns=900)
    read(page, FilePayload(name="film.dcm", mimeType="", buffer=as_file(source)))
    report = page.get_by_role("region", name="Report")
    report.get_by_text(re.compile("^For a hospital")).click()
    for label, modality in {"Structured report": "SR", "Segmentation": "SEG"}.items():
        _, content = _save(page, label)
        made = pydicom.dcmread(io.BytesIO(content))
        assert (made.Modality, made.StudyInstanceUID) == (modality, source.StudyInstanceUID)


def test_a_server_that_went_away_is_said(page: Page, draw_file: MakeFile) -> None:
    read(page, draw_file("film.jpg"))
    page.route("**/report?*", lambda route: route.abort())
    report = page.get_by_role("region", name="Report")
    report.get_by_role("button", name="Download as PDF").click()
    expect(report.get_by_role("status")).to_have_text("No answer came from the server.")
