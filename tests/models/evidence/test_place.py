"""Where cells lie on the radiograph, by arithmetic; regions, lines and pictures of known heat."""

import cv2
import numpy as np
import pytest

from hilum.imaging import Box, ImageFormat, Radiograph
from hilum.imaging.preprocess import box_placement
from hilum.models.anatomy import LungField
from hilum.models.card import EvidenceLayer
from hilum.models.evidence.contours import contours
from hilum.models.evidence.pictures import map_png, on_picture, overlay
from hilum.models.evidence.place import Place
from hilum.models.evidence.regions import (
    Region,
    regions_at,
    regions_under,
    shares_by_region,
)

LAYER = EvidenceLayer(layer="activation_map", grid=(9, 9), origin_px=15.0, step_px=16.0)
FIELD = LungField(left=100.0, top=50.0, right=900.0, bottom=690.0, rows=800, columns=1000)
PLACE = Place(LAYER, 160, FIELD)


def _film(rows: int, columns: int) -> Radiograph:
    pixels = np.full((rows, columns), 0.4, dtype=np.float32)
    return Radiograph(pixels, rows, columns, ImageFormat.PNG, "0" * 64)


def test_a_cells_centre_goes_back_through_the_cut_that_made_the_input():
    # The cut takes the radiograph's pixel to the input's; its inverse is what is asked for.
    box = Box(0.1, 0.0625, 0.9, 0.8625)
    forth = np.vstack([box_placement(box, (800, 1000), 160), [0, 0, 1]])
    for cell in ((0, 0), (3, 7), (8, 8)):
        on_input = 15 + 16 * np.array(cell, dtype=float)
        expected = (np.linalg.inv(forth) @ [*on_input, 1])[:2]
        raster = 16 * np.array(cell) + 7.5
        assert PLACE.to_radiograph(raster) == pytest.approx(expected)


def test_the_box_is_the_cells_squares():
    # Input pixels 7.5 to 151.5 of 160, of a field of 800 x 640 from (100, 50).
    expected = (100 + 7.5 * 5, 50 + 7.5 * 4, 100 + 151.5 * 5, 50 + 151.5 * 4)
    assert PLACE.box == pytest.approx(expected)


def test_the_raster_keeps_the_mean_and_zero():
    cells = np.random.default_rng(0).normal(0, 1, (9, 9))
    heat = PLACE.raster(cells)

    assert heat.shape == (144, 144)
    assert heat.mean() == pytest.approx(np.maximum(cells, 0).mean(), rel=1e-5)
    assert not PLACE.raster(-np.abs(cells)).any()
    assert heat[7:9, 7:9].mean() == pytest.approx(max(cells[0, 0], 0), abs=0.15)


def test_heat_lies_on_a_picture_where_the_place_says():
    cells = np.zeros((9, 9))
    cells[2, 6] = 1.0
    for width, height in ((1000, 800), (250, 200)):
        lying = on_picture(PLACE.raster(cells), PLACE, width=width, height=height)
        rows, columns = np.indices(lying.shape)
        x, y = ((lying * each).sum() / lying.sum() for each in (columns, rows))
        expected = PLACE.to_radiograph(np.array([16 * 6 + 7.5, 16 * 2 + 7.5]))
        scale = width / 1000
        assert (x, y) == pytest.approx((expected + 0.5) * scale - 0.5, abs=0.3)


def test_zones_are_thirds_of_a_lungs_height(make_organs):
    organs = make_organs()
    everywhere = np.arange(organs.grid.side)
    regions = regions_at(organs, everywhere, everywhere)
    names = list(Region)

    # The right lung spans rows 90 to 390: its thirds end at 190 and 290.
    for row, name in (
        (92, "upper"),
        (189, "upper"),
        (192, "middle"),
        (288, "middle"),
        (292, "lower"),
    ):
        assert names[regions[row, 150]] is Region(f"right_{name}_zone")
        assert names[regions[row, 362]] is Region(f"left_{name}_zone")
    assert names[regions[380, 256]] is Region.HEART
    assert names[regions[5, 5]] is Region.OUTSIDE


@pytest.mark.parametrize(
    ("point", "expected"),
    [((150, 330), Region.RIGHT_LOWER_ZONE), ((362, 150), Region.LEFT_UPPER_ZONE),
     ((256, 380), Region.HEART), ((256, 60), Region.OUTSIDE)],
)  # fmt: skip
def test_heat_over_a_region_is_named_by_it(make_organs, point, expected):
    organs = make_organs(rows=1024, columns=768)
    field = LungField(left=60.0, top=100.0, right=700.0, bottom=900.0, rows=1024, columns=768)
    place = Place(LAYER, 160, field)
    # The grid of 512 is stretched over 768 columns and 1024 rows.
    wanted = (np.array(point) + 0.5) * [768 / 512, 1024 / 512] - 0.5
    columns, rows = np.meshgrid(np.arange(place.columns), np.arange(place.rows))
    lying = place.to_radiograph(np.stack([columns, rows], axis=-1).astype(float))
    heat = np.float32(np.exp(-np.sum((lying - wanted) ** 2, axis=-1) / 200))

    shares = shares_by_region(heat, regions_under(place, organs))

    assert next(iter(shares)) is expected
    assert sum(shares.values()) == pytest.approx(1)
    assert shares[expected] > 0.8


def test_no_heat_has_no_shares():
    assert shares_by_region(np.zeros((3, 3), np.float32), np.zeros((3, 3), np.uint8)) == {}


def test_a_contour_of_a_cone_is_a_circle_of_known_size():
    # A cone of radius 60 raster pixels, each 5 by 4 film pixels: at half its height 30 of them.
    columns, rows = np.meshgrid(np.arange(144), np.arange(144))
    cone = np.maximum(0, 1 - np.hypot(columns - 71.5, rows - 71.5) / 60).astype(np.float32)
    scale = 16 / 16 * np.array([5.0, 4.0])

    [polygon] = contours(cone, PLACE)[0.5]

    area = cv2.contourArea(np.array(polygon, dtype=np.float32))
    peak = cone.max()
    radius = 60 * (1 - 0.5 * peak)
    assert area == pytest.approx(np.pi * radius**2 * scale.prod(), rel=0.02)
    middle = np.array(polygon).mean(axis=0)
    assert middle == pytest.approx(PLACE.to_radiograph(np.array([71.5, 71.5])), abs=8)
    assert not any(contours(np.zeros((144, 144), np.float32), PLACE).values())


def test_a_contour_closes_at_the_rasters_edge():
    heat = np.ones((144, 144), np.float32)
    [polygon] = contours(heat, PLACE)[0.5]
    left, top, right, bottom = PLACE.box
    area = cv2.contourArea(np.array(polygon, dtype=np.float32))
    assert area == pytest.approx((right - left) * (bottom - top), rel=0.01)


def test_the_map_png_is_16_bit_and_linear():
    heat = np.float32([[0.0, 0.5], [1.0, 2.0]])
    read = cv2.imdecode(np.frombuffer(map_png(heat), np.uint8), cv2.IMREAD_UNCHANGED)
    assert read.dtype == np.uint16
    assert read.tolist() == [[0, round(65535 / 4)], [round(65535 / 2), 65535]]
    empty = cv2.imdecode(np.frombuffer(map_png(0 * heat), np.uint8), cv2.IMREAD_UNCHANGED)
    assert not empty.any()


def test_the_overlay_leaves_the_film_where_there_is_no_evidence():
    cells = np.zeros((9, 9))
    cells[4, 4] = 1.0
    film = _film(800, 1000)
    read = overlay(film, PLACE.raster(cells), PLACE)
    assert read.shape == (800, 1000, 3)
    assert (read[:50] == round(255 * 0.4)).all()
    x, y = np.rint(PLACE.to_radiograph(np.array([71.5, 71.5]))).astype(int)
    assert np.ptp(read[y, x].astype(int)) > 50
    assert (overlay(film, PLACE.raster(-np.ones((9, 9))), PLACE) == 102).all()


def test_a_little_evidence_everywhere_does_not_veil_the_film():
    cells = np.full((9, 9), 0.1)
    cells[4, 4] = 1.0
    read = overlay(_film(800, 1000), PLACE.raster(cells), PLACE).astype(int)
    x, y = np.rint(PLACE.to_radiograph(np.array([16.0, 16.0]))).astype(int)
    assert 0 < np.abs(read[y, x] - round(255 * 0.4)).max() <= 3


def test_the_overlay_is_of_the_films_shape_and_bounded():
    field = LungField(0.0, 0.0, 2000.0, 3000.0, 3000, 2000)
    place = Place(LAYER, 160, field)
    empty = place.raster(np.zeros((9, 9)))
    assert overlay(_film(3000, 2000), empty, place).shape == (1024, 683, 3)
