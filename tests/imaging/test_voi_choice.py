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
from hilum.imaging.film_warning import FilmWarning, film_words
from hilum.words.catalogue import load_catalogue
from tests.film_words import words_of
from tests.imaging.dicom_files import SYNTAXES, lut_item, write

Grey = NDArray[np.uint8]
RAMP = np.arange(4096, dtype=np.float64)
ONE_EACH = np.ones(4096)
OWN_RANGE = RAMP / 4095


def _said(warnings: tuple[FilmWarning, ...]) -> str:
    return " ".join(film_words(warnings, load_catalogue()))


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
        # Of 13 bits, of which the values reach a half; of 11, above which are half of the values.
        (4096, 8192, False),
        (1024, 2048, False),
        # They reach 4095 / 6999 and 4095 / 6799 of it.
        (3500, 7000, False),
        (3400, 6800, True),
        # It shows nothing at all.
        (60000, 100, False),
    ],
)
def test_a_window_is_used_where_it_shows_the_film(
    centre: float, width: float, is_used: bool
) -> None:
    dataset = _dataset(WindowCenter=centre, WindowWidth=width)
    shown, notes = apply_fitting_voi_lut(RAMP, dataset, ONE_EACH)
    assert np.abs(shown - (_linear(centre, width) if is_used else OWN_RANGE)).max() < 1e-9
    assert (notes == ()) == is_used
    if not is_used:
        assert _said(notes) == (
            "The header's window does not fit the picture's values; the picture's own range is "
            "shown."
        )


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize(
    ("factor", "is_used"), [(1 / 4, False), (1 / 2, False), (1, True), (2, False)]
)
def test_a_window_of_a_bit_more_or_less_is_not_used(
    function: str, factor: float, is_used: bool
) -> None:
    dataset = _dataset(
        WindowCenter=2048 * factor, WindowWidth=4096 * factor, VOILUTFunction=function
    )
    assert (apply_fitting_voi_lut(RAMP, dataset, ONE_EACH).notes == ()) == is_used


@pytest.mark.parametrize(("intercept", "is_used"), [(-100, True), (-1024, False), (-4096, False)])
def test_a_window_for_values_before_the_rescale_is_not_used(intercept: int, is_used: bool) -> None:
    dataset = _dataset(WindowCenter=2048, WindowWidth=4096)
    found = apply_fitting_voi_lut(RAMP + intercept, dataset, ONE_EACH)
    assert (found.notes == ()) == is_used
    if not is_used:
        assert np.abs(found.values - OWN_RANGE).max() < 1e-9


@pytest.mark.parametrize("width", [0, -4096])
def test_a_window_without_a_usable_width_is_named(width: int) -> None:
    shown, notes = apply_fitting_voi_lut(
        RAMP, _dataset(WindowCenter=2048, WindowWidth=width), ONE_EACH
    )
    assert np.abs(shown - OWN_RANGE).max() < 1e-9
    assert "window does not fit" in _said(notes)


def test_the_next_window_goes_before_the_own_range() -> None:
    dataset = _dataset(WindowCenter=[128, 32768, 2000], WindowWidth=[256, 65536, 3000])
    shown, notes = apply_fitting_voi_lut(RAMP, dataset, ONE_EACH)
    assert np.abs(shown - _linear(2000, 3000)).max() < 1e-9
    assert _said(notes) == (
        "The header's window 1 and window 2 do not fit the picture's values; window 3 is used."
    )
    # One that is asked for goes first.
    assert apply_fitting_voi_lut(RAMP, dataset, ONE_EACH, 2).notes == ()


def test_what_a_collimator_made_black_does_not_count() -> None:
    counts = ONE_EACH.copy()
    counts[0] = 40_000
    dataset = _dataset(WindowCenter=2048, WindowWidth=4096)
    assert apply_fitting_voi_lut(RAMP, dataset, counts).notes == ()
    dataset = _dataset(WindowCenter=128, WindowWidth=256)
    assert apply_fitting_voi_lut(RAMP, dataset, counts).notes


@pytest.mark.parametrize("entries", [1 << 8, 1 << 11, 1 << 13, 1 << 16])
def test_a_window_that_fits_is_used_where_the_lut_is_of_another_depth(entries: int) -> None:
    top = np.linspace(0, 65535, entries).astype(int)
    dataset = _dataset(
        VOILUTSequence=[lut_item(0, top, 16)], WindowCenter=[4096, 2000], WindowWidth=[8192, 3000]
    )
    shown, notes = apply_fitting_voi_lut(RAMP, dataset, ONE_EACH)
    assert np.abs(shown - _linear(2000, 3000)).max() < 1e-9
    assert _said(notes) == (
        "The header's VOI LUT and window 1 do not fit the picture's values; window 2 is used."
    )


def test_a_lut_that_fits_goes_before_windows() -> None:
    dataset = _dataset(
        VOILUTSequence=[lut_item(0, RAMP.astype(int) // 16, 8)],
        WindowCenter=2048, WindowWidth=4096,
    )  # fmt: skip
    shown, notes = apply_fitting_voi_lut(RAMP, dataset, ONE_EACH)
    assert (shown.tolist(), notes) == ((RAMP // 16 / 255).tolist(), ())
    # The window is the second of what can be asked for.
    assert np.abs(apply_fitting_voi_lut(RAMP, dataset, ONE_EACH, 1).values - OWN_RANGE).max() < 1e-9


def test_a_lut_of_another_depth_is_not_used() -> None:
    lut = lut_item(0, np.arange(256), 8)
    shown, notes = apply_fitting_voi_lut(RAMP, _dataset(VOILUTSequence=[lut]), ONE_EACH)
    assert np.abs(shown - OWN_RANGE).max() < 1e-9
    assert notes


def test_without_a_window_a_marker_does_not_darken_the_film() -> None:
    counts = np.zeros(65536)
    counts[:4096] = 100
    counts[65535] = 200
    values = np.arange(65536, dtype=np.float64)
    shown, notes = apply_fitting_voi_lut(values, _dataset(), counts)
    # A hundredth of the 409,800 pixels are 4,098: those of the 41 highest values and the marker's.
    assert shown[4095] == 1
    assert np.median(np.repeat(shown, counts.astype(int))) == pytest.approx(0.5, abs=0.01)
    assert "marker" in _said(notes)


# Where a label or a border lies among the values, and how much of the film it covers.
@pytest.mark.parametrize("share", [0.015, 0.03, 0.09, 0.4])
@pytest.mark.parametrize("border", [0, 60_000])
def test_without_a_window_a_label_or_a_border_does_not_narrow_the_greys(
    border: int, share: float
) -> None:
    values = np.arange(65536, dtype=np.float64)
    counts = np.zeros(65536)
    counts[20_000:24_000] = 100
    counts[border] = round(400_000 * share / (1 - share))
    shown, notes = apply_fitting_voi_lut(values, _dataset(), counts)
    assert (shown[20_000], shown[22_000], shown[23_999]) == pytest.approx((0, 0.5, 1), abs=0.001)
    assert shown[border] == (border > 0)
    assert "marker" in _said(notes)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_a_modality_lut_for_fewer_bits_is_left_out(film: Grey, photometric: str) -> None:
    words = film.astype(np.uint16) * 16
    radiographs = [
        decode(write(
            words, SYNTAXES["explicit little endian"], bits_stored=12,
            PhotometricInterpretation=photometric,
            ModalityLUTSequence=[lut_item(0, np.arange(1 << bits), 16)],
        ))
        for bits in (8, 11, 12)
    ]  # fmt: skip
    expected = film / 255 if photometric == "MONOCHROME2" else 1 - film / 255
    for radiograph in radiographs:
        assert np.abs(radiograph.pixels - expected).max() < 1e-6
    noted = [any("modality LUT" in words for words in words_of(each)) for each in radiographs]
    assert noted == [True, True, False]


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
    assert ["window does not fit" in words for words in words_of(radiograph)] == [True]
