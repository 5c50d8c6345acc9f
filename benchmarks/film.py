"""The picture that services read: a synthetic phantom."""

import io

import numpy as np
from PIL import Image

from hilum.imaging.phantom import draw_phantom


def film() -> bytes:
    """Encode a drawn 1800 x 1400 radiograph with film grain as a grey JPEG."""
    pixels = 255 * draw_phantom(1400, 1800, seed=7, opacity="right_lower")
    grain = np.random.default_rng(7).normal(0, 3, pixels.shape)
    file = io.BytesIO()
    Image.fromarray(np.uint8(np.clip(pixels + grain, 0, 255))).save(file, "JPEG", quality=90)
    return file.getvalue()
