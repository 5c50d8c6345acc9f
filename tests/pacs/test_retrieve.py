"""WADO-RS of films with bad headers: what can be told of them is answered."""

import copy
import json

import pytest

from hilum.pacs.retrieve import NoSuchObjectError, frames, metadata
from tests.bad_headers import BAD_HEADERS, put
from tests.pacs.films import as_file, film


@pytest.fixture(scope="module")
def sound():
    return film(1, rows=64, columns=64)


def _bad(sound, *names: str) -> bytes:
    made = copy.deepcopy(sound)
    for name in names:
        BAD_HEADERS[name](made)
    return as_file(made)


@pytest.mark.parametrize("name", ["number of frames in words", "rows of two values"])
def test_a_frame_is_answered_whatever_else_the_header_says(sound, name):
    ((_, pixels),) = frames(_bad(sound, name), [1])
    assert pixels == sound.PixelData


def test_a_frame_of_no_known_size_is_none(sound):
    with pytest.raises(NoSuchObjectError):
        frames(_bad(sound, "no bits allocated"), [1])


def test_metadata_is_all_that_json_can_hold(sound):
    made = copy.deepcopy(sound)
    for spoil in BAD_HEADERS.values():
        spoil(made)
    put(made, "LongitudinalTemporalOffsetFromEvent", b"\0\0\0\0\0\0\xf8\x7f")
    told = metadata(as_file(made), "http://here")

    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["00080018"]["Value"] == [made.SOPInstanceUID]
    assert told["0020000D"]["Value"][0].endswith(".01")
    assert "00120052" not in told
