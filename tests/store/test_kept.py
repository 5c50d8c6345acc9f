"""What a held file can be found by: the values of its header that are valid."""

import copy
import json

import pydicom
import pytest
from pydicom.datadict import tag_for_keyword

from hilum.store.kept import describe
from tests.bad_headers import BAD_HEADERS, put
from tests.pacs.films import as_file, film


@pytest.fixture(scope="module")
def sound():
    return film(1, rows=64, columns=64)


def _described(sound, *names: str, **contents: bytes):
    made = copy.deepcopy(sound)
    for name in names:
        BAD_HEADERS[name](made)
    for keyword, content in contents.items():
        put(made, keyword, content)
    return made, describe(as_file(made))


def _value(about, keyword: str):
    return about.header.get(f"{tag_for_keyword(keyword):08X}", {}).get("Value")


@pytest.mark.parametrize("name", BAD_HEADERS)
def test_a_film_with_a_bad_header_is_found_by_its_uids(sound, name):
    made, about = _described(sound, name)
    assert about.study == str(made.StudyInstanceUID)
    assert about.series == str(made.SeriesInstanceUID)
    assert about.instance == str(made.SOPInstanceUID)
    assert _value(about, "StudyInstanceUID") == [about.study]
    # As a database and an answer write it.
    assert json.loads(json.dumps(about.header, allow_nan=False)) == about.header


def test_values_that_are_not_valid_are_not_searched_for(sound):
    _, about = _described(
        sound,
        "study date of no calendar",
        "sex in words",
        "modality in lower case",
        LongitudinalTemporalOffsetFromEvent=b"\0\0\0\0\0\0\xf8\x7f",
        PatientWeight=b"1E400",
    )
    for keyword in (
        "StudyDate", "PatientSex", "LongitudinalTemporalOffsetFromEvent", "PatientWeight",
    ):  # fmt: skip
        assert _value(about, keyword) is None
    assert _value(about, "Modality") == ["CR"]
    assert _value(about, "AccessionNumber") == ["A77"]


def test_a_file_without_uids_is_described_without_them(sound):
    made = copy.deepcopy(sound)
    del made.StudyInstanceUID, made.SeriesInstanceUID
    about = describe(as_file(made))
    assert (about.study, about.series, about.instance) == ("", "", sound.SOPInstanceUID)


def test_describing_a_file_does_not_change_how_others_are_read(sound, monkeypatch):
    """pydicom's own way to leave invalid values out is strict in all threads meanwhile."""
    modes = []
    to_json = pydicom.DataElement.to_json_dict

    def note(element, *given):
        modes.append(pydicom.config.settings.reading_validation_mode)
        return to_json(element, *given)

    monkeypatch.setattr(pydicom.DataElement, "to_json_dict", note)
    _described(sound)
    assert set(modes) == {pydicom.config.WARN}
