"""A side is named only where evidence lies in one lung: by arithmetic, and on drawn opacities."""

import itertools
from collections.abc import Mapping
from functools import cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from hilum.imaging.phantom import Zone, draw_phantom
from hilum.models import Registry, RuntimeName, read_file
from hilum.models.anatomy import Organ
from hilum.models.evidence import FindingEvidence, Region
from hilum.models.evidence.place import Heat
from hilum.models.evidence.regions import is_one_sided, shares_by_region, without_sides
from hilum.models.reading_models import ReadingModels
from hilum.reporting.dicom import codes
from hilum.reporting.evidence_words import evidence_sentence
from hilum.words.catalogue import load_catalogue
from tests.shipped import MODELS

R_UPPER, R_MIDDLE, R_LOWER = (Region(f"right_{each}_zone") for each in ("upper", "middle", "lower"))
L_UPPER, L_LOWER = Region.LEFT_UPPER_ZONE, Region.LEFT_LOWER_ZONE
HEART, OUTSIDE = Region.HEART, Region.OUTSIDE
ZONES: tuple[Zone, ...] = ("right_upper", "right_lower", "left_upper", "left_lower")


def _shares(heat_in: Mapping[Region, float]) -> dict[Region, float]:
    """Of a heat map with one pixel in each region."""
    heat: Heat = np.array([list(heat_in.values())], dtype=np.float32)
    regions = np.array([[list(Region).index(each) for each in heat_in]], dtype=np.uint8)
    return shares_by_region(heat, regions)


@pytest.mark.parametrize(
    ("heat_in", "peak", "expected"),
    [
        ({R_LOWER: 69, L_UPPER: 31}, R_LOWER, False),
        ({R_LOWER: 71, L_UPPER: 29}, R_LOWER, True),
        ({L_LOWER: 71, R_UPPER: 29}, L_LOWER, True),
        # 40 + 31 of 100 in the lungs, whatever lies elsewhere.
        ({R_LOWER: 40, R_UPPER: 31, L_UPPER: 29, HEART: 500, OUTSIDE: 300}, HEART, True),
        ({R_LOWER: 40, R_UPPER: 29, L_UPPER: 31, HEART: 500, OUTSIDE: 300}, OUTSIDE, False),
        # The peak, or the strongest zone, is in the other lung.
        ({R_LOWER: 40, R_UPPER: 31, L_UPPER: 29}, L_UPPER, False),
        ({R_LOWER: 24, R_UPPER: 24, R_MIDDLE: 24, L_UPPER: 28}, R_LOWER, False),
        ({HEART: 3, OUTSIDE: 1}, HEART, False),
        ({}, None, False),
    ],
)
def test_a_side_needs_seven_tenths_of_what_lies_in_the_lungs(heat_in, peak, expected):
    assert is_one_sided(_shares(heat_in) if heat_in else {}, peak) is expected


def test_zones_of_both_lungs_are_summed_and_sorted_again():
    # Of 200: the heart leads before, the lower zones with 40 + 35 after.
    shares = _shares({HEART: 60, R_LOWER: 40, L_LOWER: 35, R_UPPER: 20, OUTSIDE: 45})

    assert list(without_sides(shares).items()) == [
        (Region.BOTH_LOWER_ZONES, pytest.approx(0.375)),
        (HEART, pytest.approx(0.3)),
        (OUTSIDE, pytest.approx(0.225)),
        (Region.BOTH_UPPER_ZONES, pytest.approx(0.1)),
    ]
    assert without_sides({}) == {}


def test_each_zone_has_its_lung_and_its_name_without_a_side():
    zones = [region for region in Region if region.lung is not None]
    assert len(zones) == 6
    for region in Region:
        lung = next((organ for organ in Organ if region.value.startswith(_side(organ))), None)
        assert region.lung is lung
        expected = f"both_{region.value.split('_')[1]}_zones" if lung else region.value
        assert region.without_side.value == expected
        assert region.without_side in Region


def _side(organ: Organ) -> str:
    return {Organ.RIGHT_LUNG: "right_", Organ.LEFT_LUNG: "left_"}.get(organ, "none")


@pytest.fixture(scope="module")
def shipped() -> ReadingModels:
    # Decided at 0: evidence is shown whatever the network says.
    registry = Registry(MODELS, default="pneumonia", runtime=RuntimeName.OPENVINO)
    return ReadingModels.choose(registry, operating_points=["0"])


@cache
def _drawn(zone: Zone, seed: int) -> NDArray[np.uint8]:
    return np.uint8(255 * draw_phantom(seed=seed, opacity=zone))


def _evidence(film: NDArray[np.uint8], models: ReadingModels) -> tuple[FindingEvidence, ...]:
    result = read_file(cv2.imencode(".png", film)[1].tobytes(), models, with_evidence=True)
    assert result.main.evidence is not None
    assert result.main.evidence.findings
    return result.main.evidence.findings


def _named(found: FindingEvidence) -> set[str]:
    """The sides in the strongest region, in SR's finding site and in the sentence."""
    coded = codes.REGIONS.get(found.peak_region) if found.peak_region else None
    said = [
        next((region.value for region in found.shares), ""),
        coded[1].meaning.lower() if coded and coded[1] else "",
        evidence_sentence(found, load_catalogue()),
    ]
    return {side for side in ("right", "left") for each in said if side in each}


@pytest.mark.weights
@pytest.mark.parametrize("size", [(400, 400), (400, 512)])
@pytest.mark.parametrize("zone", ZONES)
def test_the_shipped_model_names_the_opacitys_side_or_none(
    shipped: ReadingModels, zone: Zone, size: tuple[int, int]
) -> None:
    for seed, mirrored in itertools.product((0, 7, 104), (False, True)):
        film = cv2.resize(_drawn(zone, seed), size[::-1], interpolation=cv2.INTER_AREA)
        # Mirrored, its heart is on the wrong side: nothing tells which lung is which.
        expected = set() if mirrored else {zone.split("_")[0]}
        for found in _evidence(film[:, ::-1] if mirrored else film, shipped):
            named = _named(found)
            assert named <= expected, (seed, mirrored, found.finding, found.shares)
            assert found.finding is found.task or not named


@pytest.mark.weights
def test_a_side_that_the_shipped_model_is_sure_of_is_named(shipped: ReadingModels) -> None:
    film = cv2.resize(_drawn("left_lower", 0), (400, 400), interpolation=cv2.INTER_AREA)
    main, *_ = _evidence(film, shipped)
    assert _named(main) == {"left"}
