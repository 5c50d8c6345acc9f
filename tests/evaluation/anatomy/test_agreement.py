"""Agreement of outlines under changes, on an anatomy reader that finds drawn discs."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from hilum.errors import DatasetError
from hilum.evaluation.anatomy.agreement import (
    AnatomyAgreement,
    agreement_table,
    anatomy_agreement,
    moved,
)
from hilum.evaluation.anatomy.figures import dice
from hilum.evaluation.robustness.changes import CHANGES
from hilum.imaging import ImageFormat, Radiograph
from hilum.models.anatomy import Organ
from hilum.models.anatomy.grid import Grid
from hilum.models.anatomy.masks import OrganMasks
from hilum.models.anatomy.measures import measure
from hilum.models.anatomy.quality import credibility
from tests.models.anatomy.conftest import make_organs

__all__ = ["make_organs"]

BY_NAME = {change.name: change for change in CHANGES}
GREYS = {Organ.RIGHT_LUNG: 0.4, Organ.LEFT_LUNG: 0.6, Organ.HEART: 0.8}


@pytest.fixture
def film(make_organs) -> Radiograph:
    """Organs as areas of three greys on 0.2, in a picture that is no square."""
    pixels = np.full((512, 512), 0.2, dtype=np.float32)
    for organ, mask in make_organs().masks.items():
        pixels[mask] = GREYS[organ]
    pixels = cv2.resize(pixels, (400, 480), interpolation=cv2.INTER_NEAREST)
    return Radiograph(pixels, 480, 400, ImageFormat.PNG, "c" * 64)


def _outline(radiographs):
    """Outline areas by their greys: exact where greys stay, lost where they do not."""
    found = []
    for each in radiographs:
        on_grid = cv2.resize(each.pixels, (512, 512), interpolation=cv2.INTER_NEAREST)
        masks = {organ: np.abs(on_grid - grey) < 0.05 for organ, grey in GREYS.items()}
        # Edges that a warp drew between two greys are thin: opening takes them away.
        kernel = np.ones((5, 5), dtype=np.uint8)
        masks = {
            organ: cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel).astype(bool)
            for organ, mask in masks.items()
        }
        organs = OrganMasks(Grid(512, each.rows, each.columns), masks, dict.fromkeys(Organ, 0.95))
        is_lost = bool(credibility(organs))
        found.append(
            SimpleNamespace(organs=organs, measures=None if is_lost else measure(organs, None))
        )
    return found


@pytest.mark.parametrize("name", ["rotation", "crop", "scale"])
def test_outlines_that_move_with_the_picture_agree(film, name):
    report = anatomy_agreement(_outline, [film, film], changes=[BY_NAME[name]], seed=3)

    for row in report.rows:
        assert row.lost_share == 0
        assert min(row.dice.values()) > 0.97
        assert row.ratio_difference < 0.02
    assert (report.images, report.not_measured) == (2, 0)


@pytest.mark.parametrize("name", ["rotation", "crop", "scale"])
def test_outlines_that_stay_while_the_picture_moves_do_not(film, name):
    still = _outline([film])[0]
    report = anatomy_agreement(
        lambda radiographs: [still for _ in radiographs], [film], changes=[BY_NAME[name]]
    )

    worst = [min(row.dice.values()) for row in report.rows]
    assert worst[2] < worst[1] < worst[0] < 0.97


def test_masks_move_to_where_the_placement_says(film, make_organs):
    organs = make_organs(rows=480, columns=400)
    x, y = 150.0, 240.0
    for name in ("rotation", "crop", "scale"):
        matrix = BY_NAME[name].placement(film, 1)
        there = moved(organs, matrix, film.pixels.shape).masks[Organ.RIGHT_LUNG]

        # The lung's middle on the grid, through the picture's pixels and back.
        point = organs.grid.to_radiograph(np.array([x, y]))
        expected = (matrix @ [*point, 1.0] + 0.5) / organs.grid.scale - 0.5
        rows, columns = np.nonzero(there)
        assert [columns.mean(), rows.mean()] == pytest.approx(expected.tolist(), abs=0.6)


def test_without_a_placement_masks_stay(make_organs):
    organs = make_organs()
    assert moved(organs, None, (100, 100)) is organs


def test_a_reader_of_greys_loses_films_whose_greys_change(film):
    report = anatomy_agreement(_outline, [film], changes=[BY_NAME["contrast"], BY_NAME["blur"]])

    by_change = {(row.change, row.strength): row for row in report.rows}
    flat = by_change["contrast", 0.25]
    assert flat.lost_share == 1
    assert flat.ratio_difference is None
    assert by_change["blur", 0.0025].lost_share == 0
    assert by_change["blur", 0.0025].dice[Organ.HEART] > 0.95
    assert report.worst_lost_share == 1
    assert report.mean_dice[Organ.HEART] == pytest.approx(
        np.mean([row.dice[Organ.HEART] for row in report.rows])
    )
    assert report.worst_dice[Organ.HEART] == min(row.dice[Organ.HEART] for row in report.rows)


def test_the_difference_of_ratios_is_that_of_the_outlines(film, make_organs):
    wide = make_organs(rows=480, columns=400)
    masks = dict(wide.masks)
    masks[Organ.HEART] = cv2.dilate(
        masks[Organ.HEART].astype(np.uint8), np.ones((1, 21), dtype=np.uint8)
    ).astype(bool)
    wide = OrganMasks(wide.grid, masks, wide.certainty)
    clean = make_organs(rows=480, columns=400)
    answers = iter([clean, wide, wide, wide])

    def measure_many(radiographs):
        organs = next(answers)
        return [SimpleNamespace(organs=organs, measures=measure(organs, None))]

    report = anatomy_agreement(measure_many, [film], changes=[BY_NAME["noise"]])

    # A heart of 161 columns becomes one of 181 in a chest of 353.
    assert [row.ratio_difference for row in report.rows] == pytest.approx([20 / 353] * 3)
    assert report.rows[0].dice[Organ.HEART] == pytest.approx(
        dice(clean.masks[Organ.HEART], masks[Organ.HEART])
    )


def test_films_that_are_not_measured_unchanged_are_counted(film):
    blank = Radiograph(np.full((480, 400), 0.1, np.float32), 480, 400, ImageFormat.PNG, "d" * 64)

    report = anatomy_agreement(_outline, [film, blank], changes=[BY_NAME["blur"]])

    assert (report.images, report.not_measured) == (1, 1)
    with pytest.raises(DatasetError, match="None of the 1 radiographs"):
        anatomy_agreement(_outline, [blank])


def test_the_report_goes_through_json_and_into_a_table(film):
    report = anatomy_agreement(_outline, [film, film, film], changes=[BY_NAME["blur"]], sample=2)

    assert report.images == 2
    assert AnatomyAgreement.model_validate_json(report.model_dump_json()) == report
    table = agreement_table(report).splitlines()
    assert len(table) == 2 + 2 + 3
    assert {line.count("|") for line in table} == {7}
