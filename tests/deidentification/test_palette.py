"""A palette keeps the colours that pixels have, and shows the same picture."""

import io
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom import Dataset

from hilum.deidentification.deidentify import deidentify
from hilum.deidentification.profile import Profile
from hilum.deidentification.removal import Removal
from hilum.imaging import decode
from tests.deidentification.raw_films import base, written
from tests.film_words import words_of
from tests.imaging.dicom_files import BIG_ENDIAN, SYNTAXES, write

NAME = b"ZQXNAME^MADEUP"
COLOURS = ("Red", "Green", "Blue")
# Pixels have the values 3 to 200, so that 0 to 2 and 201 to 254 are free.
WORDS = (np.arange(64 * 80) % 198 + 3).astype(np.uint8).reshape(64, 80)


def _palette(bits: int, *, is_little: bool = True, first: int = 0, prefix: str = "") -> object:
    """255 entries, of which a few that no pixel has are the name."""

    def put(dataset: Dataset) -> None:
        dataset.PhotometricInterpretation = "PALETTE COLOR"
        for power, colour in enumerate(COLOURS, start=1):
            entries = np.round(np.linspace(0, 1, 255) ** power * ((1 << bits) - 1))
            content = bytearray(entries.astype("u1" if bits == 8 else "<u2").tobytes())
            at = 210 * bits // 8
            content[at : at + len(NAME)] = NAME
            content += b"\0" * (len(content) % 2)
            stored = bytes(content)
            if prefix:
                start = np.array([0, 255], "u1" if bits == 8 else "<u2").tobytes()
                stored = start + stored[: 255 * bits // 8]
                stored += b"\0" * (len(stored) % 2)
            if not is_little:
                stored = np.frombuffer(stored, "<u2").byteswap().tobytes()
            keyword = f"{colour}PaletteColorLookupTable"
            dataset.add_new(f"{keyword}Descriptor", "US", [255, first, bits])
            dataset.add_new(f"{prefix}{keyword}Data", "OW", stored)

    return put


@pytest.mark.parametrize(
    ("name", "prefix", "bits"),
    [
        ("explicit little endian", "", 8),
        ("explicit little endian", "Segmented", 8),
        ("explicit big endian", "", 8),
        ("explicit big endian", "", 16),
        ("explicit big endian", "Segmented", 16),
        ("deflated", "", 16),
        ("RLE", "", 16),
        ("RLE", "Segmented", 16),
        ("JPEG-LS lossless", "", 8),
    ],
)
def test_colours_that_no_pixel_has_go_and_the_picture_stays(name, prefix, bits):
    is_little = SYNTAXES[name].uid != BIG_ENDIAN
    palette = _palette(bits, is_little=is_little, prefix=prefix)
    content = write(WORDS, SYNTAXES[name], bits_stored=8, before=palette)
    done = deidentify(content, Profile())
    found = pydicom.dcmread(io.BytesIO(done.content))
    for colour in COLOURS:
        table = found[f"{colour}PaletteColorLookupTableData"].value
        assert len(table) == (256 if bits == 8 else 510)
        swapped = np.frombuffer(table, "<u2").byteswap().tobytes()
        assert NAME[2:10] not in table
        assert NAME[2:10] not in swapped
        assert f"Segmented{colour}PaletteColorLookupTableData" not in found
    assert done.removals == {Removal.UNUSED_COLOURS}
    assert (decode(done.content).pixels == decode(content).pixels).all()
    assert not deidentify(done.content, Profile()).removals


def test_what_lies_before_the_first_value_and_past_the_last_has_the_colour_at_the_end():
    content = write(
        WORDS, SYNTAXES["explicit little endian"], bits_stored=8, before=_palette(16, first=100)
    )
    found = pydicom.dcmread(io.BytesIO(deidentify(content, Profile()).content))
    table = np.frombuffer(found.RedPaletteColorLookupTableData, "<u2")
    whole = np.frombuffer(
        pydicom.dcmread(io.BytesIO(content)).RedPaletteColorLookupTableData, "<u2"
    )
    # Values of up to 100 show the first entry, and 200 the hundred-first.
    assert (table[1:101] == whole[1:101]).all()
    assert whole[101:].all()
    assert (table[101:] == 65535).all()


def _in_words(count: int, *, bits: int = 8, high: bytes = b"", shift: int = 0) -> object:
    """Entries in words of sixteen bits, whatever their own bits are; some have more above."""

    def put(dataset: Dataset) -> None:
        dataset.PhotometricInterpretation = "PALETTE COLOR"
        for power, colour in enumerate(COLOURS, start=1):
            entries = np.round(np.linspace(0, 1, count) ** power * ((1 << bits) - 1))
            words = entries.astype("<u2") << shift
            words[10 : 10 + len(high)] |= np.frombuffer(high, np.uint8).astype("<u2") << 8
            keyword = f"{colour}PaletteColorLookupTable"
            dataset.add_new(f"{keyword}Descriptor", "US", [count, 0, bits])
            dataset.add_new(f"{keyword}Data", "OW", words.tobytes())

    return put


def _shown(content: bytes, path: Path) -> np.ndarray:
    """The picture as dcmtk shows it, in colour."""
    path.write_bytes(content)
    picture = path.with_suffix(".ppm")
    subprocess.run(["dcm2pnm", "+op", path, picture], timeout=30, check=True, capture_output=True)
    return np.asarray(Image.open(picture))


@pytest.mark.skipif(not shutil.which("dcm2pnm"), reason="needs dcmtk")
@pytest.mark.parametrize(
    ("palette", "length"),
    [
        (_in_words(256), 256),
        (_in_words(255), 256),
        (_in_words(256, high=NAME), 256),
        (_in_words(256, shift=8), 512),
        (_in_words(256, bits=12), 512),
        (_palette(8), 256),
    ],
    ids=["in words", "an odd number", "named in high bytes", "in high bytes", "12", "in bytes"],
)
@pytest.mark.parametrize("syntax", ["explicit little endian", "RLE"])
def test_a_palette_is_written_anew_of_what_it_means(syntax, palette, length, tmp_path):
    content = write(WORDS, SYNTAXES[syntax], bits_stored=8, before=palette)
    done = deidentify(content, Profile())
    found = pydicom.dcmread(io.BytesIO(done.content))
    for colour in COLOURS:
        table = found[f"{colour}PaletteColorLookupTableData"].value
        assert len(table) == length
        assert not any(letters in table for letters in (NAME[2:10], NAME[2:10:2]))
        assert not any(part in table[1::2] for part in (NAME[2:6], NAME[6:10]))
    assert (_shown(done.content, tmp_path / "b") == _shown(content, tmp_path / "a")).all()
    assert (decode(done.content).pixels == decode(content).pixels).all()


def _grey(words: np.ndarray, bits: int) -> object:
    """Three tables of these words."""

    def put(dataset: Dataset) -> None:
        dataset.PhotometricInterpretation = "PALETTE COLOR"
        for colour in COLOURS:
            keyword = f"{colour}PaletteColorLookupTable"
            dataset.add_new(f"{keyword}Descriptor", "US", [words.size, 0, bits])
            dataset.add_new(f"{keyword}Data", "OW", words.astype("<u2").tobytes())

    return put


LEVELS = np.arange(256)
SQUARES = np.round((LEVELS / 255) ** 2 * 65535).astype(int)


@pytest.mark.parametrize(
    ("words", "bits", "meant", "top"),
    [
        (SQUARES, 8, SQUARES, 65535),
        (SQUARES[::-1], 12, SQUARES[::-1], 65535),
        (SQUARES >> 4, 10, SQUARES >> 4, 4095),
        (np.where(LEVELS == 255, 0xFFFF, LEVELS << 8), 8, LEVELS << 8, 65535),
        # What is above these is none of them.
        (LEVELS | 0xFF00, 8, LEVELS, 255),
        (LEVELS.astype(np.uint8).view(np.int8).astype(np.int16).view(np.uint16), 8, LEVELS, 255),
        (LEVELS | np.maximum(LEVELS - 219, 0) << 8, 8, LEVELS, 255),
    ],
    ids=["8", "12, down", "10", "in high bytes but one", "same above", "signs", "above a few"],
)
def test_entries_that_are_wider_than_described_are_read_whole(words, bits, meant, top):
    content = write(
        WORDS, SYNTAXES["explicit little endian"], bits_stored=8, before=_grey(words, bits)
    )
    pixels = decode(content).pixels
    assert np.allclose(pixels, meant[WORDS] / top, atol=1e-6)
    done = deidentify(content, Profile())
    assert (decode(done.content).pixels == pixels).all()
    found = pydicom.dcmread(io.BytesIO(done.content))
    assert found.RedPaletteColorLookupTableDescriptor[2] == top.bit_length()


# Values of 3 to 200 are shown, and no descriptor names over 8 bits.
HALF = np.where(LEVELS < 100, LEVELS * 257, (355 - LEVELS) * 257)


@pytest.mark.parametrize(
    ("words", "bits", "is_cut"),
    [
        (HALF, 8, True),
        (HALF, 12, True),
        (HALF, 16, False),
        (SQUARES, 8, False),
        (LEVELS << 8, 8, False),
        (np.where(LEVELS > 200, 0x1234, LEVELS), 8, False),
    ],
    ids=["8", "12", "as described", "a ramp", "in high bytes", "above values that are not shown"],
)
def test_a_reading_tells_of_bits_that_it_does_not_take(words, bits, is_cut):
    content = write(
        WORDS, SYNTAXES["explicit little endian"], bits_stored=8, before=_grey(words, bits)
    )
    said = " ".join(words_of(decode(content)))
    assert ("more bits than the header states" in said) == is_cut


@pytest.mark.parametrize("high", [b"", NAME])
def test_what_stands_above_colours_is_told_of(high):
    # All colours but the first three are used, and these are white.
    def put(dataset: Dataset) -> None:
        _in_words(201, high=high)(dataset)
        for colour in COLOURS:
            element = dataset[f"{colour}PaletteColorLookupTableData"]
            element.value = b"\xff\0" * 3 + element.value[6:]

    content = write(WORDS, SYNTAXES["RLE"], bits_stored=8, before=put)
    found = deidentify(content, Profile()).removals
    assert found == ({Removal.UNUSED_COLOURS} if high else set())


@pytest.mark.skipif(not shutil.which("dciodvfy"), reason="needs dicom3tools")
def test_a_palette_whose_used_colours_are_dark_is_as_its_descriptor_says(tmp_path):
    words = np.where(np.arange(80) % 2, 1, 2) * np.ones((64, 1))
    content = write(
        words.astype(np.uint8),
        SYNTAXES["explicit little endian"],
        bits_stored=8,
        before=_in_words(256, bits=16),
    )
    path = tmp_path / "film.dcm"
    path.write_bytes(deidentify(content, Profile()).content)
    said = subprocess.run(
        ["dciodvfy", path], check=False, timeout=30, capture_output=True, text=True
    )
    assert "LookupTable" not in "".join(
        line for line in said.stderr.splitlines() if line.startswith("Error")
    )


@pytest.mark.parametrize("syntax", ["explicit little endian", "RLE"])
def test_colours_of_any_frame_stay(syntax):
    known = SYNTAXES[syntax]
    frames = [np.full((64, 80), value, np.uint8) for value in (5, 210)]
    made = pydicom.dcmread(io.BytesIO(write(frames[0], known, bits_stored=8, before=_palette(16))))
    made.NumberOfFrames = 2
    if known.encode is None:
        made.PixelData = b"".join(each.tobytes() for each in frames)
    else:
        coded = [known.encode(each, 8) for each in frames]
        made.PixelData = pydicom.encaps.encapsulate(coded)
    buffer = io.BytesIO()
    made.save_as(buffer)
    found = pydicom.dcmread(io.BytesIO(deidentify(buffer.getvalue(), Profile()).content))
    table = np.frombuffer(found.RedPaletteColorLookupTableData, "<u2")
    # Entry 210 is the first two letters.
    assert np.flatnonzero(table != 65535).tolist() == [5, 210]
    assert table[210].tobytes() == NAME[:2]


def test_a_palette_of_an_item_goes():
    item = Dataset()
    _palette(16)(item)
    content = written(base(DerivationCodeSequence=[item]))
    assert NAME in content
    assert NAME not in deidentify(content, Profile()).content


def test_a_palette_that_makes_no_sense_is_left_out_and_told_of():
    def broken(dataset: Dataset) -> None:
        _palette(16)(dataset)
        del dataset.GreenPaletteColorLookupTableData

    content = write(WORDS, SYNTAXES["RLE"], bits_stored=8, before=broken)
    done = deidentify(content, Profile())
    assert done.removals == {Removal.TABLES}
    assert "RedPaletteColorLookupTableData" not in pydicom.dcmread(io.BytesIO(done.content))
