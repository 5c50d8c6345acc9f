"""Each hostile file is refused before it takes time or memory."""

import resource
import struct
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from hilum.deidentification.deidentify import deidentify
from hilum.deidentification.profile import Profile
from hilum.errors import (
    CorruptImageError,
    ImageError,
    ImageTooLargeError,
    UnreadableRadiographError,
    UnsupportedFormatError,
)
from hilum.imaging import DecodeLimits, decode, limits
from hilum.imaging.dicom import bounded
from hilum.imaging.dicom import file as dicom_file
from hilum.imaging.dicom.file import before_pixels
from hilum.imaging.jpeg import frame_header
from hilum.imaging.jpeg_2000_cost import check_jpeg_2000
from hilum.imaging.jpeg_segments import check_scans
from hilum.imaging.limits import MAX_SCANS
from hilum.imaging.phantom import draw_phantom
from hilum.imaging.phantom_files import as_file
from hilum.store.errors import RefusedError
from hilum.store.incoming import inspect_incoming
from tests.hostile import hostile_files
from tests.hostile.codestreams import jpeg_2000, progressive_jpeg
from tests.hostile.dicom_files import SOURCES, element, film, item, nested
from tests.hostile.pictures import with_segments
from tests.processor_time import processor_time_under

_SECONDS = 1
_KILOBYTES = 256 * 1024
# All others are too large.
_DAMAGED = {
    "elements_of_meta.dcm", "character_sets.dcm", "one_tile.dcm", "one_tile.j2k", "text.png",
    "elements_repeated.dcm", "international_text.png", "profile.png", "fill_in_scan.jpg",
}  # fmt: skip
_OTHERS = {
    "offsets.dcm": UnreadableRadiographError,
    "frames.dcm": UnreadableRadiographError,
    "fax.tif": UnsupportedFormatError,
    "runs.bmp": UnsupportedFormatError,
}
_FILES = hostile_files()


def _refused_cheaply(read: Callable[[], object], error: type[ImageError]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with processor_time_under(_SECONDS), pytest.raises(error):
        read()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < _KILOBYTES


@pytest.mark.parametrize("name", _FILES)
def test_a_hostile_file_is_refused_before_it_costs(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    error = CorruptImageError if name in _DAMAGED else _OTHERS.get(name, ImageTooLargeError)
    _refused_cheaply(lambda: decode(_FILES[name]), error)
    assert capfd.readouterr() == ("", "")


_READ_ALONE = {"palette.dcm", "palette_of_repeats.dcm", "windows.dcm"}
"""What a film is shown by is not applied where it is de-identified."""


@pytest.mark.parametrize(
    "name", [name for name in _FILES if name.endswith(".dcm") and name not in _READ_ALONE]
)
def test_a_hostile_file_is_not_de_identified(name: str) -> None:
    is_too_large = name not in _DAMAGED | _OTHERS.keys()
    error = ImageTooLargeError if is_too_large else CorruptImageError
    _refused_cheaply(lambda: deidentify(_FILES[name], Profile(frozenset())), error)


def test_a_header_over_a_limit_is_parsed_once_where_it_arrives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed = []
    read = dicom_file.read_elements
    monkeypatch.setattr(
        dicom_file, "read_elements", lambda *a, **k: parsed.append(1) or read(*a, **k)
    )
    with pytest.raises(RefusedError):
        inspect_incoming(_FILES["elements.dcm"], DecodeLimits())
    assert len(parsed) == 1


def test_the_limits_in_the_documentation_are_those_of_the_code() -> None:
    page = (Path(__file__).parents[2] / "docs/security.md").read_text()
    section = page.partition("## What a file may cost")[2].partition("\n## ")[0]
    counts = {name: value for name, value in vars(limits).items() if name.startswith("MAX_")}
    del counts["MAX_ASPECT_RATIO"]
    counted = counts | asdict(DecodeLimits()) | {"max_bytes": 64}
    assert [name for name, value in counted.items() if f"{value:,}" not in section] == []


def _read(header: bytes, **counts: int) -> None:
    before_pixels(film(header), DecodeLimits(**counts))


def test_items_are_counted_at_all_levels() -> None:
    # Two sequences of a known length, with three items and one item of two: six.
    header = element(SOURCES, "SQ", item() * 3)
    header += element(0x0040_0275, "SQ", item(element(SOURCES, "SQ", item() * 2)))
    _read(header, max_items=6)
    with pytest.raises(ImageTooLargeError, match="5 items"):
        _read(header, max_items=5)


def test_elements_are_counted_at_all_levels() -> None:
    # Of the film itself 10, and Pixel Data, which ends the header; a sequence and two in it.
    code = element(0x0008_0100, "SH", b"AB") + element(0x0008_0102, "SH", b"DCM ")
    header = element(SOURCES, "SQ", item(code))
    _read(header, max_elements=10 + 1 + 3)
    with pytest.raises(ImageTooLargeError, match="13 elements"):
        _read(header, max_elements=10 + 3)


@pytest.mark.parametrize("is_undefined", [True, False])
def test_levels_are_counted(*, is_undefined: bool) -> None:
    _read(nested(4, is_undefined=is_undefined), max_depth=4)
    with pytest.raises(ImageTooLargeError, match="4 levels"):
        _read(nested(5, is_undefined=is_undefined), max_depth=4)


def test_values_are_counted() -> None:
    header = element(0x0008_0008, "CS", b"ORIGINAL\\PRIMARY\\A\\B ")
    _read(header, max_values=3)
    with pytest.raises(ImageTooLargeError, match="2 values"):
        _read(header, max_values=2)


def test_a_sequence_is_read_as_pydicom_reads_it() -> None:
    code = element(0x0008_0100, "SH", b"AB") + element(0x0008_0102, "SH", b"DCM ")
    header = element(0x0040_0275, "SQ", item(element(0x0040_0008, "SQ", item(code))))
    found = before_pixels(film(header), DecodeLimits())
    step = found.RequestAttributesSequence[0].ScheduledProtocolCodeSequence[0]
    assert (step.CodeValue, step.CodingSchemeDesignator) == ("AB", "DCM")


def test_scans_are_counted_up_to_the_limit() -> None:
    assert len(check_scans(progressive_jpeg(1024, MAX_SCANS))) == MAX_SCANS + 5
    with pytest.raises(ImageTooLargeError, match="scans"):
        check_scans(progressive_jpeg(1024, MAX_SCANS + 1))
    # 16 million pixels at a time: 62 of them are a thousand million.
    check_scans(progressive_jpeg(4000, 62))
    with pytest.raises(ImageTooLargeError, match="scans"):
        check_scans(progressive_jpeg(4000, 63))


def test_metadata_of_a_jpeg_is_read_up_to_the_limit() -> None:
    plain = as_file(draw_phantom(64, 64), ".jpg")
    # As many entries as a directory can count, each of 12 bytes.
    entries = b"".join(struct.pack("<HHII", number, 2, 8, 8) for number in range(65_535))
    exif = b"II*\0" + struct.pack("<IH", 8, 65_535) + entries
    parts = [b"Exif\0\0" + exif[at : at + 60_000] for at in range(0, len(exif), 60_000)]
    with processor_time_under(_SECONDS):
        decode(with_segments(plain, 0xE1, parts))
    # 2,000,000 bytes: forty segments of 50,000, their lengths counted.
    resources = [b"Photoshop 3.0\0".ljust(49_998, b"\0")] * 40
    decode(with_segments(plain, 0xED, resources))
    # Before Pillow opens it, which reads what is after the frame header, too.
    for at in (2, plain.index(b"\xff\xda")):
        with pytest.raises(ImageTooLargeError, match="Photoshop"):
            frame_header(with_segments(plain, 0xED, [*resources, b"Photoshop 3.0\0"], at))


def test_tags_that_do_not_ascend_are_counted() -> None:
    repeated = element(0x0008_0005, "CS", b"")
    # The first follows SOP Instance UID (0008,0018), the others follow the same tag.
    before_pixels(film(repeated * 100), DecodeLimits())
    with pytest.raises(CorruptImageError):
        before_pixels(film(repeated * 101), DecodeLimits())


def test_zeros_are_no_data_set(monkeypatch: pytest.MonkeyPatch) -> None:
    headers = []
    take = bounded._Tally.take_header
    monkeypatch.setattr(
        bounded._Tally, "take_header", lambda *given: headers.append(1) or take(*given)
    )
    with pytest.raises(CorruptImageError):
        before_pixels(bytes(50_000), DecodeLimits())
    assert len(headers) < 110


def test_a_plain_jpeg_2000_is_within_all_limits() -> None:
    check_jpeg_2000(jpeg_2000(8000), DecodeLimits())


@pytest.mark.parametrize(
    ("is_within", "wide"),
    [
        (jpeg_2000(8000, block=32), jpeg_2000(8000, block=16)),
        # Of 5 halvings of 2000 x 2000 pixels in precincts of 64 x 64 there are 1,306 at least.
        (jpeg_2000(2000, precinct=6, layers=300), jpeg_2000(2000, precinct=6, layers=400)),
    ],
)
def test_work_of_a_jpeg_2000_is_counted(is_within: bytes, wide: bytes) -> None:
    check_jpeg_2000(is_within, DecodeLimits())
    with pytest.raises(ImageTooLargeError):
        check_jpeg_2000(wide, DecodeLimits())


def test_a_row_of_fill_bytes_takes_time_in_proportion() -> None:
    content = progressive_jpeg(1024, 1)
    filled = content[:-2] + b"\xff" * 2_000_000 + content[-2:]
    with processor_time_under(_SECONDS):
        assert check_scans(filled)[-1] == 0xD9


def test_colours_are_weighed_as_before() -> None:
    from hilum.imaging.colour import luminance

    grey, has_colour = luminance(np.full((8, 8, 3), (255, 0, 0), np.uint8), "RGB", 255)
    assert has_colour
    np.testing.assert_allclose(grey, 0.299, rtol=1e-6)
