"""Code strings and look-up tables that show a film stay; others go."""

import io

import numpy as np
import pydicom
import pytest
from pydicom import Dataset
from pydicom.tag import Tag

from hilum.deidentification.deidentify import deidentify
from hilum.deidentification.profile import Profile
from hilum.deidentification.removal import Removal
from hilum.imaging import decode
from tests.deidentification.raw_films import put, written
from tests.pacs.films import as_file, film


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("PatientOrientation", b"r\\f"),
        ("PhotometricInterpretation", b"monochrome1 "),
        ("PresentationLUTShape", b"inverse "),
        ("VOILUTFunction", b"sigmoid "),
    ],
)
@pytest.mark.parametrize("representation", ["CS", "LO"])
def test_codes_in_small_letters_show_the_film_as_before(keyword, value, representation):
    made = film(WindowCenter=1000, WindowWidth=900)
    put(made, Tag(keyword), representation, value)
    content = written(made)
    done = deidentify(content, Profile()).content
    assert (decode(done).pixels == decode(content).pixels).all()
    assert not (decode(done).pixels == decode(as_file(film())).pixels).all()
    expected = value.decode().strip().upper().split("\\")
    found = pydicom.dcmread(io.BytesIO(done))[keyword].value
    assert ([found] if isinstance(found, str) else list(found)) == expected


def test_a_code_that_no_table_defines_is_emptied_and_what_follows_in_image_type_cut():
    made = film(
        ImageType=["DERIVED", "PRIMARY", "DOE JANE"], BodyPartExamined="JANE", ViewPosition="PA"
    )
    found = pydicom.dcmread(io.BytesIO(deidentify(as_file(made), Profile()).content))
    assert list(found.ImageType) == ["DERIVED", "PRIMARY"]
    assert (found.BodyPartExamined, found.ViewPosition) == ("", "PA")


def test_terms_of_one_letter_stay_alone():
    made = film(ImageType=["DERIVED", "PRIMARY", *"MOLLY"], ScanOptions=[*"RUBY"], Laterality="L")
    found = pydicom.dcmread(io.BytesIO(deidentify(as_file(made), Profile()).content))
    assert list(found.ImageType) == ["DERIVED", "PRIMARY"]
    assert (found.ScanOptions, found.Laterality) == ("", "L")


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("L\\F", True),
        ("LA\\FR", True),
        ("PR\\H", True),
        # Opposites, a letter twice, another letter, one direction, three.
        ("RAL\\PH", False),
        ("HF\\L", False),
        ("LL\\F", False),
        ("RALPH\\F", False),
        ("L\\X", False),
        ("L", False),
        ("L\\F\\A", False),
    ],
)
def test_directions_stay_where_they_are_ones(value, kept):
    made = film()
    put(made, Tag("PatientOrientation"), "CS", value.encode())
    done = deidentify(written(made), Profile())
    found = pydicom.dcmread(io.BytesIO(done.content)).PatientOrientation
    assert ("\\".join(found) == value) if kept else not found
    assert done.unknown_codes == (set() if kept else {"PatientOrientation"})


@pytest.mark.parametrize("representation", ["US", "OW"])
@pytest.mark.parametrize("entries", [range(0, 4096, 32), range(60_000, 0, -500)], ids=str)
def test_a_table_that_rises_or_falls_stays(entries, representation):
    table = Dataset()
    table.add_new("LUTDescriptor", "US", [len(entries), 0, 16])
    words = np.array(entries, "<u2")
    is_bytes = representation == "OW"
    table.add_new("LUTData", representation, words.tobytes() if is_bytes else words.tolist())
    content = as_file(film(VOILUTSequence=[table]))
    done = deidentify(content, Profile())
    assert not done.removals
    assert (decode(done.content).pixels == decode(content).pixels).all()


_RAMP = list(range(0, 4096, 16))


@pytest.mark.parametrize(
    ("descriptor", "words"),
    [
        ([4, 0, 16], [0, 5, 3, 9]),
        # Letters in order: fewer, or further apart, than the entries of a film's table.
        ([10, 0, 16], [*b"ADEHILOSTY"]),
        ([256, 0, 16], [*[0] * 125, *b"ABBOTT", *[90] * 125]),
        ([256, 0, 16], [*[0] * 127, *np.frombuffer(b"ABBOTT", "<u2"), *[0x5555] * 126]),
        # Of no number of bits.
        (list(np.frombuffer(b"SMITH\0", "<u2")), _RAMP),
    ],
    ids=["rises and falls", "short", "letters", "pairs of letters", "no descriptor"],
)
@pytest.mark.parametrize("keyword", ["VOILUTSequence", "ModalityLUTSequence"])
def test_a_table_that_shows_no_film_goes_with_its_item_and_is_told_of(keyword, descriptor, words):
    table = Dataset()
    table.add_new("LUTDescriptor", "US", [int(each) for each in descriptor])
    table.add_new("LUTData", "US", [int(each) for each in words])
    done = deidentify(as_file(film(**{keyword: [table]})), Profile())
    assert keyword not in pydicom.dcmread(io.BytesIO(done.content))
    assert done.removals == {Removal.TABLES}


def test_a_table_that_is_shorter_than_described_shows_the_film_as_before():
    table = Dataset()
    table.add_new("LUTDescriptor", "US", [4096, 0, 16])
    table.add_new("LUTData", "US", list(range(0, 60_000, 15)))
    content = as_file(film(VOILUTSequence=[table]))
    done = deidentify(content, Profile())
    assert not done.removals
    assert (decode(done.content).pixels == decode(content).pixels).all()
    (item,) = pydicom.dcmread(io.BytesIO(done.content)).VOILUTSequence
    assert list(item.LUTDescriptor) == [4000, 0, 16]


def test_a_table_outside_of_the_sequences_of_tables_goes():
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [256, 0, 16])
    item.add_new("LUTData", "US", _RAMP)
    made = film(DerivationCodeSequence=[item])
    made.update(item)
    found = pydicom.dcmread(io.BytesIO(deidentify(as_file(made), Profile()).content))
    for each in (found, *found.DerivationCodeSequence):
        assert "LUTDescriptor" not in each
        assert "LUTData" not in each


@pytest.mark.parametrize("modality", ["CR", "DX", "DR", "XR", "RG", "cr"])
@pytest.mark.parametrize("view", ["PA", "AP", "LL", "RL", "LLD", "RLD", "LAO", "LATERAL", "LAT"])
def test_a_film_is_read_as_what_it_was(modality, view):
    made = film(Modality="CR", ViewPosition=view, ImageLaterality="U", BodyPartExamined="THORAX")
    put(made, Tag("Modality"), "CS", modality.encode())
    content = written(made)
    before, after = (decode(each) for each in (content, deidentify(content, Profile()).content))
    assert after.view is before.view
    for keyword in ("modality", "body_part", "laterality", "is_oblique", "patient_orientation"):
        assert getattr(after.header, keyword) == getattr(before.header, keyword)
