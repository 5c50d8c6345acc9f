"""A name that is written into any place of a film is in no de-identified file."""

import io

import pydicom
import pytest

from hilum.deidentification.deidentify import deidentify
from hilum.deidentification.profile import Profile
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

# As films are de-identified by default, and as the store keeps them.
PROFILES = {"default": Profile(), "kept": Profile(frozenset({RetainOption.UIDS}))}


@pytest.mark.parametrize("place", [each for each in PLACES if each not in REFUSED])
def test_a_name_in_any_place_of_a_file_is_in_no_deidentified_file(place):
    content = PLACES[place](NAME)
    for profile in PROFILES.values():
        done = deidentify(content, profile).content
        made = pydicom.dcmread(io.BytesIO(done))
        assert not is_named(done, NAME)
        assert not is_named_in_bits(words_of(made), NAME)
        assert made.PatientIdentityRemoved == "YES"


@pytest.mark.parametrize("place", sorted(REFUSED))
def test_a_name_that_spoils_the_picture_is_refused_without_a_word_of_it(place):
    with pytest.raises(CorruptImageError) as caught:
        deidentify(PLACES[place](NAME), Profile())
    assert not is_named(str(caught.value).encode(), NAME)


@pytest.mark.parametrize("place", PLACES)
def test_the_name_is_in_each_place_before(place):
    content = PLACES[place](NAME)
    if place.startswith(("a bit", "a deflated file")):
        made = pydicom.dcmread(io.BytesIO(content))
        assert is_named_in_bits(words_of(made), NAME) or NAME in str(made)
    else:
        assert is_named(content, NAME)
