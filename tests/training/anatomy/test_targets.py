"""What the anatomy network is taught, by arithmetic."""

import numpy as np
import pytest

from hilum.models.anatomy.picture import PictureKind
from hilum.training.anatomy.films import Film, sides_of
from hilum.training.anatomy.fit import mask_loss
from hilum.training.anatomy.targets import UNKNOWN, Targets, no_organs, organ_targets, stacked

AS_IT_IS = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
MIRRORED = np.array([[-1.0, 0.0, 31.0], [0.0, 1.0, 0.0]])


def box(left, right, *, top=4, bottom=20, side=32):
    mask = np.zeros((side, side), dtype=np.uint8)
    mask[top:bottom, left:right] = 255
    return mask


def film(**masks):
    return Film(np.zeros((32, 32), dtype=np.uint8), PictureKind.FRONTAL_CHEST, **masks)


def test_lungs_are_divided_by_where_they_lie():
    right, left = box(2, 10), box(18, 30)
    speck = np.zeros_like(right)
    speck[30, 31] = 255

    divided = sides_of(right | left | speck)

    assert np.array_equal(divided[:, :, 0], right)
    assert np.array_equal(divided[:28, :, 1], left[:28])


def test_lungs_drawn_as_one_are_divided_in_the_middle():
    divided = sides_of(box(4, 28))

    assert np.array_equal(divided[:, :, 0], box(4, 16))
    assert np.array_equal(divided[:, :, 1], box(16, 28))


@pytest.mark.parametrize(("matrix", "order"), [(AS_IT_IS, (0, 1, 2)), (MIRRORED, (1, 0, 2))])
def test_organs_keep_their_names_and_swap_them_in_a_mirrored_film(matrix, order):
    masks = np.stack([box(2, 10), box(20, 30), box(10, 20)], axis=2)

    found = organ_targets(film(masks=masks), matrix, 2)

    expected = masks[:, :, order] if matrix is AS_IT_IS else masks[:, ::-1, order]
    assert found.shape == (16, 16, 4)
    assert np.array_equal(found[:, :, :3], expected[::2, ::2] / 255)
    assert (found[:, :, 3] == UNKNOWN).all()


def test_within_drawn_lungs_it_is_a_lung_or_the_heart_and_outside_no_lung():
    lungs = np.stack([box(2, 10), box(20, 30)], axis=2)

    found = organ_targets(film(lungs=lungs), AS_IT_IS, 2)

    right, left = (lungs[::2, ::2, k] > 0 for k in (0, 1))
    for plane, own in ((0, right), (1, left)):
        assert (found[:, :, plane] == np.where(own, UNKNOWN, 0)).all()
    assert (found[:, :, 2] == UNKNOWN).all()
    assert (found[:, :, 3] == np.where(right | left, 1, UNKNOWN)).all()


def test_a_heart_that_no_one_drew_tells_lung_from_heart_but_near_its_edge():
    right, left = box(2, 30, side=64, bottom=60), box(34, 62, side=64, bottom=60)
    heart = box(24, 50, top=30, bottom=58, side=64)
    drawn = film(
        lungs=np.stack([right, left], axis=2),
        outlined=np.stack([heart & 0, heart & 0, heart], axis=2),
    )

    found = organ_targets(drawn, AS_IT_IS, 2)

    # Row 22 of the targets goes through the heart's middle, row 4 passes above it.
    assert found[4, 2:14].tolist() == [[1, 0, 0, UNKNOWN]] * 12
    assert found[22, 3:9].tolist() == [[1, 0, 0, UNKNOWN]] * 6
    assert found[22, 12].tolist() == [UNKNOWN, 0, UNKNOWN, 1]
    assert found[22, 19:23].tolist() == [[0, 0, 1, UNKNOWN]] * 4
    # Between the lungs lies the heart, or above it nothing.
    assert found[22, 15].tolist() == [0, 0, 1, UNKNOWN]
    assert found[4, 15].tolist() == [0, 0, 0, UNKNOWN]


def test_organs_that_an_earlier_model_outlined_stand_for_those_that_no_one_drew():
    outlined = np.stack([box(2, 10), box(20, 30), box(10, 20)], axis=2)

    found = organ_targets(film(outlined=outlined), AS_IT_IS, 2)

    assert np.array_equal(found[:, :, :3], outlined[::2, ::2] / 255)
    drawn = np.stack([box(4, 12), box(22, 28), box(12, 22)], axis=2)
    both = organ_targets(film(masks=drawn, outlined=outlined), AS_IT_IS, 2)
    assert np.array_equal(both[:, :, :3], drawn[::2, ::2] / 255)


def test_a_resized_film_keeps_its_masks_where_they_were():
    whole = film(lungs=np.stack([box(2, 10), box(20, 30)], axis=2), is_adult=False)

    half = whole.resized(16)

    assert half.pixels.shape == (16, 16)
    assert np.array_equal(half.lungs, whole.lungs[::2, ::2])
    assert (half.masks, half.outlined, half.is_adult) == (None, None, False)


def test_what_is_not_known_weighs_nothing():
    grey = np.zeros((8, 8, 1), dtype=np.float32)
    known = Targets(PictureKind.FRONTAL_CHEST, no_organs(4), 3, True, False, True)

    _, truth, weights = stacked([grey, grey], [known, Targets(PictureKind.CT)], stride=2)

    for name in ("orientation", "inversion", "adult", "ap"):
        assert weights[name].tolist() == [1, 0]
    assert weights["kind"].tolist() == [1, 1]
    assert truth["orientation"][0].tolist() == [0, 0, 0, 1]
    assert [truth[name][0, 0] for name in ("inversion", "adult", "ap")] == [1, 0, 1]
    assert (truth["masks"][1] == UNKNOWN).all()


def log1p(x):
    return np.log(1 + np.exp(x))


def test_the_loss_of_known_organs_is_cross_entropy_plus_one_minus_dice():
    truth = np.zeros((1, 2, 2, 4), dtype=np.float32)
    truth[..., 3] = UNKNOWN
    truth[0, 0, 0, 0] = truth[0, 1, 1, 2] = 1
    logits = np.linspace(-2, 3, 12, dtype=np.float32).reshape(1, 2, 2, 3)

    known, said = truth[0, :, :, :3], 1 / (1 + np.exp(-logits[0]))
    cross = (log1p(logits[0]) - known * logits[0]).mean()
    both, sizes = (said * known).sum(axis=(0, 1)), (said + known).sum(axis=(0, 1))
    expected = cross + 1 - ((2 * both + 1) / (sizes + 1)).mean()

    assert float(mask_loss(truth, logits)[0]) == pytest.approx(expected, rel=1e-5)


def test_the_loss_takes_each_pixel_as_known_or_as_any_organ():
    # Right lung; right lung or heart; heart; none of them, beside a heart that is not known.
    truth = np.array(
        [[[
            [1, 0, 0, UNKNOWN], [UNKNOWN, 0, UNKNOWN, 1], [0, 0, 1, UNKNOWN],
            [0, 0, UNKNOWN, UNKNOWN],
        ]]],
        dtype=np.float32,
    )  # fmt: skip
    logits = np.array(
        [[[[0.5, -1, 1.5], [0.2, 0.3, -0.6], [-0.5, -2, 4], [1, -3, 2]]]], dtype=np.float32
    )
    said = 1 / (1 + np.exp(-logits[0, 0]))

    cross = sum(map(log1p, (-0.5, -1, 1.5, 0.3, -0.5, -2, -4, 1, -3))) / 12
    right = 1 - (2 * said[0, 0] + 1) / (said[[0, 2, 3], 0].sum() + 1 + 1)
    left = 1 - 1 / (said[:, 1].sum() + 1)
    heart = 1 - (2 * said[2, 2] + 1) / (said[[0, 2], 2].sum() + 1 + 1)
    some = 1 - np.prod(1 - said[1])
    expected = cross + (right + left + heart) / 3
    expected += -np.log(some) / 4 + 1 - (2 * some + 1) / (some + 1 + 1)

    assert float(mask_loss(truth, logits)[0]) == pytest.approx(expected, rel=1e-5)


def test_a_picture_of_which_nothing_is_known_costs_nothing():
    truth = np.full((1, 4, 4, 4), UNKNOWN, dtype=np.float32)

    assert float(mask_loss(truth, np.ones((1, 4, 4, 3), dtype=np.float32))[0]) == 0
