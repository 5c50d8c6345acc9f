"""What the robustness suite does to pictures."""

import cv2
import numpy as np
import pytest

from hilum.evaluation.robustness.changes import CHANGES
from hilum.imaging import ImageFormat, Radiograph
from hilum.imaging.phantom import draw_phantom

BY_NAME = {change.name: change for change in CHANGES}
MOVES = [name for name in BY_NAME if name in ("rotation", "crop", "scale")]

each_change = pytest.mark.parametrize("name", BY_NAME)


def _of(pixels: np.ndarray, sha256: str = "a" * 64) -> Radiograph:
    rows, columns = pixels.shape
    return Radiograph(pixels, rows, columns, ImageFormat.PNG, sha256)


@pytest.fixture(scope="module")
def film() -> Radiograph:
    return _of(draw_phantom(320, 260, seed=2, opacity="right_lower"))


@each_change
def test_shape_type_and_range_stay_and_the_picture_is_not_written_to(film, name):
    original = film.pixels.copy()
    for level in range(3):
        changed = BY_NAME[name].apply(film, level)
        assert changed.pixels.shape == film.pixels.shape
        assert changed.pixels.dtype == np.float32
        assert changed.pixels.min() >= 0
        assert changed.pixels.max() <= 1
        assert (changed.sha256, changed.rows, changed.columns) == (film.sha256, 320, 260)
        # Saved again in 256 levels.
        assert np.abs(changed.pixels * 255 - np.rint(changed.pixels * 255)).max() < 1e-3
    assert np.array_equal(film.pixels, original)


@each_change
def test_hash_and_seed_decide(film, name):
    change = BY_NAME[name]
    assert np.array_equal(change.apply(film, 1).pixels, change.apply(film, 1).pixels)


@pytest.mark.parametrize("name", ["noise", "borders", "crop", "scale", "markers"])
def test_another_file_or_seed_is_changed_otherwise(film, name):
    change = BY_NAME[name]
    first = change.apply(film, 1).pixels
    assert not np.array_equal(first, change.apply(_of(film.pixels, "b" * 64), 1).pixels)
    assert not np.array_equal(first, change.apply(film, 1, seed=1).pixels)


@each_change
def test_change_grows_with_strength(film, name):
    far = [
        float(np.abs(BY_NAME[name].apply(film, level).pixels - film.pixels).mean())
        for level in range(3)
    ]
    assert 1 / 512 / 8 < far[0] < far[1] < far[2]


@pytest.fixture(scope="module")
def small_and_large() -> tuple[Radiograph, Radiograph]:
    large = draw_phantom(1024, 1024, seed=3)
    return _of(cv2.resize(large, (256, 256), interpolation=cv2.INTER_AREA)), _of(large)


@each_change
def test_small_and_large_files_are_changed_alike(small_and_large, name):
    level = 2
    small, large = small_and_large
    shrunk = cv2.resize(
        BY_NAME[name].apply(large, level).pixels, (256, 256), interpolation=cv2.INTER_AREA
    )
    changed = BY_NAME[name].apply(small, level).pixels
    effect = np.abs(changed - small.pixels).mean()

    if name in ("noise", "sharpening"):
        # Grain is not the same from point to point, and area averaging softens it.
        spread = [float((each - small.pixels).std()) for each in (changed, shrunk)]
        assert spread[1] == pytest.approx(spread[0], rel=0.35)
    else:
        assert np.abs(changed - shrunk).mean() < max(0.35 * effect, 1.5 / 255)


def _dot(x: int, y: int) -> np.ndarray:
    pixels = np.zeros((200, 160), dtype=np.float32)
    pixels[y - 2 : y + 3, x - 2 : x + 3] = 1
    return pixels


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("level", range(3))
@pytest.mark.parametrize("at", [(80, 100), (50, 60), (110, 140), (105, 55)])
def test_placement_tells_where_a_point_goes(name, level, at):
    film = _of(_dot(*at))
    matrix = BY_NAME[name].placement(film, level, seed=4)
    expected = matrix @ np.array([*at, 1.0])

    changed = BY_NAME[name].apply(film, level, seed=4).pixels.astype(np.float64)

    y, x = np.mgrid[:200, :160]
    found = np.array([(changed * x).sum(), (changed * y).sum()]) / changed.sum()
    assert np.abs(found - expected).max() < 0.5


def test_what_does_not_move_has_no_placement(film):
    assert all(
        (change.placement(film, 2) is not None) == (name in MOVES)
        for name, change in BY_NAME.items()
    )


def test_rotation_turns_by_its_degrees(film):
    for level, degrees in enumerate(BY_NAME["rotation"].strengths):
        matrix = BY_NAME["rotation"].placement(film, level)
        turned = np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0]))
        assert abs(turned) == pytest.approx(degrees)
        # The middle stays, and nothing is stretched.
        assert matrix @ [129.5, 159.5, 1] == pytest.approx([129.5, 159.5])
        assert np.linalg.det(matrix[:, :2]) == pytest.approx(1)


def test_crop_cuts_its_share_and_fills_the_frame(film):
    matrix = BY_NAME["crop"].placement(film, 2)
    # Edges of the frame, taken back to the picture they were cut from.
    back = np.linalg.inv(np.vstack([matrix, [0, 0, 1]]))
    left, top, _ = back @ [-0.5, -0.5, 1]
    right, bottom, _ = back @ [259.5, 319.5, 1]
    assert right - left == pytest.approx(0.85 * 260)
    assert bottom - top == pytest.approx(0.85 * 320)
    assert left >= -0.5
    assert right <= 259.5


def test_scale_leaves_the_rest_of_the_frame_black(film):
    filled = _of(np.full((200, 200), 0.5, dtype=np.float32))
    shown = BY_NAME["scale"].apply(filled, 2).pixels
    # 0.65 of either side.
    assert (shown > 0.25).mean() == pytest.approx(0.65**2, abs=0.02)


def test_flat_contrast_keeps_the_mean_and_a_share_of_the_deviation(film):
    for level, kept in enumerate(BY_NAME["contrast"].strengths):
        changed = BY_NAME["contrast"].apply(film, level).pixels
        assert changed.mean() == pytest.approx(film.pixels.mean(), abs=1 / 255)
        assert changed.std() == pytest.approx(kept * film.pixels.std(), rel=0.02)


def test_exposure_loses_its_share_of_the_inner_picture(film):
    for level in range(3):
        inner = (slice(32, 288), slice(26, 234))
        dark = BY_NAME["overexposure"].apply(film, level).pixels[inner]
        bright = BY_NAME["underexposure"].apply(film, level).pixels[inner]
        shares = BY_NAME["overexposure"].strengths[level], BY_NAME["underexposure"].strengths[level]
        assert (dark == 0).mean() == pytest.approx(shares[0], abs=0.02)
        assert (bright == 1).mean() == pytest.approx(shares[1], abs=0.02)


def test_noise_has_its_deviation_at_middle_grey():
    grey = _of(np.full((300, 300), 0.5, dtype=np.float32))
    for level, deviation in enumerate(BY_NAME["noise"].strengths):
        assert BY_NAME["noise"].apply(grey, level).pixels.std() == pytest.approx(
            deviation, rel=0.05
        )


def test_borders_cover_up_to_their_share_of_each_side():
    grey = _of(np.full((400, 300), 0.5, dtype=np.float32))
    for level, share in enumerate(BY_NAME["borders"].strengths):
        is_covered = np.abs(BY_NAME["borders"].apply(grey, level).pixels - 0.5) > 0.1
        along = {400: is_covered[:, 150], 300: is_covered[200]}
        for size, line in along.items():
            first, last = np.flatnonzero(~line)[[0, -1]]
            for width in (first, size - 1 - last):
                assert 0.5 * share * size - 1 <= width <= share * size + 1


def test_markers_are_white_and_black_and_leave_the_middle_alone(film):
    changed = BY_NAME["markers"].apply(film, 2).pixels
    rows = len(film.pixels)
    middle = (slice(rows // 5, 4 * rows // 5), slice(None))
    assert np.abs(changed[middle] - film.pixels[middle]).max() <= 0.5 / 255 + 1e-6
    assert (changed == 1).sum() > 0.005 * changed.size
    bottom = changed[4 * rows // 5 :]
    assert (bottom < 0.02).any()
