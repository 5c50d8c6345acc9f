"""Masks in stored pixels of every kind; text is stood in for by a square that is plain to find."""

import io

import numpy as np
import pydicom
import pytest
from pydicom.uid import ExplicitVRLittleEndian

from hilum.deidentification import film_text
from hilum.deidentification.deidentify import deidentify
from hilum.deidentification.film_text import read_picture
from hilum.deidentification.mask_text import mask_text
from hilum.deidentification.profile import Profile
from hilum.deidentification.retain import RetainOption
from hilum.deidentification.strokes import Box
from hilum.errors import TextMaskError
from hilum.imaging import DecodeLimits, decode
from tests.deidentification.written import cr_file
from tests.imaging.dicom_files import SYNTAXES, write

BOX = Box(left=40, top=8, right=60, bottom=20)
SQUARE = (slice(10, 18), slice(42, 58))
ROWS, COLUMNS = 96, 128


@pytest.fixture
def square_is_text(monkeypatch):
    """Make a bright square count as text, as long as it is there."""

    def find(pixels):
        return (BOX,) if pixels[SQUARE].mean() > 0.9 else ()

    monkeypatch.setattr(film_text, "find_text", find)


def _ramp() -> np.ndarray:
    """From 0.8 to 0.1, with the square."""
    pixels = np.tile(np.linspace(0.8, 0.1, COLUMNS, dtype=np.float32), (ROWS, 1))
    pixels[SQUARE] = 0.95
    return pixels


def _outside() -> np.ndarray:
    outside = np.ones((ROWS, COLUMNS), np.bool_)
    outside[BOX.top : BOX.bottom, BOX.left : BOX.right] = False
    return outside


@pytest.mark.parametrize("orientation", [["R", "F"], ["R", "H"], ["F", "R"], ["H", "L"]])
def test_a_film_is_searched_as_its_file_has_it_however_it_is_displayed(orientation):
    upright = decode(cr_file(_ramp(), PatientOrientation=["L", "F"])).pixels
    turned = cr_file(_ramp(), PatientOrientation=orientation)
    assert (read_picture(turned, DecodeLimits()).shown == upright).all()


@pytest.mark.parametrize("name", SYNTAXES)
def test_a_mask_changes_its_box_and_nothing_else_in_every_transfer_syntax(name, square_is_text):
    syntax = SYNTAXES[name]
    bits = min(12, syntax.most_bits)
    dtype = np.uint8 if bits == 8 else np.uint16
    words = np.round(((1 << bits) - 1) * _ramp()).astype(dtype)
    content = write(
        words, syntax, bits_stored=bits, WindowCenter=1 << bits - 1, WindowWidth=1 << bits
    )
    before = decode(content).pixels
    done = mask_text(content)
    after = decode(done.content).pixels
    assert done.boxes == (BOX,)
    assert done.is_clean
    assert (after[_outside()] == before[_outside()]).all()
    assert (after[~_outside()] == before.min()).all()
    written = pydicom.dcmread(io.BytesIO(done.content))
    native = syntax.uid if syntax.encode is None else ExplicitVRLittleEndian
    assert written.file_meta.TransferSyntaxUID == native
    assert written.BurnedInAnnotation == "NO"
    # pydicom reads the same values as were stored.
    if syntax.exact:
        assert (written.pixel_array[_outside()] == words[_outside()]).all()
        assert (written.pixel_array[~_outside()] == words.min()).all()


@pytest.mark.parametrize(
    ("photometric", "stored", "black"),
    [
        ("MONOCHROME1", lambda grey: 255 - grey, 230),
        ("RGB", lambda grey: np.repeat(grey[:, :, None], 3, axis=2), [25, 25, 25]),
        (
            "YBR_FULL",
            lambda grey: np.stack([grey, grey * 0 + 128, grey * 0 + 128], axis=2),
            [25, 128, 128],
        ),
    ],
)
def test_a_mask_is_as_black_as_the_film(photometric, stored, black, make_dicom, square_is_text):
    # 0.1 of 255 is 25, the darkest of the film.
    grey = np.floor(255 * _ramp()).astype(np.uint8)
    words = stored(grey).astype(np.uint8)
    content = make_dicom(words, PhotometricInterpretation=photometric)
    written = pydicom.dcmread(io.BytesIO(mask_text(content).content))
    assert written.PhotometricInterpretation == photometric
    shown = np.frombuffer(written.PixelData, np.uint8).reshape(words.shape)
    assert (shown[~_outside()] == black).all()
    assert (shown[_outside()] == words[_outside()]).all()


def test_signed_values_and_planes_of_colour_stay_as_they_are(make_dicom, square_is_text):
    signed = np.round(2000 * _ramp() - 1000).astype(np.int16)
    content = make_dicom(signed, BitsStored=12, HighBit=11)
    written = pydicom.dcmread(io.BytesIO(mask_text(content).content))
    assert (written.pixel_array[_outside()] == signed[_outside()]).all()
    assert (written.pixel_array[~_outside()] == signed.min()).all()
    # The words themselves, for readers that take all of their bits.
    words = np.frombuffer(written.PixelData, "<i2").reshape(signed.shape)
    assert (words[_outside()] == signed[_outside()]).all()
    grey = np.floor(255 * _ramp()).astype(np.uint8)
    planes = np.stack([grey, grey, grey])
    content = make_dicom(
        np.moveaxis(planes, 0, 2), PlanarConfiguration=1, PixelData=planes.tobytes()
    )
    written = pydicom.dcmread(io.BytesIO(mask_text(content).content))
    assert written.PlanarConfiguration == 0
    assert (written.pixel_array[_outside()] == grey[_outside()][:, None]).all()


def test_a_masked_film_says_so_and_has_a_uid_of_its_own(square_is_text):
    content = cr_file(_ramp())
    old = pydicom.dcmread(io.BytesIO(content))
    for options, is_retained in ((set(), False), ({RetainOption.UIDS}, True)):
        clean = deidentify(content, Profile(frozenset(options))).content
        before = pydicom.dcmread(io.BytesIO(clean))
        after = pydicom.dcmread(io.BytesIO(mask_text(clean).content))
        codes = [item.CodeValue for item in after.DeidentificationMethodCodeSequence]
        # CID 7050: Clean Pixel Data Option.
        assert codes.count("113101") == 1
        assert (before.SOPInstanceUID == old.SOPInstanceUID) is is_retained
        assert after.SOPInstanceUID != old.SOPInstanceUID
        assert after.SOPInstanceUID == after.file_meta.MediaStorageSOPInstanceUID
        assert after.SOPInstanceUID.is_valid
        assert (after.StudyInstanceUID == old.StudyInstanceUID) is is_retained


def test_a_film_without_text_stays_as_it_is_and_says_nothing_of_text(monkeypatch):
    monkeypatch.setattr(film_text, "find_text", lambda _pixels: ())
    content = cr_file(_ramp())
    done = mask_text(content)
    assert done.content == content
    assert (done.boxes, done.is_clean) == ((), True)


def test_text_that_is_still_found_when_it_is_masked_is_not_called_gone(monkeypatch):
    monkeypatch.setattr(film_text, "find_text", lambda _pixels: (BOX,))
    done = mask_text(cr_file(_ramp(), BurnedInAnnotation="NO"))
    assert not done.is_clean
    assert pydicom.dcmread(io.BytesIO(done.content)).BurnedInAnnotation == "YES"


@pytest.mark.parametrize(
    "box",
    [
        # Of 96 rows and 128 columns: 0.35 of all; half of the middle, which is 0.18 of all.
        Box(0, 0, 128, 34),
        Box(32, 24, 96, 60),
    ],
    ids=["film", "middle"],
)
def test_a_mask_over_a_large_part_of_the_film_is_refused(box, monkeypatch):
    monkeypatch.setattr(film_text, "find_text", lambda _pixels: (box,))
    with pytest.raises(TextMaskError, match="more than a third"):
        mask_text(cr_file(_ramp()))
