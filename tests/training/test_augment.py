import numpy as np

from hilum.imaging.phantom import draw_phantom
from hilum.training.augment import augment
from hilum.training.config import Augmentation

STILL = Augmentation(
    rotation_degrees=0, shift=0, zoom=0, stretch=0, gamma=1, blur_px=0, noise=0, border=0,
    patch=0.05, flip=0,
)  # fmt: skip


def _changed(seed, how=None):
    picture = draw_phantom(64, 64, seed=1)
    return picture, augment(picture, how or Augmentation(), np.random.default_rng(seed))


def test_the_generator_decides():
    assert np.array_equal(_changed(5)[1], _changed(5)[1])
    assert not np.array_equal(_changed(5)[1], _changed(6)[1])


def test_values_stay_in_range_and_the_picture_is_not_written_to():
    original = draw_phantom(64, 64, seed=1)
    for seed in range(40):
        picture, changed = _changed(seed)
        assert changed.dtype == np.float32
        assert changed.shape == (64, 64)
        assert changed.min() >= 0
        assert changed.max() <= 1
        assert np.array_equal(picture, original)


def test_a_flip_mirrors():
    how = STILL.model_copy(update={"flip": 1.0})
    near = []
    for seed in range(10):
        picture, changed = _changed(seed, how)
        near.append(np.abs(changed - picture[:, ::-1]).mean() < np.abs(changed - picture).mean())
    assert all(near)


def test_rotation_is_within_its_bound():
    # A vertical line, 40 pixels long: turned by at most 10 degrees its ends move by at most
    # 20 sin(10 degrees) = 3.5 pixels, and it is blurred by one more.
    line = np.zeros((64, 64), dtype=np.float32)
    line[12:52, 31:33] = 1
    how = STILL.model_copy(update={"rotation_degrees": 10.0})
    for seed in range(20):
        turned = augment(line, how, np.random.default_rng(seed))
        columns = np.flatnonzero((turned[:, 5:59] > 0.9).sum(axis=0) > 3) + 5
        # Covered patches and sharpening may add a few bright columns, never most of the line.
        assert np.median(columns) >= 31.5 - 4.5
        assert np.median(columns) <= 31.5 + 4.5
