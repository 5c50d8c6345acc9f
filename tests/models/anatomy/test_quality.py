"""Only masks that lie as lungs and a heart do are believed."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from hilum.models.anatomy.masks import OrganMasks
from hilum.models.anatomy.quality import (
    QualityCode,
    QualityNote,
    bounds_lungs,
    credibility,
    frame_notes,
)
from hilum.words.catalogue import load_catalogue
from tests.models.anatomy.conftest import SIDE, ellipse

Make = Callable[..., OrganMasks]
EMPTY = np.zeros((SIDE, SIDE), dtype=bool)


def _codes(organs: OrganMasks) -> set[QualityCode]:
    return {note.code for note in credibility(organs)}


def test_a_chest_is_believed(make_organs: Make) -> None:
    assert credibility(make_organs()) == []


def test_a_narrow_left_lung_is_believed(make_organs: Make) -> None:
    crescent = ellipse(362, 240, 70.5, 150.5) & ~ellipse(310, 260, 60.5, 110.5)

    assert credibility(make_organs(left_lung=crescent)) == []


@pytest.mark.parametrize(
    ("replaced", "code"),
    [
        ({"right_lung": EMPTY, "left_lung": EMPTY}, QualityCode.NO_LUNGS),
        ({"left_lung": EMPTY}, QualityCode.ONE_LUNG),
        ({"heart": EMPTY}, QualityCode.NO_HEART),
        ({"heart": ellipse(470, 320, 30, 30)}, QualityCode.NO_HEART),
        ({"heart": ellipse(256, 500, 60, 10)}, QualityCode.NO_HEART),
        ({"left_lung": ellipse(362, 440, 70, 60)}, QualityCode.NO_LUNGS),
        ({"left_lung": ellipse(362, 240, 28, 60)}, QualityCode.NO_LUNGS),
    ],
    ids=["none", "one", "no heart", "heart outside", "heart below", "heights", "sizes"],
)
def test_what_is_no_chest_is_told(make_organs: Make, replaced: dict, code: QualityCode) -> None:
    assert code in _codes(make_organs(**replaced))


def test_lungs_on_the_wrong_sides_are_not_believed(make_organs: Make) -> None:
    upright = make_organs()
    right, left = list(upright.masks.values())[:2]

    assert QualityCode.NO_LUNGS in _codes(make_organs(right_lung=left, left_lung=right))


def test_an_unsure_network_is_not_believed(make_organs: Make) -> None:
    assert QualityCode.UNSURE_OUTLINE in _codes(make_organs(certainty=0.7))


def test_a_frayed_outline_is_not_believed(make_organs: Make) -> None:
    rows = np.arange(SIDE)[:, None]
    frayed = ellipse(150, 240, 70.5, 150.5) & (rows % 40 < 18) | ellipse(150, 240, 4, 150)

    assert QualityCode.UNSURE_OUTLINE in _codes(make_organs(right_lung=frayed))


# Both lungs together reach from column 80 to column 432.
@pytest.mark.parametrize(
    ("centre", "half_width", "is_at_wall"),
    [
        (265, 145, False),  # 0.11 of the chest's width to the right edge, 0.06 to the left
        (265, 155, True),  # 0.09 to the right edge
        (345, 78, False),  # 0.03 to the left edge, where the apex lies
        (345, 85, True),  # 0.01
        (170, 78, False),  # 0.03 to the right edge in a mirrored film
        (170, 88, True),  # 0.01
    ],
)
def test_a_heart_at_the_edge_of_the_chest_is_not_believed(
    make_organs: Make, centre: int, half_width: int, is_at_wall: bool
) -> None:
    organs = make_organs(heart=ellipse(centre, 320, half_width + 0.5, 70.5))

    doubts = credibility(organs)

    assert [doubt.code for doubt in doubts] == [QualityCode.HEART_AT_WALL] * is_at_wall
    assert bounds_lungs(organs, doubts)


@pytest.mark.parametrize(
    ("asymmetry", "is_unequal"), [(-0.28, True), (-0.26, False), (0.42, False), (0.44, True)]
)
def test_a_much_smaller_lung_is_told(make_organs: Make, asymmetry: float, is_unequal: bool) -> None:
    notes = frame_notes(make_organs(), asymmetry=asymmetry, tilt_degrees=0, heart_offset=0.1)

    assert [note.code for note in notes] == [QualityCode.UNEQUAL_LUNGS] * is_unequal


@pytest.mark.parametrize(
    ("replaced", "code"),
    [
        ({"right_lung": ellipse(150, 60, 70, 150)}, QualityCode.APICES_CUT),
        ({"left_lung": ellipse(362, 450, 70, 150)}, QualityCode.BASES_CUT),
        ({"right_lung": ellipse(30, 240, 70, 150)}, QualityCode.SIDE_CUT),
    ],
)
def test_what_the_frame_cuts_off_is_told(
    make_organs: Make, replaced: dict, code: QualityCode
) -> None:
    notes = frame_notes(make_organs(**replaced), asymmetry=0, tilt_degrees=0, heart_offset=0.1)

    assert [note.code for note in notes] == [code]


def test_tilt_and_a_heart_on_the_other_side_are_told(make_organs: Make) -> None:
    organs = make_organs()

    assert frame_notes(organs, asymmetry=0, tilt_degrees=4, heart_offset=0.02) == []
    notes = frame_notes(organs, asymmetry=0, tilt_degrees=-14, heart_offset=-0.08)
    assert notes == [QualityNote(QualityCode.TILTED, degrees=14), QualityNote(QualityCode.MIRRORED)]


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        (QualityNote(QualityCode.TILTED, degrees=12), "The chest is tilted by 12 degrees."),
        (QualityNote(QualityCode.ROTATED), "lies on its side"),
        (QualityNote(QualityCode.ROTATED, "upside_down"), "is upside down"),
        (QualityNote(QualityCode.NO_LUNGS, "misplaced"), "not in the place of lungs"),
    ],
)
def test_a_note_says_what_was_seen(note: QualityNote, expected: str) -> None:
    assert expected in note.words(load_catalogue())


@pytest.mark.parametrize(
    ("unsure", "expected"),
    [
        (["right_lung"], "(one lung)"),
        (["left_lung"], "(one lung)"),
        (["right_lung", "left_lung"], "(both lungs)"),
        (["left_lung", "heart"], "(one lung and heart)"),
        (["heart"], "(heart)"),
    ],
)
def test_an_unsure_outline_is_named_without_a_side(
    make_organs: Make, unsure: list[str], expected: str
) -> None:
    organs = make_organs()
    certainty = {organ: 0.7 if organ.value in unsure else 0.95 for organ in organs.certainty}

    (note,) = credibility(replace(organs, certainty=certainty))

    assert expected in note.words(load_catalogue())
