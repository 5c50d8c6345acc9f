"""The comparators read as Hilum does: the same box and probability of the same picture."""

import io

import numpy as np
import pytest
from benchmarks.comparators import reading
from PIL import Image

from hilum.imaging import Preprocessing, decode, preprocess
from hilum.imaging.phantom import draw_phantom
from hilum.imaging.preprocess import Box, cut, normalise, resample
from hilum.models import Reader, Screener, load_bundle
from hilum.models.anatomy import AnatomyCard, AnatomyReader
from hilum.models.anatomy.lung_field import find_lung_field
from hilum.models.anatomy.masks import clean_masks
from hilum.models.bundle import load_bundle_of
from hilum.models.calibration import calibrated
from tests.shipped import MODELS, SHIPPED

PHANTOM = draw_phantom(700, 900, seed=7, opacity="right_lower")


@pytest.fixture(scope="module")
def anatomy_reader() -> AnatomyReader:
    return AnatomyReader(load_bundle_of(AnatomyCard, MODELS / "anatomy"))


@pytest.mark.parametrize("clip", [1.0, 1.5])
def test_standardising(clip: float) -> None:
    square = resample(PHANTOM, 128)

    ours = normalise(square, Preprocessing(input_size_px=128, clip=clip))[:, :, 0]

    assert np.abs(ours).max() == clip
    # Of grey values of any scale.
    assert reading.standardise(255 * square, clip) == pytest.approx(ours, abs=1e-4)


def test_cutting() -> None:
    square, box = resample(PHANTOM, 224), (0.12, 0.2, 0.9, 0.8)

    ours = cut(square, Box(*box), 161)

    assert reading.cut(square, reading.Box(*box), 161) == pytest.approx(ours, abs=1e-6)


@pytest.mark.parametrize("shape", [(700, 900), (1024, 512)])
def test_box_of_a_phantoms_masks(shape: tuple[int, int]) -> None:
    lungs = np.zeros((128, 128, 3), dtype=np.float32) - 8
    inner = resample(PHANTOM, 128)[20:108, 16:112]
    lungs[20:108, 16:112, 0] = np.where(inner < 0.3, 8, -8)
    # A stray piece, which belongs to no lung.
    lungs[2:6, 120:126, 0] = 8
    rows, columns = shape

    ours = find_lung_field(clean_masks(lungs, rows=rows, columns=columns)).box
    theirs = reading.lung_box(lungs, shape)

    # Hilum outlines between the pixels of the network's masks, the comparators do not.
    assert tuple(theirs) == pytest.approx(tuple(ours), abs=1 / 128)
    assert theirs.right < 120 / 128


def test_without_lungs_the_whole_picture_is_read() -> None:
    assert reading.lung_box(np.full((64, 64, 3), -8, np.float32), (700, 900)) == reading.WHOLE


def test_probabilities_are_calibrated() -> None:
    card = load_bundle(SHIPPED).card
    logits = np.array([0.3, -1.2, 2.1], dtype=np.float32)

    theirs = reading.softmax(logits, card.calibration.model_dump())

    assert theirs == pytest.approx(
        calibrated(logits[np.newaxis], card.calibration, card.activation)[0]
    )


@pytest.mark.weights
def test_a_reading(anatomy_reader: AnatomyReader) -> None:
    file = io.BytesIO()
    Image.fromarray(np.uint8(255 * PHANTOM)).save(file, "JPEG", quality=90)
    radiograph = decode(file.getvalue())
    screening = Screener(anatomy_reader).screen(radiograph)
    field = screening.anatomy.lung_field
    assert field is not None
    ours = Reader(load_bundle(SHIPPED)).read(radiograph, field)

    theirs = reading.ChestReader(MODELS).read(file.getvalue())

    side = anatomy_reader.card.preprocessing.input_size_px
    assert list(theirs["box"].values()) == pytest.approx(tuple(field.box), abs=2 / side)
    likely = next(each.probability for each in ours.findings if each.finding is ours.main)
    # The box is a little another one.
    assert theirs["probability"] == pytest.approx(likely, abs=0.05)


@pytest.mark.weights
def test_what_the_network_is_given(anatomy_reader: AnatomyReader) -> None:
    how = anatomy_reader.card.preprocessing
    grey = np.uint8(255 * PHANTOM)
    radiograph = decode(_png(grey))

    ours = preprocess(radiograph, how)[:, :, 0]
    theirs = reading.standardise(reading.shrunk(grey, how.input_size_px), how.clip)

    assert theirs == pytest.approx(ours, abs=0.02)


def _png(grey: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "PNG")
    return file.getvalue()
