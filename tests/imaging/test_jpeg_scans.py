"""JPEGs of several scans: damage to a single one of them is not passed over."""

import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.encaps import encapsulate, generate_frames

from hilum.errors import CorruptImageError
from hilum.imaging import decode
from hilum.imaging.jpeg_segments import segments
from tests.imaging.dicom_files import SYNTAXES, write

SCAN, TABLE = 0xDA, 0xC4


def _scans(frame: bytes) -> list[tuple[int, int]]:
    """Where the data of each scan starts and ends."""
    found = list(segments(frame))
    return [
        (each.end, found[n + 1].start) for n, each in enumerate(found[:-1]) if each.code == SCAN
    ]


def _with_zeros(frame: bytes) -> Iterator[tuple[int, bytes]]:
    """For each scan, the frame with zeros from a tenth of that scan's data on."""
    for n, (start, end) in enumerate(_scans(frame)):
        at = start + (end - start) // 10
        yield n, frame[:at] + bytes(end - at) + frame[end:]


@pytest.mark.dicomtools
@pytest.mark.skipif(not shutil.which("dcmcjpeg"), reason="needs Debian's dcmtk")
@pytest.mark.parametrize(
    ("option", "checked"), [("+ep", [0, 1, 2, 3, 5]), ("+es", [0, 1, 2])], ids=["+ep", "+es"]
)
def test_zeros_in_any_scan_of_a_12_bit_jpeg_are_refused(
    film: NDArray[np.uint8], tmp_path: Path, option: str, checked: list[int]
) -> None:
    noise = np.random.default_rng(16).normal(0, 8, film.shape)
    words = np.clip(film / 255 * 4095 + noise, 0, 4095).astype(np.uint16)
    native, coded, back = (tmp_path / name for name in ("native.dcm", "coded.dcm", "back.dcm"))
    native.write_bytes(write(words, SYNTAXES["explicit little endian"], bits_stored=12))
    subprocess.run(["dcmcjpeg", option, native, coded], check=True)
    subprocess.run(["dcmdjpeg", coded, back], check=True)
    whole = decode(coded.read_bytes())
    # Two decoders' transforms may differ by a level.
    np.testing.assert_allclose(whole.pixels, decode(back.read_bytes()).pixels, atol=1.01 / 4095)
    dataset = dcmread(coded)
    frame = next(generate_frames(dataset.PixelData, number_of_frames=1))
    damaged = dict(_with_zeros(frame))
    # Scan 4 of +ep refines the blocks' means by one bit, of which zeros are as sound as others.
    assert sorted(damaged) == sorted({*checked, *([4] if option == "+ep" else [])})
    for n in checked:
        dataset.PixelData = encapsulate([damaged[n]])
        dataset.save_as(content := io.BytesIO(), enforce_file_format=True)
        with pytest.raises(CorruptImageError, match="DICOM"):
            decode(content.getvalue())


def _of_three_scans(strip: NDArray[np.uint8], count: int = 1) -> bytes:
    """A lossless JPEG of equal strips: a scan for each component, a restart after each strip."""
    rows, columns, _ = strip.shape
    scans = b""
    for n in range(3):
        component = np.ascontiguousarray(strip[:, :, n])
        grey = bytes(imagecodecs.jpeg8_encode(component, lossless=True, predictor=1))
        found = {each.code: each for each in segments(grey)}
        table, scan = found[TABLE], found[SCAN]
        named = grey[scan.start : scan.start + 5] + bytes([n + 1]) + grey[scan.start + 6 : scan.end]
        data = grey[scan.end : grey.rindex(b"\xff\xd9")]
        marked = b"".join(data + bytes((0xFF, 0xD0 + k % 8)) for k in range(count))[:-2]
        scans += grey[table.start : table.end] + named + marked
    size = (count * rows).to_bytes(2) + columns.to_bytes(2)
    header = b"\xff\xc3\0\x11\x08" + size + bytes((3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0))
    interval = b"\xff\xdd\0\4" + (rows * columns if count > 1 else 0).to_bytes(2)
    return b"\xff\xd8" + header + interval + scans + b"\xff\xd9"


def test_zeros_in_any_scan_of_a_lossless_colour_jpeg_are_refused(film: NDArray[np.uint8]) -> None:
    words = np.dstack([film, film // 2, film // 3])
    frame = _of_three_scans(words)
    expected = words.astype(float) @ np.array([0.299, 0.587, 0.114]) / 255
    np.testing.assert_allclose(decode(frame).pixels, expected, atol=1e-6)
    syntax = SYNTAXES["JPEG lossless, predictor 1"]
    for _, damaged in _with_zeros(frame):
        with pytest.raises(CorruptImageError, match="JPEG"):
            decode(damaged)
        with pytest.raises(CorruptImageError, match="DICOM"):
            decode(write(words, syntax, bits_stored=8, frame=damaged))


def test_zeros_in_any_restart_interval_of_a_scan_are_refused(film: NDArray[np.uint8]) -> None:
    strip = film[64:128]
    words = np.dstack([strip, strip // 2, strip // 3])
    frame = _of_three_scans(words, count=4)
    expected = np.tile(words, (4, 1, 1)).astype(float) @ np.array([0.299, 0.587, 0.114]) / 255
    np.testing.assert_allclose(decode(frame).pixels, expected, atol=1e-6)
    for start, end in _scans(frame):
        for k in range(4):
            at = start + (end - start) * (2 * k + 1) // 8
            with pytest.raises(CorruptImageError, match="JPEG"):
                decode(frame[:at] + bytes(64) + frame[at + 64 :])


@pytest.mark.parametrize("value", [0, 2048, 4095])
def test_a_12_bit_jpeg_that_ends_in_one_value_is_whole(value: int) -> None:
    # Of other heights the scan's last bits are others; wrong ones of a white end decode to white.
    for rows in (976, 985, 1000):
        down, right = np.mgrid[:rows, :1000]
        words = (2047.5 + 1433.25 * np.sin(down * 4 / rows) * np.cos(right / 200)).astype(np.uint16)
        words[rows * 2 // 3 :] = value
        frame = imagecodecs.jpeg8_encode(words, 95, bitspersample=12)
        last = decode(frame).pixels[-300:] * 4095
        np.testing.assert_allclose(last, value, atol=2)
    with pytest.raises(CorruptImageError, match="JPEG"):
        decode(frame[:-2] + b"\x5a\x5a\x5a\x5a" + frame[-2:])


def test_blocks_of_a_unit_beyond_the_picture_are_not_left_over() -> None:
    # Of 16 x 16 pixels, the last unit has two in the picture.
    down, right = np.mgrid[:129, :130]
    grey = (2047.5 + 1433.25 * np.sin(down * 4 / 129) * np.cos(right / 26)).astype(np.uint16)
    for value in (0, 2048, 3685, 4095):
        grey[43:] = value
        words = np.dstack([grey, grey // 2, 4095 - grey])
        for quality in range(90, 101, 2):
            decode(imagecodecs.jpeg8_encode(words, quality, bitspersample=12))
    words = np.random.default_rng(16).integers(0, 4096, (182, 310, 3), np.uint16)
    for quality in range(50, 101, 5):
        decode(imagecodecs.jpeg8_encode(words, quality, bitspersample=12))
    frame = imagecodecs.jpeg8_encode(words, 95, bitspersample=12)
    with pytest.raises(CorruptImageError, match="JPEG"):
        decode(frame[:-2] + b"\x5a" * 16 + frame[-2:])


@pytest.mark.parametrize("count", [1, 4])
def test_scans_of_one_colour_are_whole(film: NDArray[np.uint8], count: int) -> None:
    strip = film[64:128]
    # The value that a lossless encoder starts from: a single code of one bit stands for all pixels.
    words = np.dstack([strip, np.full_like(strip, 128), np.full_like(strip, 128)])
    expected = np.tile(words, (count, 1, 1)).astype(float) @ np.array([0.299, 0.587, 0.114]) / 255
    frame = _of_three_scans(words, count)
    np.testing.assert_allclose(decode(frame).pixels, expected, atol=1e-6)
    (start, end), *_ = _scans(frame)
    with pytest.raises(CorruptImageError, match="JPEG"):
        decode(frame[: start + 900] + bytes(end - start - 900) + frame[end:])
