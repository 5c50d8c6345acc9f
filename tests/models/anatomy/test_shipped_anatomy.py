"""The shipped anatomy bundle on drawn phantoms: sides, sizes, turns, and what is no chest."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from hilum.evaluation.reports.contact_sheet import draw_tile
from hilum.imaging import Radiograph, decode
from hilum.imaging.phantom import draw_phantom
from hilum.models.anatomy import Anatomy, AnatomyCard, AnatomyReader, Organ
from hilum.models.anatomy.masks import outline
from hilum.models.anatomy.quality import QualityCode
from hilum.models.bundle import load_bundle_of
from hilum.models.split_lists import read_split_lists

pytestmark = pytest.mark.weights
BUNDLE = Path(__file__).resolve().parents[3] / "ml_model" / "anatomy"


@pytest.fixture(scope="module")
def reader() -> AnatomyReader:
    return AnatomyReader(load_bundle_of(AnatomyCard, BUNDLE))


def _file(pixels: NDArray[np.float32], kind: str = "PNG", turned: int = 1) -> bytes:
    """Encode a picture; `turned` is an EXIF orientation that makes up for how it is stored."""
    grey = np.uint8(np.round(255 * pixels))
    stored = {1: grey, 6: np.rot90(grey), 3: np.rot90(grey, 2), 8: np.rot90(grey, 3)}[turned]
    image = Image.fromarray(np.ascontiguousarray(stored))
    exif = image.getexif()
    exif[0x0112] = turned
    file = io.BytesIO()
    image.save(file, kind, exif=exif, quality=95)
    return file.getvalue()


def _read(reader: AnatomyReader, content: bytes) -> tuple[Radiograph, Anatomy]:
    radiograph = decode(content, smallest_side_px=reader.smallest_side_px)
    return radiograph, reader.read(radiograph)


def _corners(anatomy: Anatomy, organ: Organ) -> NDArray[np.float64]:
    """Outline's box as shares of the radiograph: left, top, right, bottom."""
    grid = anatomy.organs.grid
    points = np.concatenate([np.array(p) for p in outline(anatomy.organs.masks[organ], grid)])
    size = np.array([grid.columns, grid.rows])
    return np.concatenate([(points.min(axis=0) + 0.5) / size, (points.max(axis=0) + 0.5) / size])


def test_lungs_are_where_they_were_drawn_and_on_their_sides(reader: AnatomyReader) -> None:
    _, anatomy = _read(reader, _file(draw_phantom(1024, 1024, seed=1)))

    assert anatomy.measures is not None
    right, left, heart = (_corners(anatomy, organ) for organ in Organ)
    # Centres at 0.31 and 0.69 of the width; the patient's right is on the picture's left.
    assert (right[0] + right[2]) / 2 == pytest.approx(0.31, abs=0.06)
    assert (left[0] + left[2]) / 2 == pytest.approx(0.69, abs=0.06)
    assert 0.45 < (heart[0] + heart[2]) / 2 < 0.65


@pytest.mark.parametrize(
    ("kind", "turned", "rows", "columns"),
    [
        ("JPEG", 1, 1400, 1800),
        ("JPEG", 6, 1400, 1800),
        ("JPEG", 3, 901, 1333),
        ("PNG", 8, 777, 640),
        ("PNG", 1, 3000, 2500),
        ("TIFF", 1, 300, 400),
    ],
)
def test_size_format_and_turn_change_nothing(
    reader: AnatomyReader, kind: str, turned: int, rows: int, columns: int
) -> None:
    _, plain = _read(reader, _file(draw_phantom(1024, 1024, seed=2)))
    radiograph, other = _read(reader, _file(draw_phantom(rows, columns, seed=2), kind, turned))

    assert (radiograph.rows, radiograph.columns) == (rows, columns)
    assert plain.measures is not None
    assert other.measures is not None
    side = plain.organs.grid.side
    for organ in Organ:
        # Within two pixels of the grid, one for each picture's rounding.
        assert np.abs(_corners(plain, organ) - _corners(other, organ)).max() <= 2.01 / side
    ends = np.array(other.measures.ratio.heart)[:, 0] / columns
    expected = np.array(plain.measures.ratio.heart)[:, 0] / 1024
    assert ends == pytest.approx(expected, abs=2.01 / side)
    assert other.measures.ratio.value == pytest.approx(plain.measures.ratio.value, abs=0.01)


def test_the_lung_field_holds_lungs_and_heart(reader: AnatomyReader) -> None:
    _, anatomy = _read(reader, _file(draw_phantom(1400, 1800, seed=3)))

    field = anatomy.lung_field
    assert field is not None
    assert np.array(field.box) * [1800, 1400, 1800, 1400] == pytest.approx(
        [field.left, field.top, field.right, field.bottom]
    )
    for organ in Organ:
        left, top, right, bottom = _corners(anatomy, organ)
        assert field.left < left * 1800 < right * 1800 < field.right
        assert field.top < top * 1400 < bottom * 1400 < field.bottom


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_film_is_told_and_not_measured(reader: AnatomyReader, turns: int) -> None:
    turned = np.rot90(draw_phantom(512, 512, seed=4), turns)

    _, anatomy = _read(reader, _file(np.ascontiguousarray(turned)))

    assert anatomy.measures is None
    assert anatomy.lung_field is None
    assert anatomy.notes


def test_an_inverted_film_is_told(reader: AnatomyReader) -> None:
    _, anatomy = _read(reader, _file(1 - draw_phantom(512, 512, seed=5)))

    assert QualityCode.INVERTED in {note.code for note in anatomy.notes}


def test_the_tile_of_a_contact_sheet_names_what_is_noted(reader: AnatomyReader) -> None:
    radiograph, anatomy = _read(reader, _file(1 - draw_phantom(512, 512, seed=5)))

    told, untold = (
        draw_tile(radiograph, each, label="a", side=256)
        for each in (anatomy, replace(anatomy, notes=()))
    )

    assert told.shape == (256, 256, 3)
    assert (told != untold).any()


def test_a_mirrored_film_is_told_and_left_as_it_is(reader: AnatomyReader) -> None:
    _, upright = _read(reader, _file(draw_phantom(512, 512, seed=6)))
    _, mirrored = _read(reader, _file(draw_phantom(512, 512, seed=6)[:, ::-1].copy()))

    assert upright.measures is not None
    assert mirrored.measures is not None
    assert mirrored.measures.heart_offset < 0 < upright.measures.heart_offset


def _stripes() -> NDArray[np.float32]:
    return np.tile(np.repeat([0.2, 0.8], 16), (512, 16)).astype(np.float32)


def _noise() -> NDArray[np.float32]:
    return np.random.default_rng(0).random((512, 512), dtype=np.float32)


def _gradient() -> NDArray[np.float32]:
    return np.linspace(0, 1, 512, dtype=np.float32)[None, :].repeat(512, axis=0)


@pytest.mark.parametrize("draw", [_stripes, _noise, _gradient])
def test_what_is_no_chest_yields_no_ratio(reader: AnatomyReader, draw) -> None:
    _, anatomy = _read(reader, _file(draw()))

    assert anatomy.measures is None
    assert anatomy.notes


def test_the_bundle_is_small() -> None:
    assert sum(path.stat().st_size for path in BUNDLE.iterdir() if path.is_file()) < 5_000_000


def test_the_pictures_of_its_splits_are_listed(reader: AnatomyReader) -> None:
    lists = read_split_lists(reader.bundle)

    assert lists is not None
    assert not lists["test"] & (lists["train"] | lists["validation"])
    # Copies of a picture have one hash.
    for name, names in lists.items():
        assert 0.99 < len(names) / reader.card.training["splits"][name]["images"] <= 1
