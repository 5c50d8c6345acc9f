"""Drawn stand-ins for data sets: films that differ in how they lie, in the layouts people have."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hilum.imaging.phantom import Zone, draw_phantom

SIDE = 64


@cache
def _phantom(seed: int, opacity: Zone | None) -> NDArray[np.float32]:
    return draw_phantom(320, 320, seed=seed, opacity=opacity)


def draw_film(
    seed: int, opacity: Zone | None = None, side: int = 96, *, spread: float = 1.0
) -> NDArray[np.uint8]:
    """A phantom that lies as no other does: phantoms have one shape, and are slow to draw.

    At a `spread` of 1 it is turned by up to 12 degrees, scaled by up to a fifth, and shifted by up
    to 8 % of its side.
    """
    rng = np.random.default_rng(seed)
    pixels = cv2.resize(_phantom(seed % 3, opacity), (side, side), interpolation=cv2.INTER_AREA)
    degrees, scale = spread * rng.uniform(-12, 12), 1 + spread * (rng.uniform(0.8, 1.2) - 1)
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), degrees, scale)
    turn[:, 2] += spread * rng.uniform(-0.08, 0.08, 2) * side
    film = cv2.warpAffine(pixels, turn, (side, side), borderMode=cv2.BORDER_REFLECT)
    return np.uint8(np.round(255 * np.clip(film, 0, 1)))


def draw_to(
    path: Path, *, seed: int, opacity: Zone | None = None, side: int = 96, spread: float = 1.0
) -> None:
    """Draw a film into a file, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(draw_film(seed, opacity, side, spread=spread)).save(path)


def write_chest_xray(folder: Path, *, patients: int) -> Path:
    """Draw `patients` children of each class, two pictures for every third of them."""
    groups: tuple[tuple[str, Zone | None, str], ...] = (
        ("NORMAL", None, "IM-{n:04d}-{k:04d}.jpeg"),
        ("PNEUMONIA", "right_lower", "person{n}_bacteria_{k}.jpeg"),
        ("PNEUMONIA", "both", "person{n}_virus_{k}.jpeg"),
    )
    for number, (group, zone, pattern) in enumerate(groups):
        for n in range(patients):
            for k in range(2 if n % 3 == 0 else 1):
                path = folder / "train" / group / pattern.format(n=n, k=k)
                seed = 10_000 * number + 10 * n + k
                draw_to(path, seed=seed, opacity=zone, side=SIDE, spread=0.25)
    return folder
