"""A name that is written into any place of a film is in no de-identified file."""

import io

import pydicom
import pytest

from hilum.deidentification.deidentify import deidentify
from hilum.deidentification.profile import Profile
from hilum.deidentification.removal import Removal
from hilum.deidentification.retain import RetainOption
from hilum.errors import CorruptImageError
from tests.deidentification.named_everywhere import (
    NAME,
    PLACES,
    REFUSED,
    is_named,
    is_named_in_bits,
)
from tests.deidentification.raw_films import words_of
from tests.deidentification.short_names import ENCODED, FILMS, parts_in

# As films are de-identified by default, and as the store keeps them.
PROFILES = (Profile(), Profile(frozenset({RetainOption.UIDS})))


def _named(place: str) -> bytes:
    """A film that has the name in this place."""
    content = PLACES[place](NAME)
    if place.startswith(("a bit", "a deflated file")):
        made = pydicom.dcmread(io.BytesIO(content))
        assert is_named_in_bits(words_of(made), NAME) or NAME in str(made)
    else:
        assert is_named(content, NAME)
    return content


@pytest.mark.parametrize("place", [each for each in PLACES if each not in REFUSED])
def test_a_name_in_any_place_of_a_file_is_in_no_deidentified_file(place):
    content = _named(place)
    for profile in PROFILES:
        done = deidentify(content, profile).content
        made = pydicom.dcmread(io.BytesIO(done))
        assert not is_named(done, NAME)
        assert not is_named_in_bits(words_of(made), NAME)
        assert made.PatientIdentityRemoved == "YES"


@pytest.mark.parametrize("place", sorted(REFUSED))
def test_a_name_that_spoils_the_picture_is_refused_without_a_word_of_it(place):
    with pytest.raises(CorruptImageError) as caught:
        deidentify(_named(place), Profile())
    assert not is_named(str(caught.value).encode(), NAME)


@pytest.mark.parametrize("turn", range(2))
@pytest.mark.parametrize("how", FILMS)
def test_no_number_is_a_short_name_or_one_of_other_letters(how, turn):
    content = FILMS[how](turn * len(ENCODED) // 2)
    assert len(parts_in(content)) > len(ENCODED)
    done = deidentify(content, Profile())
    assert not parts_in(done.content)
    assert Removal.IMPLAUSIBLE_NUMBERS in done.removals
