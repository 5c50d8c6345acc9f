"""Headers that say other than the picture shows, by hand-made anatomies."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from hilum.imaging import View, decode
from hilum.imaging.header import Header, Laterality
from hilum.models.header_check import Disagreement, disagreements
from hilum.models.suitability import ReasonCode, judge
from hilum.models.suitability_words import reason_words
from hilum.populations import Population
from hilum.words.catalogue import load_catalogue
from tests.models.anatomy.pictures import picture_like


@pytest.fixture
def radiograph(files):
    return decode(files["png"])


def anatomy(population=Population.CHILDREN, *, is_known=True, has_field=True):
    field = object() if has_field else None
    return SimpleNamespace(
        lung_field=field,
        picture=picture_like(population, is_known=is_known),
        measures=object(),
    )


def told(radiograph, seen, *, was_inverted=False, years=None, **header):
    film = replace(radiograph, header=Header(**header), patient_age_years=years)
    return disagreements(film, seen, was_inverted=was_inverted)


@pytest.mark.parametrize(
    ("years", "population", "count"),
    [
        (3.0, Population.CHILDREN, 0),
        (3.0, Population.ADULTS, 1),
        # In between films look like either.
        (12.0, Population.ADULTS, 0),
        (12.0, Population.CHILDREN, 0),
        (40.0, Population.ADULTS, 0),
        (40.0, Population.CHILDREN, 1),
        (None, Population.ADULTS, 0),
    ],
)
def test_age_is_held_against_the_films_looks(radiograph, years, population, count):
    assert len(told(radiograph, anatomy(population), years=years)) == count


def test_one_side_is_held_against_two_lungs(radiograph):
    assert told(radiograph, anatomy(), laterality=Laterality.LEFT)
    assert not told(radiograph, anatomy(), laterality=Laterality.BOTH)
    assert not told(radiograph, anatomy(), laterality=None)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ({"modality": "CT"}, Disagreement.MODALITY),
        ({"modality": "MR"}, Disagreement.MODALITY),
        ({"body_part": "RIBCAGE"}, Disagreement.BODY_PART),
        ({"body_part": "HIP"}, Disagreement.BODY_PART),
        ({"modality": "DX", "body_part": "CHEST"}, None),
        ({}, None),
    ],
)
def test_modality_and_body_part_are_held_against_a_chest(radiograph, header, said):
    found = told(radiograph, anatomy(), **header)
    assert found == ([said] if said else [])


def test_dark_bone_is_told_of_headers_alone(radiograph):
    assert told(radiograph, anatomy(), was_inverted=True)
    assert disagreements(radiograph, anatomy(), was_inverted=True) == []


@pytest.mark.parametrize("seen", [{"is_known": False}, {"has_field": False}])
def test_nothing_is_compared_with_what_shows_no_chest(radiograph, seen):
    found = anatomy(Population.ADULTS, **seen)
    assert told(radiograph, found, years=3.0) == []


def test_a_disagreement_is_a_note_and_keeps_nothing_from_being_read(radiograph):
    film = replace(radiograph, header=Header(laterality=Laterality.RIGHT))
    found = judge(film, anatomy())
    assert found.is_suitable
    assert [note.code for note in found.notes] == [ReasonCode.HEADER]


def test_a_lateral_by_its_header_that_looks_frontal_is_refused_with_what_to_do(radiograph):
    film = replace(radiograph, view=View.LATERAL)
    (reason,) = judge(film, anatomy()).reasons
    assert "picture looks frontal" in reason_words(reason, load_catalogue())
    (reason,) = judge(film, anatomy(is_known=False)).reasons
    assert "looks frontal" not in reason_words(reason, load_catalogue())
