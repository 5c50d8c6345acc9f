"""Films of an adult, of a child and of unknown age on a service that selects the models."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import FilePayload, Page, expect

from hilum.imaging.phantom import draw_phantom
from hilum.models.bundle import load_bundle_of
from hilum.models.card import Card
from tests.reporting.drawn import dicom_source

from .access import check_on_a_phone, check_with_axe
from .conftest import OpenPage, served
from .steps import choose

pytestmark = [pytest.mark.e2e, pytest.mark.weights]

CHILD, ADULT = "Pneumonia in children", "Findings in adults"


@pytest.fixture(scope="module")
def service(
    built_page: Path, models_with_weights: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The shipped models, as by default."""
    assert built_page
    log = tmp_path_factory.mktemp("selecting") / "log.txt"
    with served(models_with_weights, log, wait_on="/health/ready") as address:
        yield address


def _film(make_dicom: Callable[..., bytes], age: str | None) -> FilePayload:
    drawn = draw_phantom(512, 512, seed=7, opacity="both")
    stored = np.rint(4095 * drawn).astype(np.uint16)
    film = dicom_source(make_dicom, stored=stored, PatientAge=age, PatientBirthDate=None)
    return {"name": "film.dcm", "mimeType": "application/dicom", "buffer": film}


@pytest.mark.parametrize(
    ("age", "models", "reason"),
    [
        ("040Y", [ADULT], "The header states an age of 40 years."),
        ("004Y", [CHILD], "The header states an age of 4 years."),
        (None, [CHILD, ADULT], "Neither the file nor the picture shows"),
    ],
)
def test_the_models_for_a_patient_read_and_the_page_says_why(
    open_page: OpenPage,
    models_with_weights: Path,
    make_dicom: Callable[..., bytes],
    age: str | None,
    models: list[str],
    reason: str,
) -> None:
    page = open_page()
    choose(page, _film(make_dicom, age))

    note = page.get_by_text("Models for this patient:")
    expect(note).to_contain_text(" and ".join(models))
    expect(note).to_contain_text(reason)
    expect(page.get_by_role("checkbox", name="By the patient's age")).to_be_checked()
    table = page.get_by_role("region", name="Findings")
    if ADULT not in models:
        expect(table).to_have_count(0)
        return
    # What is not assessed is folded, and named once it is opened.
    card = load_bundle_of(Card, models_with_weights / "findings").card
    count = sum(not card.is_assessed(task.finding) for task in card.tasks)
    assert count > 1
    table.get_by_role("button", name=f"{count} findings are not assessed").click()
    expect(table.get_by_role("button", name="Pneumothorax")).to_be_visible()
    expect(table.get_by_text("Not assessed", exact=True)).to_have_count(count)


def _open_all(page: Page, make_dicom: Callable[..., bytes]) -> None:
    """An adult's film, with all findings and one of them opened."""
    choose(page, _film(make_dicom, "040Y"))
    table = page.get_by_role("region", name="Findings")
    table.get_by_role("button", name="findings are not assessed").click()
    table.get_by_role("button", name="Any abnormality").click()
    expect(table.get_by_role("button", name="Pneumothorax")).to_be_visible()


def _open_card(page: Page, _: Callable[..., bytes]) -> None:
    """The card of the adults' model, with the figures of one finding."""
    page.goto("/models/findings")
    expect(page.get_by_role("heading", name=ADULT)).to_be_visible()


both = pytest.mark.parametrize("show", [_open_all, _open_card], ids=["table", "card"])


@both
def test_findings_of_an_adult_fit_a_phone(
    open_page: OpenPage, make_dicom: Callable[..., bytes], show: Callable[..., None]
) -> None:
    page = open_page(width=375, height=812, touch=True)
    show(page, make_dicom)
    check_on_a_phone(page)


@both
def test_axe_finds_nothing_serious_in_findings_of_an_adult(
    open_page: OpenPage, make_dicom: Callable[..., bytes], show: Callable[..., None]
) -> None:
    page = open_page()
    show(page, make_dicom)
    check_with_axe(page)
