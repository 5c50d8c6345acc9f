"""Evidence as images: the map, and the overlay on the film."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.imaging import Radiograph
from hilum.models.evidence.place import Heat, Place

_LONGEST_SIDE_PX = 1024
_MOST_OPAQUE = 0.8
# inferno (Smith and van der Walt, matplotlib 1.5): perceptually uniform and read alike by
# colour-blind people. Its black end would hide the film.
_COLOUR_MAP = cv2.COLORMAP_INFERNO
_DARKEST = 0.3


def map_png(heat: Heat) -> bytes:
    """A 16-bit grey PNG in which 65535 is the map's largest value.

    Parameters
    ----------
    heat : ndarray of float32, shape (rows, columns)
        Not below zero. All-zero stays zero.
    """
    peak = float(heat.max())
    scaled = heat * (65535 / peak) if peak > 0 else heat
    return _png(np.rint(scaled).astype(np.uint16))


def overlay_png(picture: NDArray[np.uint8]) -> bytes:
    """A picture of `overlay` as a PNG.

    Parameters
    ----------
    picture : ndarray of uint8, shape (rows, columns, 3)
        RGB.
    """
    return _png(np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), dtype=np.uint8))


def overlay(radiograph: Radiograph, heat: Heat, place: Place) -> NDArray[np.uint8]:
    """The film with evidence painted on.

    Parameters
    ----------
    heat : ndarray of float32, shape (rows, columns)
        On the raster of `place`. Where it is zero the film is unchanged.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 3)
        RGB, in the radiograph's proportions; its longer side has at most 1024 pixels.
    """
    rows, columns = radiograph.rows, radiograph.columns
    scale = min(1.0, _LONGEST_SIDE_PX / max(rows, columns))
    width, height = max(1, round(columns * scale)), max(1, round(rows * scale))
    film = cv2.resize(radiograph.pixels, (width, height), interpolation=cv2.INTER_AREA)
    grey = np.rint(255 * np.clip(film, 0, 1)).astype(np.uint8)
    painted = cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)
    peak = float(heat.max())
    if peak > 0:
        share = np.clip(on_picture(heat, place, width=width, height=height) / peak, 0, 1)
        tone = np.rint(255 * (_DARKEST + (1 - _DARKEST) * share)).astype(np.uint8)
        colour = cv2.cvtColor(cv2.applyColorMap(tone, _COLOUR_MAP), cv2.COLOR_BGR2RGB)
        # As on the page (colour-map.ts): weak evidence leaves the film almost bare, and a little
        # of it everywhere does not veil the field.
        opacity = np.float32(_MOST_OPAQUE) * share * share * (3 - 2 * share)
        painted = cv2.blendLinear(colour, painted, opacity, 1 - opacity)
    return np.asarray(painted, dtype=np.uint8)


def on_picture(heat: Heat, place: Place, *, width: int, height: int) -> Heat:
    """A map on a copy of the radiograph of this size, zero outside the map.

    Returns
    -------
    ndarray of float32, shape (height, width)
    """
    field = place.field
    matrix = place.matrix()
    scale = np.array([[width / field.columns], [height / field.rows]])
    # Pixel centres lie half a pixel from the edges, on both pictures.
    matrix[:, 2:] = (matrix[:, 2:] + 0.5) * scale - 0.5
    matrix[:, :2] *= scale
    placed = cv2.warpAffine(heat, matrix, (width, height), flags=cv2.INTER_LINEAR)
    return np.asarray(placed, dtype=np.float32)


def _png(pixels: NDArray[np.uint8] | NDArray[np.uint16]) -> bytes:
    _, encoded = cv2.imencode(".png", pixels)
    return encoded.tobytes()
