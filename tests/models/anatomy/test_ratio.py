"""Whether a ratio may be used, by header and picture."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from hilum.imaging import View, decode
from hilum.models.anatomy.quality import QualityCode, QualityNote
from hilum.models.anatomy.ratio import RatioCaveat, Unknown, ratio_validity
from hilum.models.screening import with_estimated_view
from hilum.populations import Population
from hilum.reporting.ratio_words import ratio_caveats
from hilum.words.catalogue import load_catalogue
from tests.models.anatomy.pictures import picture_like


def judged(files, *, view=View.UNKNOWN, is_ap=None, is_known=True, notes=()):
    film = replace(decode(files["png"]), view=view, patient_age_years=50.0)
    picture = picture_like(Population.ADULTS, is_known=is_known, is_ap=is_ap)
    anatomy = SimpleNamespace(picture=picture, notes=notes)
    film = with_estimated_view(film, anatomy)
    return film, ratio_validity(film, anatomy)


@pytest.mark.parametrize(
    ("view", "is_ap", "is_known", "estimated"),
    [
        (View.UNKNOWN, True, True, View.AP),
        (View.UNKNOWN, False, True, View.PA),
        (View.UNKNOWN, None, True, View.UNKNOWN),
        (View.UNKNOWN, True, False, View.UNKNOWN),
        (View.PA, True, True, View.UNKNOWN),
        (View.LATERAL, False, True, View.UNKNOWN),
    ],
)
def test_a_view_is_estimated_where_the_file_says_none(files, view, is_ap, is_known, estimated):
    film, _ = judged(files, view=view, is_ap=is_ap, is_known=is_known)

    assert (film.view, film.estimated_view) == (view, estimated)


def test_a_film_that_looks_ap_has_no_valid_ratio(files):
    _, validity = judged(files, is_ap=True)

    assert validity.caveats == (RatioCaveat.LOOKS_AP,)
    assert "estimated from the picture" in ratio_caveats(validity, load_catalogue())[0]


def test_a_film_that_looks_pa_has_one_that_says_how_it_is_known(files):
    _, validity = judged(files, is_ap=False)

    assert (validity.is_valid, validity.unknown) == (True, ())
    assert validity.size(0.6, 0.01) is not None
    assert ratio_caveats(validity, load_catalogue()) == [
        load_catalogue().say("ratio.view_estimated")
    ]


def test_a_film_that_does_not_tell_has_an_unknown_view(files):
    _, validity = judged(files)

    assert validity.unknown == (Unknown.VIEW,)
    assert validity.size(0.6, 0.01) is None


@pytest.mark.parametrize("code", [QualityCode.MIRRORED, QualityCode.UNEQUAL_LUNGS])
def test_a_ratio_beside_an_opaque_lung_is_not_valid(files, code):
    _, validity = judged(files, view=View.PA, notes=(QualityNote(code),))

    assert [caveat.value for caveat in validity.caveats] == [code.value]
    assert validity.size(0.6, 0.01) is None
