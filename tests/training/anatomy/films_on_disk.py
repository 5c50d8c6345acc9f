"""A small folder of drawn films, laid out as the data sets are."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.models.anatomy.conftest import SIDE, ellipse

_NIH_HEAD = (
    "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,"
    "OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]"
)


def save(path: Path, pixels: NDArray[np.float64]) -> None:
    """Write a grey picture of values in [0, 1]."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.uint8(255 * np.clip(pixels, 0, 1))).resize((128, 128)).save(path)


def draw_film(
    rng: np.random.Generator, *, size: float = 1.0
) -> tuple[NDArray[np.float64], dict[str, NDArray[np.bool_]]]:
    """A chest of ellipses, and its organs; a child's is smaller."""
    dx, dy = rng.uniform(-25, 25, 2)
    organs = {
        "right_lung": ellipse(256 - 106 * size + dx, 240 + dy, 70 * size, 150 * size),
        "left_lung": ellipse(256 + 106 * size + dx, 240 + dy, 70 * size, 150 * size),
        "heart": ellipse(256 + 20 * size + dx, 240 + 80 * size + dy, 80 * size, 70 * size),
    }
    film = np.full((SIDE, SIDE), 0.6)
    film[organs["right_lung"] | organs["left_lung"]] = 0.2
    film[organs["heart"]] = 0.85
    return film + rng.normal(0, 0.02, film.shape), organs


def draw_outlined(folder: Path, source: str, name: str, rng: np.random.Generator) -> None:
    """A film of an adult with masks of three organs."""
    film, organs = draw_film(rng)
    lungs = {name: mask & ~organs["heart"] for name, mask in organs.items() if name != "heart"}
    save(folder / source / "png" / f"{name}.png", film)
    for organ, mask in {**lungs, "heart": organs["heart"]}.items():
        save(folder / source / "mask" / organ / f"{name}.png", mask)


def draw_data(folder: Path) -> None:
    """All data sets, a few films each."""
    rng = np.random.default_rng(0)
    for source in ("jsrt", "wingspan"):
        for n in range(20):
            draw_outlined(folder / "anatomy", source, f"film{n}", rng)
    children = folder / "chest_xray" / "train"
    for n in range(12):
        film, organs = draw_film(rng, size=0.8)
        save(children / "NORMAL" / f"IM-{n:04d}-0001.png", film)
        lungs = organs["right_lung"] | organs["left_lung"]
        save(folder / "chest_xray_lung_masks" / f"IM-{n:04d}-0001.png", lungs)
        for cause in ("bacteria", "virus"):
            film, _ = draw_film(rng, size=0.8)
            save(children / "PNEUMONIA" / f"person{n}_{cause}_1.png", film)
    rows = [_NIH_HEAD]
    for n in range(12):
        film, _ = draw_film(rng)
        save(folder / "nih_chestxray14" / "images" / f"{n:08d}_000.jpg", film)
        rows.append(
            f"{n:08d}_000.png,No Finding,0,{n},{50},M,{('PA', 'AP')[n % 2]},2500,2048,0.1,0.1"
        )
    (folder / "nih_chestxray14" / "Data_Entry_2017_v2020.csv").write_text("\n".join(rows))
    for kind in ("hand", "lateral_chest"):
        for n in range(8):
            stripes = np.sin(np.linspace(0, (20 if kind == "hand" else 5) + n, SIDE))
            picture = np.tile(0.5 + 0.4 * stripes, (SIDE, 1))
            save(folder / "not_frontal_chest" / kind / f"{n}.png", picture)
