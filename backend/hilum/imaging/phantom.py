"""Synthetic chest radiographs for tests, checks, samples and screenshots.

Not anatomy to learn from: two dark lungs with ribs and vessels, a heart left of the midline
(right in the picture), clavicles, a diaphragm, and on request an opacity in a named zone.
"""

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Zone = Literal["right_upper", "right_lower", "left_upper", "left_lower", "both"]

# Centres as fractions of (columns, rows). The patient's right is on the picture's left.
_ZONES: dict[str, list[tuple[float, float]]] = {
    "right_upper": [(0.31, 0.33)],
    "right_lower": [(0.30, 0.62)],
    "left_upper": [(0.69, 0.33)],
    "left_lower": [(0.72, 0.62)],
    "both": [(0.31, 0.45), (0.30, 0.64), (0.69, 0.42), (0.73, 0.64)],
}
_DRAWN_SIDE_PX = 1024


def draw_phantom(
    rows: int = 1024, columns: int = 1024, *, seed: int = 0, opacity: Zone | None = None
) -> NDArray[np.float32]:
    """Draw a frontal chest phantom.

    The same seed gives the same picture at every size: it is drawn once and resampled by area.

    Parameters
    ----------
    rows, columns : int
        Size in pixels.
    seed : int
        Varies build, exposure, ribs, vessels and grain.
    opacity : {"right_upper", "right_lower", "left_upper", "left_lower", "both"}, optional
        Zone, by the patient's side, in which to draw a soft consolidation.

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        Values in [0, 1], higher is brighter.
    """
    rng = np.random.default_rng(seed)
    side = _DRAWN_SIDE_PX
    # A row and a column: what depends on one of them alone is not computed for every pixel.
    across = np.linspace(0, 1, side, dtype=np.float32)
    x, y = across[np.newaxis, :], across[:, np.newaxis]
    breadth, height = rng.uniform(0.93, 1.07), rng.uniform(0.93, 1.07)
    lungs = _lung(x, y, 0.31, breadth, height) + _lung(x, y, 0.69, breadth, height)
    lungs = np.clip(lungs, 0, 1)
    film = (
        0.04
        + 0.56 * _body(x, y)
        + 0.13 * np.exp(-(((x - 0.5) / 0.045) ** 2)) * _soft(0.06 - y, 0.02)
    )
    film -= 0.42 * lungs
    film += 0.25 * _heart(x, y) * (0.25 + 0.75 * lungs)
    film += lungs * (_ribs(x, y, rng) + _vessels(x, y, rng))
    film += _clavicles(x, y)
    for centre in _ZONES[opacity] if opacity else []:
        film += 0.30 * lungs * _cloud(x, y, centre, rng)
    film = cv2.GaussianBlur(film, (0, 0), 1.6)
    film += rng.normal(0, 0.008, film.shape)
    film = np.clip(film * rng.uniform(0.9, 1.08), 0, 1)
    shrinks = rows <= side and columns <= side
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(np.clip(cv2.resize(film, (columns, rows), interpolation=method), 0, 1))


_Plane = NDArray[np.float32]
"""Of single precision, in which exponentials take a fifth of the time."""


def _soft(distance: _Plane, edge: float) -> _Plane:
    """1 inside, 0 outside, a smooth edge: `distance` is below zero inside."""
    return np.asarray(1 / (1 + np.exp(np.clip(distance / edge, -40, 40))))


def _interpolated(y: _Plane, at: list[float], values: list[float]) -> _Plane:
    return np.asarray(np.interp(y, at, values), dtype=np.float32)


def _body(x: _Plane, y: _Plane) -> _Plane:
    half_width = _interpolated(y, [0, 0.1, 0.22, 1], [0.13, 0.2, 0.42, 0.45])
    return _soft(np.abs(x - 0.5) - half_width, 0.02)


def _lung(x: _Plane, y: _Plane, centre: float, breadth: float, height: float) -> _Plane:
    lateral = (x - centre) * np.sign(centre - 0.5)
    widening = _interpolated(y, [0.12, 0.35, 0.75], [0.07, 0.13, 0.16]) * breadth
    inside = np.maximum(np.abs(lateral) / widening, np.abs(y - 0.45) / (0.34 * height))
    round_inside = np.sqrt((lateral / widening) ** 2 * 0.8 + ((y - 0.45) / (0.36 * height)) ** 2)
    dome = 0.78 - 0.25 * np.abs(lateral + 0.02) ** 1.3
    return _soft(np.maximum(inside * 0.55 + round_inside * 0.5 - 1, (y - dome) * 4), 0.06)


def _heart(x: _Plane, y: _Plane) -> _Plane:
    tilted = (x - 0.555) * 0.9 + (y - 0.62) * 0.25
    along = (y - 0.62) * 0.9 - (x - 0.555) * 0.25
    return _soft(np.sqrt((tilted / 0.135) ** 2 + (along / 0.17) ** 2) - 1, 0.08)


def _ribs(x: _Plane, y: _Plane, rng: np.random.Generator) -> _Plane:
    spacing, start = rng.uniform(0.085, 0.095), rng.uniform(0, 1)
    course = y + 0.9 * (np.abs(x - 0.5) - 0.2) ** 2 - 0.12 * np.abs(x - 0.5)
    return np.asarray(0.07 * np.clip(np.cos(2 * np.pi * (course / spacing + start)), 0, 1) ** 2)


def _vessels(x: _Plane, y: _Plane, rng: np.random.Generator) -> _Plane:
    texture = _enlarged(rng.normal(0, 1, (48, 48)))
    hilar = np.exp(-(((np.abs(x - 0.5) - 0.08) / 0.12) ** 2) - ((y - 0.45) / 0.2) ** 2)
    return np.asarray(0.16 * hilar + 0.018 * texture)


def _clavicles(x: _Plane, y: _Plane) -> _Plane:
    course = np.abs(y - 0.19 + 0.12 * (np.abs(x - 0.5) - 0.2))
    return 0.12 * _soft(course - 0.013, 0.004) * _soft(np.abs(np.abs(x - 0.5) - 0.19) - 0.15, 0.01)


def _cloud(x: _Plane, y: _Plane, centre: tuple[float, float], rng: np.random.Generator) -> _Plane:
    radius = rng.uniform(0.085, 0.11)
    squared = ((x - centre[0]) / radius) ** 2 + ((y - centre[1]) / radius) ** 2
    shape = np.exp(-squared * np.sqrt(squared))
    return np.asarray(shape * (0.75 + 0.35 * _enlarged(rng.random((24, 24)))))


def _enlarged(texture: NDArray[np.float64]) -> _Plane:
    size = (_DRAWN_SIDE_PX, _DRAWN_SIDE_PX)
    return np.asarray(cv2.resize(texture.astype(np.float32), size, interpolation=cv2.INTER_CUBIC))
