"""Pixels of de-identified files: the same values, and nothing beside them."""

import io
import shutil
import struct
import subprocess

import imagecodecs
import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom import Dataset
from pydicom.encaps import encapsulate, generate_frames

from hilum.deidentification.deidentify import Deidentified, deidentify
from hilum.deidentification.jpeg import clean_jpeg
from hilum.deidentification.jpeg_2000 import clean_jpeg_2000
from hilum.deidentification.profile import Profile
from hilum.deidentification.removal import Removal
from hilum.errors import CorruptImageError
from hilum.imaging import decode
from hilum.imaging.phantom import draw_phantom
from tests.deidentification.named_everywhere import NAME, PLACES
from tests.deidentification.named_frames import compressed, frame, segment
from tests.deidentification.raw_films import bare_words, base, spelt_in_bit, words_of, written
from tests.imaging.dicom_files import BIG_ENDIAN, DEFLATED, EXPLICIT, SYNTAXES, write
from tests.pacs.films import as_file, report

GREYS = np.uint16(4095 * draw_phantom(72, 65, seed=5))


def _done(content: bytes) -> Deidentified:
    return deidentify(content, Profile())


def _read(content: bytes) -> Dataset:
    return pydicom.dcmread(io.BytesIO(content))


def _film(name: str) -> bytes:
    syntax = SYNTAXES[name]
    words = np.uint8(GREYS >> 4) if syntax.most_bits == 8 else GREYS
    bits = 8 if syntax.most_bits == 8 else 12
    return write(words, syntax, bits_stored=bits, WindowCenter=2048 >> 12 - bits,
                 WindowWidth=4096 >> 12 - bits)  # fmt: skip


def _shown(tool: str, content: bytes, path) -> bytes:
    path.write_bytes(content)
    shown = path.with_suffix(".pgm")
    subprocess.run([tool, "+op", "+Wi", "1", path, shown], timeout=30, check=True)
    return shown.read_bytes()


@pytest.mark.parametrize("name", SYNTAXES)
def test_a_film_of_any_syntax_has_the_same_pixels_and_syntax(name, tmp_path):
    content = _film(name)
    done = _done(content).content
    assert (decode(done).pixels == decode(content).pixels).all()
    before, after = _read(content), _read(done)
    assert after.file_meta.TransferSyntaxUID == before.file_meta.TransferSyntaxUID
    tool = SYNTAXES[name].tool
    if tool is None:
        # dcmtk does not read JPEG 2000; here it is decoded without what Hilum makes of it.
        np.testing.assert_array_equal(words_of(after), words_of(before))
    elif shutil.which(tool):
        shown = _shown(tool, done, tmp_path / "b.dcm")
        assert shown == _shown(tool, content, tmp_path / "a.dcm")
        assert len(shown) > GREYS.size


def _bare(content: bytes) -> bytes:
    """The data set alone: no preamble, no group 0002."""
    (length,) = struct.unpack_from("<I", content, 140)
    return content[144 + length :]


@pytest.mark.parametrize("name", [each for each in SYNTAXES if each != "deflated"])
def test_a_file_without_its_syntax_gets_the_one_that_it_has(name):
    content = _film(name)
    found = _read(_done(_bare(content)).content)
    made = found.file_meta.TransferSyntaxUID
    wanted = _read(content).file_meta.TransferSyntaxUID
    # What a lossy encoder wrote without loss cannot be told from a lossless one, nor RPCL.
    assert made == wanted
    np.testing.assert_array_equal(words_of(found), words_of(_read(_done(content).content)))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (BIG_ENDIAN, EXPLICIT),
        (EXPLICIT, BIG_ENDIAN),
        ("1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.90"),
    ],
)
def test_a_syntax_that_is_not_the_files_is_put_right(right, wrong):
    (name,) = [name for name, syntax in SYNTAXES.items() if syntax.uid == right]
    content = _film(name)
    relabelled = content.replace(right.encode(), wrong.encode(), 1)
    assert relabelled != content
    done = _read(_done(relabelled).content)
    assert done.file_meta.TransferSyntaxUID == right
    np.testing.assert_array_equal(words_of(done), words_of(_read(content)))


@pytest.mark.parametrize(
    ("signed", "high_bit", "stored", "expected"),
    [
        # Sixteen bits, of which twelve are stored: those above are cleared, or the sign's.
        (0, 11, 0xFABC, 0x0ABC),
        (1, 11, 0xFABC, 0xFABC),
        (1, 11, 0x0ABC, 0xFABC),
        (1, 11, 0x5ABC, 0xFABC),
        (1, 11, 0xF7BC, 0x07BC),
        # Those below, where the value is at the top of the word.
        (0, 15, 0xABCD, 0xABC0),
        (1, 15, 0xABCD, 0xABC0),
        (1, 13, 0xABCD, 0xEBCC),
    ],
)
def test_bits_beside_the_stored_ones_are_cleared_or_are_the_sign(
    signed, high_bit, stored, expected
):
    made = base(PixelRepresentation=signed, HighBit=high_bit)
    words = np.full((made.Rows, made.Columns), stored, np.uint16)
    made.PixelData = words.tobytes()
    found = words_of(_read(_done(written(made)).content))
    assert set(found.tolist()) == {expected}
    big = _done(_big_endian(made, words)).content
    assert set(np.frombuffer(_read(big).PixelData, ">u2").tolist()) == {expected}


def _big_endian(made: Dataset, words: np.ndarray) -> bytes:
    made.PixelData = words.byteswap().tobytes()
    return written(made, BIG_ENDIAN)


def test_an_extended_sign_is_nothing_hidden():
    made = base(PixelRepresentation=1)
    values = np.resize(np.arange(-2048, 2048, dtype=np.int16), (made.Rows, made.Columns))
    for words in (values, values & 0x0FFF):
        made.PixelData = words.tobytes()
        assert not _done(written(made)).removals


REMOVALS = {
    "an overlay": Removal.OVERLAYS,
    "a curve": Removal.OVERLAYS,
    "a bit beside the pixels' values": Removal.UNUSED_BITS,
    "a bit beside the values of JPEG-LS lossless": Removal.UNUSED_BITS,
    "a comment of JPEG baseline": Removal.FRAME_METADATA,
    "EXIF of JPEG lossless, predictor 1": Removal.FRAME_METADATA,
    "a comment of JPEG 2000 lossless": Removal.FRAME_METADATA,
    "after the end of JPEG-LS lossless": Removal.AFTER_FRAME,
    "after the last run": Removal.AFTER_FRAME,
    "after the pixels, in their element": Removal.AFTER_PIXELS,
    "padding of the data set": Removal.AFTER_PIXELS,
    "after the data set": Removal.AFTER_PIXELS,
    "a sequence written as LO": Removal.INVALID_VALUES,
    "a code string after its padding": Removal.INVALID_VALUES,
}


@pytest.mark.parametrize("place", REMOVALS)
def test_what_was_hidden_is_reported_by_its_place(place):
    assert _done(PLACES[place](NAME)).removals == {REMOVALS[place]}


@pytest.mark.parametrize("name", SYNTAXES)
def test_nothing_is_reported_of_a_sound_film(name):
    assert not _done(_film(name)).removals


@pytest.mark.parametrize("name", ["explicit little endian", "deflated", "RLE", "JPEG baseline"])
def test_a_film_that_ends_early_is_refused(name):
    content = _film(name)
    # Pixels begin within the last bytes; a JPEG's or a sequence's end is its last few.
    ends = [*range(200, len(content) - 16, len(content) // 25), len(content) - 16]
    for end in ends:
        with pytest.raises(CorruptImageError):
            _done(content[:end])


@pytest.mark.parametrize("keyword", ["ResultsComments", "IssueDateOfImagingServiceRequest"])
def test_an_object_without_pixels_that_ends_early_is_refused(keyword):
    content = as_file(report(**{keyword: "20260101"}))
    for end in (len(content) - 2, len(content) - 1):
        with pytest.raises(CorruptImageError):
            _done(content[:end])
    assert "PixelData" not in _read(_done(content).content)


def test_frames_of_a_film_of_several_are_gone_through_one_by_one():
    comment = segment(0xFE, NAME.encode())
    frames = [b"\xff\xd8" + comment + frame("JPEG-LS lossless")[2:] for _ in range(3)]
    made = base(NumberOfFrames=3)
    made.add_new("PixelData", "OB", encapsulate(frames))
    made["PixelData"].is_undefined_length = True
    done = _read(_done(written(made, SYNTAXES["JPEG-LS lossless"].uid)).content)
    found = list(generate_frames(done.PixelData, number_of_frames=3))
    assert len(found) == 3
    for each in found:
        np.testing.assert_array_equal(
            imagecodecs.jpegls_decode(each), imagecodecs.jpegls_decode(frames[0])
        )


def test_frames_with_something_in_their_bits_are_decompressed():
    words = bare_words(base())
    named = spelt_in_bit(words, NAME, 14)
    made = base(NumberOfFrames=2)
    frames = [imagecodecs.jpegls_encode(each) for each in (words, named)]
    made.add_new("PixelData", "OB", encapsulate(frames))
    made["PixelData"].is_undefined_length = True
    done = _read(_done(written(made, SYNTAXES["JPEG-LS lossless"].uid)).content)
    assert done.file_meta.TransferSyntaxUID == EXPLICIT
    np.testing.assert_array_equal(done.pixel_array, [words, words])


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"progressive": True},
        {"optimize": True, "restart_marker_blocks": 3},
        {"exif": b"Exif\0\0" + NAME.encode(), "comment": NAME.encode(), "icc_profile": b"icc"},
        {"subsampling": 0, "keep_rgb": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_jpeg_decodes_to_the_same_colours(mode, options):
    if mode != "RGB":
        options = {name: value for name, value in options.items() if name != "keep_rgb"}
    picture = Image.fromarray(np.uint8(GREYS >> 4)).convert("RGB")
    picture.paste((200, 30, 90), (10, 10, 40, 40))
    buffer = io.BytesIO()
    picture.convert(mode).save(buffer, "JPEG", **options)
    cleaned = clean_jpeg(buffer.getvalue(), set())
    assert NAME.encode() not in cleaned
    found, wanted = (
        np.asarray(Image.open(io.BytesIO(each))) for each in (cleaned, buffer.getvalue())
    )
    np.testing.assert_array_equal(found, wanted)


def test_of_repeated_restart_intervals_the_last_before_the_scan_is_kept():
    made = frame("JPEG baseline")
    at = made.index(b"\xff\xda")
    repeated = b"".join(segment(0xDD, each) for each in (b"ZQ", b"XN", b"\0\0"))
    cleaned = clean_jpeg(made[:at] + repeated + made[at:], set())
    assert cleaned.count(b"\xff\xdd\0\x04") == 1
    assert segment(0xDD, b"\0\0") in cleaned
    np.testing.assert_array_equal(imagecodecs.jpeg8_decode(cleaned), imagecodecs.jpeg8_decode(made))


def test_a_second_frame_header_of_a_jpeg_is_refused():
    made = frame("JPEG baseline")
    at = made.index(b"\xff\xc0")
    (size,) = struct.unpack_from(">H", made, at + 2)
    header = made[at : at + 2 + size]
    with pytest.raises(CorruptImageError):
        clean_jpeg(made[:at] + header + made[at:], set())


@pytest.mark.parametrize("marker", [0x60, 0x61], ids=["PPM", "PPT"])
def test_packet_headers_that_are_packed_are_refused(marker):
    made = frame("JPEG 2000 lossless")
    at = made.index(b"\xff\x90\0\x0a")
    with pytest.raises(CorruptImageError):
        clean_jpeg_2000(made[:at] + segment(marker, NAME.encode()) + made[at:], set())


def test_a_deflated_file_stays_deflated_and_is_inflated_within_the_limit():
    done = _done(_film("deflated"))
    assert _read(done.content).file_meta.TransferSyntaxUID == DEFLATED


def test_a_fragmented_frame_is_joined():
    content = compressed("JPEG baseline")
    whole = frame("JPEG baseline")
    half = len(whole) // 2 // 2 * 2
    fragmented = compressed("JPEG baseline", lambda _c: whole[:half], whole[half:])
    assert (decode(_done(fragmented).content).pixels == decode(content).pixels).all()


def test_encapsulated_pixels_with_a_length_are_frames_all_the_same():
    content = compressed("JPEG-LS lossless", lambda c: c[:2] + segment(0xFE, NAME.encode()) + c[2:])
    start = b"\xe0\x7f\x10\0OB\0\0"
    at = content.index(start) + len(start)
    length = len(content) - at - 4
    done = _done(content[:at] + struct.pack("<I", length) + content[at + 4 :])
    assert NAME.encode() not in done.content
    found = _read(done.content)
    assert found["PixelData"].is_undefined_length
    np.testing.assert_array_equal(words_of(found), words_of(_read(compressed("JPEG-LS lossless"))))
