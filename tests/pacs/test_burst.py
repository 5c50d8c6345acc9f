"""Four associations at once and a kill in the middle: what was acknowledged is read, once."""

import pytest

from tests.pacs.burst import burst
from tests.pacs.films import film

pytestmark = pytest.mark.weights
FILMS, ASSOCIATIONS, WORKERS, KILLED_AFTER = 8, 4, 2, 3


def test_each_acknowledged_film_is_read_exactly_once_across_a_kill(tmp_path):
    films = [film(number) for number in range(FILMS)]
    done = burst(
        films,
        tmp_path,
        associations=ASSOCIATIONS,
        killed_after=KILLED_AFTER,
        settings={
            "HELD_FORMATS": "json",
            "RESULT_FORMATS": "sr",
            "PROCESSOR_WORKERS": str(WORKERS),
        },
        seconds=90,
    )
    assert done.acknowledged_before_kill >= KILLED_AFTER
    # All were sent again: those that were acknowledged before, twice, and none was read twice.
    assert done.acknowledged_again >= done.acknowledged_before_kill
    assert done.acknowledged == done.arrivals == done.readings == FILMS
    assert done.read_more_than_once == 0
    assert done.studies == {each.StudyInstanceUID for each in films}
    # A result that was sent twice, for the kill came before it was marked, is the same object.
    assert done.result_objects == FILMS
    # What the kill left half taken, until it is swept: as many as were on their way.
    assert done.orphans <= ASSOCIATIONS + 2 * WORKERS
    assert not [line for line in done.log if "Lindqvist" in line or "MRN" in line]
