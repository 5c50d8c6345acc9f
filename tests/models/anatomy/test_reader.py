"""What the reader makes of a network's outputs."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from hilum.imaging import Radiograph
from hilum.imaging.radiograph import ImageFormat
from hilum.models.anatomy import Anatomy, AnatomyCard, AnatomyReader, Organ, reader
from hilum.models.anatomy.masks import CHILDS_LUNG_EDGE
from hilum.models.anatomy.picture import PictureKind
from hilum.models.bundle import load_bundle_of
from hilum.models.runtime import Outputs
from tests.models.anatomy.conftest import SIDE, ellipse

_BUNDLE = Path(__file__).resolve().parents[3] / "ml_model" / "anatomy"
_A_PIXEL = 0.75
"""Logits rise by this much from pixel to pixel away from an edge."""


def _logits() -> np.ndarray:
    """Masks of two lungs and a heart whose logits rise evenly inwards, shape (112, 112, 3)."""
    shapes = (
        ellipse(150, 240, 70.5, 150.5),
        ellipse(362, 240, 70.5, 150.5),
        ellipse(280, 320, 80.5, 70.5),
    )
    planes = []
    for shape in shapes:
        small = cv2.resize(shape.astype(np.uint8), (112, 112), interpolation=cv2.INTER_AREA)
        inside = cv2.distanceTransform(small, cv2.DIST_L2, 5)
        outside = cv2.distanceTransform(1 - small, cv2.DIST_L2, 5)
        planes.append(_A_PIXEL * (inside - outside))
    return np.stack(planes, axis=2).astype(np.float32)


def _read(monkeypatch: pytest.MonkeyPatch, adult_logit: float) -> Anatomy:
    class Network:
        def infer(self, batch: np.ndarray) -> Outputs:
            kind = np.where(np.array(list(PictureKind)) == PictureKind.FRONTAL_CHEST, 9.0, -9.0)
            return {
                "masks": np.stack([_logits()] * len(batch)),
                "kind": np.stack([kind.astype(np.float32)] * len(batch)),
                "orientation": np.stack([np.array([9, 0, 0, 0], np.float32)] * len(batch)),
                **{
                    name: np.full((len(batch), 1), logit, np.float32)
                    for name, logit in (("inversion", -9), ("adult", adult_logit), ("ap", -9))
                },
            }

    monkeypatch.setattr(reader, "load_runtime", lambda *_: Network())
    pixels = np.full((SIDE, SIDE), 0.5, np.float32)
    film = Radiograph(pixels, SIDE, SIDE, ImageFormat.PNG, "a" * 64)
    return AnatomyReader(load_bundle_of(AnatomyCard, _BUNDLE)).read(film)


def test_lungs_of_a_child_are_outlined_further_in_and_read_in_the_same_field(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    adult, child = (_read(monkeypatch, logit) for logit in (9.0, -9.0))

    widths = [
        {organ: np.ptp(np.flatnonzero(mask.any(axis=0))) for organ, mask in it.organs.masks.items()}
        for it in (adult, child)
    ]
    # On both sides, on a grid of twice the masks' pixels. The first pixel inside has `_A_PIXEL`,
    # and a logit of 0 lies half a pixel before it.
    narrower = 2 * 2 * (CHILDS_LUNG_EDGE / _A_PIXEL - 0.5)
    for organ in (Organ.RIGHT_LUNG, Organ.LEFT_LUNG):
        assert widths[0][organ] - widths[1][organ] == pytest.approx(narrower, abs=1)
    assert widths[0][Organ.HEART] == widths[1][Organ.HEART]
    assert adult.lung_field == child.lung_field
    assert adult.measures is not None
    assert child.measures is not None
    assert (
        child.measures.lung_area_px[Organ.LEFT_LUNG] < adult.measures.lung_area_px[Organ.LEFT_LUNG]
    )
