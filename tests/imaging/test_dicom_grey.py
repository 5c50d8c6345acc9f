"""Each of the standard's grey operations by itself; the expected values by hand."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import Dataset

from hilum.imaging.dicom.colour import apply_palette_color_lut
from hilum.imaging.dicom.grey import (
    apply_modality_lut,
    apply_presentation_lut,
    apply_range,
    apply_windowing,
    is_padding,
    stored_values,
)
from hilum.imaging.dicom.lut import lut_entries
from hilum.imaging.dicom.voi import apply_voi_lut
from tests.imaging.dicom_files import lut_item


def _dataset(**elements: Any) -> Dataset:
    dataset = Dataset()
    dataset.set_original_encoding(False, True, None)
    dataset.PixelRepresentation = 0
    for name, value in elements.items():
        setattr(dataset, name, value)
    return dataset


def _same(found: NDArray[Any], expected: Sequence[float]) -> None:
    assert found.tolist() == pytest.approx(expected)


def test_bits_beside_the_value_are_masked_off() -> None:
    words = np.array([0xF123, 0x0FFF])
    found = stored_values(words, bits_stored=12, high_bit=11, is_signed=False)
    assert found.tolist() == [0x123, 0xFFF]
    shifted = stored_values(words, bits_stored=8, high_bit=11, is_signed=False)
    assert shifted.tolist() == [0x12, 0xFF]


def test_signed_values_are_of_the_bits_stored() -> None:
    words = np.array([0x000, 0x7FF, 0x800, 0xFFF])
    found = stored_values(words, bits_stored=12, high_bit=11, is_signed=True)
    assert found.tolist() == [0, 2047, -2048, -1]


def test_rescale_is_slope_times_value_plus_intercept() -> None:
    dataset = _dataset(RescaleSlope=0.5, RescaleIntercept=-10)
    _same(apply_modality_lut(np.array([0, 30]), dataset), [-10, 5])


@pytest.mark.parametrize("elements", [{}, {"RescaleSlope": 0}, {"RescaleIntercept": ""}])
def test_without_a_rescale_that_makes_sense_values_stay(elements: dict[str, Any]) -> None:
    _same(apply_modality_lut(np.array([3, 70]), _dataset(**elements)), [3, 70])


def test_a_modality_lut_goes_before_rescale_and_holds_its_ends() -> None:
    dataset = _dataset(RescaleSlope=7, RescaleIntercept=7)
    dataset.ModalityLUTSequence = [lut_item(10, np.array([100, 300, 900]), 16)]
    _same(apply_modality_lut(np.array([0, 10, 11, 12, 50]), dataset), [100, 100, 300, 900, 900])


def test_a_first_value_below_zero_that_was_written_without_sign_is_understood() -> None:
    dataset = _dataset()
    dataset.ModalityLUTSequence = [lut_item(65534, np.array([5, 6, 7]), 16)]
    _same(apply_modality_lut(np.array([-3, -2, -1, 0]), dataset), [5, 5, 6, 7])


def test_a_linear_window_reaches_half_a_step_to_each_side() -> None:
    # Centre 100, width 11: from 100 - 0.5 - 5 = 94.5 to 100 - 0.5 + 5 = 104.5.
    found = apply_windowing(np.array([90, 94.5, 97, 99.5, 104.5, 120]), 100, 11, "LINEAR")
    _same(found, [0, 0, 0.25, 0.5, 1, 1])


def test_a_linear_window_of_width_one_is_a_threshold() -> None:
    _same(apply_windowing(np.array([98.0, 99.5, 99.6, 100]), 100, 1, "LINEAR"), [0, 0, 1, 1])


def test_an_exact_window_is_as_wide_as_it_says() -> None:
    found = apply_windowing(np.array([94.0, 95, 100, 102.5, 105]), 100, 10, "LINEAR_EXACT")
    _same(found, [0, 0, 0.5, 0.75, 1])


def test_a_sigmoid_window_is_the_logistic_function() -> None:
    # 1 / (1 + exp(-4 (x - c) / w)): with x = c + w ln(3) / 4, 1 / (1 + 1/3) = 3/4.
    found = apply_windowing(np.array([-1e9, 100, 100 + 10 * np.log(3) / 4]), 100, 10, "SIGMOID")
    _same(found, [0, 0.5, 0.75])


def test_the_first_of_several_windows_is_used_and_another_can_be_chosen() -> None:
    dataset = _dataset(WindowCenter=[50, 10], WindowWidth=[101, 11])
    values = np.array([9.5, 49.5])
    _same(apply_voi_lut(values, dataset), [0.1, 0.5])
    _same(apply_voi_lut(values, dataset, 1), [0.5, 1])
    _same(apply_voi_lut(values, dataset, 7), [0.1, 0.5])


@pytest.mark.parametrize("width", [0, -5, 0.5, ""])
def test_a_window_that_makes_no_sense_is_none(width: Any) -> None:
    dataset = _dataset(WindowCenter=50, WindowWidth=width)
    assert apply_voi_lut(np.array([1.0]), dataset) is None


def test_a_narrow_window_is_sound_where_the_function_is_exact() -> None:
    dataset = _dataset(WindowCenter=50, WindowWidth=0.5, VOILUTFunction="LINEAR_EXACT")
    _same(apply_voi_lut(np.array([50.125]), dataset), [0.75])


def test_a_voi_lut_spans_the_bits_of_its_entries() -> None:
    dataset = _dataset(WindowCenter=50, WindowWidth=10)
    dataset.VOILUTSequence = [lut_item(0, np.array([0, 1023, 4095]), 12)]
    _same(apply_voi_lut(np.array([0.0, 1, 2, 3]), dataset), [0, 1023 / 4095, 1, 1])


def test_entries_that_do_not_fit_their_bits_correct_them() -> None:
    dataset = _dataset(VOILUTSequence=[lut_item(0, np.array([0, 1023, 4095]), 8)])
    _same(apply_voi_lut(np.array([0.0, 1, 2]), dataset), [0, 1023 / 4095, 1])


def test_a_voi_lut_without_entries_leaves_the_window() -> None:
    dataset = _dataset(WindowCenter=50, WindowWidth=101)
    dataset.VOILUTSequence = [lut_item(0, np.array([]), 12)]
    _same(apply_voi_lut(np.array([49.5]), dataset), [0.5])


@pytest.mark.parametrize("is_little", [True, False])
def test_entries_of_eight_bits_are_packed_two_to_a_word(is_little: bool) -> None:
    content = bytes([1, 2, 3, 4]) if is_little else bytes([2, 1, 4, 3])
    assert lut_entries([content], 4, is_little=is_little).tolist() == [1, 2, 3, 4]
    assert lut_entries([0x0201, 0x0403], 4, is_little=is_little).tolist() == [1, 2, 3, 4]
    assert lut_entries([content], 2, is_little=is_little).tolist() == [0x0201, 0x0403]


def test_what_is_beyond_the_range_is_clipped() -> None:
    modality = np.array([-9.0, 0, 5, 10, 99])
    found = apply_range(modality, 0, 10)
    _same(found, [0, 0, 0.5, 1, 1])


def test_inversion_is_once_and_last() -> None:
    shown = np.array([0, 0.25, 1])
    inverse = _dataset(PresentationLUTShape="INVERSE")
    _same(apply_presentation_lut(shown, _dataset(), "MONOCHROME2"), [0, 0.25, 1])
    _same(apply_presentation_lut(shown, _dataset(), "MONOCHROME1"), [1, 0.75, 0])
    _same(apply_presentation_lut(shown, inverse, "MONOCHROME2"), [1, 0.75, 0])
    _same(apply_presentation_lut(shown, inverse, "MONOCHROME1"), [1, 0.75, 0])


def test_padding_is_a_value_or_a_range_in_either_order() -> None:
    stored = np.arange(6)
    assert not is_padding(stored, _dataset()).any()
    one = is_padding(stored, _dataset(PixelPaddingValue=4))
    assert np.flatnonzero(one).tolist() == [4]
    for ends in ((1, 3), (3, 1)):
        dataset = _dataset(PixelPaddingValue=ends[0], PixelPaddingRangeLimit=ends[1])
        assert np.flatnonzero(is_padding(stored, dataset)).tolist() == [1, 2, 3]


def test_a_palette_becomes_the_luminance_of_its_colours() -> None:
    dataset = _dataset()
    for name, entries in (("Red", [0, 255, 255]), ("Green", [0, 255, 0]), ("Blue", [0, 255, 0])):
        keyword = f"{name}PaletteColorLookupTable"
        dataset.add_new(f"{keyword}Descriptor", "US", [3, 0, 8])
        dataset.add_new(f"{keyword}Data", "OW", bytes([*entries, 0]))
    grey, has_colour, _ = apply_palette_color_lut(np.array([0, 1, 2, 9]), dataset)
    _same(grey, [0, 1, 0.299, 0.299])
    assert has_colour.tolist() == [False, False, True, True]


def test_a_palette_in_segments_is_unfolded() -> None:
    # A discrete segment of one entry, 0, then a line in two steps to 200: 0, 100, 200.
    segments = bytes([0, 1, 0, 1, 2, 200])
    dataset = _dataset()
    for name in ("Red", "Green", "Blue"):
        keyword = f"{name}PaletteColorLookupTable"
        dataset.add_new(f"{keyword}Descriptor", "US", [3, 0, 8])
        dataset.add_new(f"Segmented{keyword}Data", "OW", segments)
    grey, has_colour, _ = apply_palette_color_lut(np.array([0, 1, 2]), dataset)
    _same(grey, [0, 100 / 255, 200 / 255])
    assert not has_colour.any()
