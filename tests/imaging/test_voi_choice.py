"""Windows of another depth than the pixels are not used, and that is said.

The page has the same cases (voi-presets.test.ts): a ramp of 4096 values, one pixel each.
"""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import Dataset

from hilum.imaging import decode
from hilum.imaging.dicom.voi_choice import apply_fitting_voi_lut
from tests.imaging.dicom_files import SYNTAXES, lut_item, write

Grey = NDArray[np.uint8]
RAMP = np.arange(4096, dtype=np.float64)
ONE_EACH = np.ones(4096)
OWN_RANGE = RAMP / 4095


def _dataset(**elements: Any) -> Dataset:
    dataset = Dataset()
    dataset.set_original_encoding(False, True, None)
    for name, value in elements.items():
        setattr(dataset, name, value)
    return dataset


def _linear(centre: float, width: float) -> NDArray[np.float64]:
    """PS3.3 C.11.2.1.2.1."""
    return np.clip((RAMP - (centre - 0.5)) / (width - 1) + 0.5, 0, 1)


@pytest.mark.parametrize(
    ("centre", "width", "is_used"),
    [
        (2048, 4096, True),
        # It shows a quarter of the values and a few more; then no more than a quarter.
        (2048, 1100, True),
        (2048, 1000, False),
        # More than half of the values lie above it, and none or a few below.
        (1000, 2000, False),
        (1100, 2000, True),
        (1100, 2200, True),
        # Of 8 and of 10 bits on values of 12, and of 16 bits.
        (128, 256, False),
        (512, 1024, False),
        (32768, 65536, False),
        # It shows nothing at all.
        (60000, 100, False),
    ],
)
def test_a_window_is_used_where_it_shows_the_film(
    centre: float, width: float, is_used: bool
) -> None:
    dataset = _dataset(WindowCenter=centre, WindowWidth=width)
    shown, note = apply_fitting_voi_lut(RAMP, dataset, ONE_EACH)
    assert np.abs(shown - (_linear(centre, width) if is_used else OWN_RANGE)).max() < 1e-9
    assert (note is None) == is_used
    if not is_used:
        assert str(note).endswith("of this picture; its own range is shown.")


def test_the_next_window_goes_before_the_own_range() -> None:
    dataset = _dataset(WindowCenter=[128, 32768, 2000], WindowWidth=[256, 65536, 3000])
    shown, note = apply_fitting_voi_lut(RAMP, dataset, ONE_EACH)
    assert np.abs(shown - _linear(2000, 3000)).max() < 1e-9
    assert note == (
        "The header's window shows little of this picture; another one of the header is used."
    )
    # One that is asked for goes first.
    assert apply_fitting_voi_lut(RAMP, dataset, ONE_EACH, 2).note is None


def test_what_a_collimator_made_black_does_not_count() -> None:
    counts = ONE_EACH.copy()
    counts[0] = 40_000
    dataset = _dataset(WindowCenter=2048, WindowWidth=4096)
    assert apply_fitting_voi_lut(RAMP, dataset, counts).note is None
    dataset = _dataset(WindowCenter=128, WindowWidth=256)
    assert apply_fitting_voi_lut(RAMP, dataset, counts).note is not None


def test_a_lut_of_another_depth_is_not_used() -> None:
    lut = lut_item(0, np.arange(256), 8)
    shown, note = apply_fitting_voi_lut(RAMP, _dataset(VOILUTSequence=[lut]), ONE_EACH)
    assert np.abs(shown - OWN_RANGE).max() < 1e-9
    assert note is not None


def test_without_a_window_a_marker_does_not_darken_the_film() -> None:
    counts = np.zeros(65536)
    counts[:4096] = 100
    counts[65535] = 200
    values = np.arange(65536, dtype=np.float64)
    shown, note = apply_fitting_voi_lut(values, _dataset(), counts)
    # A hundredth of the 409,800 pixels are 4,098: those of the 41 highest values and the marker's.
    assert shown[4095] == 1
    assert np.median(np.repeat(shown, counts.astype(int))) == pytest.approx(0.5, abs=0.01)
    assert "marker" in str(note)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_a_film_of_12_bits_with_a_window_of_8_is_shown_by_its_range(
    film: Grey, photometric: str
) -> None:
    content = write(
        film.astype(np.uint16) * 16, SYNTAXES["explicit little endian"], bits_stored=12,
        PhotometricInterpretation=photometric, WindowCenter=128, WindowWidth=256,
    )  # fmt: skip
    radiograph = decode(content)
    expected = film / 255 if photometric == "MONOCHROME2" else 1 - film / 255
    assert np.abs(radiograph.pixels - expected).max() < 1e-6
    assert ["window shows little" in words for words in radiograph.warnings] == [True]
