"""The judgement of pictures: by hand-made anatomies, and with the shipped bundle on drawings."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from hilum.imaging import View, decode
from hilum.imaging.phantom import draw_phantom
from hilum.models import Screener
from hilum.models.anatomy import AnatomyCard, AnatomyReader
from hilum.models.anatomy.picture import READ_KINDS, PictureKind
from hilum.models.anatomy.ratio import RatioCaveat, ratio_validity
from hilum.models.bundle import load_bundle, load_bundle_of
from hilum.models.suitability import ReasonCode, judge, match_populations
from hilum.models.suitability_words import population_words, reason_words
from hilum.models.task import IntendedPatients
from hilum.populations import Population
from hilum.words.catalogue import load_catalogue
from tests.models.anatomy.pictures import picture_like
from tests.shipped import SHIPPED

WORDS = load_catalogue()
CHILDLIKE = picture_like(Population.CHILDREN)
STRANGE = picture_like(Population.ADULTS, is_known=False)


@pytest.fixture
def radiograph(files):
    return decode(files["png"])


def anatomy(*, field=True, like=CHILDLIKE):
    return SimpleNamespace(lung_field=object() if field else None, picture=like, measures=object())


def match_main(film, seen, card):
    return match_populations(film, seen, card)[card.main]


def codes(suitability):
    return [reason.code for reason in suitability.reasons]


def test_a_chest_is_suitable(radiograph):
    assert judge(radiograph, anatomy()).is_suitable


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({"like": STRANGE}, [ReasonCode.UNLIKE_TRAINING]),
        ({"field": False}, [ReasonCode.NOT_A_CHEST]),
        ({"field": False, "like": STRANGE}, [ReasonCode.UNLIKE_TRAINING, ReasonCode.NOT_A_CHEST]),
    ],
)
def test_each_fault_has_its_reason(radiograph, seen, expected):
    found = judge(radiograph, anatomy(**seen))

    assert codes(found) == expected
    assert not found.is_suitable
    assert all(reason_words(each, WORDS).endswith(".") for each in found.reasons)


@pytest.mark.parametrize("kind", sorted(set(PictureKind) - set(READ_KINDS)))
def test_a_refusal_says_what_the_picture_looks_like(radiograph, kind):
    seen = anatomy(like=picture_like(Population.ADULTS, is_known=False, kind=kind))
    (reason,) = judge(radiograph, seen).reasons

    is_lateral = kind is PictureKind.LATERAL_CHEST
    assert reason.code is (ReasonCode.LATERAL if is_lateral else ReasonCode.UNLIKE_TRAINING)
    entry = "unlike_training" if kind is PictureKind.OTHER else f"shows_{kind.value}"
    assert reason_words(reason, WORDS) == WORDS.say(f"reason.{entry}")


@pytest.mark.parametrize("population", [None, Population.DRAWN])
def test_a_film_that_tells_no_age_is_of_an_unknown_population(radiograph, population):
    card = load_bundle(SHIPPED).card
    film = replace(radiograph, patient_age_years=None)

    assert match_main(film, anatomy(like=picture_like(population)), card).is_intended is None


@pytest.mark.parametrize(
    ("turns", "code"),
    [(1, ReasonCode.SIDEWAYS), (2, ReasonCode.UPSIDE_DOWN), (3, ReasonCode.SIDEWAYS)],
)
def test_a_turned_chest_is_called_turned_and_not_strange(radiograph, turns, code):
    found = judge(radiograph, anatomy(like=STRANGE, field=False), quarter_turns=turns)

    assert codes(found) == [code]


def test_a_lateral_film_is_told_by_its_header(radiograph):
    lateral = replace(radiograph, view=View.LATERAL)

    assert codes(judge(lateral, anatomy())) == [ReasonCode.LATERAL]


def test_colour_alone_is_no_reason_but_adds_to_one(radiograph):
    colour = replace(radiograph, was_colour=True)

    assert judge(colour, anatomy()).is_suitable
    assert codes(judge(colour, anatomy(like=STRANGE))) == [
        ReasonCode.UNLIKE_TRAINING,
        ReasonCode.COLOUR,
    ]


@pytest.mark.weights
@pytest.mark.parametrize(
    ("years", "like", "intended"),
    [
        (1.0, STRANGE, True),
        (5.9, STRANGE, True),
        (3 / 365, CHILDLIKE, False),
        (0.9, CHILDLIKE, False),
        (6.0, CHILDLIKE, False),
        (17.0, CHILDLIKE, False),
        (54.0, CHILDLIKE, False),
        (None, CHILDLIKE, True),
        (None, picture_like(Population.ADULTS), False),
        (None, STRANGE, None),
        (None, picture_like(Population.DRAWN), None),
    ],
)
def test_the_header_tells_whose_film_it_is_before_the_picture(radiograph, years, like, intended):
    match = match_main(
        replace(radiograph, patient_age_years=years), anatomy(like=like), load_bundle(SHIPPED).card
    )

    assert match.is_intended is intended
    assert ("Children of 1 to 5 years" in population_words(match, WORDS)) == (intended is not True)


@pytest.mark.weights
@pytest.mark.parametrize(
    ("age", "born", "like"),
    [("004Y", "19500101", Population.ADULTS), ("034Y", "20180101", Population.CHILDREN)],
)
def test_the_picture_decides_where_age_and_birth_date_contradict_each_other(
    make_dicom, age, born, like
):
    pixels = np.tile(np.arange(64, dtype=np.uint8), (64, 1))
    dates = {"PatientBirthDate": born, "StudyDate": "20210304"}
    film = decode(make_dicom(pixels, PatientAge=age, ViewPosition="PA", **dates))
    seen = anatomy(like=picture_like(like))
    seen.notes = ()
    is_child = like is Population.CHILDREN

    match = match_main(film, seen, load_bundle(SHIPPED).card)
    assert (match.is_intended, match.age_years) == (is_child, None)
    caveats = ratio_validity(film, seen).caveats
    assert (RatioCaveat.LOOKS_LIKE_CHILD in caveats) is is_child
    assert RatioCaveat.CHILD not in caveats


@pytest.mark.weights
@pytest.mark.parametrize(
    ("years", "words"),
    [(0.01, "less than 2 months"), (0.5, "6 months"), (1.99, "23 months"), (17.5, "17 years")],
)
def test_an_age_is_told_as_people_tell_it(radiograph, years, words):
    film = replace(radiograph, patient_age_years=years)
    match = match_main(film, anatomy(like=STRANGE), load_bundle(SHIPPED).card)

    assert f"the header states an age of {words}" in population_words(match, WORDS)


@pytest.mark.weights
def test_a_card_of_before_there_were_ages_tells_adults_from_children(radiograph):
    card = load_bundle(SHIPPED).card
    intended = IntendedPatients(population=Population.CHILDREN)
    task = card.main_task.model_copy(update={"intended": intended})
    card = card.model_copy(update={"tasks": (task,)})
    for years, is_intended in ((0.5, True), (17.0, True), (18.0, False)):
        film = replace(radiograph, patient_age_years=years)
        assert match_main(film, anatomy(like=STRANGE), card).is_intended is is_intended


@pytest.mark.parametrize("near", [True, False])
@pytest.mark.parametrize("measured", [True, False])
@pytest.mark.parametrize("flat", [True, False])
def test_a_likeness_that_no_outline_bears_out_is_believed_only_of_a_near_film(
    radiograph, near, measured, flat
):
    inside = np.ones((64, 64), dtype=bool)
    seen = SimpleNamespace(
        lung_field=object(),
        picture=picture_like(Population.CHILDREN, is_near=near),
        measures=object() if measured else None,
        organs=SimpleNamespace(masks={"right_lung": inside}),
        notes=(),
    )
    grey = replace(radiograph, pixels=np.full_like(radiograph.pixels, 0.5)) if flat else radiograph

    is_refused = codes(judge(grey, seen)) == [ReasonCode.UNLIKE_TRAINING]
    assert is_refused == (not measured and (flat or not near))


@pytest.fixture(scope="module")
def screener():
    return Screener(AnatomyReader(load_bundle_of(AnatomyCard, SHIPPED.parent / "anatomy")))


def film(radiograph, pixels):
    rows, columns = pixels.shape
    return replace(radiograph, pixels=np.ascontiguousarray(pixels), rows=rows, columns=columns)


@pytest.mark.weights
@pytest.mark.parametrize("opacity", [None, "right_lower", "left_upper"])
def test_a_phantom_is_known_as_one(screener, radiograph, opacity):
    seen = screener.screen(film(radiograph, draw_phantom(700, 800, seed=70, opacity=opacity)))

    assert seen.suitability.is_suitable
    assert [note.code for note in seen.suitability.notes] == [ReasonCode.DRAWN]


@pytest.mark.weights
@pytest.mark.parametrize(
    ("turns", "code"),
    [(1, ReasonCode.SIDEWAYS), (2, ReasonCode.UPSIDE_DOWN), (3, ReasonCode.SIDEWAYS)],
)
def test_a_turned_film_is_refused(screener, radiograph, turns, code):
    turned = np.rot90(draw_phantom(700, 800, seed=71), turns)

    assert codes(screener.screen(film(radiograph, turned)).suitability) == [code]


@pytest.mark.weights
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_film_is_turned_upright_on_request(screener, radiograph, turns):
    for seed in range(50, 58):
        pixels = draw_phantom(500, 600, seed=seed)
        turned = film(radiograph, np.rot90(pixels, turns))

        seen = screener.screen(turned, may_turn=True)

        assert seen.suitability.is_suitable, seed
        np.testing.assert_array_equal(seen.radiograph.pixels, pixels)


@pytest.mark.weights
def test_an_inverted_film_is_mended_and_said(screener, radiograph):
    pixels = draw_phantom(700, 800, seed=72)

    seen = screener.screen(film(radiograph, 1 - pixels))

    assert seen.suitability.is_suitable
    assert ReasonCode.INVERTED in [note.code for note in seen.suitability.notes]
    np.testing.assert_allclose(seen.radiograph.pixels, pixels, atol=1e-6)


def _page(rng):
    page = np.full((600, 450), 0.95, dtype=np.float32)
    for row in range(40, 560, 18):
        for column in range(40, 400, 9):
            if rng.random() < 0.8:
                page[row : row + 9, column : column + int(rng.integers(2, 8))] = 0.1
    return page


def _sky(rng):
    rows = np.linspace(0.9, 0.4, 500, dtype=np.float32)[:, None]
    return np.clip(rows + 0.03 * rng.standard_normal((500, 700), dtype=np.float32), 0, 1)


def _noise(rng):
    return rng.random((400, 500), dtype=np.float32)


@pytest.mark.weights
@pytest.mark.parametrize("draw", [_page, _sky, _noise])
def test_what_is_no_chest_is_refused_with_reasons(screener, radiograph, draw):
    found = screener.screen(film(radiograph, draw(np.random.default_rng(1)))).suitability

    assert not found.is_suitable
    expected = {ReasonCode.UNLIKE_TRAINING, ReasonCode.NOT_A_CHEST}
    assert expected & {reason.code for reason in found.reasons}
