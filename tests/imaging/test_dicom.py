"""Plain DICOM: displayed as a viewer displays it, without the patient's identity."""

import logging
import random
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGBaseline8Bit

from hilum.errors import (
    CorruptImageError,
    HilumError,
    UnreadableRadiographError,
    UnsupportedFormatError,
)
from hilum.imaging import View, decode
from tests.film_words import words_of

Grey = NDArray[np.uint8]
MakeDicom = Callable[..., bytes]


@pytest.fixture(scope="session")
def stored(film: Grey) -> NDArray[np.uint16]:
    """Twelve bits in sixteen, from 0 to 4080."""
    return film.astype(np.uint16) * 16


TWELVE = {"BitsStored": 12, "HighBit": 11}


def _matches(content: bytes, expected: NDArray[Any]) -> None:
    pixels = decode(content).pixels
    assert pixels.dtype == np.float32
    assert np.abs(pixels - expected).max() < 1e-4


def test_monochrome2_is_shown_as_stored(stored: NDArray[Any], make_dicom: MakeDicom) -> None:
    _matches(make_dicom(stored, **TWELVE), stored / 4080)


def test_monochrome1_is_inverted(stored: NDArray[Any], make_dicom: MakeDicom) -> None:
    content = make_dicom(stored, PhotometricInterpretation="MONOCHROME1", **TWELVE)
    _matches(content, 1 - stored / 4080)


def test_presentation_lut_shape_inverse_is_inverted(
    stored: NDArray[Any], make_dicom: MakeDicom
) -> None:
    _matches(make_dicom(stored, PresentationLUTShape="INVERSE", **TWELVE), 1 - stored / 4080)


def test_monochrome1_with_shape_inverse_is_inverted_once(
    stored: NDArray[Any], make_dicom: MakeDicom
) -> None:
    content = make_dicom(
        stored, PhotometricInterpretation="MONOCHROME1", PresentationLUTShape="INVERSE", **TWELVE
    )
    _matches(content, 1 - stored / 4080)


def _windowed(values: NDArray[Any], centre: float, width: float) -> NDArray[Any]:
    """The LINEAR window of PS3.3 C.11.2.1.2.1, from 0 to 1."""
    shown = (values - (centre - 0.5)) / (width - 1) + 0.5
    return np.clip(shown, 0, 1)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_the_window_is_applied_before_inversion(
    stored: NDArray[Any], make_dicom: MakeDicom, photometric: str
) -> None:
    # The data reaches beyond this window on both sides, so the result spans all of 0 to 1.
    content = make_dicom(
        stored,
        PhotometricInterpretation=photometric,
        WindowCenter=1500,
        WindowWidth=1200,
        **TWELVE,
    )
    shown = _windowed(stored.astype(float), 1500, 1200)
    _matches(content, 1 - shown if photometric == "MONOCHROME1" else shown)


def test_the_window_is_in_rescaled_units(stored: NDArray[Any], make_dicom: MakeDicom) -> None:
    content = make_dicom(
        stored,
        RescaleSlope=2,
        RescaleIntercept=-1000,
        WindowCenter=2000,
        WindowWidth=2400,
        **TWELVE,
    )
    _matches(content, _windowed(2.0 * stored - 1000, 2000, 2400))


def test_a_negative_rescale_slope_turns_the_greys_round(
    stored: NDArray[Any], make_dicom: MakeDicom
) -> None:
    content = make_dicom(stored, RescaleSlope=-1, RescaleIntercept=4095, **TWELVE)
    _matches(content, 1 - stored / 4080)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_a_voi_lut_comes_before_the_window_and_before_inversion(
    film: Grey, make_dicom: MakeDicom, photometric: str
) -> None:
    table = (np.arange(256) ** 2 // 16).astype(np.uint16)

    def with_lut(dataset: Dataset) -> None:
        item = Dataset()
        item.add_new("LUTDescriptor", "US", [256, 0, 12])
        item.add_new("LUTData", "US", table.tolist())
        dataset.VOILUTSequence = [item]
        dataset.WindowCenter, dataset.WindowWidth = 10, 5
        dataset.PhotometricInterpretation = photometric

    # Twelve bits an entry: from 0 to 4095, whatever the largest entry is.
    shown = table[film] / 4095
    _matches(
        make_dicom(film, before=with_lut), 1 - shown if photometric == "MONOCHROME1" else shown
    )


def test_signed_values_keep_their_order(film: Grey, make_dicom: MakeDicom) -> None:
    signed = film.astype(np.int16) * 8 - 1024
    _matches(make_dicom(signed), film / 255)


def test_rgb_becomes_bt601_luminance(tinted: Grey, make_dicom: MakeDicom) -> None:
    content = make_dicom(tinted)
    _matches(content, tinted.astype(float) @ [0.299, 0.587, 0.114] / 255)
    assert decode(content).was_colour


def test_a_baseline_jpeg_frame_is_decoded(
    film: Grey, files: dict[str, bytes], make_dicom: MakeDicom
) -> None:
    def compressed(dataset: Dataset) -> None:
        dataset.PixelData = encapsulate([files["jpeg"]])
        dataset["PixelData"].VR = "OB"
        dataset["PixelData"].is_undefined_length = True

    content = make_dicom(film, before=compressed, TransferSyntaxUID=JPEGBaseline8Bit)
    assert np.abs(decode(content).pixels - film / 255).mean() < 2 / 255


def test_a_file_without_preamble_is_read(film: Grey, make_dicom: MakeDicom) -> None:
    _matches(make_dicom(film, preamble=False), film / 255)


@pytest.mark.parametrize(
    ("position", "view"),
    [
        ("PA", View.PA),
        ("AP", View.AP),
        ("LL", View.LATERAL),
        ("RL", View.LATERAL),
        ("", View.UNKNOWN),
    ],
)
def test_the_view_position_is_kept(
    film: Grey, make_dicom: MakeDicom, position: str, view: View
) -> None:
    assert decode(make_dicom(film, ViewPosition=position)).view is view


def test_pixel_spacing_goes_before_that_at_the_detector(film: Grey, make_dicom: MakeDicom) -> None:
    both = make_dicom(film, PixelSpacing=[0.2, 0.1], ImagerPixelSpacing=[0.3, 0.3])
    detector = make_dicom(film, ImagerPixelSpacing=[0.14, 0.15])
    assert decode(both).spacing_mm == (0.2, 0.1)
    assert decode(detector).spacing_mm == (0.14, 0.15)
    assert decode(make_dicom(film)).spacing_mm is None
    assert decode(make_dicom(film, PixelSpacing=[0, 0])).spacing_mm is None


def test_several_frames_are_refused(film: Grey, make_dicom: MakeDicom) -> None:
    content = make_dicom(film, NumberOfFrames=2, PixelData=film.tobytes() * 2)
    with pytest.raises(UnreadableRadiographError, match="several frames"):
        decode(content)


def test_an_object_without_a_picture_is_unsupported(film: Grey, make_dicom: MakeDicom) -> None:
    def report(dataset: Dataset) -> None:
        for keyword in ("Rows", "Columns", "PixelData"):
            del dataset[keyword]
        basic_text_sr = "1.2.840.10008.5.1.4.1.1.88.11"
        dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = basic_text_sr

    with pytest.raises(UnsupportedFormatError, match="no picture"):
        decode(make_dicom(film, before=report))


def test_an_image_without_its_pixels_is_corrupt(film: Grey, make_dicom: MakeDicom) -> None:
    with pytest.raises(CorruptImageError, match="DICOM"):
        decode(make_dicom(film, PixelData=None))


def test_whose_film_it_is_reaches_no_message_log_or_warning(
    film: Grey, make_dicom: MakeDicom, caplog: pytest.LogCaptureFixture
) -> None:
    def odd(dataset: Dataset) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dataset.add_new("PatientBirthDate", "DA", "Lindqvist-MRN")
            dataset.add_new("PatientID", "LO", "MRN-4711 " * 20)

    content = make_dicom(film, before=odd)
    spoken = [repr(decode(content))]
    rng = random.Random(4711)
    caplog.set_level(logging.DEBUG)
    for _ in range(100):
        damaged = bytearray(content[: rng.randrange(200, len(content))])
        damaged[rng.randrange(132, min(900, len(damaged)))] = rng.randrange(256)
        try:
            decode(bytes(damaged))
        except HilumError as error:
            spoken.append(str(error))
    spoken += [record.getMessage() for record in caplog.records]
    assert len(spoken) > 50
    assert not [text for text in spoken if "Lindqvist" in text or "MRN" in text]


def test_colour_in_wider_words_is_as_bright_as_it_is_meant(
    film: Grey, make_dicom: Callable[..., bytes]
) -> None:
    words = np.round(film / 255 * 4095).astype(np.uint16)
    radiograph = decode(make_dicom(np.dstack([words] * 3)))
    assert np.abs(radiograph.pixels - words / 4095).max() < 1e-6
    assert any("lowest 12 of its 16 bits" in each for each in words_of(radiograph))
