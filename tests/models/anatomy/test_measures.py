"""Measures of drawn ellipses are those of their half axes."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from hilum.models.anatomy.masks import Organ, OrganMasks
from hilum.models.anatomy.measures import measure
from tests.models.anatomy.conftest import SIDE, ellipse

Make = Callable[..., OrganMasks]


def test_the_ratio_is_heart_width_over_chest_width(make_organs: Make) -> None:
    ratio = measure(make_organs(), None).ratio

    # Heart: 161 pixels of 80 to either side of its centre. Chest: from 150 - 70 to 362 + 70.
    assert ratio.value == pytest.approx(161 / 353, abs=1e-9)
    assert ratio.heart_mm is None


def test_lines_end_at_the_organs_edges(make_organs: Make) -> None:
    ratio = measure(make_organs(), None).ratio

    assert ratio.heart[0] == pytest.approx((199.5, 320))
    assert ratio.heart[1] == pytest.approx((360.5, 320))
    assert ratio.thorax[0] == pytest.approx((79.5, 240), abs=1)
    assert ratio.thorax[1] == pytest.approx((432.5, 240), abs=1)


def test_lines_and_areas_are_in_the_radiographs_pixels(make_organs: Make) -> None:
    # Stretched to twice the width and three times the height.
    measures = measure(make_organs(rows=3 * SIDE, columns=2 * SIDE), (0.1, 0.2))

    ratio = measures.ratio
    assert ratio.heart[1][0] - ratio.heart[0][0] == pytest.approx(2 * 161)
    assert ratio.heart[0][1] == pytest.approx(3 * 320.5 - 0.5)
    assert ratio.heart_mm == pytest.approx(2 * 161 * 0.2)
    assert ratio.thorax_mm == pytest.approx(2 * 353 * 0.2)
    area = np.pi * 70.5 * 150.5 * 6
    assert measures.lung_area_px[Organ.RIGHT_LUNG] == pytest.approx(area, rel=0.01)
    assert measures.lung_area_mm2 is not None
    assert measures.lung_area_mm2[Organ.LEFT_LUNG] == pytest.approx(area * 0.02, rel=0.01)


def test_equal_lungs_have_no_asymmetry_and_a_smaller_left_one_has(make_organs: Make) -> None:
    assert measure(make_organs(), None).asymmetry == 0
    small = measure(make_organs(left_lung=ellipse(362, 240, 35.5, 150.5)), None).asymmetry

    # Areas are as 2 to 1.
    assert small == pytest.approx(1 / 3, abs=0.01)


@pytest.mark.parametrize("degrees", [-15, 0, 15])
def test_tilt_is_the_angle_that_the_chest_was_turned_by(make_organs: Make, degrees: float) -> None:
    upright = make_organs()
    turn = cv2.getRotationMatrix2D((256, 256), -degrees, 1)
    masks = {
        organ.value: cv2.warpAffine(mask.astype(np.uint8), turn, (SIDE, SIDE)) > 0
        for organ, mask in upright.masks.items()
    }

    # Turned clockwise, the top leans to the picture's right.
    assert measure(make_organs(**masks), None).tilt_degrees == pytest.approx(degrees, abs=0.5)


def test_a_mirrored_heart_lies_to_the_other_side(make_organs: Make) -> None:
    upright = make_organs()
    mirrored = make_organs(
        right_lung=upright.masks[Organ.LEFT_LUNG][:, ::-1],
        left_lung=upright.masks[Organ.RIGHT_LUNG][:, ::-1],
        heart=upright.masks[Organ.HEART][:, ::-1],
    )

    # The heart's centre is 24 pixels to the left of the chest's middle, 353 wide.
    assert measure(upright, None).heart_offset == pytest.approx(24 / 353, abs=0.003)
    assert measure(mirrored, None).heart_offset == pytest.approx(-24 / 353, abs=0.003)
