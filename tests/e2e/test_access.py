"""The page for everyone: by keyboard, by screen reader, in the dark, on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from .access import check_on_a_phone, check_with_axe
from .conftest import MakeFile, OpenPage
from .curves import draw_curves
from .dicom import disc, payload, radiograph, refuse_all, zip_of
from .steps import (
    answer_with,
    answer_with_curves,
    choose,
    item,
    open_viewer,
    photograph,
    read,
    sentence,
    text_file,
)

pytestmark = pytest.mark.e2e


def _show_result(page: Page, draw_file: MakeFile) -> None:
    read(page, draw_file("phantom.jpg"))
    for folded in page.get_by_role("group").locator("summary").all():
        folded.click()
    open_viewer(page)
    for switch in page.get_by_role("group", name="Layers").get_by_role("checkbox").all():
        switch.check()
    page.get_by_role("button", name="Fade").click()
    regions = page.get_by_role("list", name="Regions").get_by_role("button")
    for region in regions.all()[:1]:
        region.click()


def _show_two_films(page: Page, draw_file: MakeFile) -> None:
    choose(page, [draw_file("a.jpg"), draw_file("b.jpg", seed=2)])
    expect(sentence(page)).to_be_visible()
    open_viewer(page)
    more = page.get_by_role("button", name="More tools")
    if more.is_visible():
        more.click()
    page.get_by_role("button", name="Two side by side").click()
    open_viewer(page, films=2)
    page.get_by_role("button", name="Help").click()


def _show_list(page: Page, draw_file: MakeFile) -> None:
    long_name = "a ward's portable, supine, with the longest of names of any export.jpg"
    choose(page, [draw_file("a.jpg"), draw_file(long_name, opacity=None), text_file()])
    expect(sentence(page)).to_be_visible()
    expect(item(page, "notes.jpg")).to_contain_text("Not a picture")


def _show_error(page: Page, draw_file: MakeFile) -> None:
    choose(page, text_file())
    expect(page.get_by_role("heading", name="This is not a picture")).to_be_visible()


def _show_about(page: Page, draw_file: MakeFile) -> None:
    page.get_by_role("link", name="Model", exact=True).click()
    expect(page.get_by_role("heading", name="Performance")).to_be_visible()


def _show_plots(page: Page, draw_file: MakeFile) -> None:
    answer_with_curves(page, draw_curves())
    _show_about(page, draw_file)
    expect(page.get_by_role("img", name="Decision curve")).to_be_visible()
    page.get_by_text("As a table").first.click()


def _show_refused(page: Page, draw_file: MakeFile) -> None:
    reasons = [{"code": "sideways", "words": "The picture lies on its side: turn it upright."}]
    problem = {"type": "/problems/unsuitable-radiograph", "status": 422, "reasons": reasons}
    page.route(re.compile("/predict"), lambda route: route.fulfill(status=422, json=problem))
    choose(page, photograph())
    expect(page.get_by_role("button", name="Read it anyway")).to_be_visible()


def _show_uncertain(page: Page, draw_file: MakeFile) -> None:
    reasons = [{"code": "colour", "words": "The picture is in colour."}]
    notes = [{"code": "inverted", "words": "Bone was dark: it was inverted."}]
    answer_with(
        page,
        "/predict",
        decision="uncertain",
        prediction_set=["normal", "pneumonia"],
        coverage=0.95,
        verdict={
            "code": "forced",
            "reliable": False,
            "headline": "Not a reliable reading: the image failed the suitability check",
            "cautions": [{"code": "set_both", "words": "The prediction set holds both."}],
        },
        suitability={
            "suitable": False,
            "forced": True,
            "reasons": reasons,
            "notes": notes,
            "population": {"intended": False, "words": "Outside the intended population."},
        },
    )
    read(page, draw_file("phantom.jpg"))
    page.get_by_role("combobox", name="Decide at").select_option("own")
    page.get_by_role("textbox", name="Threshold in %").fill("140")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("From 0 to 100.")).to_be_visible()


def _show_header(page: Page, draw_file: MakeFile) -> None:
    refuse_all(page)
    choose(page, payload("film.dcm", radiograph()))
    page.get_by_role("button", name="Header", exact=True).click()
    page.get_by_role("button", name="Show patient attributes").click()
    expect(page.get_by_role("row", name=re.compile("Patient's Name"))).to_be_visible()


def _show_disc(page: Page, draw_file: MakeFile) -> None:
    refuse_all(page)
    choose(page, payload("disc.zip", zip_of(disc())))
    expect(page.get_by_role("heading", name="Study 3")).to_be_visible()
    page.get_by_role("button", name="Show dates").click()
    pane = open_viewer(page)
    pane.scroll_into_view_if_needed()
    page.get_by_role("region", name="Viewer", exact=True).press("d")
    expect(page.locator("[data-tool=length]")).to_have_count(1)
    box = pane.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 40, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=4)
    page.mouse.up()
    expect(page.get_by_role("list", name="Measurements")).to_be_visible()


def _show_empty(page: Page, draw_file: MakeFile) -> None:
    expect(page.get_by_text("Intended population")).to_be_visible()


Show = Callable[[Page, MakeFile], None]
_STATES = [
    _show_empty,
    _show_result,
    _show_two_films,
    _show_uncertain,
    _show_refused,
    _show_list,
    _show_error,
    _show_header,
    _show_disc,
    _show_about,
    _show_plots,
]
every_state = pytest.mark.parametrize("show", _STATES, ids=lambda show: show.__name__[6:])


@every_state
def test_axe_finds_nothing_serious_in_light_or_dark(
    open_page: OpenPage, draw_file: MakeFile, show: Show
) -> None:
    page = open_page(scheme="light")
    show(page, draw_file)
    check_with_axe(page)


@every_state
def test_a_phone_needs_no_sideways_scrolling(
    open_page: OpenPage, draw_file: MakeFile, show: Show
) -> None:
    page = open_page(width=375, height=812, touch=True)
    show(page, draw_file)
    check_on_a_phone(page)


def test_a_phone_offers_its_camera(open_page: OpenPage) -> None:
    page = open_page(width=375, height=812, touch=True)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Photograph").click()
    assert chooser.value.element.get_attribute("capture") == "environment"
    expect(open_page().get_by_role("button", name="Photograph")).to_be_hidden()


def test_everything_is_done_by_keyboard(page: Page, draw_file: MakeFile) -> None:
    expect(page.get_by_role("button", name="Choose files")).to_be_visible()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()

    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Choose files")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files([draw_file("a.jpg"), draw_file("b.jpg", seed=2)])
    expect(sentence(page)).to_be_visible()

    _tab_to(page, page.get_by_role("button", name="Download as JSON"))
    with page.expect_download():
        page.keyboard.press("Enter")
    _tab_to(page, item(page, "a.jpg"))
    page.keyboard.press("ArrowDown")
    expect(item(page, "b.jpg")).to_be_focused()
    expect(page.get_by_role("img", name="Radiograph b.jpg")).to_be_visible()
    page.keyboard.press("Delete")
    expect(item(page, "a.jpg")).to_be_focused()


def _tab_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus, which is soon."""
    for _ in range(40):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {target}.")


def test_the_colour_scheme_is_the_systems_until_chosen(open_page: OpenPage) -> None:
    page = open_page(scheme="dark")
    root = page.locator("html")
    expect(root).to_have_attribute("data-mantine-color-scheme", "dark")
    page.get_by_role("button", name="Colour scheme").click()
    expect(root).to_have_attribute("data-mantine-color-scheme", "light")
    page.reload()
    expect(root).to_have_attribute("data-mantine-color-scheme", "light")
