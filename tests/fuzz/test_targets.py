"""A few inputs for each parser, always the same ones; `make fuzz` has new ones each time."""

import pytest

from tests.fuzz.inputs import Inputs
from tests.fuzz.pieces import chunks, elements, segments
from tests.fuzz.targets import TARGETS

INPUTS = 60
MOST_INPUTS = 600
SEED = 18
# What is sound and yet refused: an arithmetic JPEG; a picture, no list of studies; no media type.
REFUSED = {"jpeg": 1, "accept": 2}


@pytest.mark.parametrize("name", TARGETS)
def test_inputs_are_accepted_or_refused_as_documented(name):
    inputs = Inputs(TARGETS[name], SEED)
    # Else nothing but the beginning of a file would be fuzzed.
    sound = [inputs.target.check(each.sound) for each in inputs.seeds]
    assert sound.count(False) == REFUSED.get(name, 0)
    found = []
    # Of some parsers few inputs are refused, and one has to be seen.
    for number in range(len(sound), MOST_INPUTS):
        found.append(inputs.try_one(number, inputs.make(number)))
        if number >= INPUTS and False in found:
            break
    assert [each for each in found if not isinstance(each, bool)] == []
    assert False in found


@pytest.mark.parametrize(("name", "split", "least"), [
    ("jpeg", segments, 6), ("png", chunks, 4), ("deidentify", elements, 30),
])  # fmt: skip
def test_a_file_is_taken_apart_into_pieces_that_make_it_up(name, split, least):
    content = TARGETS[name].make_seeds()[0].content
    pieces = split(content)
    assert b"".join(pieces) == content
    assert len(pieces) >= least
