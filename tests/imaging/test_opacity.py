"""An opacity drawn into a lung."""

import numpy as np

from hilum.imaging.opacity import draw_opacity

ROWS, COLUMNS = 90, 120


def _film() -> tuple[np.ndarray, np.ndarray]:
    lung = np.zeros((ROWS, COLUMNS), dtype=np.float32)
    lung[15:75, 10:50] = 1
    pixels = np.where(lung > 0, 0.2, 0.7).astype(np.float32)
    return pixels, lung


def test_it_brightens_the_lung_alone_as_far_as_it_covers_it() -> None:
    pixels, lung = _film()
    for seed in range(10):
        drawn = draw_opacity(pixels, lung, np.random.default_rng(seed), weakest=0.7)
        assert drawn is not None
        assert drawn.pixels.dtype == np.float32
        assert 0.69 < drawn.cover.max() <= 1
        assert not drawn.cover[lung == 0].any()
        np.testing.assert_allclose(drawn.pixels, pixels + 0.5 * drawn.cover, atol=1e-6)


def test_the_same_seed_draws_the_same() -> None:
    pixels, lung = _film()
    drawn = draw_opacity(pixels, lung, np.random.default_rng(2))
    again = draw_opacity(pixels, lung, np.random.default_rng(2))
    assert drawn is not None
    assert again is not None
    np.testing.assert_array_equal(drawn.pixels, again.pixels)


def test_without_a_lung_there_is_nothing_to_draw_into() -> None:
    pixels, lung = _film()
    assert draw_opacity(pixels, 0 * lung, np.random.default_rng(0)) is None
