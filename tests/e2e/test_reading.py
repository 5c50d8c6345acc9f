"""A radiograph in, a reading out: in a browser, from the real server."""

import csv
import json
import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from hilum.imaging.phantom import draw_phantom

from .conftest import MakeFile, OpenPage
from .steps import (
    bare_film,
    choose,
    item,
    items,
    open_viewer,
    read,
    sentence,
    shot_of,
    text_file,
)

pytestmark = pytest.mark.e2e


def test_a_radiograph_is_read_and_told_in_words_and_figures(
    page: Page, draw_file: MakeFile
) -> None:
    expect(page.get_by_text("read in memory by the server you are connected to")).to_be_visible()
    read(page, draw_file("phantom.jpg", seed=0, opacity="both"))

    reading = page.get_by_role("region", name="Reading", exact=True)
    expect(reading.get_by_text("Intended population")).to_be_visible()
    expect(reading.get_by_text(re.compile(r"^operating point [\d.]+\s%$"))).to_be_visible()
    findings = reading.get_by_role("list", name="Probabilities").get_by_role("listitem")
    expect(findings).to_have_count(4)
    expect(page.get_by_role("figure")).to_contain_text("700 \u00d7 700 px")
    expect(page.get_by_role("note")).to_contain_text("Not a medical device")
    announced = page.get_by_role("status").filter(has_text="phantom.jpg: Signs of pneumonia.")
    expect(announced).to_have_count(1)


def test_the_film_on_the_screen_is_the_radiograph(page: Page, draw_file: MakeFile) -> None:
    read(page, draw_file("phantom.png", rows=600, columns=600, seed=4))
    pane = open_viewer(page)
    bare_film(page)
    film = page.get_by_role("img", name="Radiograph phantom.png")
    expect(film).to_have_count(1)
    box = film.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) > 500
    seen = shot_of(page, pane, 150, 150).mean(axis=2)
    drawn = draw_phantom(150, 150, seed=4, opacity="right_lower")
    assert seen.std() > 20
    assert np.corrcoef(seen.ravel(), drawn.ravel())[0, 1] > 0.99


def test_several_files_are_read_and_a_bad_one_spoils_no_other(
    page: Page, draw_file: MakeFile
) -> None:
    names = ["a.jpg", "b.png", "c.tif", "d.jpg"]
    films = [draw_file(name, seed=seed) for seed, name in enumerate(names)]
    choose(page, [films[0], text_file(), *films[1:]])
    expect(items(page)).to_have_count(5)
    for name in names:
        expect(item(page, name)).to_have_text(re.compile("of pneumonia|Uncertain|Not reliable"))
    expect(item(page, "notes.jpg")).to_contain_text("Not a picture")

    item(page, "notes.jpg").click()
    expect(
        page.get_by_role("heading", name="This is not a picture that can be read")
    ).to_be_visible()
    expect(page.get_by_text("Request number")).to_be_visible()
    expect(page.get_by_role("button", name="Choose another file")).to_be_visible()
    item(page, "c.tif").click()
    expect(sentence(page)).to_be_visible()
    expect(page.get_by_text("Browsers can't draw TIFF")).to_be_visible()


def test_a_damaged_picture_is_told_from_one_in_another_format(
    page: Page, draw_file: MakeFile
) -> None:
    whole = draw_file("cut.jpg")
    choose(page, whole | {"buffer": whole["buffer"][: len(whole["buffer"]) // 3]})
    expect(page.get_by_role("heading", name="The picture is damaged or cut short")).to_be_visible()


def test_an_upload_can_be_cancelled_and_sent_after_all(page: Page, draw_file: MakeFile) -> None:
    network = page.context.new_cdp_session(page)

    def limit_upload(bytes_per_second: int) -> None:
        network.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": 0,
                "downloadThroughput": -1,
                "uploadThroughput": bytes_per_second,
            },
        )

    limit_upload(20_000)
    choose(page, draw_file("slow.png", rows=1000, columns=1000))
    progress = page.get_by_role("progressbar", name="Upload of slow.png")
    expect(progress).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="Cancelled")).to_be_visible()
    expect(item(page, "slow.png")).to_contain_text("Cancelled")

    limit_upload(-1)
    page.get_by_role("button", name="Read it after all").click()
    expect(sentence(page)).to_be_visible()


def test_the_session_can_be_gone_back_to_and_cleared(page: Page, draw_file: MakeFile) -> None:
    read(page, draw_file("first.jpg", seed=1))
    choose(page, draw_file("second.jpg", seed=2, opacity=None))
    expect(page.get_by_role("img", name="Radiograph second.jpg")).to_be_visible()
    expect(item(page, "second.jpg")).to_have_attribute("aria-current", "true")

    item(page, "first.jpg").click()
    expect(page.get_by_role("img", name="Radiograph first.jpg")).to_be_visible()
    page.get_by_role("link", name="Model card").click()
    expect(page.get_by_role("heading", name="Performance")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("img", name="Radiograph first.jpg")).to_be_visible()

    page.get_by_role("button", name="Remove first.jpg").click()
    expect(items(page)).to_have_count(1)
    page.get_by_role("button", name="Clear all").click()
    expect(page.get_by_role("heading", name="Drop a chest radiograph here")).to_be_visible()


def test_nothing_is_stored(page: Page, draw_file: MakeFile) -> None:
    read(page, draw_file("phantom.jpg"))
    open_viewer(page)
    stored = page.evaluate(
        "async () => [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie, "
        "(await indexedDB.databases()).length, (await caches.keys()).length]"
    )
    assert stored == [[], [], "", 0, 0]
    page.reload()
    expect(page.get_by_role("heading", name="Drop a chest radiograph here")).to_be_visible()


def test_a_reading_is_downloaded_as_json_and_all_as_csv(page: Page, draw_file: MakeFile) -> None:
    choose(page, [draw_file("=1+1.jpg"), text_file()])
    expect(sentence(page)).to_be_visible()
    expect(item(page, "notes.jpg")).to_contain_text("Not a picture")

    with page.expect_download() as download:
        page.get_by_role("button", name="Download as JSON").click()
    assert download.value.suggested_filename.endswith("1+1.reading.json")
    saved = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert saved["file_name"] == "=1+1.jpg"
    pneumonia = {read["code"]: read for read in saved["reading"]["findings"]}["pneumonia"]
    assert float(saved["reading"]["prediction"]) == pytest.approx(100 * pneumonia["probability"])

    with page.expect_download() as download:
        page.get_by_role("button", name="All as CSV").click()
    with download.value.path().open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file_name"] for row in rows] == ["'=1+1.jpg", "notes.jpg"]
    assert float(rows[0]["pneumonia_probability"]) == pneumonia["probability"]
    assert rows[1]["problem"] == "unsupported-format"


def test_a_file_is_taken_by_drop_and_by_paste(page: Page, draw_file: MakeFile) -> None:
    make_transfer = """([name, bytes]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(bytes)], name, { type: "image/png" }));
        return transfer;
    }"""
    bytes_of = list(draw_file("x.png", rows=96, columns=96)["buffer"])
    transfer = page.evaluate_handle(make_transfer, ["dropped.png", bytes_of])
    target = page.get_by_role("heading", name="Drop a chest radiograph here")
    target.dispatch_event("dragenter", {"dataTransfer": transfer})
    expect(page.get_by_text("Drop to read")).to_be_visible()
    target.dispatch_event("drop", {"dataTransfer": transfer})
    expect(item(page, "dropped.png")).to_be_visible()

    transfer = page.evaluate_handle(make_transfer, ["pasted.png", bytes_of])
    page.evaluate(
        "clipboardData => document.body.dispatchEvent("
        "new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))",
        transfer,
    )
    told = re.compile("of pneumonia|Uncertain|Not reliable")
    expect(item(page, "pasted.png")).to_contain_text(told)


def test_without_a_model_the_page_says_why(
    open_page: OpenPage, service_without_model: str, draw_file: MakeFile
) -> None:
    page = open_page(address=service_without_model)
    expect(page.get_by_text("The server can't read radiographs now")).to_be_visible()
    choose(page, draw_file("phantom.jpg"))
    expect(page.get_by_role("heading", name="The model is not ready")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_without_a_server_the_page_says_so(page: Page, draw_file: MakeFile) -> None:
    expect(page.get_by_text("Intended population")).to_be_visible()
    page.context.set_offline(True)
    choose(page, draw_file("phantom.jpg"))
    expect(page.get_by_role("heading", name="No answer came from the server")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(sentence(page)).to_be_visible()


def test_the_models_page_can_be_opened_by_its_address(open_page: OpenPage) -> None:
    page = open_page("/models/pneumonia")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="Intended population")).to_be_visible()
    page = open_page("/about/lungs")
    expect(page.get_by_text("The server has: pneumonia")).to_be_visible()
    page = open_page("/nowhere")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()


def test_swagger_comes_from_the_server_itself(page: Page) -> None:
    page.goto("/docs")
    expect(page.get_by_text("Read chest radiographs").first).to_be_visible()
