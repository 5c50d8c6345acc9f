"""A DICOM file on the page as a workstation shows it; discs, folders and archives of them."""

import io
import re
from pathlib import Path

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, Route, expect

from hilum.api.examples import READING, READING_WITH_EVIDENCE
from hilum.imaging import decode
from tests.imaging.dicom_files import SYNTAXES, lut_item, write
from tests.imaging.test_orientation import stored_for

from .conftest import OpenPage
from .dicom import (
    COLUMNS,
    NAME,
    PATIENT_ID,
    ROWS,
    SPACING_MM,
    STUDY_DATE,
    WINDOWS,
    disc,
    payload,
    radiograph,
    refuse_all,
    stored_values,
    zip_of,
)
from .steps import bare_film, choose, item, items, layer, open_viewer, shot_of

pytestmark = pytest.mark.e2e

Film = NDArray[np.float64]
_LACKS = "words => !document.documentElement.outerHTML.includes(words)"


@pytest.fixture
def pane(page: Page) -> Locator:
    """The film open in the viewer, read by nobody."""
    refuse_all(page)
    choose(page, payload("film.dcm", radiograph()))
    return open_viewer(page)


def _seen(page: Page, pane: Locator) -> Film:
    """The film's inner part on the screen, without letters and figures at its edges."""
    return _inner(shot_of(page, pane, ROWS, COLUMNS).mean(axis=2))


def _inner(film: Film) -> Film:
    return film[ROWS // 8 : 7 * ROWS // 8, COLUMNS // 8 : 7 * COLUMNS // 8]


def _windowed(centre: float, width: float) -> Film:
    """What PS3.3 C.11.2.1.2.1 makes of the stored values, inverted last, in [0, 255]."""
    shown = np.clip((stored_values() - (centre - 0.5)) / (width - 1) + 0.5, 0, 1)
    return _inner(255 * (1 - shown))


def _letters(page: Page) -> str:
    """The letters of the edges, clockwise from the top."""
    edges = ("top", "right", "bottom", "left")
    return "".join(page.locator(f"[data-edge={edge}]").inner_html() for edge in edges)


def _middle(pane: Locator) -> tuple[float, float]:
    box = pane.bounding_box()
    assert box is not None
    return round(box["x"] + box["width"] / 2), round(box["y"] + box["height"] / 2)


def _scale(pane: Locator) -> float:
    box = pane.bounding_box()
    assert box is not None
    return min(box["width"] / COLUMNS, box["height"] / ROWS)


def _readout(page: Page) -> Locator:
    return page.locator("[data-readout]")


def _drag(page: Page, start: tuple[float, float], *ends: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    for end in ends:
        page.mouse.move(*end, steps=4)
    page.mouse.up()


def test_the_files_windows_are_presets_by_name_and_by_key(page: Page, pane: Locator) -> None:
    choice = page.get_by_role("combobox", name="Window of the file")
    names = [*(f"{name} ({key})" for key, name in enumerate(WINDOWS, 2)), "Full range (9)"]
    assert choice.get_by_role("option").all_inner_texts() == names
    page.get_by_role("region", name="Viewer", exact=True).focus()
    for key, (centre, width) in enumerate(WINDOWS.values(), 2):
        page.keyboard.press(str(key))
        expect(_readout(page)).to_contain_text(f"W {width} · L {centre}")
        # Within a grey level or two: the screen has other pixels than the film.
        assert np.abs(_seen(page, pane) - _windowed(centre, width)).mean() < 1.5
    page.keyboard.press("9")
    low, high = int(stored_values().min()), int(stored_values().max())
    expect(_readout(page)).to_contain_text(f"W {high - low} · L ")
    full = _inner(255 * (1 - (stored_values() - low) / (high - low)))
    assert np.abs(_seen(page, pane) - full).mean() < 1.5
    choice.select_option("SOFT (3)")
    expect(_readout(page)).to_contain_text("W 20001 · L 20000")


def test_a_dragged_window_is_what_arithmetic_makes_of_it(page: Page, pane: Locator) -> None:
    x, y = _middle(pane)
    _drag(page, (x, y), (x - 250, y - 50))
    # 250 of 500 pixels to the left: narrower by half of 65,536; up by 50: brighter by a tenth of
    # it, which in MONOCHROME1 is a centre that rises.
    centre, width = 32768 + 6553.6, 32768
    expect(_readout(page)).to_contain_text(f"W {width} · L {round(centre)}")
    assert np.abs(_seen(page, pane) - _windowed(centre, width)).mean() < 1.5
    # The value under the pointer is the file's own, of sixteen bits.
    row = int(ROWS / 2 - 50 / _scale(pane))
    column = int(COLUMNS / 2 - 250 / _scale(pane))
    near = stored_values()[row - 2 : row + 3, column - 2 : column + 3]
    value = int(re.sub(r"\D", "", page.locator("[data-value]").inner_text()))
    assert near.min() <= value <= near.max()


def test_letters_turn_and_flip_with_the_film(page: Page, pane: Locator) -> None:
    assert _letters(page) == "HLFR"
    upright = _seen(page, pane)
    viewer = page.get_by_role("region", name="Viewer", exact=True)
    viewer.press("r")
    expect(page.locator("[data-edge=top]")).to_have_text("R")
    assert _letters(page) == "RHLF"
    assert np.abs(_seen(page, pane) - np.rot90(upright, -1)).mean() < 1.5
    viewer.press("x")
    # In the mirror left and right of the screen change places.
    expect(page.locator("[data-edge=right]")).to_have_text("F")
    assert _letters(page) == "RFLH"
    assert np.abs(_seen(page, pane) - np.fliplr(np.rot90(upright, -1))).mean() < 1.5
    viewer.press("0")
    expect(page.locator("[data-edge=top]")).to_have_text("H")
    assert _letters(page) == "HLFR"


def test_a_film_is_shown_as_its_header_has_it_with_its_overlay(page: Page) -> None:
    displayed = stored_values()[:, 60:540]
    rows, columns = displayed.shape
    # Rows lead to the feet, columns to the left: transposed, which is a mirror and a turn.
    stored = stored_for(displayed, "F", "L")
    to_file = {"rows": columns, "columns": rows, "matrix": [[0, 1, 0], [1, 0, 0]],
               "mirrored": True, "turned_degrees": 270}  # fmt: skip
    area = [[100, 350], [180, 350], [180, 410], [100, 410]]
    evidence = READING_WITH_EVIDENCE["evidence"]
    finding = evidence["findings"][0] | {"contours": [{"level": 0.5, "polygons": [area]}]}
    image = READING["image"] | {"rows": rows, "columns": columns, "to_file": to_file}
    answer = READING | {
        "image": image,
        "evidence": evidence | {"rows": rows, "columns": columns, "findings": [finding]},
    }
    page.route("**/predict*", lambda route: route.fulfill(json=answer))
    film = radiograph(stored, PatientOrientation=["F", "L"])
    choose(page, payload("film.dcm", film))
    pane = open_viewer(page)
    layer(page, "Contours").check()

    assert _letters(page) == "HLFR"
    expect(_readout(page)).not_to_contain_text("°")
    box, drawn = pane.bounding_box(), page.locator("[data-outline='level-0.5']").bounding_box()
    assert box is not None
    assert drawn is not None
    scale = min(box["width"] / columns, box["height"] / rows)
    left = box["x"] + (box["width"] - scale * columns) / 2
    top = box["y"] + (box["height"] - scale * rows) / 2
    assert abs(drawn["x"] + drawn["width"] / 2 - left - 140 * scale) < 2
    assert abs(drawn["y"] + drawn["height"] / 2 - top - 380 * scale) < 2
    bare_film(page)
    shown = np.clip((displayed - (32768 - 0.5)) / 65535 + 0.5, 0, 1)
    inner = (slice(rows // 8, 7 * rows // 8), slice(columns // 8, 7 * columns // 8))
    seen = shot_of(page, pane, rows, columns).mean(axis=2)
    assert np.abs(seen - 255 * (1 - shown))[inner].mean() < 1.5
    page.mouse.move(left + 140.5 * scale, top + 380.5 * scale)
    near = displayed[378:383, 138:143]
    value = int(re.sub(r"\D", "", page.locator("[data-value]").inner_text()))
    assert near.min() <= value <= near.max()


def test_a_length_and_an_angle_are_true_and_can_be_removed(page: Page, pane: Locator) -> None:
    x, y = _middle(pane)
    viewer = page.get_by_role("region", name="Viewer", exact=True)
    viewer.press("d")
    expect(page.locator("[data-tool=length]")).to_have_count(1)
    scale = _scale(pane)
    _drag(page, (x - 100, y - 90), (x + 20, y - 60), (x + 100, y - 90))
    measured = page.get_by_role("list", name="Measurements").get_by_role("listitem")
    # 200 pixels of the screen, of the film's size on it, 0.2 mm a pixel of the film.
    length_mm = 200 / scale * SPACING_MM
    near = "|".join(f"{length_mm + tenths / 10:.1f}" for tenths in (-1, 0, 1))
    expect(measured).to_have_text(re.compile(rf"^Length ({near}) mm at the detector$"))
    assert _scale(pane) == scale
    expect(page.locator("svg.svg-layer text").first).to_contain_text("at the detector")

    viewer.press("a")
    expect(page.locator("[data-tool=angle]")).to_have_count(1)
    # An arm to the left, then one up and to the right, of 135 degrees with it.
    _drag(page, (x - 100, y + 90), (x - 50, y + 92), (x, y + 90))
    page.mouse.move(x + 40, y + 50, steps=3)
    page.mouse.click(x + 60, y + 30)
    expect(measured.nth(1)).to_have_text(re.compile(r"^Angle 13[45]\.\d°$"))

    viewer.press("Delete")
    expect(measured).to_have_count(1)
    page.get_by_role("button", name=re.compile("^Remove length")).press("Enter")
    expect(measured).to_have_count(0)
    expect(page.locator("svg.svg-layer text")).to_have_count(0)


def test_the_header_hides_who_was_examined_until_asked(page: Page, pane: Locator) -> None:
    assert pane is not None
    page.get_by_role("button", name="Header", exact=True).click()
    panel = page.get_by_role("dialog", name="DICOM header")
    expect(panel.get_by_text("0.2 mm, at the detector")).to_be_visible()
    expect(panel.get_by_text("3 years")).to_be_visible()
    expect(panel.get_by_role("row", name=re.compile("Patient's Name PN hidden"))).to_be_visible()
    for identity in (NAME, PATIENT_ID, STUDY_DATE, "2024-02-29"):
        assert identity not in page.content()
    panel.get_by_role("searchbox", name="Search the header").fill("patient's na")
    expect(panel.get_by_role("row")).to_have_count(2)
    panel.get_by_role("button", name="Show patient attributes").click()
    expect(panel.get_by_role("row", name=re.compile(re.escape(NAME)))).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    # A closed dialog is no longer one to assistive technology a moment before it is taken away.
    page.wait_for_function(_LACKS, arg=NAME)
    page.get_by_role("button", name="Header", exact=True).click()
    expect(panel.get_by_role("button", name="Show patient attributes")).to_be_visible()
    assert NAME not in page.content()


def test_a_film_is_downloaded_without_identity(page: Page, pane: Locator) -> None:
    assert pane is not None
    page.get_by_role("button", name="Header", exact=True).click()
    panel = page.get_by_role("dialog", name="DICOM header")
    with page.expect_download() as download:
        panel.get_by_role("button", name="Download de-identified").click()
    content = download.value.path().read_bytes()
    assert NAME.encode() not in content
    assert PATIENT_ID.encode() not in content
    assert pydicom.dcmread(io.BytesIO(content)).PatientIdentityRemoved == "YES"
    expect(panel.get_by_text(re.compile("^Saved without identity"))).to_be_visible()


_IN_ORDER = ["pa-1", "ll-1", "report", "pa-2", "ll-2", "pa-3", "ll-3"]


def _expect_the_disc(page: Page) -> None:
    expect(items(page)).to_have_count(len(_IN_ORDER))
    names = [text.split(".dcm")[0] for text in items(page).all_inner_texts()]
    assert [name.strip() for name in names] == _IN_ORDER
    headings = page.get_by_role("region", name="Readings of this session").get_by_role("heading")
    expect(headings.filter(has_text="Study")).to_have_text(["Study 1", "Study 2", "Study 3"])
    left_out = page.get_by_role("status", name="Left out")
    expect(left_out).to_contain_text("DICOMDIR")
    expect(left_out).to_contain_text("One file that is no picture was left out.")
    expect(item(page, "report.dcm")).to_contain_text("Not read: a report")
    expect(item(page, "ll-3.dcm")).to_contain_text("Lateral · Not suitable")


def test_a_zip_is_read_a_study_at_a_time(page: Page) -> None:
    refuse_all(page)
    choose(page, payload("disc.zip", zip_of(disc())))
    _expect_the_disc(page)
    open_viewer(page)
    viewer = page.get_by_role("region", name="Viewer", exact=True)
    # The report between them is no film to look at.
    for name in ("ll-1", "pa-2"):
        viewer.press("n")
        expect(page.get_by_role("img", name=f"Radiograph {name}.dcm")).to_be_visible()
    viewer.press("PageUp")
    expect(item(page, "ll-1.dcm")).to_have_attribute("aria-current", "true")

    assert "2024-02-29" not in page.content()
    page.get_by_role("button", name="Show dates").click()
    expect(page.get_by_text("Study 1 · 2024-02-29")).to_be_visible()


def test_a_folder_is_read_like_a_disc(page: Page, tmp_path: Path) -> None:
    refuse_all(page)
    for path, content in disc().items():
        file = tmp_path / "disc" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a folder").click()
    chooser.value.set_files(tmp_path / "disc")
    expect(items(page)).to_have_count(len(_IN_ORDER))
    expect(item(page, "report.dcm")).to_contain_text("Not read: a report")


def test_many_files_tell_how_far_they_are_and_can_be_stopped(open_page: OpenPage) -> None:
    page = open_page()
    # The first answer comes, the others never do.
    answered: list[int] = []

    def answer_once(route: Route) -> None:
        if not answered:
            answered.append(1)
            route.fulfill(status=422, json={"type": "/problems/x", "status": 422})

    page.route("**/predict*", answer_once)
    choose(page, payload("disc.zip", zip_of(disc())))
    # The report, which is not sent, and one image that was refused.
    expect(page.get_by_text("2 of 7 read")).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text(" of 7 read")).to_have_count(0)
    expect(items(page).filter(has_text="Cancelled")).to_have_count(5)


def _matrix() -> dict[str, bytes]:
    """A film in every syntax, and in the ways that viewers get wrong, by name."""
    deep = np.ascontiguousarray((stored_values() >> 4)[::2, ::2])
    shallow = (deep >> 4).astype(np.uint8)
    files = {}
    for name, syntax in SYNTAXES.items():
        bits = min(12, syntax.most_bits)
        words = shallow if bits == 8 else deep
        files[name] = write(
            words, syntax, bits_stored=bits, PhotometricInterpretation="MONOCHROME1"
        )
    plain, big = SYNTAXES["explicit little endian"], SYNTAXES["explicit big endian"]
    overlay = deep | np.uint16(0xA000)
    files["overlay bits"] = write(overlay, plain, bits_stored=12)
    files["overlay bits, RLE"] = write(overlay, SYNTAXES["RLE"], bits_stored=12)
    signed = ((deep.astype(np.int16) - 2048) & 0xFFF).astype(np.uint16)
    files["signed"] = write(signed, plain, bits_stored=12, PixelRepresentation=1)
    files["signed, big endian"] = write(signed, big, bits_stored=12, PixelRepresentation=1)
    files["rescale"] = write(
        deep, plain, bits_stored=12, RescaleSlope="0.5", RescaleIntercept="-100",
        WindowCenter="900", WindowWidth="900", VOILUTFunction="SIGMOID",
    )  # fmt: skip
    curve = np.round(4095 * np.linspace(0, 1, 2048) ** 2).astype(np.uint16)
    files["VOI LUT"] = write(deep, plain, bits_stored=12, VOILUTSequence=[lut_item(900, curve, 12)])
    files["windows of other depths"] = write(
        deep, plain, bits_stored=12, WindowCenter=[128, 1800], WindowWidth=[256, 3000]
    )
    files["window of another depth"] = write(
        deep, plain, bits_stored=12, WindowCenter="128", WindowWidth="256"
    )
    files["window of a bit more"] = write(
        deep, plain, bits_stored=12, WindowCenter="4096", WindowWidth="8192"
    )
    files["window of a bit less"] = write(
        deep, plain, bits_stored=12, WindowCenter="1024", WindowWidth="2048"
    )
    files["window before the rescale"] = write(
        deep, plain, bits_stored=12, RescaleSlope="1", RescaleIntercept="-1024",
        WindowCenter="2048", WindowWidth="4096",
    )  # fmt: skip
    files["LUT of another depth"] = write(
        deep, plain, bits_stored=12, VOILUTSequence=[lut_item(0, np.arange(256), 8)],
        WindowCenter="1800", WindowWidth="3000",
    )  # fmt: skip
    files["modality LUT of another depth"] = write(
        deep, plain, bits_stored=12, ModalityLUTSequence=[lut_item(0, np.arange(256), 8)]
    )
    for name, (rows, value) in {
        "label": (15, 65535), "collimator": (120, 65535), "black border": (15, 0)
    }.items():  # fmt: skip
        bordered = deep + np.uint16(20_000)
        bordered[:rows] = value
        files[name] = write(bordered, plain, bits_stored=16)
    marked = deep.copy()
    marked[:6, :6] = 65535
    files["marker"] = write(marked, plain, bits_stored=16)
    files["shape inverse"] = write(deep, plain, bits_stored=12, PresentationLUTShape="INVERSE")
    padded = deep.copy()
    padded[:30] = 4095
    files["padding"] = write(padded, plain, bits_stored=12, PixelPaddingValue=4095)
    colour = np.stack([shallow, shallow // 2, shallow // 3], axis=-1)
    files["colour"] = write(colour, plain, bits_stored=8)
    return files


def test_the_page_shows_what_the_service_reads(page: Page) -> None:
    files = _matrix()
    refuse_all(page)
    choose(page, [payload(f"{name}.dcm", content) for name, content in files.items()])
    viewer = page.get_by_role("region", name="Viewer", exact=True)
    worst = {}
    for name, content in files.items():
        expect(page.get_by_role("img", name=f"Radiograph {name}.dcm")).to_be_visible()
        pane = open_viewer(page)
        read = decode(content).pixels
        shown = shot_of(page, pane, *read.shape).mean(axis=2)
        inner = (slice(40, 260), slice(40, 260))
        worst[name] = float(np.abs(shown - 255 * read)[inner].mean())
        viewer.press("n")
    assert {name: error for name, error in worst.items() if error > 1} == {}
