"""Which films have certain sides, and which films are turned before they are read."""

import tracemalloc
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from hilum.errors import UnsuitableRadiographError
from hilum.imaging import Orientation, SideDoubt, decode
from hilum.imaging.header import Header
from hilum.imaging.phantom import draw_phantom
from hilum.models import Registry, RuntimeName, read_file
from hilum.models.anatomy.quality import QualityCode, QualityNote
from hilum.models.reading_models import ReadingModels
from hilum.models.sides import settle_sides
from hilum.models.suitability import ReasonCode
from tests.film_words import words_of

MIRRORED = QualityNote(QualityCode.MIRRORED)
DISAGREES, LOOKS = SideDoubt.HEADER_DISAGREES, SideDoubt.LOOKS_MIRRORED
ROWS, COLUMNS = 500, 640


@pytest.mark.parametrize(
    ("rows_lead_to", "notes", "turned", "expected"),
    [
        (None, (), 0, ()),
        (None, (MIRRORED,), 0, (LOOKS,)),
        # A turn keeps right and left, and no header speaks against it.
        (None, (), 180, ()),
        ("L", (), 0, ()),
        ("L", (MIRRORED,), 0, (DISAGREES,)),
        ("R", (), 0, ()),
        ("R", (MIRRORED,), 0, (DISAGREES,)),
        ("L", (), 180, (DISAGREES,)),
    ],
)
def test_header_and_picture_are_held_together(files, rows_lead_to, notes, turned, expected):
    header = Header(patient_orientation=(rows_lead_to, "F")) if rows_lead_to else None
    film = replace(decode(files["png"]), header=header, turned_degrees=turned)

    found = settle_sides(film, SimpleNamespace(notes=notes))

    assert found.side_doubts == expected
    assert found.are_sides_certain == (not expected)


def test_what_the_header_says_against_itself_stays(files):
    film = replace(
        decode(files["png"]),
        header=Header(patient_orientation=("LH", "FL")),
        side_doubts=(SideDoubt.OBLIQUE,),
    )
    found = settle_sides(film, SimpleNamespace(notes=(MIRRORED,)))
    assert found.side_doubts == (SideDoubt.OBLIQUE, LOOKS)


@pytest.fixture(scope="module")
def models(taught_dir) -> ReadingModels:
    registry = Registry(taught_dir, default="pneumonia", runtime=RuntimeName.OPENVINO)
    return ReadingModels.choose(registry)


@pytest.fixture(scope="module")
def grey():
    return np.uint8(255 * draw_phantom(ROWS, COLUMNS, seed=7, opacity="right_lower"))


@pytest.mark.weights
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_film_is_refused_or_turned_and_marked(models, encode, grey, degrees):
    # np.rot90 turns counter-clockwise: so far it has to be turned clockwise again.
    stored = np.ascontiguousarray(np.rot90(grey, degrees // 90))
    content = encode(stored, "PNG")
    with pytest.raises(UnsuitableRadiographError):
        read_file(content, models)

    film = read_file(content, models, may_turn=True).radiograph

    assert film.turned_degrees == degrees
    assert film.orientation == Orientation(quarter_turns=degrees // 90)
    assert (film.rows, film.columns) == (ROWS, COLUMNS)
    assert film.file_size == stored.shape
    assert np.abs(film.pixels - grey / 255).mean() < 1 / 255
    assert film.are_sides_certain
    assert any(f"turned by {degrees}°" in words for words in words_of(film))


@pytest.mark.weights
@pytest.mark.parametrize("degrees", [90, 180])
def test_a_film_that_is_turned_and_inverted_is_both_mended_and_told(models, encode, grey, degrees):
    content = encode(np.ascontiguousarray(np.rot90(255 - grey, degrees // 90)), "PNG")
    with pytest.raises(UnsuitableRadiographError) as caught:
        read_file(content, models)
    turned = "upside_down" if degrees == 180 else "sideways"
    assert [code for code, _ in caught.value.reasons] == [turned]

    found = read_file(content, models, may_turn=True)
    plain = read_file(encode(grey, "PNG"), models)
    assert found.radiograph.turned_degrees == degrees
    assert np.abs(found.radiograph.pixels - grey / 255).mean() < 1 / 255
    assert found.screening.suitability.notes[0].code is ReasonCode.INVERTED
    for one, other in zip(found.reading.findings, plain.reading.findings, strict=True):
        assert one.probability == pytest.approx(other.probability, abs=0.01)


@pytest.mark.weights
def test_a_film_that_was_turned_is_not_mirrored(models, encode, grey):
    # Upside down and mirrored, as a film put face down under the scanner, then turned.
    content = encode(np.ascontiguousarray(grey[::-1]), "PNG")

    film = read_file(content, models, may_turn=True).radiograph

    assert not film.orientation.is_mirrored
    assert np.abs(film.pixels - grey[:, ::-1] / 255).mean() < 1 / 255
    assert film.side_doubts == (LOOKS,)


@pytest.mark.weights
def test_an_upright_film_is_left_alone(models, encode, grey):
    film = read_file(encode(grey, "PNG"), models, may_turn=True).radiograph
    assert (film.orientation, film.turned_degrees) == (Orientation(), 0)


@pytest.mark.weights
def test_a_header_that_turns_an_upright_film_over_is_not_followed(models, make_dicom, grey):
    film = read_file(make_dicom(grey, PatientOrientation=["R", "H"]), models).radiograph

    assert film.orientation == Orientation()
    assert film.side_doubts == (DISAGREES,)
    assert not any("according to its header" in words for words in words_of(film))


@pytest.mark.weights
def test_a_turned_film_that_is_read_by_force_has_no_sides(models, encode, grey):
    content = encode(np.ascontiguousarray(grey[::-1, ::-1]), "PNG")
    film = read_file(content, models, is_forced=True).radiograph
    assert film.side_doubts == (SideDoubt.NOT_UPRIGHT,)


@pytest.mark.weights
def test_a_large_film_is_not_copied_for_each_way_to_turn_it(models, encode, grey):
    large = np.rot90(grey.repeat(4, axis=0).repeat(4, axis=1))
    film = decode(encode(np.ascontiguousarray(large), "PNG"))
    tracemalloc.start()
    try:
        found = models.screener.screen(film)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert not found.suitability.is_suitable
    assert found.radiograph.pixels is film.pixels
    assert peak < film.pixels.nbytes
