"""What is no readable radiograph is refused, each by its own words; what is merely odd is read."""

import io
import random
import resource
import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.encaps import encapsulate

from hilum.errors import (
    CorruptImageError,
    HilumError,
    ImageTooLargeError,
    UnreadableRadiographError,
    UnsupportedFormatError,
)
from hilum.imaging import DecodeLimits, Radiograph, decode
from tests.film_words import words_of
from tests.imaging.dicom_files import BIG_ENDIAN, SYNTAXES, Syntax, write
from tests.processor_time import processor_time_under

Grey = NDArray[np.uint8]
CODED = [name for name, syntax in SYNTAXES.items() if syntax.encode]
PLAIN = SYNTAXES["explicit little endian"]
STORAGE = "1.2.840.10008.5.1.4.1.1."


def _without_pixels(dataset: Dataset) -> None:
    for keyword in ("Rows", "Columns", "PixelData"):
        del dataset[keyword]


def _of_class(uid: str, *, has_pixels: bool) -> Callable[[Dataset], None]:
    def change(dataset: Dataset) -> None:
        dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = uid
        if not has_pixels:
            _without_pixels(dataset)

    return change


@pytest.mark.parametrize(
    ("uid", "said"),
    [
        ("1.2.840.10008.1.3.10", "DICOMDIR"),
        (STORAGE + "88.33", "a report"),
        (STORAGE + "104.1", "a document"),
        (STORAGE + "11.1", "a presentation state"),
        (STORAGE + "9.1.1", "a waveform"),
        (STORAGE + "66.4", "a segmentation"),
        (STORAGE + "481.3", "radiotherapy"),
    ],
)
def test_an_object_without_a_picture_is_told_by_name(film: Grey, uid: str, said: str) -> None:
    content = write(film, PLAIN, bits_stored=8, before=_of_class(uid, has_pixels=False))
    with pytest.raises(UnsupportedFormatError, match=said) as refused:
        decode(content)
    assert "no picture" in str(refused.value)


@pytest.mark.parametrize("element", ["DirectoryRecordSequence", "FileSetID"])
def test_a_dicomdir_is_known_by_what_it_holds(film: Grey, element: str) -> None:
    def change(dataset: Dataset) -> None:
        _without_pixels(dataset)
        del dataset.SOPClassUID
        dataset.file_meta.MediaStorageSOPClassUID = "1.2.3"
        setattr(dataset, element, "DISC" if element == "FileSetID" else [])

    content = write(film, PLAIN, bits_stored=8, before=change)
    with pytest.raises(UnsupportedFormatError, match="DICOMDIR") as refused:
        decode(content)
    assert "Send the image files of the disc" in str(refused.value)


@pytest.mark.parametrize(
    ("uid", "said"),
    [
        (STORAGE + "2", "a slice of a CT"),
        (STORAGE + "2.1", "a slice of a CT"),
        (STORAGE + "4", "a slice of an MR"),
        (STORAGE + "6.1", "an ultrasound"),
        (STORAGE + "128", "a slice of a PET"),
        (STORAGE + "13.1.3", "X-ray slices"),
        (STORAGE + "77.1.4", "a photograph"),
    ],
)
def test_a_picture_that_is_no_radiograph_is_told_by_name(film: Grey, uid: str, said: str) -> None:
    content = write(film, PLAIN, bits_stored=8, before=_of_class(uid, has_pixels=True))
    with pytest.raises(UnreadableRadiographError, match=said):
        decode(content)


@pytest.mark.parametrize(
    ("uid", "said"),
    [
        ("1.2.840.10008.1.2.4.103", "a video"),
        ("1.2.840.10008.1.2.4.107", "a video"),
        ("1.2.840.10008.1.2.4.94", "on another server"),
        ("1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2"),
        ("1.2.840.10008.1.2.4.66", "Hierarchical"),
        ("1.2.826.0.1.3680043.2.4711", "unknown or encrypted"),
    ],
)
def test_a_syntax_that_no_codec_reads_is_told_by_name(film: Grey, uid: str, said: str) -> None:
    content = write(film, Syntax(uid, None, lambda _words, _bits: b"sealed"), bits_stored=8)
    with pytest.raises(UnsupportedFormatError, match=said) as refused:
        decode(content)
    assert "4711" not in str(refused.value)


@pytest.mark.parametrize("frames", [2, 10_000])
@pytest.mark.parametrize("name", ["explicit little endian", "JPEG baseline"])
def test_several_frames_are_refused_whatever_they_hold(film: Grey, name: str, frames: int) -> None:
    content = write(film, SYNTAXES[name], bits_stored=8, NumberOfFrames=frames)
    with pytest.raises(UnreadableRadiographError, match="several frames"):
        decode(content)


def test_several_frames_that_only_the_offset_table_tells_are_refused(film: Grey) -> None:
    jpeg = SYNTAXES["JPEG baseline"]
    assert jpeg.encode
    pixel_data = encapsulate([jpeg.encode(film, 8)] * 2, has_bot=True)
    content = write(
        film, jpeg, bits_stored=8, before=lambda dataset: setattr(dataset, "PixelData", pixel_data)
    )
    with pytest.raises(UnreadableRadiographError, match="several frames"):
        decode(content)


@pytest.mark.parametrize(
    ("elements", "error", "said"),
    [
        ({"BitsAllocated": 32}, UnsupportedFormatError, "32 bits"),
        ({"BitsAllocated": 1}, UnsupportedFormatError, "1 bits"),
        ({"SamplesPerPixel": 4}, UnsupportedFormatError, "4 values"),
        ({"PhotometricInterpretation": "CMYK"}, UnsupportedFormatError, "CMYK"),
        ({"Rows": 65535, "Columns": 65535}, ImageTooLargeError, "megapixels"),
        ({"Rows": 193}, CorruptImageError, "fewer pixels"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, CorruptImageError, "damaged"),
    ],
)
def test_a_header_that_cannot_be_followed_is_told(
    film: Grey, elements: dict[str, Any], error: type[HilumError], said: str
) -> None:
    with pytest.raises(error, match=said):
        decode(write(film, PLAIN, bits_stored=8, **elements))


def test_floating_point_pixels_are_refused(film: Grey) -> None:
    def as_float(dataset: Dataset) -> None:
        del dataset.PixelData
        dataset.FloatPixelData = film.astype("<f4").tobytes()

    with pytest.raises(UnsupportedFormatError, match="floating-point"):
        decode(write(film, PLAIN, bits_stored=8, before=as_float))


def _claiming(frame: bytes, name: str, side: int) -> bytes:
    """A compressed frame whose own header claims `side` x `side` pixels."""
    claimed = bytearray(frame)
    if "2000" in name or "HTJ2K" in name:
        at = frame.index(b"\xff\x51") + 6
        claimed[at : at + 8] = struct.pack(">II", side, side)
        return bytes(claimed)
    markers = (b"\xff\xc0", b"\xff\xc1", b"\xff\xc3", b"\xff\xf7")
    at = min(frame.index(each) for each in markers if each in frame[:2000]) + 5
    claimed[at : at + 4] = struct.pack(">HH", side, side)
    return bytes(claimed)


def _bits(name: str) -> int:
    return min(16, SYNTAXES[name].most_bits)


def _deep(film: Grey, bits: int) -> NDArray[Any]:
    return film if bits == 8 else film.astype(np.uint16) << (bits - 8)


@pytest.mark.parametrize("name", [name for name in CODED if name != "RLE"])
def test_a_frame_that_claims_more_than_its_file_is_refused_before_it_is_decoded(
    film: Grey, name: str
) -> None:
    syntax, bits = SYNTAXES[name], _bits(name)
    assert syntax.encode
    words = _deep(film, bits)
    frame = _claiming(syntax.encode(words, bits), name, 60_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    too_large = pytest.raises(ImageTooLargeError, match="60000 x 60000")
    with processor_time_under(1), too_large:
        decode(write(words, syntax, bits_stored=bits, frame=frame))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024


@pytest.mark.parametrize("name", [name for name in CODED if name != "RLE"])
def test_a_frame_of_another_size_than_its_file_says_is_corrupt(film: Grey, name: str) -> None:
    syntax, bits = SYNTAXES[name], _bits(name)
    assert syntax.encode
    words = _deep(film, bits)
    frame = syntax.encode(words[:90], bits)
    with pytest.raises(CorruptImageError, match="differ in size"):
        decode(write(words, syntax, bits_stored=bits, frame=frame))


def test_run_lengths_are_decoded_into_no_more_than_the_picture(film: Grey) -> None:
    # Two bytes of 129 and a value make 128: this plane of 49,152 pixels would have 64 million.
    runs = struct.pack("<16I", 1, 64, *[0] * 14) + b"\x81\x07" * 500_000
    with pytest.raises(CorruptImageError):
        decode(write(film, SYNTAXES["RLE"], bits_stored=8, frame=runs))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("name", CODED)
def test_a_frame_that_ends_early_is_corrupt(film: Grey, name: str, share: float) -> None:
    syntax, bits = SYNTAXES[name], _bits(name)
    assert syntax.encode
    words = _deep(film, bits)
    frame = syntax.encode(words, bits)
    cut = frame[: int(len(frame) * share)]
    with pytest.raises(CorruptImageError, match="DICOM"):
        decode(write(words, syntax, bits_stored=bits, frame=cut))


@pytest.mark.parametrize("name", list(SYNTAXES))
def test_a_file_that_ends_early_is_corrupt(film: Grey, name: str) -> None:
    bits = _bits(name)
    content = write(_deep(film, bits), SYNTAXES[name], bits_stored=bits)
    for share in (0.3, 0.7, 0.95):
        with pytest.raises(CorruptImageError, match="DICOM"):
            decode(content[: int(len(content) * share)])


def _mutated(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    reach = rng.choice([600, 1200, len(changed)])
    for _ in range(rng.choice([1, 1, 2, 8])):
        at = rng.randrange(132, min(len(changed), reach))
        changed[at] = rng.choice([0, 1, 127, 128, 255, rng.randrange(256)])
    if rng.random() < 0.2:
        del changed[rng.randrange(200, len(changed)) :]
    return bytes(changed)


@pytest.mark.parametrize("name", list(SYNTAXES))
def test_of_mutated_files_comes_a_radiograph_or_a_hilum_error(film: Grey, name: str) -> None:
    bits = _bits(name)
    content = write(_deep(film, bits), SYNTAXES[name], bits_stored=bits)
    rng = random.Random(f"mutations of {name}")
    limits = DecodeLimits(max_pixels=1_000_000)
    refused = 0
    for _ in range(100):
        try:
            radiograph = decode(_mutated(content, rng), limits=limits)
        except HilumError:
            refused += 1
        else:
            assert isinstance(radiograph, Radiograph)
            assert 0 <= radiograph.pixels.min() < radiograph.pixels.max() <= 1
    assert 0 < refused < 100


@pytest.mark.parametrize("name", list(SYNTAXES))
def test_what_lost_nothing_is_read_exactly(film: Grey, name: str) -> None:
    syntax, bits = SYNTAXES[name], _bits(name)
    words = _deep(film, bits)
    found = decode(write(words, syntax, bits_stored=bits)).pixels
    assert np.abs(found - film / 255).max() < (1e-6 if syntax.exact else 0.1)


@pytest.mark.parametrize("name", [*CODED, "explicit big endian"])
def test_a_file_that_names_no_syntax_is_read_by_what_it_holds(film: Grey, name: str) -> None:
    bits = _bits(name)
    content = write(_deep(film, bits), SYNTAXES[name], bits_stored=bits)
    whole = decode(content).pixels
    bare = content[content.index(_first_element(SYNTAXES[name])) :]
    assert np.array_equal(decode(bare).pixels, whole)
    assert np.array_equal(decode(bytes(128) + b"DICM" + bare).pixels, whole)


@pytest.mark.parametrize(
    "first",
    [b"\x02\x00\x01\x00OB", b"\x02\x00\x02\x00UI", b"\x02\x00\x03\x00UI", b"\x02\x00\x10\x00UI"],
)
def test_group_0002_may_lack_preamble_length_and_first_elements(film: Grey, first: bytes) -> None:
    content = write(film, PLAIN, bits_stored=8)
    bare = content[content.index(first) :]
    assert np.array_equal(decode(bare).pixels, decode(content).pixels)


def test_what_pydicom_writes_without_the_file_format_is_read(film: Grey) -> None:
    content = write(film, PLAIN, bits_stored=8)
    dataset = pydicom.dcmread(io.BytesIO(content))
    dataset.preamble = None
    del dataset.file_meta.FileMetaInformationGroupLength
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=False)
    assert b"DICM" not in buffer.getvalue()[:200]
    assert np.array_equal(decode(buffer.getvalue()).pixels, decode(content).pixels)


def _first_element(syntax: Syntax) -> bytes:
    is_big = syntax.uid == BIG_ENDIAN
    return (b"\x00\x08\x00\x16" if is_big else b"\x08\x00\x16\x00") + b"UI"


def test_a_wrong_name_among_the_compressed_syntaxes_does_no_harm(film: Grey) -> None:
    claimed = replace(SYNTAXES["JPEG baseline"], encode=SYNTAXES["JPEG-LS lossless"].encode)
    assert np.array_equal(
        decode(write(film, claimed, bits_stored=8)).pixels, np.float32(film / 255)
    )


def test_a_frame_in_several_fragments_is_joined(film: Grey) -> None:
    syntax = SYNTAXES["JPEG-LS lossless"]
    assert syntax.encode
    frame = syntax.encode(film, 8)
    pixel_data = encapsulate([frame], fragments_per_frame=3)
    content = write(
        film,
        syntax,
        bits_stored=8,
        before=lambda dataset: setattr(dataset, "PixelData", pixel_data),
    )
    assert np.abs(decode(content).pixels - film / 255).max() < 1e-6


@pytest.mark.parametrize(
    "missing",
    [
        "BitsAllocated",
        "BitsStored",
        "HighBit",
        "PhotometricInterpretation",
        "SamplesPerPixel",
        "PixelRepresentation",
    ],
)
def test_a_missing_attribute_is_made_up_for(film: Grey, missing: str) -> None:
    content = write(film, PLAIN, bits_stored=8, before=lambda dataset: delattr(dataset, missing))
    radiograph = decode(content)
    assert np.abs(radiograph.pixels - film / 255).max() < 1e-6
    assert bool(words_of(radiograph)) == (missing != "PixelRepresentation")


@pytest.mark.parametrize(
    "wrong",
    [{"BitsStored": 20}, {"HighBit": 3}, {"HighBit": 12}, {"PhotometricInterpretation": "RGB"}],
)
def test_a_wrong_attribute_is_mended_and_told(film: Grey, wrong: dict[str, Any]) -> None:
    radiograph = decode(write(film, PLAIN, bits_stored=8, **wrong))
    assert np.abs(radiograph.pixels - film / 255).max() < 1e-6
    assert any("contradicts itself" in words for words in words_of(radiograph))


def test_more_pixels_than_the_header_accounts_for_are_left_out_and_told(film: Grey) -> None:
    radiograph = decode(write(film, PLAIN, bits_stored=8, Rows=180))
    assert np.abs(radiograph.pixels - film[:180] / 255).max() < 0.02
    assert any("more pixels" in words for words in words_of(radiograph))


def test_a_window_that_shows_nothing_is_not_used_and_told(film: Grey) -> None:
    content = write(film, PLAIN, bits_stored=8, WindowCenter=4000, WindowWidth=50)
    radiograph = decode(content)
    assert np.abs(radiograph.pixels - film / 255).max() < 1e-6
    assert any(
        "window does not fit the picture's values; the picture's own range" in words
        for words in words_of(radiograph)
    )


def test_padding_is_left_out_of_the_range(film: Grey) -> None:
    words = film.astype(np.uint16) + 1000
    words[:, :20] = 0
    content = write(words, PLAIN, bits_stored=16, before=lambda d: d.add_new(0x00280120, "US", 0))
    shown = decode(content).pixels
    low, high = film[:, 20:].min(), film[:, 20:].max()
    assert np.abs(shown[:, 20:] - (film[:, 20:] - low) / (high - low)).max() < 1e-6
    assert (shown[:, :20] == 0).all()


def test_an_end_of_the_image_that_is_missing_in_a_jpeg_is_corrupt(film: Grey) -> None:
    frame = imagecodecs.jpeg8_encode(film, lossless=True, predictor=1)
    syntax = SYNTAXES["JPEG lossless, predictor 1"]
    with pytest.raises(CorruptImageError):
        decode(write(film, syntax, bits_stored=8, frame=frame[:-2]))
