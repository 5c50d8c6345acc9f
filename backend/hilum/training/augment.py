"""Physically motivated augmentation of training images, before normalisation."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.imaging.preprocess import WHOLE, Box, box_placement
from hilum.training.config import Augmentation

_LEAST_CLIP, _LEAST_PATCH = 1.0, 0.04
"""Of the clip limit, and of the side of a covered patch: less has no effect."""


class Changed(NamedTuple):
    """A training picture, changed.

    Attributes
    ----------
    pixels : ndarray of float32, shape (side, side)
        Values in [0, 1].
    chest : ndarray of float32, shape (side, side)
        1 where lungs and heart are to be seen, which is everywhere where nothing is known of
        them, and nowhere where they were filled.
    """

    pixels: NDArray[np.float32]
    chest: NDArray[np.float32]


def augment(
    pixels: NDArray[np.float32],
    how: Augmentation,
    rng: np.random.Generator,
    *,
    box: Box = WHOLE,
    chest: NDArray[np.uint8] | None = None,
    side: int | None = None,
) -> Changed:
    """Change one picture at random, within the ranges of `how`, and cut a box out of it.

    Both placements are one: what the box leaves out comes in again where it is shifted.

    Parameters
    ----------
    pixels : ndarray of float32, shape (rows, columns)
        Values in [0, 1]; not written to.
    rng : numpy.random.Generator
        Decides everything: the same state gives the same picture.
    chest : ndarray of uint8, shape (rows, columns), optional
        1 in lungs and heart.
    side : int, optional
        Of the square that is made; by default the picture's own rows.
    """
    side = side or pixels.shape[0]
    matrix = _after(box_placement(box, pixels.shape, side), draw_placement(side, how, rng))
    fills = rng.random() < 0.5
    placed = place(pixels, matrix, side=side, fills=fills)
    seen = np.ones((side, side), dtype=np.float32)
    if chest is not None:
        seen = np.round(place(chest, matrix, side=side))
        placed, seen = _partly_filled(placed, seen, how, rng)
    return Changed(recast(placed, how, rng), seen)


def _partly_filled(
    pixels: NDArray[np.float32],
    chest: NDArray[np.float32],
    how: Augmentation,
    rng: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    chance, grey = rng.random(), np.float32(rng.random())
    if chance < how.surroundings:
        return np.where(chest > 0, pixels, grey), chest
    if chance < how.surroundings + how.chestless:
        return np.where(chest > 0, grey, pixels), np.zeros_like(chest)
    return pixels, chest


def _after(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """One affine map for two, both of shape (2, 3)."""
    return np.asarray(second @ np.vstack([first, [0.0, 0.0, 1.0]]))


def draw_placement(side: int, how: Augmentation, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw how a picture is turned, shifted, zoomed, stretched and perhaps mirrored.

    Returns
    -------
    ndarray of float64, shape (2, 3)
        Affine map from a pixel (column, row) to where it goes. Its first two columns have a
        negative determinant where it mirrors.
    """
    centre = np.full(2, (side - 1) / 2)
    angle = np.deg2rad(rng.uniform(-how.rotation_degrees, how.rotation_degrees))
    zoom = 1 + rng.uniform(-how.zoom, how.zoom)
    stretch = np.exp(rng.uniform(-how.stretch, how.stretch) / 2)
    scale = np.diag([zoom * stretch, zoom / stretch])
    if rng.random() < how.flip:
        scale[0] *= -1
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = rotation @ scale
    shift = rng.uniform(-how.shift, how.shift, 2) * side
    return np.column_stack([linear, centre - linear @ centre + shift])


def place(
    pixels: NDArray[np.float32] | NDArray[np.uint8],
    matrix: NDArray[np.float64],
    *,
    side: int | None = None,
    fills: bool = False,
) -> NDArray[np.float32]:
    """Apply a placement to a picture or to a stack of masks, shape (rows, columns[, k]).

    It lands on a square of `side`, by default of as many rows as before. What comes in from
    outside is black, or with `fills` the picture's edge drawn out.
    """
    side = side or pixels.shape[0]
    border = cv2.BORDER_REPLICATE if fills else cv2.BORDER_CONSTANT
    pixels = pixels.astype(np.float32, copy=False)
    moved = cv2.warpAffine(pixels, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=border)
    return np.asarray(moved, dtype=np.float32)


def recast(
    pixels: NDArray[np.float32], how: Augmentation, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Change exposure, sharpness and grain, and cover borders and patches.

    Parameters
    ----------
    pixels : ndarray of float32, shape (side, side)

    Returns
    -------
    ndarray of float32, shape (side, side)
        Values in [0, 1].
    """
    changed = _exposed(pixels, how, rng)
    if how.local_contrast > _LEAST_CLIP and rng.random() < 0.3:
        changed = _equalised_locally(changed, how, rng)
    if rng.random() < 0.3:
        sigma = rng.uniform(0.3, 0.3 + how.blur_px)
        changed = cv2.GaussianBlur(changed, (0, 0), sigma).astype(np.float32, copy=False)
    elif rng.random() < 0.3:
        soft = cv2.GaussianBlur(changed, (0, 0), 1.5)
        changed = changed + rng.uniform(0, how.sharpening) * (changed - soft)
    if rng.random() < 0.4:
        grain = rng.standard_normal(changed.shape, dtype=np.float32)
        changed = changed + rng.uniform(0, how.noise) * grain
    if how.coarsest_jpeg < 100 and rng.random() < 0.2:
        changed = _stored_as_jpeg(changed, int(rng.integers(how.coarsest_jpeg, 100)))
    if rng.random() < 0.3:
        _cover_borders(changed, how, rng)
    if how.patch > _LEAST_PATCH and rng.random() < 0.3:
        _cover_patch(changed, how, rng)
    return np.clip(changed, 0, 1).astype(np.float32, copy=False)


def _exposed(
    pixels: NDArray[np.float32], how: Augmentation, rng: np.random.Generator
) -> NDArray[np.float32]:
    exponent = np.exp(rng.uniform(-1, 1) * np.log(how.gamma))
    curved = np.power(np.clip(pixels, 0, 1), np.float32(exponent))
    if rng.random() < 0.3:
        # Exposure that saturates: highlights or shadows are lost, as on a hard film.
        if how.saturation:
            lost = rng.uniform(0, how.saturation, 2) * (rng.random(2) < 0.5)
            low, high = np.quantile(curved[::3, ::3], [lost[0], 1 - lost[1]])
        else:
            low, high = rng.uniform(0, 0.12), rng.uniform(0.85, 1)
        curved = np.clip((curved - low) / max(high - low, 1e-6), 0, 1)
    return np.asarray(curved, dtype=np.float32)


def _equalised_locally(
    pixels: NDArray[np.float32], how: Augmentation, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Contrast-limited adaptive histogram equalisation (Zuiderveld, Graphics Gems IV, 1994)."""
    tiles = int(rng.integers(2, 9))
    local = cv2.createCLAHE(rng.uniform(_LEAST_CLIP, how.local_contrast), (tiles, tiles))
    grey = np.round(255 * np.clip(pixels, 0, 1)).astype(np.uint8)
    return local.apply(grey).astype(np.float32) / np.float32(255)


def _stored_as_jpeg(pixels: NDArray[np.float32], quality: int) -> NDArray[np.float32]:
    grey = np.round(255 * np.clip(pixels, 0, 1)).astype(np.uint8)
    stored = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    read = cv2.imdecode(stored, cv2.IMREAD_GRAYSCALE)
    return np.asarray(read, dtype=np.float32) / np.float32(255)


def _cover_borders(
    pixels: NDArray[np.float32], how: Augmentation, rng: np.random.Generator
) -> None:
    level = np.float32(rng.choice([0.0, 0.0, 1.0]))
    top, bottom, left, right = (
        rng.uniform(0, how.border, 4) * pixels.shape[0] * (rng.random(4) < 0.5)
    ).astype(int)
    pixels[:top] = level
    pixels[pixels.shape[0] - bottom :] = level
    pixels[:, :left] = level
    pixels[:, pixels.shape[1] - right :] = level


def _cover_patch(pixels: NDArray[np.float32], how: Augmentation, rng: np.random.Generator) -> None:
    side = pixels.shape[0]
    height, width = (rng.uniform(_LEAST_PATCH, how.patch, 2) * side).astype(int)
    top, left = rng.integers(0, side - height), rng.integers(0, side - width)
    pixels[top : top + height, left : left + width] = np.float32(rng.random())
