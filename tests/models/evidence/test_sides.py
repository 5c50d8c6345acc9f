"""Left and right: an opacity in one lung has its evidence there, and is named so, in every file."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from hilum.imaging.phantom import draw_phantom
from hilum.models import Registry, RuntimeName, read_file
from hilum.models.evidence import FindingEvidence, Region
from hilum.models.reading_models import ReadingModels
from hilum.reporting.evidence_words import evidence_sentence
from hilum.words.catalogue import load_catalogue

pytestmark = pytest.mark.weights

ROWS, COLUMNS = 500, 640
Grey = NDArray[np.uint8]


@pytest.fixture(scope="module")
def models(taught_dir: Path) -> ReadingModels:
    registry = Registry(taught_dir, default="pneumonia", runtime=RuntimeName.OPENVINO)
    return ReadingModels.choose(registry)


def _film(zone: str, *, mirrored: bool, seed: int = 7) -> Grey:
    film = np.uint8(255 * draw_phantom(ROWS, COLUMNS, seed=seed, opacity=zone))  # type: ignore[arg-type]
    return np.ascontiguousarray(film[:, ::-1]) if mirrored else film


def _found(content: bytes, models: ReadingModels) -> FindingEvidence:
    evidence = read_file(content, models, with_evidence=True).main.evidence
    assert evidence is not None
    assert evidence.reason is None
    return evidence.findings[0]


def _side(zone: str, *, mirrored: bool) -> str:
    side = zone.split("_", maxsplit=1)[0]
    return {"right": "left", "left": "right"}[side] if mirrored else side


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("zone", ["right_upper", "right_lower", "left_upper", "left_lower"])
def test_evidence_is_on_the_opacitys_side_and_named_so(
    models: ReadingModels, encode: Callable[..., bytes], zone: str, mirrored: bool
) -> None:
    found = _found(encode(_film(zone, mirrored=mirrored), "PNG"), models)
    side = _side(zone, mirrored=mirrored)

    assert found.peak is not None
    # An unmirrored film has the patient's right lung on the picture's left.
    assert (found.peak[0] < COLUMNS / 2) == (side == "right")
    on_picture_left = found.heat[:, : found.place.columns // 2].sum() / found.heat.sum()
    assert (on_picture_left > 0.6) if side == "right" else (on_picture_left < 0.4)
    if zone == "left_lower":
        # It lies against the heart, and is outlined as heart.
        return
    height = zone.split("_")[1]
    # Mirrored, its heart lies on the other side: it is not certain which lung is which.
    expected = Region(f"both_{height}_zones" if mirrored else f"{side}_{height}_zone")
    words = f"{height} zones (" if mirrored else f"{side} {height} zone ("
    assert found.peak_region is expected
    assert next(iter(found.shares)) is expected
    said = evidence_sentence(found, load_catalogue())
    assert (
        said.removeprefix("The evidence lies ")
        .removeprefix("mainly ")
        .startswith(f"in the {words}")
    )


@pytest.mark.parametrize("zone", ["right_lower", "left_upper"])
def test_every_file_format_has_the_same_side(
    models: ReadingModels,
    encode: Callable[..., bytes],
    make_dicom: Callable[..., bytes],
    zone: str,
) -> None:
    film = _film(zone, mirrored=False)
    exif = Image.Exif()
    exif[0x0112] = 6  # Stored turned a quarter: EXIF 2.32, 4.6.4.A.
    turned = np.ascontiguousarray(film.T[::-1])
    files = {
        "png": encode(film, "PNG"),
        "jpeg": encode(film, "JPEG", quality=92),
        "exif": encode(turned, "JPEG", quality=92, exif=exif),
        "dicom": make_dicom(film),
        "inverted dicom": make_dicom(255 - film, PhotometricInterpretation="MONOCHROME1"),
    }
    expected = Region(f"{zone}_zone")
    peaks = {}
    for name, content in files.items():
        found = _found(content, models)
        assert next(iter(found.shares)) is expected, name
        peaks[name] = found.peak
    reference = np.array(peaks["png"])
    for name, peak in peaks.items():
        assert np.abs(np.array(peak) - reference).max() < 0.05 * COLUMNS, name


def test_an_exif_mirrored_film_is_named_as_it_is_shown(
    models: ReadingModels, encode: Callable[..., bytes]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 2  # Stored mirrored.
    stored = np.ascontiguousarray(_film("right_lower", mirrored=False)[:, ::-1])

    found = _found(encode(stored, "JPEG", quality=92, exif=exif), models)

    assert next(iter(found.shares)) is Region.RIGHT_LOWER_ZONE


def test_the_peak_lies_on_the_opacity(models: ReadingModels, encode: Callable[..., bytes]) -> None:
    # What the opacity adds, by drawing the film without it.
    film = _film("left_lower", mirrored=False).astype(float)
    clear = np.uint8(255 * draw_phantom(ROWS, COLUMNS, seed=7)).astype(float)
    rows, columns = np.nonzero(film - clear > 0.5 * (film - clear).max())

    found = _found(encode(_film("left_lower", mirrored=False), "PNG"), models)

    assert found.peak is not None
    assert abs(found.peak[0] - columns.mean()) < 0.08 * COLUMNS
    assert abs(found.peak[1] - rows.mean()) < 0.08 * ROWS
