"""Numbers of a plausible size and UIDs of the standard stay; others go, and are told of."""

import io
import struct

import pydicom
import pytest
from pydicom import Dataset
from pydicom.tag import Tag

from hilum.deidentification.deidentify import Deidentified, deidentify
from hilum.deidentification.profile import Profile
from hilum.deidentification.removal import Removal
from hilum.deidentification.retain import RetainOption
from tests.deidentification.raw_films import base, put, written
from tests.pacs.films import as_file, film


def _done(content: bytes, *options: RetainOption) -> tuple[Deidentified, Dataset]:
    done = deidentify(content, Profile(frozenset(options)))
    return done, pydicom.dcmread(io.BytesIO(done.content))


@pytest.mark.parametrize(
    ("keyword", "value", "expected"),
    [
        ("ExposureTimeInms", 12.5, 12.5),
        ("ExposureTimeInms", 0.0, 0.0),
        ("ExposureTimeInms", 1e-6, 1e-6),
        ("ExposureTimeInms", -1e6, -1e6),
        ("ExposureTimeInms", 0.123456789, 0.123457),
        ("ExposureTimeInms", 123456.5, 123456.0),
        ("DistanceObjectToTableTop", 12.3456, struct.unpack("<f", struct.pack("<f", 12.35))[0]),
        ("DisplayedAreaTopLeftHandCorner", [-1, 1], [-1, 1]),
        ("ExposedArea", [35, 43], [35, 43]),
        ("InstanceNumber", 1_120_345, 1_120_345),
        ("SeriesNumber", 2_147_483_647, 2_147_483_647),
        ("AcquisitionNumber", 20_261_120, 20_261_120),
        ("ExposureInuAs", 1_500_000, 1_500_000),
        # Of twelve bits.
        ("PixelPaddingValue", 4095, 4095),
        ("LargestImagePixelValue", 4000, 4000),
        ("ImagerPixelSpacing", ["0.1388888888", "0.1388888888"], [0.1388888888, 0.1388888888]),
    ],
)
def test_a_plausible_number_stays_to_its_highest_digits(keyword, value, expected):
    done, found = _done(as_file(film(**{keyword: value})))
    value = found[keyword].value
    assert (list(value) if found[keyword].VM > 1 else value) == expected
    assert not done.removals


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("ExposureTimeInms", 1_000_100.0),
        ("ExposureTimeInms", 9e-7),
        ("ExposureTimeInms", float("nan")),
        ("ExposureTimeInms", float("-inf")),
        ("DistanceObjectToTableTop", 1e7),
        ("NumberOfWaveformSamples", 1_000_001),
        ("DisplayedAreaTopLeftHandCorner", [1, -1_000_001]),
        ("DisplayedAreaTopLeftHandCorner", [1, 0x4C49]),
        ("SegmentNumber", 0x738B),
        ("PixelPaddingValue", 4096),
        ("LargestImagePixelValue", 0x738B),
        ("InstanceNumber", 2_147_483_648),
        ("StageNumber", 4_711_471),
        ("PixelAspectRatio", [1, 4_711_471]),
    ],
)
def test_a_number_out_of_range_is_emptied_and_told_of(keyword, value):
    done, found = _done(as_file(film(**{keyword: value})))
    assert found[keyword].VM == 0
    assert done.removals == {Removal.IMPLAUSIBLE_NUMBERS}


@pytest.mark.parametrize("letter", ["王", "LI", "李"])
def test_a_whole_number_that_no_picture_needs_goes(letter):
    code = letter.encode("utf-16-le" if len(letter) == 1 else "ascii")
    made = base()
    for keyword in ("ASLSlabNumber", "TIDOffset", "ALinesPerFrame", "MaximumNumberOfRecords"):
        put(made, Tag(keyword), "US", code)
    for keyword in ("AbstractPriorValue", "CenterOfCircularExposureControlSensingRegion"):
        put(made, Tag(keyword), "US", code * 2)
    content = written(made)
    assert content.count(code) >= 8
    assert code not in deidentify(content, Profile()).content


def test_more_than_two_whole_numbers_stay_nowhere_but_where_they_describe_a_table():
    made = base(AcquisitionMatrix=[256, 0, 0, 192])
    put(made, Tag("LUTDescriptor"), "US", b"SMITH\0")
    _, found = _done(written(made))
    assert "AcquisitionMatrix" not in found
    assert "LUTDescriptor" not in found


@pytest.mark.parametrize(
    "keyword",
    [
        "CodingSchemeUID",
        "ContextGroupExtensionCreatorUID",
        "ContextUID",
        "MappingResourceUID",
        "OriginalSpecializedSOPClassUID",
        "ReferencedSOPClassUID",
        "RelatedGeneralSOPClassUID",
        "SOPClassesInStudy",
    ],
)
@pytest.mark.parametrize("options", [(), (RetainOption.UIDS,)], ids=["default", "uids"])
def test_a_class_that_the_standard_does_not_define_is_replaced_and_told_of(keyword, options):
    patient = "1.2.840.4711471147"
    done, found = _done(as_file(film(**{keyword: patient})), *options)
    assert patient.encode() not in done.content
    assert found[keyword].value.startswith("2.25.")
    assert done.removals == {Removal.UNKNOWN_UIDS}


@pytest.mark.parametrize(
    ("keyword", "uid"),
    [
        # PS3.6 tables.
        ("ReferencedSOPClassUID", "1.2.840.10008.5.1.4.1.1.1.1"),
        ("CodingSchemeUID", "1.2.840.10008.2.16.4"),
        ("MappingResourceUID", "1.2.840.10008.8.1.1"),
        ("ContextUID", "1.2.840.10008.6.1.1"),
        ("ContextUID", "1.2.840.10008.6.1.1500"),
    ],
)
def test_a_uid_that_the_standard_defines_stays(keyword, uid):
    done, found = _done(as_file(film(**{keyword: uid})))
    assert found[keyword].value == uid
    assert not done.removals


def test_a_context_group_has_no_room_for_a_patients_number():
    done, _ = _done(as_file(film(ContextUID="1.2.840.10008.6.1.47114")))
    assert done.removals == {Removal.UNKNOWN_UIDS}
