"""De-identification, against rows of PS3.15 table E.1-1 that were copied from the standard here."""

import io
import shutil
import subprocess

import numpy as np
import pydicom
import pytest
from pydicom import Dataset, Sequence
from pydicom.dataelem import RawDataElement
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_sequence
from pydicom.tag import Tag

from hilum.deidentification.deidentify import deidentify
from hilum.deidentification.profile import Profile
from hilum.deidentification.retain import RetainOption
from hilum.errors import CorruptImageError, UnsupportedFormatError
from hilum.imaging import decode
from hilum.imaging.phantom import draw_phantom
from hilum.imaging.phantom_files import as_dicom
from tests.deidentification.directories import directory_file
from tests.deidentification.raw_films import written
from tests.pacs.films import NAMES, as_file, film

# Attribute, its action in the Basic Profile, a value with a name in it or of the right kind.
TABLE = [
    ("AccessionNumber", "Z", "Lindqvist-1"),
    ("AcquisitionComments", "X", "of Josephine Lindqvist"),
    ("AdmittingDiagnosesDescription", "X", "Lindqvist has it"),
    ("BarcodeValue", "X/Z", "MRN-4711"),
    ("BodyPartExamined", "K", "CHEST"),
    ("ContentDate", "Z/D", "20261120"),
    ("DeviceSerialNumber", "X/Z/D", "4711-Lindqvist"),
    ("DetectorID", "X/D", "Lindqvist"),
    ("ImageComments", "X", "Josephine"),
    ("InstitutionName", "X/Z/D", "Lindqvist Hospital"),
    ("InstitutionAddress", "X", "Josephine Street"),
    ("IssuerOfPatientID", "X", "Lindqvist"),
    ("Modality", "K", "CR"),
    ("OperatorsName", "X/Z/D", "Lindqvist^Operator"),
    ("OtherPatientIDs", "X", "MRN-4711"),
    ("PatientAddress", "X", "Josephine Street"),
    ("PatientAge", "X", "004Y"),
    ("PatientBirthDate", "Z", "20220301"),
    ("PatientComments", "X", "Josephine"),
    ("PatientID", "Z/D", "MRN-4711"),
    ("PatientName", "Z", "Lindqvist^Josephine"),
    ("PatientSex", "Z", "F"),
    ("PhysiciansOfRecord", "X", "Lindqvist^Doctor"),
    ("ProtocolName", "X/D", "Lindqvist Chest"),
    ("ReferringPhysicianName", "Z", "House^Lindqvist"),
    ("RequestingPhysician", "X", "House^Lindqvist"),
    ("SeriesDescription", "X", "Josephine, chest"),
    ("SeriesInstanceUID", "U", "1.2.3.4711"),
    ("StationName", "X/Z/D", "DOE1"),
    ("StudyDate", "Z", "20261120"),
    ("StudyDescription", "X", "Josephine"),
    ("StudyID", "Z", "Lindqvist1"),
    ("StudyInstanceUID", "U", "1.2.3.4712"),
    ("StudyTime", "Z", "101500"),
    ("ViewPosition", "K", "PA"),
    ("WindowCenter", "K", 2000),
]


def _done(content: bytes, *options: RetainOption, secret: str | None = None) -> Dataset:
    done = deidentify(content, Profile(frozenset(options)), secret=secret)
    return pydicom.dcmread(io.BytesIO(done.content))


def _full(**more) -> Dataset:
    return film(**{name: value for name, _, value in TABLE} | more)


@pytest.fixture(scope="module")
def bare() -> Dataset:
    return _done(as_file(_full()))


@pytest.mark.parametrize(("name", "action", "value"), TABLE, ids=[row[0] for row in TABLE])
def test_the_basic_profile_does_to_each_attribute_what_the_table_says(bare, name, action, value):
    found = bare.get(name)
    if action == "K":
        assert found == value
    elif action == "U":
        assert found
        assert found != value
        assert pydicom.uid.UID(found).is_valid
    else:
        assert str(found) != str(value)
        allowed = {"X": name not in bare, "Z": name in bare and not found, "D": bool(found)}
        assert any(allowed[each] for each in action.split("/"))


def test_no_name_is_left_anywhere_in_the_file():
    content = deidentify(as_file(_full()), Profile()).content
    assert not [name for name in (*NAMES, b"House", b"20220301") if name in content]


def test_sequences_are_gone_through_at_any_depth():
    innermost = Dataset()
    innermost.PatientName, innermost.BodyPartExamined = "Lindqvist^Josephine", "CHEST"
    middle = Dataset()
    # Neither of these two is in the table; what lies in them is.
    middle.PurposeOfReferenceCodeSequence = Sequence([innermost])
    middle.ReferencedSOPInstanceUID = "1.2.3.4711"
    made = film(DerivationCodeSequence=Sequence([middle]))
    done = _done(as_file(made))
    item = done.DerivationCodeSequence[0]
    deep = item.PurposeOfReferenceCodeSequence[0]
    assert (str(deep.PatientName), deep.BodyPartExamined) == ("", "CHEST")
    assert item.ReferencedSOPInstanceUID != "1.2.3.4711"


def test_private_unknown_and_hidden_places_are_emptied():
    made = film()
    made.private_block(0x0011, "MAKER", create=True).add_new(1, "LO", "Lindqvist^Josephine")
    inner = Dataset()
    inner.private_block(0x0013, "MAKER", create=True).add_new(1, "LO", "Lindqvist^Josephine")
    inner.BodyPartExamined = "CHEST"
    made.DerivationCodeSequence = Sequence([inner])
    made.add_new(0x00083FFE, "LO", "Josephine of an element that the standard does not know")
    made.add_new(0x60003000, "OW", b"Lindqvist^Josephine")
    made.add_new(0xFFFCFFFC, "OB", b"Lindqvist^Josephine")
    made.preamble = b"Lindqvist^Josephine".ljust(128, b"\0")
    made.file_meta.SourceApplicationEntityTitle = "LINDQVIST"
    made.file_meta.PrivateInformationCreatorUID = "1.2.3"
    made.file_meta.PrivateInformation = b"Lindqvist^Josephine"
    done = deidentify(as_file(made), Profile())
    assert not [name for name in (*NAMES, b"LINDQVIST") if name in done.content]
    read = pydicom.dcmread(io.BytesIO(done.content))
    assert read.DerivationCodeSequence[0].BodyPartExamined == "CHEST"
    assert not [element for element in read.iterall() if element.tag.is_private]


def test_it_says_that_and_how_identity_was_removed(bare):
    assert bare.PatientIdentityRemoved == "YES"
    assert bare.LongitudinalTemporalInformationModified == "REMOVED"
    retained = _done(as_file(_full()), *RetainOption)
    codes = [
        (item.CodeValue, item.CodingSchemeDesignator)
        for item in retained.DeidentificationMethodCodeSequence
    ]
    # CID 7050: basic, full dates, device, institution, patient characteristics, UIDs.
    assert {value for value, _ in codes} == {
        "113100", "113106", "113109", "113112", "113108", "113110",
    }  # fmt: skip
    assert {scheme for _, scheme in codes} == {"DCM"}


OPTIONS = {
    RetainOption.UIDS: ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"),
    RetainOption.DEVICE: ("DeviceSerialNumber", "DetectorID", "StationName"),
    RetainOption.DATES: ("StudyDate", "StudyTime", "ContentDate"),
    RetainOption.PATIENT: ("PatientAge", "PatientSex"),
    RetainOption.INSTITUTION: ("InstitutionName", "InstitutionAddress"),
}


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_retains_its_own_and_nothing_else(bare, option):
    source = _full()
    done = _done(as_file(source), option)
    for name in OPTIONS[option]:
        assert done[name].value == source[name].value, name
    others = [name for each, names in OPTIONS.items() if each is not option for name in names]
    for name in (*others, "PatientName", "PatientBirthDate", "AccessionNumber"):
        assert done.get(name) != source.get(name), name


def test_uids_of_one_run_still_belong_together_and_cannot_be_told_from_those_of_another():
    one, other = as_file(film(1)), as_file(film(1, SOPInstanceUID="1.2.3.4"))
    first, second = _done(one, secret="s"), _done(other, secret="s")
    assert first.StudyInstanceUID == second.StudyInstanceUID
    assert first.SOPInstanceUID != second.SOPInstanceUID
    assert first.PatientID == second.PatientID != "MRN-4711"
    assert _done(one, secret="t").StudyInstanceUID != first.StudyInstanceUID
    assert _done(one).PatientID == ""


def test_pixels_and_their_description_stay_as_they_are():
    content = as_file(_full())
    done = deidentify(content, Profile()).content
    assert (decode(done).pixels == decode(content).pixels).all()


def test_a_file_that_cannot_be_gone_through_is_refused_without_a_word_of_it():
    with pytest.raises(CorruptImageError) as caught:
        deidentify(b"\0" * 128 + b"DICM" + b"Lindqvist^Josephine" * 40, Profile())
    assert "Lindqvist" not in str(caught.value)


def test_a_dicomdir_is_named_as_what_it_is():
    with pytest.raises(UnsupportedFormatError, match="DICOMDIR"):
        deidentify(directory_file(), Profile())


def test_known_codes_get_the_dictionarys_meaning_and_no_other_code_is_left():
    known, old, own = Dataset(), Dataset(), Dataset()
    known.CodeValue, known.CodingSchemeDesignator = "51185008", "SCT"
    known.CodingSchemeVersion, known.CodeMeaning = "20260101", "Chest of Josephine Lindqvist"
    old.CodeValue, old.CodingSchemeDesignator, old.CodeMeaning = "R-10206", "SRT", "Lindqvist"
    own.CodeValue, own.CodingSchemeDesignator, own.CodeMeaning = (
        "LINDQVIST-1",
        "99HOSPITAL",
        "Josephine",
    )
    found = _done(as_file(film(DerivationCodeSequence=[known, old, own])))
    assert [
        (item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning)
        for item in found.DerivationCodeSequence
    ] == [
        ("51185008", "SCT", "Thoracic structure (body structure)"),
        ("R-10206", "SRT", "Antero-posterior projection (qualifier value)"),
        ("REMOVED", "99REMOVED", "Removed"),
    ]
    assert found.DerivationCodeSequence[0].CodingSchemeVersion == "20260101"


def test_free_text_that_the_table_keeps_is_replaced_unless_its_terms_are_defined():
    made = film(
        Manufacturer="Lindqvist Works",
        SoftwareVersions=["Josephine 1", "Josephine 2"],
        PatientSpeciesDescription="Josephine",
        RescaleType="OD",
        WindowCenterWidthExplanation="",
        ImageType=["ORIGINAL", "of Josephine"],
        ExposureTime="12",
    )
    found = _done(as_file(made))
    assert found.Manufacturer == found.PatientSpeciesDescription == "REMOVED"
    assert list(found.SoftwareVersions) == ["REMOVED", "REMOVED"]
    assert (found.RescaleType, found.ExposureTime) == ("OD", 12)
    assert not found.WindowCenterWidthExplanation
    assert not found.ImageType
    made.RescaleType = "of Josephine"
    assert _done(as_file(made)).RescaleType == "US"
    device = _done(as_file(made), RetainOption.DEVICE)
    assert (device.Manufacturer, device.PatientSpeciesDescription) == ("Lindqvist Works", "REMOVED")


def test_what_an_option_retains_is_readable_whatever_its_character_set():
    made = film(SpecificCharacterSet="ISO_IR 100", InstitutionName="H\u00f4pital")
    found = _done(as_file(made), RetainOption.INSTITUTION)
    assert found.InstitutionName == "H\u00f4pital"
    assert found.SpecificCharacterSet == "ISO_IR 192"


def test_dates_that_the_table_does_not_name_are_replaced_unless_they_are_retained():
    made = film(ExpiryDate="20270101")
    assert _done(as_file(made)).ExpiryDate == "19000101"
    assert _done(as_file(made), RetainOption.DATES).ExpiryDate == "20270101"


def test_a_uid_of_a_class_stays_and_one_that_breaks_the_rules_is_replaced():
    made = film(
        RelatedGeneralSOPClassUID="1.2.840.10008.5.1.4.1.1.1",
        OriginalSpecializedSOPClassUID="1.2.3.Lindqvist",
        InstanceCreatorUID="1.02.3",
    )
    found = _done(as_file(made), RetainOption.UIDS)
    assert found.RelatedGeneralSOPClassUID == made.RelatedGeneralSOPClassUID
    assert found.OriginalSpecializedSOPClassUID.startswith("2.25.")
    # A leading zero is against the rules too, but names the object all the same.
    assert found.InstanceCreatorUID == "1.02.3"


def test_a_sequence_that_is_written_as_unknown_is_read_and_cleaned():
    table = Dataset()
    entries = np.linspace(0, 4095, 40_000).astype("<u2")
    table.add_new("LUTDescriptor", "US", [len(entries), 0, 12])
    table.LUTExplanation = "of Josephine"
    table.add_new("LUTData", "OW", entries.tobytes())
    made = film()
    made.add_new("VOILUTSequence", "SQ", [table])
    plain = as_file(made)
    buffer = DicomBytesIO()
    buffer.is_implicit_VR = buffer.is_little_endian = True
    write_sequence(buffer, made["VOILUTSequence"], ["utf-8"])
    del made.VOILUTSequence
    raw = RawDataElement(
        Tag("VOILUTSequence"), "UN", buffer.tell(), buffer.getvalue(), 0, False, True
    )
    content = written(_with_raw(made, raw))
    assert len(buffer.getvalue()) > 1 << 16
    found = _done(content).VOILUTSequence[0]
    assert (bytes(found.LUTData), found.LUTExplanation) == (entries.tobytes(), "REMOVED")
    for each in (content, deidentify(content, Profile()).content):
        assert (decode(each).pixels == decode(plain).pixels).all()


def _with_raw(dataset: Dataset, raw: RawDataElement) -> Dataset:
    dataset[raw.tag] = raw
    return dataset


@pytest.mark.dicomtools
@pytest.mark.skipif(not shutil.which("dciodvfy"), reason="needs Debian's dicom3tools")
@pytest.mark.parametrize("options", [(), tuple(RetainOption)], ids=["default", "all options"])
def test_a_valid_film_is_valid_afterwards(options, tmp_path):
    content = as_dicom(draw_phantom(96, 80, seed=1))
    found = {}
    for name, each in (
        ("before", content),
        ("after", deidentify(content, Profile(frozenset(options))).content),
    ):
        (tmp_path / name).write_bytes(each)
        done = subprocess.run(
            ["dciodvfy", tmp_path / name], capture_output=True, text=True, check=False, timeout=60
        )
        assert "DXImageForPresentation" in done.stderr
        found[name] = {line for line in done.stderr.splitlines() if line.startswith("Error")}
    assert found == {"before": set(), "after": set()}
