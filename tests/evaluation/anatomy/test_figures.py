"""Figures of masks against arithmetic."""

import numpy as np
import pytest

from hilum.evaluation.anatomy.figures import (
    anatomy_metrics,
    as_plain_figures,
    case_figures,
    dice,
    figures_table,
    hausdorff95,
)
from hilum.models.anatomy import Organ
from hilum.models.anatomy.masks import OrganMasks
from tests.models.anatomy.conftest import ellipse, make_organs

__all__ = ["make_organs"]


def _square(left: int, size: int = 10) -> np.ndarray:
    mask = np.zeros((40, 60), dtype=bool)
    mask[10 : 10 + size, left : left + size] = True
    return mask


def test_dice_is_twice_the_overlap_over_the_sum() -> None:
    # Squares of 100 pixels that share 40.
    assert dice(_square(10), _square(16)) == pytest.approx(2 * 40 / 200)
    assert dice(_square(10), _square(10)) == 1
    assert dice(_square(10), _square(30)) == 0
    assert dice(_square(10, 0), _square(10, 0)) == 1


def test_hausdorff_of_a_shift_is_the_shift() -> None:
    assert hausdorff95(_square(10), _square(16)) == pytest.approx(6)
    assert hausdorff95(_square(10), _square(10)) == 0


def test_hausdorff_to_nothing_is_the_diagonal() -> None:
    assert hausdorff95(_square(10), _square(10, 0)) == pytest.approx(np.hypot(40, 60))


def test_a_case_compares_masks_and_ratios(make_organs) -> None:
    found: OrganMasks = make_organs(heart=ellipse(280, 320, 90.5, 70.5))
    drawn = np.stack(list(make_organs().masks.values()), axis=2)

    case = case_figures(found, drawn, case="1", source="drawn")

    # Hearts of 181 and 161 pixels in a chest of 353.
    assert case.ratio == pytest.approx(181 / 353)
    assert case.drawn_ratio == pytest.approx(161 / 353)
    assert case.dice[Organ.LEFT_LUNG] == 1
    assert case.dice[Organ.HEART] == pytest.approx(2 * 80.5 / (80.5 + 90.5), abs=0.002)


def test_metrics_sum_up_cases_and_leave_unmeasured_ones_out_of_the_ratio(make_organs) -> None:
    drawn = np.stack(list(make_organs().masks.values()), axis=2)
    wide = make_organs(heart=ellipse(280, 320, 90.5, 70.5))
    lost = make_organs(left_lung=np.zeros((512, 512), dtype=bool))
    cases = [
        case_figures(found, drawn, case=str(n), source="drawn")
        for n, found in enumerate([make_organs(), wide, lost])
    ]

    metrics = anatomy_metrics(cases)

    ratio = metrics.cardiothoracic_ratio
    assert (metrics.images, metrics.not_credible) == (3, 1)
    assert ratio.mae.value == pytest.approx(10 / 353)
    assert ratio.bias.value == pytest.approx(10 / 353)
    # Errors 0 and 20/353: mean and standard deviation are both 10/353.
    assert ratio.limits_of_agreement[1].value == pytest.approx((1 + 1.96) * 10 / 353)
    assert metrics.dice[Organ.LEFT_LUNG].value == pytest.approx(2 / 3)


def test_plain_figures_have_their_intervals_beside_them(make_organs) -> None:
    drawn = np.stack(list(make_organs().masks.values()), axis=2)
    metrics = anatomy_metrics([case_figures(make_organs(), drawn, case="1", source="drawn")] * 2)

    plain = as_plain_figures(metrics)

    assert plain["dice"] == {"right_lung": 1, "left_lung": 1, "heart": 1}
    assert plain["cardiothoracic_ratio"]["mae"] == 0
    assert plain["intervals"]["cardiothoracic_ratio"]["limits_of_agreement"] == [[0, 0], [0, 0]]
    assert "| Dice, heart | 1.000 | 1.000 to 1.000 |" in figures_table(metrics)
