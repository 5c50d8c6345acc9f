"""Lungs, heart and their ratio over the film and in words, from the real server."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, expect

from hilum.imaging.phantom import draw_phantom

from .conftest import ROOT, MakeFile, OpenPage, served
from .steps import bare_film, choose, layer, open_viewer, read, sentence, shot_of

_BUNDLES = ROOT / "ml_model"
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        not all((_BUNDLES / name / "card.json").is_file() for name in ("anatomy", "pneumonia")),
        reason="the bundles are not in this checkout",
    ),
]


def _dark_parts_inside(film: NDArray[np.float32]) -> list[NDArray[np.bool_]]:
    """The phantom's lungs, from the picture's left: what is dark and does not reach the border."""
    dark = (cv2.GaussianBlur(film, (0, 0), 3) < 0.3).astype(np.uint8)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(dark)
    border = {*labels[0], *labels[-1], *labels[:, 0], *labels[:, -1]}
    inside = [part for part in range(1, count) if part not in border]
    largest = sorted(inside, key=lambda part: stats[part, cv2.CC_STAT_AREA])[-2:]
    return [labels == part for part in sorted(largest, key=lambda part: centres[part][0])]


def _filled(organ: dict[str, Any], rows: int, columns: int) -> NDArray[np.bool_]:
    """An organ's polygons, filled in the radiograph's own pixels."""
    mask = np.zeros((rows, columns), np.uint8)
    for polygon in organ["polygons"]:
        cv2.fillPoly(mask, [np.round(polygon).astype(np.int32)], 1)
    return mask.astype(bool)


@pytest.mark.parametrize(
    ("width", "height", "touch"), [(1440, 900, False), (390, 844, True)], ids=["desktop", "phone"]
)
@pytest.mark.parametrize(("rows", "columns"), [(700, 700), (520, 800)])
def test_the_lungs_are_drawn_over_the_lungs(
    open_page: OpenPage,
    draw_file: MakeFile,
    width: int,
    height: int,
    touch: bool,
    rows: int,
    columns: int,
) -> None:
    page = open_page(width=width, height=height, touch=touch)
    with page.expect_response("**/predict*") as response:
        read(page, draw_file("phantom.jpg", rows=rows, columns=columns, opacity=None))
    anatomy = response.value.json()["anatomy"]
    lungs = [_filled(anatomy[name], rows, columns) for name in ("right_lung", "left_lung")]
    pane = open_viewer(page)
    bare_film(page)
    bare = shot_of(page, pane, rows, columns)
    layer(page, "Lungs").check()
    expect(page.locator("[data-layer=lungs] [data-outline]")).to_have_count(2)
    drawn = np.abs(shot_of(page, pane, rows, columns) - bare).max(axis=2) > 3

    # As it was answered, to a hundredth of the film's breadth; the stroke takes half of that.
    answered = (lungs[0] | lungs[1]).astype(np.uint8)
    brush = np.ones((2 * (columns // 100) + 1,) * 2, np.uint8)
    assert not drawn[cv2.dilate(answered, brush) == 0].any()
    assert drawn[cv2.erode(answered, brush) == 1].all()
    dark_parts = _dark_parts_inside(draw_phantom(rows, columns, seed=1))
    for lung, dark in zip(lungs, dark_parts, strict=True):
        assert (lung & drawn & dark).sum() > 0.95 * dark.sum()

    layer(page, "Lungs").uncheck()
    assert np.abs(shot_of(page, pane, rows, columns) - bare).max() < 2


def test_the_ratio_is_told_with_its_error_and_drawn(page: Page, draw_file: MakeFile) -> None:
    read(page, draw_file("phantom.jpg"))
    section = page.get_by_role("region", name="Heart and lungs")
    expect(section).to_contain_text(re.compile(r"Cardiothoracic ratio\s*0\.\d\d ± 0\.\d{3}"))
    expect(section.get_by_text(re.compile("^The heart takes up [34][0-9]\\s%"))).to_be_visible()
    expect(section.get_by_text("the file does not state the view")).to_be_visible()

    heart, chest = (
        page.locator(f"[data-diameter={name}] path").last.bounding_box()
        for name in ("heart", "thorax")
    )
    assert heart is not None
    assert chest is not None
    ratio = float(re.findall(r"0\.\d\d", section.inner_text())[0])
    assert heart["width"] / chest["width"] == pytest.approx(ratio, abs=0.01)
    assert chest["x"] < heart["x"] < heart["x"] + heart["width"] < chest["x"] + chest["width"]


def test_layers_are_switched_by_keyboard_and_kept_for_the_session(
    page: Page, draw_file: MakeFile
) -> None:
    read(page, draw_file("first.jpg"))
    heart = layer(page, "Heart")
    expect(heart).not_to_be_checked()
    heart.focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-outline=heart]")).to_have_count(1)

    page.get_by_role("link", name="Accuracy of the outlines").click()
    expect(page.get_by_role("heading", level=1, name="Lungs and heart")).to_be_visible()
    page.go_back()
    expect(layer(page, "Heart")).to_be_checked()
    expect(page.locator("[data-outline=heart]")).to_have_count(1)


def test_a_picture_of_something_else_gets_no_ratio(page: Page, draw_file: MakeFile) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (400, 400), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "PNG")
    choose(page, draw_file("noise.png") | {"buffer": buffer.getvalue()})
    page.get_by_role("button", name="Read it anyway").click()
    expect(sentence(page)).to_be_visible()
    section = page.get_by_role("region", name="Heart and lungs")
    expect(section.get_by_text("The cardiothoracic ratio could not be measured")).to_be_visible()
    for name in ("Lungs", "Heart", "Ratio"):
        expect(layer(page, name)).to_have_count(0)


def test_the_ratio_is_in_both_downloads(page: Page, draw_file: MakeFile) -> None:
    read(page, draw_file("phantom.jpg"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as JSON").click()
    saved = json.loads(download.value.path().read_text(encoding="utf-8"))
    ratio = saved["reading"]["anatomy"]["cardiothoracic_ratio"]
    with page.expect_download() as download:
        page.get_by_role("button", name="All as CSV").click()
    with download.value.path().open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    assert float(row["cardiothoracic_ratio"]) == ratio["value"]
    assert row["ratio_valid"] == str(ratio["valid"]).lower()


@pytest.fixture
def service_without_anatomy(built_page: Path, models_dir: Path, tmp_path: Path) -> Iterator[str]:
    """A service whose model reads the whole picture, and needs no lungs found."""
    assert built_page
    with served(models_dir, tmp_path / "log.txt", wait_on="/health/ready") as address:
        yield address


def test_without_the_anatomy_bundle_a_model_of_whole_pictures_reads_all_the_same(
    open_page: OpenPage, service_without_anatomy: str, draw_file: MakeFile
) -> None:
    page = open_page(address=service_without_anatomy)
    read(page, draw_file("phantom.jpg"))
    expect(sentence(page)).to_be_visible()
    expect(page.get_by_text("Not checked: this server does not check")).to_be_visible()
    expect(page.get_by_role("region", name="Heart and lungs")).to_have_count(0)
    expect(page.get_by_role("group", name="Layers")).to_have_count(0)


@pytest.fixture
def service_of_half_a_model(built_page: Path, tmp_path: Path) -> Iterator[str]:
    """A service with the shipped model of the lung field, but not with what finds the lungs."""
    assert built_page
    shutil.copytree(_BUNDLES / "pneumonia", tmp_path / "models" / "pneumonia")
    with served(tmp_path / "models", tmp_path / "log.txt", wait_on="/health/live") as address:
        yield address


def test_without_the_anatomy_bundle_a_model_of_the_lung_field_says_what_is_missing(
    open_page: OpenPage, service_of_half_a_model: str, draw_file: MakeFile
) -> None:
    page = open_page(address=service_of_half_a_model)
    choose(page, draw_file("phantom.jpg"))
    expect(page.get_by_role("heading", name="The model is not ready")).to_be_visible()
    # Said by the banner of the whole service, and by the panel of the film.
    expect(page.get_by_text(re.compile("'anatomy'"))).to_have_count(2)
