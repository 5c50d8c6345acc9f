"""What makes a reading worth trusting: when it is refused, uncertain, or asked for otherwise."""

import csv
import io
import json
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from .conftest import ROOT, MakeFile
from .curves import draw_curves
from .steps import (
    answer_uncertain,
    answer_with,
    answer_with_curves,
    bare_film,
    choose,
    item,
    open_viewer,
    photograph,
    read,
    sentence,
    shot_of,
)

pytestmark = pytest.mark.e2e

needs_anatomy = pytest.mark.skipif(
    not (ROOT / "ml_model" / "anatomy" / "card.json").is_file(),
    reason="the anatomy bundle is not in this checkout",
)


FORCED = "This image failed the suitability check and was processed on request."


def _reading(page: Page) -> Locator:
    return page.get_by_role("region", name="Reading", exact=True)


@needs_anatomy
def test_a_photograph_is_refused_and_read_on_request_with_a_lasting_mark(page: Page) -> None:
    choose(page, photograph())
    expect(
        page.get_by_role("heading", name="This picture is not suitable to be read")
    ).to_be_visible()
    reasons = page.get_by_role("list", name="Reasons").get_by_role("listitem")
    assert reasons.count() >= 1
    expect(page.get_by_role("heading", name="What helps")).to_be_visible()
    expect(item(page, "hills.jpg")).to_contain_text("Not suitable")
    first = reasons.first.inner_text()

    page.get_by_role("button", name="Read it anyway").click()
    expect(sentence(page)).to_be_visible()
    mark = _reading(page).get_by_role("note")
    expect(mark).to_contain_text(f"{FORCED} {first}")
    expect(item(page, "hills.jpg")).to_contain_text("Not reliable: unsuitable image")
    expect(page.get_by_role("status").filter(has_text="processed on request")).to_have_count(1)

    with page.expect_download() as download:
        page.get_by_role("button", name="Download as JSON").click()
    saved = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert saved["mark"].startswith(f"{FORCED} {first}")
    assert saved["reading"]["suitability"]["forced"] is True
    with page.expect_download() as download:
        page.get_by_role("button", name="All as CSV").click()
    with download.value.path().open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["mark"], row["suitable"], row["forced"]) == (saved["mark"], "false", "true")


@needs_anatomy
def test_a_frontal_film_is_read_without_a_mark(page: Page, draw_file: MakeFile) -> None:
    read(page, draw_file("phantom.jpg"))
    reading = _reading(page)
    expect(reading.get_by_text("processed on request")).to_have_count(0)
    expect(reading.get_by_text("Not checked")).to_have_count(0)


def test_another_operating_point_is_chosen_by_keyboard(page: Page, draw_file: MakeFile) -> None:
    read(page, draw_file("phantom.jpg"))
    select = page.get_by_role("combobox", name="Decide at")
    select.focus()
    page.keyboard.press("End")
    expect(select).to_have_value("own")
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name="Threshold in %")).to_be_focused()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.keyboard.type("12.5")
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("heading", name=re.compile(r"Operating point 12\.5\s%"))
    ).to_be_visible()
    expect(page.get_by_text(re.compile(r"^operating point 12\.5\s%$"))).to_be_visible()
    # Probabilities go to the server, and no film.
    asked_of_api = [url for url in sent if "/verdicts" in url or "/predict" in url]
    assert [url.partition("?")[0].rpartition("/")[2] for url in asked_of_api] == ["verdicts"]

    # The next film of this session is asked at the same point; a reload forgets it.
    with page.expect_request(re.compile("/predict")) as asked:
        choose(page, draw_file("second.jpg", seed=2))
    assert "operating_point=0.125" in asked.value.url
    page.reload()
    with page.expect_request(re.compile("/predict")) as asked:
        choose(page, draw_file("third.jpg", seed=3))
    assert "operating_point" not in asked.value.url


def test_an_operating_point_that_is_refused_leaves_the_reading(
    page: Page, draw_file: MakeFile
) -> None:
    read(page, draw_file("phantom.jpg"))
    page.route(re.compile("/verdicts"), lambda route: route.abort())
    page.get_by_role("combobox", name="Decide at").select_option(
        label="High sensitivity (98\u00a0%)"
    )
    expect(
        page.get_by_text("The operating point was not changed: the server did not answer.")
    ).to_be_visible()
    expect(sentence(page)).to_be_visible()


def test_an_uncertain_reading_says_what_remains_possible(page: Page, draw_file: MakeFile) -> None:
    answer_uncertain(page)
    read(page, draw_file("phantom.jpg"))
    expect(page.get_by_role("heading", name="Uncertain: the model cannot tell")).to_be_visible()
    why = _reading(page).get_by_text("pneumonia can be neither confirmed nor ruled out")
    expect(why).to_be_visible()
    labels = page.get_by_role("list", name="Prediction set").get_by_role("listitem")
    expect(labels).to_have_text(["Pneumonia absent in the set", "Pneumonia present in the set"])
    expect(item(page, "phantom.jpg")).to_contain_text("Uncertain")


def _inverted(file: FilePayload) -> FilePayload:
    """The same film with bone dark."""
    grey = np.asarray(Image.open(io.BytesIO(file["buffer"])))
    buffer = io.BytesIO()
    Image.fromarray(255 - grey).save(buffer, "PNG")
    return file | {"buffer": buffer.getvalue()}


@needs_anatomy
def test_an_inverted_film_is_shown_as_it_was_read(page: Page, draw_file: MakeFile) -> None:
    upright = draw_file("phantom.png", rows=600, columns=600)
    read(page, _inverted(upright))
    expect(page.get_by_text("Shown inverted, as it was read")).to_be_visible()
    notes = page.get_by_role("list", name="Notes on the picture")
    expect(notes.get_by_text(re.compile("inverted"))).to_be_visible()

    pane = open_viewer(page)
    bare_film(page)
    seen = shot_of(page, pane, 100, 100).mean(axis=2)
    drawn = Image.open(io.BytesIO(upright["buffer"])).resize((100, 100), Image.Resampling.BOX)
    assert np.corrcoef(seen.ravel(), np.asarray(drawn, dtype=float).ravel())[0, 1] > 0.98


def test_who_is_outside_the_intended_population_is_told_so(page: Page, draw_file: MakeFile) -> None:
    words = "Outside the intended population: the header states an age of 54 years."
    answer_with(
        page,
        "/predict",
        suitability={
            "suitable": True,
            "forced": False,
            "reasons": [],
            "notes": [],
            "population": {"intended": False, "words": words},
        },
    )
    read(page, draw_file("phantom.jpg"))
    expect(_reading(page).get_by_text(words)).to_be_visible()


def test_the_plots_move_with_the_threshold(page: Page) -> None:
    answer_with_curves(page, draw_curves())
    page.goto("/about/pneumonia")
    slider = page.get_by_role("slider", name="Threshold")
    slider.focus()
    page.keyboard.press("Home")
    at_all = re.compile(r"At a threshold of 0\s%, sensitivity for pneumonia is over 99\s%")
    expect(page.get_by_text(at_all)).to_be_visible()
    dot = page.get_by_role("img", name="ROC curve").locator("circle")
    lowest = dot.bounding_box()
    page.keyboard.press("End")
    expect(page.get_by_text("no decision is positive")).to_be_visible()
    highest = dot.bounding_box()
    assert lowest is not None
    assert highest is not None
    # From the upper right, where everyone is called ill, to the lower left, where no one is.
    assert lowest["x"] > highest["x"]
    assert lowest["y"] < highest["y"]
    page.get_by_role("button", name="Back to the operating point").click()
    expect(page.get_by_role("button", name="Back to the operating point")).to_be_disabled()
