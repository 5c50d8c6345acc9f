"""Which values of a header are valid: of the calendar, of PS3.5 table 6.2-1 and of PS3.6."""

import struct

import pytest
from pydicom import Dataset
from pydicom.tag import Tag

from hilum.imaging.dicom.validity import is_encodable_uid, is_valid_uid, valid_element
from tests.bad_headers import put

VALID = {
    "PatientBirthDate": (b"20240229", b"18500101", b"19991231", b"22001231"),
    "StudyTime": (b"10", b"1015", b"101559", b"235959.123456"),
    "AcquisitionDateTime": (
        b"2024", b"202402", b"20240229", b"20240229101500.5", b"20240229101500-0330",
        b"20240229101500-1200", b"20240229101500+1400",
    ),
    "PatientAge": (b"034Y", b"000D", b"006M", b"052W"),
    "PatientSex": (b"M", b"F", b"O"),
    "Modality": (b"DX", b"cr", b"Dx", b" DX"),
    "PatientOrientation": (b"L\\F", b"LH\\FL", b"LHA\\FLA"),
    "PatientWeight": (b"25", b"+2.5E1", b"25.", b".5"),
    "ImagerPixelSpacing": (b"0.2\\0.2",),
    "SeriesNumber": (b"-12",),
    "AccessionNumber": (b"A" * 16, "Ä77".encode()),
    "PatientID": (b"M" * 64,),
    "PatientName": (
        b"Lindqvist^Josephine", b"Lindqvist^Josephine^M^Dr^Jr",
        "Yamada^Tarou=山田^太郎=やまだ^たろう".encode(),
        b"D" * 64 + b"=" + b"D" * 64,
    ),
    "OtherPatientNames": (b"Lindqvist^J\\Roe^J",),
    "InstitutionAddress": (b"Street 1\r\nTown",),
    "LongCodeValue": (b"X" * 17,),
    "URNCodeValue": (b"urn:oid:1.2.3", b"https://codes.example/a?b=%20"),
    "RetrieveURL": (b"../studies/1.2",),
    "StudyInstanceUID": (b"1.2.3", b"1.2.03", b"1." + b"2" * 62),
    "UniversalEntityIDType": (b"ISO",),
}  # fmt: skip
NOT_VALID = {
    "PatientBirthDate": (
        b"19990229", b"19000229", b"20210431", b"20211301", b"20210100", b"00000101", b"2021",
        b"20210101-20210201", b"2021.01.01", b"2021 1 1", b"20210101\\20210102",
        b" 20210101", b"00010101", b"18491231", b"22010101", b"30000101", b"99991231",
    ),
    "PatientBirthTime": (b"235960",),
    "StudyTime": (b"24", b"1060", b"101560", b"101561", b"10:15", b"101500.1234567", b"1", b"101"),
    "AcquisitionDateTime": (
        b"20230229101500", b"2024022925", b"20240229101500+1500", b"20", b"20161231235960", b"0001",
        b"9999", b"20240229101500-1400", b"20240229101500-1201", b"20240229101500+1401",
        b"20240229101500-0000", b"2024+0100", b" 2024",
    ),
    "PatientAge": (b"34Y", b"Y", b"-3Y", b"34YR", b"034y", b"0034Y"),
    "PatientSex": (b"f", b"Q", b"MALE", b"M\\F"),
    "Modality": (b"D-X", b"D X", b"DIGITAL RADIOGRAPH", b"CR\\DX", b"D\xc3\x9c"),
    "PatientOrientation": (b"L", b"L\\F\\A", b"l\\f", b"LR\\F", b"LL\\F", b"LHAF\\F", b"\\F"),
    "PatientWeight": (
        b"25kg", b"25,5", b"NaN", b"inf", b"0", b"-1", b"1\\2", b"1.000000000000001", b"1E400",
    ),
    "ImagerPixelSpacing": (b"0.2", b"0\\0.2", b"a\\b"),
    "SeriesNumber": (b"1.5", b"one"),
    "AccessionNumber": (b"A" * 17, b"A\x077", b"A\\7"),
    "PatientID": (b"M" * 65, b"M\xff", b"M\n1"),
    "PatientName": (
        b"D^a^b^c^d^e", b"D=a=b=c", b"D" * 65, b"Lindqvist\\Roe^J", b"D\xfce",
        b"Lindqvist\nJosephine",
    ),
    "InstitutionName": (b"North\tHospital",),
    "InstitutionAddress": (b"Street 1\tTown", b"Street 1\x7fTown", b"Street 1\xc2\x85Town"),
    "LongCodeValue": (b"X" * 16, b"X" * 16 + b"  "),
    "URNCodeValue": (b"XCHEST", b"urn:", b"https://codes.example/a b", b"urn:oid:\xc3\xa4"),
    "RetrieveURL": (b"a b",),
    "StudyInstanceUID": (b"1.2.", b".1", b"1..2", b"1.2.x", b"1.2-3", b"1." + b"2" * 63),
    "UniversalEntityIDType": (b"OID", b"iso"),
    "LongitudinalTemporalOffsetFromEvent": (struct.pack("<d", float("nan")), b"\0\0\0\0"),
    "Rows": (struct.pack("<HH", 1, 2), b"\x01\x00\x02"),
}  # fmt: skip


def _valid(keyword: str, content: bytes, representation: str | None = None):
    dataset = Dataset()
    put(dataset, "SpecificCharacterSet", b"ISO_IR 192")
    put(dataset, keyword, content, representation)
    return valid_element(dataset, Tag(keyword))


@pytest.mark.parametrize(("keyword", "contents"), VALID.items())
def test_valid_values_are_passed_on_as_they_are(keyword, contents):
    for content in contents:
        element = _valid(keyword, content)
        assert element is not None, content
        text = content.decode()
        expected = text.strip().upper() if keyword == "Modality" else text
        written = element.value if element.VM == 1 else "\\".join(map(str, element.value))
        assert str(written).replace("\\\\", "\\") == expected


@pytest.mark.parametrize(("keyword", "contents"), NOT_VALID.items())
def test_values_that_break_a_rule_are_not_valid(keyword, contents):
    for content in contents:
        assert _valid(keyword, content) is None, content


@pytest.mark.parametrize("representation", ["UN", "ZZ", "LO", "SH"])
def test_bytes_of_another_representation_are_read_in_the_dictionarys(representation):
    element = _valid("PatientBirthDate", b"20240229", representation)
    assert (element.VR, element.value) == ("DA", "20240229")
    assert _valid("PatientBirthDate", b"20230229", representation) is None


def test_text_is_no_sequence_and_a_sequence_is_no_text():
    assert _valid("ProcedureCodeSequence", b"XCHEST", "LO") is None
    assert _valid("StudyDescription", b"", "SQ") is None


def test_a_sequence_of_unknown_representation_is_implicit():
    meaning = b"\x08\x00\x04\x01" + struct.pack("<I", 6) + b"X-ray "
    item = b"\xfe\xff\x00\xe0" + struct.pack("<I", len(meaning)) + meaning
    element = _valid("ProcedureCodeSequence", item, "UN")
    assert element.value[0].CodeMeaning == "X-ray"


@pytest.mark.parametrize("keyword", ["PatientBirthDate", "PatientID", "Modality"])
def test_an_empty_value_is_valid(keyword):
    assert _valid(keyword, b"    ").is_empty


def test_private_and_unknown_elements_are_not_valid():
    dataset = Dataset()
    dataset.add_new(0x00091001, "LO", "x")
    dataset.add_new(0x00080007, "LO", "x")
    assert [valid_element(dataset, tag) for tag in dataset.keys()] == [None, None]  # noqa: SIM118


@pytest.mark.parametrize(
    ("uid", "is_encodable", "is_valid"),
    [
        ("1.2.840", True, True),
        ("1.0.3", True, True),
        ("2.10.100", True, True),
        ("1.2.007", True, False),
        ("01.2", True, False),
        ("1.2.00", True, False),
        ("3.2", True, False),
        ("0.0", True, False),
        ("1", True, False),
        ("1." + "2" * 62, True, True),
        ("1." + "2" * 63, False, False),
        ("", False, False),
        ("1..2", False, False),
        ("1.2.٣", False, False),
        ("1.2\n", False, False),
    ],
)
def test_a_uid_of_digits_and_dots_can_be_written_be_it_not_valid(uid, is_encodable, is_valid):
    assert (is_encodable_uid(uid), is_valid_uid(uid)) == (is_encodable, is_valid)
