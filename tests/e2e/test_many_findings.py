"""A film that two models read, one of four findings and one of pneumonia: on the page."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from hilum.findings import Finding
from tests import four_findings

from .conftest import OpenPage, served
from .steps import choose, item, open_viewer, shot_of

pytestmark = pytest.mark.e2e

PIXELS = 768


@pytest.fixture(scope="module")
def service(
    built_page: Path, four_findings_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """With both models; that of four findings is the default."""
    assert built_page
    log = tmp_path_factory.mktemp("two-models") / "log.txt"
    default = {"HILUM_DEFAULT_MODEL": four_findings.NAME}
    with served(four_findings_dir, log, wait_on="/health/ready", **default) as address:
        yield address


def _film() -> FilePayload:
    """An effusion on the left and a nodule on the right."""
    present = {Finding.EFFUSION: "left", Finding.NODULE: "right"}
    drawn = four_findings.draw(present, seed=3004)
    grey = np.rint(255 * drawn).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(grey).resize((PIXELS, PIXELS), Image.Resampling.BICUBIC).save(buffer, "PNG")
    return {"name": "two.png", "mimeType": "image/png", "buffer": buffer.getvalue()}


def _warm_at(page: Page) -> tuple[float, float]:
    """The middle of the coloured light on the film, across and down it, in [0, 1]."""
    seen = shot_of(page, open_viewer(page), 96, 96)
    colour = seen.max(axis=2) - seen.min(axis=2)
    strong = colour * (colour > 0.6 * colour.max())
    rows, columns = np.mgrid[:96, :96]
    return (
        float((columns * strong).sum() / strong.sum() / 95),
        float((rows * strong).sum() / strong.sum() / 95),
    )


def test_a_film_is_read_by_two_models_and_each_decision_is_shown(open_page: OpenPage) -> None:
    page = open_page()
    errors: list[str] = []
    page.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
    models = page.get_by_role("group", name="Models that read").get_by_role("checkbox")
    expect(models).to_have_count(2)
    expect(models.nth(0)).to_be_checked()
    expect(models.nth(1)).not_to_be_checked()
    models.nth(1).focus()
    page.keyboard.press("Space")

    choose(page, _film())
    reading = page.get_by_role("region", name="Reading", exact=True)
    table = reading.get_by_role("region", name=f"Findings by {four_findings.NAME}")
    rows = table.get_by_role("row")
    expect(rows).to_have_count(5)
    # The trained network's last digits vary: a point that is asked for leaves nothing uncertain.
    reading.get_by_label("Decide at").select_option(label="A threshold of your own")
    reading.get_by_label("Threshold in %").fill("50")
    reading.get_by_role("button", name="Apply").click()
    decided = {
        "Pleural effusion": "Present",
        "Nodule": "Present",
        "Mass": "Absent",
        "Pneumothorax": "Absent",
    }
    for finding, decision in decided.items():
        row = rows.filter(has=page.get_by_role("button", name=finding))
        expect(row).to_have_text(re.compile(f"{finding}{decision}.*50\\s%$"))

    further = reading.get_by_role("region", name="· pneumonia 0.1")
    # The tests' network of random weights has no figures to rely on.
    expect(further.get_by_role("heading", name="Not assessed")).to_be_visible()
    expect(further.get_by_text("operating point 50")).to_be_visible()
    expect(item(page, "two.png")).to_have_text(
        re.compile(r"Present: .*nodule.* \(four_findings\); .* \(pneumonia\)")
    )

    evidence = reading.get_by_role("region", name=f"Evidence by {four_findings.NAME}")
    evidence.get_by_role("button", name="Nodule").click()
    expect(page.locator("[data-legend]")).to_contain_text("Evidence for nodule, by four_findings")
    across, down = _warm_at(page)
    # In the right lung, which is on the left of the picture, at the height where it was drawn.
    assert 0.2 < across < 0.42
    assert 0.35 < down < 0.6

    with page.expect_download() as download:
        page.get_by_role("button", name="All as CSV").click()
    with download.value.path().open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["model"] for line in lines] == [four_findings.NAME, "pneumonia"]
    assert lines[0]["nodule_decision"] == "positive"

    page.get_by_role("link", name=f"Model card, {four_findings.NAME}").click()
    expect(page.get_by_role("heading", name="Findings", exact=True)).to_be_visible()
    tasks = page.get_by_role("table").first.get_by_role("row")
    expect(tasks).to_have_count(5)
    expect(page.get_by_label("Finding").get_by_role("option")).to_have_count(4)
    assert errors == []
