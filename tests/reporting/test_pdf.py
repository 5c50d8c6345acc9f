"""The page: one, readable, the same twice, with what the figures say where they say it."""

import io
from dataclasses import replace
from types import SimpleNamespace
from unittest.mock import MagicMock

import numpy as np
import pypdf
import pytest

from hilum.imaging.phantom import draw_phantom
from hilum.models.anatomy.quality import QualityCode
from hilum.models.suitability import ReasonCode
from hilum.reporting.errors import ReportError
from hilum.reporting.page_films import PlacedFilm
from hilum.reporting.pdf import write_pdf
from hilum.reporting.sentences import Sentence


def _read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def _text(content: bytes) -> str:
    """All words, whatever lines they were broken into."""
    page = _read(content).pages[0].extract_text()
    return " ".join(page.replace("\u00a0", " ").split())


WORST = {
    "forced": (ReasonCode.UNLIKE_TRAINING, ReasonCode.NOT_A_CHEST, ReasonCode.COLOUR),
    "notes": (ReasonCode.INVERTED, ReasonCode.DRAWN),
    "age_years": 60.0,
    "quality": (QualityCode.MIRRORED, QualityCode.TILTED, QualityCode.SIDE_CUT,
                QualityCode.APICES_CUT, QualityCode.BASES_CUT),
}  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"probability": 0.9},
        {"probability": 0.1},
        {"probability": 0.4},
        {"has_organs": False},
        {"has_evidence_layer": False},
        WORST,
    ],
)
def test_it_is_one_page_that_says_all_its_words(draw, changes):
    report = draw(**changes)
    content = write_pdf(report)

    assert len(_read(content).pages) == 1
    text, words = _text(content), report.words
    said = [words.headline, *words.cautions, *words.clinician, *words.patient, *words.limits]
    for sentence in said:
        assert " ".join(sentence.text.replace("\u00a0", " ").split()) in text
    assert words.notice in text
    assert report.facts.model.sha256 in text
    assert report.film.sha256 in text
    assert "drawn 1.2.3" in text.lower() or "pneumonia 1.2.3" in text


@pytest.mark.parametrize("shape", [(250, 1000), (556, 1000), (1000, 250)])
@pytest.mark.parametrize("changes", [{}, WORST])
def test_a_film_of_any_shape_that_is_read_fits_the_page(draw, encode, shape, changes):
    film = encode(np.uint8(255 * draw_phantom(*shape, seed=3)), "PNG")

    page = _read(write_pdf(draw(film, **changes))).pages[0]

    shapes = {image.image.size[::-1] for image in page.images}
    assert shapes == {shape}


def test_it_has_title_language_and_date_for_those_who_cannot_see_it(draw):
    document = _read(write_pdf(draw()))

    assert document.metadata is not None
    assert document.metadata.title == "Chest radiograph, read by a computer model"
    assert document.metadata.creation_date is not None
    assert document.metadata.creation_date.isoformat().startswith("2026-11-21T12:30:15")
    root = document.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_all_fonts_are_embedded(draw):
    fonts = _read(write_pdf(draw())).pages[0]["/Resources"]["/Font"]
    used = [font.get_object() for font in fonts.values()]
    for font in used:
        if "Atkinson" in font["/BaseFont"]:
            assert "/FontFile2" in font["/FontDescriptor"]
    assert any("Atkinson" in font["/BaseFont"] for font in used)


def test_the_same_report_gives_the_same_bytes(draw):
    assert write_pdf(draw()) == write_pdf(draw())


def test_evidence_is_drawn_where_it_lies(draw):
    from PIL import Image

    colours = {}
    for hot in ("left_lower", "right_lower"):
        images = _read(write_pdf(draw(hot=hot))).pages[0].images
        assert len(images) == 2
        # The one with colour in it: red and blue differ where evidence is painted.
        pictures = [image.image.convert("RGB") for image in images]
        painted = max(pictures, key=lambda picture: _colourfulness(picture).sum())
        columns = _colourfulness(painted).sum(axis=0)
        half = len(columns) // 2
        colours[hot] = (columns[:half].sum(), columns[half:].sum())
        assert isinstance(painted, Image.Image)
    # The patient's left is on the picture's right.
    assert colours["left_lower"][1] > 3 * colours["left_lower"][0]
    assert colours["right_lower"][0] > 3 * colours["right_lower"][1]


def _colourfulness(picture):
    pixels = np.asarray(picture, dtype=float)
    return np.abs(pixels[:, :, 0] - pixels[:, :, 2]) > 40


def test_it_holds_no_patient_unless_asked(dicom_report):
    assert "Josephine" not in _text(write_pdf(dicom_report))
    assert "Josephine" in _text(write_pdf(dicom_report, identity="Lindqvist, Josephine"))


def test_markup_in_a_name_is_text(dicom_report):
    text = _text(write_pdf(dicom_report, identity="<b>Lindqvist</b> & <img src=x>"))
    assert "<b>Lindqvist</b> & <img src=x>" in text


@pytest.mark.parametrize(("count", "pages"), [(2, 1), (30, 2)])
def test_findings_that_do_not_fit_are_on_a_second_page(dicom_report, count, pages):
    where = "The evidence lies in the right lower zone (62 %) and in the heart shadow (29 %)."
    others = tuple(
        Sentence("other.positive", f"Finding {each}: present, probability 71 %. {where}")
        for each in range(count)
    )
    report = replace(dicom_report, words=replace(dicom_report.words, others=others))

    read = _read(write_pdf(report, identity="Lindqvist, Josephine")).pages

    assert len(read) == pages
    first, last = (
        " ".join(page.extract_text().replace("\u00a0", " ").split()) for page in (read[0], read[-1])
    )
    assert ("See the next page." in first) == (pages == 2)
    for sentence in others:
        assert sentence.text in last
    # Pages may be parted: each says whose and which film it is of.
    for page in (first, last):
        assert report.words.notice in page
        assert "Lindqvist, Josephine" in page
        assert report.film.sha256 in page


def test_a_card_that_says_too_much_is_refused(draw):
    with pytest.raises(ReportError, match="does not fit its pages"):
        write_pdf(draw(limits=("Much to say, and then more of it. " * 40,) * 8))


@pytest.mark.parametrize(
    ("heart_row", "heights"),
    # Rows of a film are points of the page: at one height, a row apart, far apart.
    [(99.5, [97.75, 102.25]), (100.5, [97.25, 101.75]), (119.5, [80, 100])],
)
def test_the_two_diameters_are_drawn_apart(heart_row, heights):
    canvas = MagicMock()
    lines = {"heart": ((50, heart_row), (90, heart_row)), "thorax": ((10, 99.5), (150, 99.5))}
    task = SimpleNamespace(is_evidence_shown=False)
    facts = SimpleNamespace(main_task=task, ratio=SimpleNamespace(**lines))
    film = SimpleNamespace(rows=200, columns=200)
    PlacedFilm(0, 200, 200, 200).draw_marks(canvas, film, facts, SimpleNamespace(organs=()))
    level = {call.args[1] for call in canvas.line.call_args_list if call.args[1] == call.args[3]}
    assert sorted(level) == heights
