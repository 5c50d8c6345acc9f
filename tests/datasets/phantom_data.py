"""A drawn stand-in for the chest_xray data set, in its public layout."""

from pathlib import Path

import numpy as np
from PIL import Image

from hilum.imaging.phantom import draw_phantom

SIDE = 64


def write_chest_xray(folder: Path, *, patients: int) -> Path:
    """Draw `patients` children of each class, two pictures for every third of them."""
    for group, zone, pattern in (
        ("NORMAL", None, "IM-{n:04d}-{k:04d}.jpeg"),
        ("PNEUMONIA", "right_lower", "person{n}_bacteria_{k}.jpeg"),
        ("PNEUMONIA", "both", "person{n}_virus_{k}.jpeg"),
    ):
        target = folder / "train" / group
        target.mkdir(parents=True, exist_ok=True)
        for n in range(patients):
            for k in range(2 if n % 3 == 0 else 1):
                seed = 1000 * len(pattern) + 10 * n + k
                pixels = draw_phantom(SIDE, SIDE, seed=seed, opacity=zone)
                Image.fromarray(np.uint8(255 * pixels)).save(target / pattern.format(n=n, k=k))
    return folder
