from functools import cache

import numpy as np
import pytest
from pydantic import ValidationError

from hilum.imaging.phantom import draw_phantom
from hilum.training.augment import augment
from hilum.training.config import Augmentation

STILL = Augmentation(
    rotation_degrees=0, shift=0, zoom=0, stretch=0, gamma=1, blur_px=0, noise=0, border=0,
    patch=0.05, flip=0,
)  # fmt: skip


@cache
def picture():
    return draw_phantom(64, 64, seed=1)


def _changed(seed, how=None):
    return augment(picture(), how or Augmentation(), np.random.default_rng(seed)).pixels


def test_the_generator_decides():
    assert np.array_equal(_changed(5), _changed(5))
    assert not np.array_equal(_changed(5), _changed(6))


def test_values_stay_in_range_and_the_picture_is_not_written_to():
    original = picture().copy()
    for seed in range(40):
        changed = _changed(seed)
        assert changed.dtype == np.float32
        assert changed.shape == (64, 64)
        assert changed.min() >= 0
        assert changed.max() <= 1
        assert np.array_equal(picture(), original)


def test_a_flip_mirrors():
    how = STILL.model_copy(update={"flip": 1.0})
    near = []
    for seed in range(10):
        changed = _changed(seed, how)
        near.append(
            np.abs(changed - picture()[:, ::-1]).mean() < np.abs(changed - picture()).mean()
        )
    assert all(near)


def test_rotation_is_within_its_bound():
    # A vertical line, 40 pixels long: turned by at most 10 degrees its ends move by at most
    # 20 sin(10 degrees) = 3.5 pixels, and it is blurred by one more.
    line = np.zeros((64, 64), dtype=np.float32)
    line[12:52, 31:33] = 1
    how = STILL.model_copy(update={"rotation_degrees": 10.0})
    for seed in range(20):
        turned = augment(line, how, np.random.default_rng(seed)).pixels
        columns = np.flatnonzero((turned[:, 5:59] > 0.9).sum(axis=0) > 3) + 5
        # Covered patches and sharpening may add a few bright columns, never most of the line.
        assert np.median(columns) >= 31.5 - 4.5
        assert np.median(columns) <= 31.5 + 4.5


def test_a_narrow_window_loses_no_larger_share_than_it_may():
    ramp = np.tile(np.linspace(0.05, 0.95, 64, dtype=np.float32), (64, 1))
    how = STILL.model_copy(update={"saturation": 0.3, "patch": 0.041})
    lost = []
    for seed in range(60):
        changed = augment(ramp, how, np.random.default_rng(seed)).pixels
        lost.append(((changed <= 0).mean(), (changed >= 1).mean()))

    # Sharpening and a covered patch may clip a little more: a sixtieth of the picture at most.
    assert 0.15 < np.max(lost) <= 0.3 + 2 / 60
    assert np.min(np.max(lost, axis=1)) == 0


CHEST = np.zeros((64, 64), dtype=np.uint8)
CHEST[16:48, 16:48] = 1
PLAIN = STILL.model_copy(update={"sharpening": 0.0, "patch": 0.041})


def test_what_lies_around_lungs_and_heart_is_filled_and_they_stay():
    how = PLAIN.model_copy(update={"surroundings": 1.0})
    filled = 0
    for seed in range(10):
        changed = augment(picture(), how, np.random.default_rng(seed), chest=CHEST)
        outside = changed.pixels[CHEST == 0]
        filled += np.mean(outside == np.median(outside)) > 0.95
        assert np.abs(changed.pixels - picture())[20:44, 20:44].mean() < 0.1
        np.testing.assert_array_equal(changed.chest, CHEST)
    assert filled >= 8


def test_where_lungs_and_heart_are_filled_nothing_of_them_is_to_be_seen():
    how = PLAIN.model_copy(update={"chestless": 1.0})
    for seed in range(10):
        changed = augment(picture(), how, np.random.default_rng(seed), chest=CHEST)
        inside = changed.pixels[20:44, 20:44]
        assert np.mean(inside == np.median(inside)) > 0.95
        assert not changed.chest.any()


def test_the_chest_moves_with_the_picture():
    how = PLAIN.model_copy(update={"flip": 1.0})
    half = np.zeros((64, 64), dtype=np.uint8)
    half[:, :32] = 1

    changed = augment(picture(), how, np.random.default_rng(3), chest=half)

    np.testing.assert_array_equal(changed.chest, half[:, ::-1])


@pytest.mark.parametrize(
    "setting", [{"patch": 0}, {"patch": 0.04}, {"local_contrast": 0.5}, {"gamma": 1}, {"border": 0}]
)
def test_a_change_can_be_switched_off(setting):
    how = Augmentation(**setting)
    for seed in range(40):
        assert np.isfinite(_changed(seed, how)).all()


@pytest.mark.parametrize("setting", [{"patch": 1}, {"gamma": 0.5}, {"flip": 2}, {"noise": -1}])
def test_a_change_that_cannot_be_is_refused(setting):
    with pytest.raises(ValidationError, match="Input should be"):
        Augmentation(**setting)


def test_jpeg_leaves_its_marks_only_where_asked():
    how = STILL.model_copy(update={"coarsest_jpeg": 5, "sharpening": 0.0, "patch": 0.0})
    changes = [
        [np.abs(picture() - _changed(seed, each))[8:56, 8:56].mean() for seed in range(40)]
        for each in (how, how.model_copy(update={"coarsest_jpeg": 100}))
    ]

    assert np.mean(np.array(changes[0]) > 1e-3) > np.mean(np.array(changes[1]) > 1e-3)
