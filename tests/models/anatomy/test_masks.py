"""Masks come clean out of logits, and outlines land where they were drawn."""

import cv2
import numpy as np
import pytest

from hilum.models.anatomy.grid import Grid
from hilum.models.anatomy.lung_field import MARGIN, find_lung_field
from hilum.models.anatomy.masks import Organ, clean_masks, outline


def _logits(*shapes: np.ndarray) -> np.ndarray:
    """Logits of +-8 for three masks of one size."""
    planes = [np.where(shape, 8.0, -8.0) for shape in shapes]
    return np.stack(planes, axis=2).astype(np.float32)


def _box(side: int, left: int, top: int, right: int, bottom: int) -> np.ndarray:
    mask = np.zeros((side, side), dtype=bool)
    mask[top:bottom, left:right] = True
    return mask


NOTHING = np.zeros((128, 128), dtype=bool)


def test_a_stray_piece_is_removed_and_a_hole_is_filled() -> None:
    lung = _box(128, 20, 20, 60, 100)
    spoilt = lung & ~_box(128, 35, 50, 42, 60) | _box(128, 110, 5, 118, 12)

    clean = clean_masks(_logits(spoilt, NOTHING, NOTHING), rows=128, columns=128)

    small = cv2.resize(
        clean.masks[Organ.RIGHT_LUNG].astype(np.uint8), (128, 128), interpolation=cv2.INTER_AREA
    )
    assert np.array_equal(small > 0, lung)
    assert not clean.masks[Organ.HEART].any()
    assert clean.certainty[Organ.HEART] == 0
    assert clean.certainty[Organ.RIGHT_LUNG] > 0.9


def test_a_lung_ends_where_its_logit_falls_to_the_edge_and_a_heart_where_it_falls_to_0() -> None:
    # Logits fall by 0.25 from pixel to pixel, from 8 at column 0 to 0 at column 32.
    slope = np.broadcast_to(8 - 0.25 * np.arange(128, dtype=np.float32), (128, 128))
    logits = np.stack([slope] * 3, axis=2)

    clean = clean_masks(logits, rows=128, columns=128, lung_edge=2.0)

    # The grid has two pixels for each.
    widths = {organ: mask.sum(axis=1).max() / 2 for organ, mask in clean.masks.items()}
    assert widths[Organ.HEART] == pytest.approx(32.5, abs=0.5)
    assert widths[Organ.RIGHT_LUNG] == widths[Organ.LEFT_LUNG] == widths[Organ.HEART] - 8


def test_a_lung_in_two_large_parts_keeps_both() -> None:
    parts = _box(128, 20, 20, 60, 60) | _box(128, 20, 66, 60, 100)

    clean = clean_masks(_logits(parts, NOTHING, NOTHING), rows=128, columns=128)

    assert len(outline(clean.masks[Organ.RIGHT_LUNG], clean.grid)) == 2


@pytest.mark.parametrize(("rows", "columns"), [(128, 128), (1400, 1800), (901, 333)])
def test_outlines_land_where_they_were_drawn(rows: int, columns: int) -> None:
    clean = clean_masks(
        _logits(_box(128, 20, 30, 60, 100), NOTHING, NOTHING), rows=rows, columns=columns
    )
    (polygon,) = outline(clean.masks[Organ.RIGHT_LUNG], clean.grid)
    x, y = np.array(polygon).T

    # Edges at 20/128 and 60/128 of the width; a pixel of the grid is 1/256 of it.
    assert x.min() == pytest.approx(20 / 128 * columns, abs=columns / 256 + 0.5)
    assert x.max() == pytest.approx(60 / 128 * columns, abs=columns / 256 + 0.5)
    assert y.min() == pytest.approx(30 / 128 * rows, abs=rows / 256 + 0.5)
    assert y.max() == pytest.approx(100 / 128 * rows, abs=rows / 256 + 0.5)


def test_a_grid_keeps_pixel_centres_as_resizing_does() -> None:
    # A ramp stretched by OpenCV: the value at a pixel is its centre's place in the source.
    ramp = np.arange(64, dtype=np.float32)[None, :].repeat(64, axis=0)
    stretched = cv2.resize(ramp, (160, 64), interpolation=cv2.INTER_LINEAR)
    (x, _) = Grid(64, 64, 160).to_radiograph(np.array([10.0, 3.0]))

    assert np.interp(x, np.arange(160), stretched[0]) == pytest.approx(10.0, abs=1e-4)


def test_the_lung_field_is_the_box_with_a_margin() -> None:
    clean = clean_masks(
        _logits(_box(128, 20, 30, 50, 100), _box(128, 80, 30, 110, 90), _box(128, 48, 60, 90, 96)),
        rows=1280,
        columns=1280,
    )

    field = find_lung_field(clean)

    margin = MARGIN * 900  # from 200 to 1100
    assert field.left == pytest.approx(200 - margin, abs=6)
    assert field.right == pytest.approx(1100 + margin, abs=6)
    assert field.top == pytest.approx(300 - margin, abs=6)
    assert field.bottom == pytest.approx(1000 + margin, abs=6)
    corners = field.to_radiograph(np.array([[0.0, 0.0], [1.0, 1.0]]))
    assert corners[0] == pytest.approx((field.left - 0.5, field.top - 0.5))
    assert corners[1] == pytest.approx((field.right - 0.5, field.bottom - 0.5))
