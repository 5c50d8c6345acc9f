"""De-identification, against rows of PS3.15 table E.1-1 that were copied from the standard here."""

import io
import stat

import pydicom
import pytest
from pydicom import Dataset, Sequence
from typer.testing import CliRunner

from hilum.cli import app
from hilum.deidentification.deidentify import deidentify
from hilum.deidentification.profile import Profile
from hilum.deidentification.retain import RetainOption
from hilum.errors import CorruptImageError, UnsupportedFormatError
from hilum.imaging import decode
from tests.pacs.films import NAMES, as_file, film

# Attribute, its action in the Basic Profile, a value with a name in it or of the right kind.
TABLE = [
    ("AccessionNumber", "Z", "Doe-1"),
    ("AcquisitionComments", "X", "of Jane Doe"),
    ("AdmittingDiagnosesDescription", "X", "Doe has it"),
    ("BarcodeValue", "X/Z", "MRN-4711"),
    ("BodyPartExamined", "K", "CHEST"),
    ("ContentDate", "Z/D", "20261120"),
    ("DeviceSerialNumber", "X/Z/D", "4711-Doe"),
    ("DetectorID", "X/D", "Doe"),
    ("ImageComments", "X", "Jane"),
    ("InstitutionName", "X/Z/D", "Doe Hospital"),
    ("InstitutionAddress", "X", "Jane Street"),
    ("IssuerOfPatientID", "X", "Doe"),
    ("Modality", "K", "CR"),
    ("OperatorsName", "X/Z/D", "Doe^Operator"),
    ("OtherPatientIDs", "X", "MRN-4711"),
    ("PatientAddress", "X", "Jane Street"),
    ("PatientAge", "X", "004Y"),
    ("PatientBirthDate", "Z", "20220301"),
    ("PatientComments", "X", "Jane"),
    ("PatientID", "Z/D", "MRN-4711"),
    ("PatientName", "Z", "Doe^Jane"),
    ("PatientSex", "Z", "F"),
    ("PhysiciansOfRecord", "X", "Doe^Doctor"),
    ("ProtocolName", "X/D", "Doe Chest"),
    ("ReferringPhysicianName", "Z", "House^Doe"),
    ("RequestingPhysician", "X", "House^Doe"),
    ("SeriesDescription", "X", "Jane, chest"),
    ("SeriesInstanceUID", "U", "1.2.3.4711"),
    ("StationName", "X/Z/D", "DOE1"),
    ("StudyDate", "Z", "20261120"),
    ("StudyDescription", "X", "Jane"),
    ("StudyID", "Z", "Doe1"),
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
    innermost.PatientName, innermost.BodyPartExamined = "Doe^Jane", "CHEST"
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
    made.private_block(0x0011, "MAKER", create=True).add_new(1, "LO", "Doe^Jane")
    inner = Dataset()
    inner.private_block(0x0013, "MAKER", create=True).add_new(1, "LO", "Doe^Jane")
    inner.BodyPartExamined = "CHEST"
    made.DerivationCodeSequence = Sequence([inner])
    made.add_new(0x00083FFE, "LO", "Jane of an element that the standard does not know")
    made.add_new(0x60003000, "OW", b"Doe^Jane")
    made.add_new(0xFFFCFFFC, "OB", b"Doe^Jane")
    made.preamble = b"Doe^Jane".ljust(128, b"\0")
    made.file_meta.SourceApplicationEntityTitle = "DOE"
    made.file_meta.PrivateInformationCreatorUID = "1.2.3"
    made.file_meta.PrivateInformation = b"Doe^Jane"
    done = deidentify(as_file(made), Profile())
    assert not [name for name in (*NAMES, b"DOE") if name in done.content]
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
        deidentify(b"\0" * 128 + b"DICM" + b"Doe^Jane" * 40, Profile())
    assert "Doe" not in str(caught.value)


def test_the_command_writes_a_folder_under_names_of_nobody_and_warns(tmp_path):
    folder, out = tmp_path / "in" / "Doe_Jane", tmp_path / "out"
    folder.mkdir(parents=True)
    (folder / "Doe.dcm").write_bytes(as_file(_full(BurnedInAnnotation="YES")))
    (folder / "other").write_bytes(as_file(film(1, SOPClassUID="1.2.840.10008.5.1.4.1.1.7")))
    (folder / "notes.txt").write_text("no DICOM")

    done = CliRunner().invoke(
        app, ["deidentify", str(folder), "-o", str(out), "--retain", "uids", "--retain", "dates"]
    )

    assert done.exit_code == 0, done.output
    told = " ".join(done.output.split())
    assert "2 files written" in told
    assert "1 say that writing is burned into the picture" in told
    assert "1 are secondary captures" in told
    written = list(out.iterdir())
    assert len(written) == 2
    for path in written:
        assert not {"Doe", "Jane", "other"} & set(path.stem.split("_"))
        assert not [name for name in NAMES if name in path.read_bytes()]
        assert path.stat().st_mode & stat.S_IRUSR
    assert {pydicom.dcmread(path).StudyDate for path in written} == {"20261120"}


def test_a_dicomdir_is_named_and_left_out(tmp_path):
    directory = film()
    for keyword in ("SOPClassUID", "Rows", "Columns", "PixelData"):
        del directory[keyword]
    directory.FileSetID = "DISC"
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, directory, enforce_file_format=True)
    with pytest.raises(UnsupportedFormatError, match="DICOMDIR"):
        deidentify(buffer.getvalue(), Profile())
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "DICOMDIR").write_bytes(buffer.getvalue())
    (tmp_path / "in" / "one").write_bytes(as_file(film()))
    done = CliRunner().invoke(app, ["deidentify", str(tmp_path / "in"), "-o", str(tmp_path / "o")])
    assert done.exit_code == 0
    assert "DICOMDIR" in done.output
    assert "damaged" not in done.output
    assert len(list((tmp_path / "o").iterdir())) == 1


def test_the_command_fails_where_there_is_nothing_to_write(tmp_path):
    (tmp_path / "in").mkdir()
    done = CliRunner().invoke(app, ["deidentify", str(tmp_path / "in"), "-o", str(tmp_path / "o")])
    assert done.exit_code == 1
