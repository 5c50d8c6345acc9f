"""A file is what its first bytes say."""

import gzip
import io
import zipfile
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import Dataset, dcmwrite

from hilum.errors import UnsupportedFormatError
from hilum.imaging import decode
from hilum.imaging.signature import identify

FORMATS = ("jpeg", "png", "webp", "tiff", "bmp", "dicom")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_told_by_its_first_132_bytes(name: str, files: dict[str, bytes]) -> None:
    assert identify(files[name][:132]).value == name
    assert decode(files[name]).format.value == name


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("film.png", b"\x89PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"%PDF-1.7\n%binary\n", "PDF"),
        (_zip(), "zip"),
        (gzip.compress(b"film", mtime=0), "gzip"),
        (b"MZ\x90\x00" + bytes(200), "program"),
        (b"\x7fELF\x02\x01\x01" + bytes(200), "program"),
        (b"<!doctype html><html></html>", "not a picture"),
        (b"just some words", "not a picture"),
        (bytes(500), "not a picture"),
        (b"BMW is a car, and a file may begin so", "not a picture"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "not a picture"),
        (b"\x89", "not a picture"),
    ],
)
def test_what_is_no_radiograph_is_refused_by_name(content: bytes, named: str) -> None:
    with pytest.raises(UnsupportedFormatError, match=named) as refused:
        decode(content)
    assert "JPEG, PNG, WebP, TIFF, BMP or DICOM" in str(refused.value)


def test_gif_is_refused_though_pillow_could_read_it(
    film: NDArray[np.uint8], encode: Callable[..., bytes]
) -> None:
    with pytest.raises(UnsupportedFormatError, match="GIF"):
        decode(encode(film, "GIF"))


@pytest.mark.parametrize("start", [b"II*\0", b"MM\0*", b"II+\0", b"BM"])
def test_dicom_behind_the_header_of_another_format_is_dicom(
    film: NDArray[np.uint8], make_dicom: Callable[..., bytes], start: bytes
) -> None:
    plain = make_dicom(film, PhotometricInterpretation="MONOCHROME1", PatientAge="003Y")
    radiograph = decode(start + bytes(128 - len(start)) + plain[128:])
    assert radiograph.format.value == "dicom"
    assert radiograph.patient_age_years == 3
    # By the lowest and the highest value, of which there is no window.
    assert np.abs(radiograph.pixels - (1 - film / 255)).max() < 1e-6


@pytest.mark.parametrize("keyword", ["StudyDate", "Modality", "RetrieveURL", "AccessionNumber"])
@pytest.mark.parametrize(("implicit", "little"), [(True, True), (False, True), (False, False)])
def test_a_data_set_without_preamble_is_dicom_whichever_element_comes_first(
    keyword: str, implicit: bool, little: bool
):
    dataset = Dataset()
    setattr(dataset, keyword, "20260101")
    dataset.StationName, dataset.PatientID = "S1", "1"
    buffer = io.BytesIO()
    dcmwrite(buffer, dataset, implicit_vr=implicit, little_endian=little)
    assert identify(buffer.getvalue()).value == "dicom"


@pytest.mark.parametrize("content", [b"\x08\0\x10\0abcd" * 20, b"\0\x08" * 60])
def test_what_only_begins_with_the_bytes_of_a_group_is_no_dicom(content: bytes):
    with pytest.raises(UnsupportedFormatError):
        identify(content)
