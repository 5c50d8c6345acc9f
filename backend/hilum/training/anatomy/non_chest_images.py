"""Pictures that show no chest, drawn or made from radiographs, to teach what has no lungs."""

import cv2
import numpy as np
from numpy.typing import NDArray


def draw_non_chest_image(
    radiograph: NDArray[np.float32], rng: np.random.Generator
) -> NDArray[np.float32]:
    """Make a picture without lungs.

    Parameters
    ----------
    radiograph : ndarray of float32, shape (side, side)
        Values in [0, 1]; some of the pictures are made from its parts.

    Returns
    -------
    ndarray of float32, shape (side, side)
        Values in [0, 1].
    """
    makers = (_shuffled, _close_up, _texture, _shapes, _limb, _page)
    made = makers[int(rng.integers(len(makers)))](radiograph, rng)
    return np.clip(made, 0, 1).astype(np.float32, copy=False)


def _shuffled(radiograph: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """The radiograph's squares in any order: its greys without its anatomy."""
    side = radiograph.shape[0]
    parts = int(rng.integers(3, 9))
    size = side // parts
    squares = [
        radiograph[i * size : (i + 1) * size, j * size : (j + 1) * size]
        for i in range(parts)
        for j in range(parts)
    ]
    order = rng.permutation(len(squares))
    rows = [
        np.hstack([squares[k] for k in order[i * parts : (i + 1) * parts]]) for i in range(parts)
    ]
    return _fitted(np.vstack(rows), side)


def _close_up(radiograph: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """A small part, large: a rib, an arm, a piece of the abdomen."""
    side = radiograph.shape[0]
    size = int(rng.uniform(0.1, 0.28) * side)
    top, left = rng.integers(0, side - size, 2)
    return _fitted(radiograph[top : top + size, left : left + size], side)


def _texture(radiograph: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Noise at several scales, as in gravel, skies and skin."""
    side = radiograph.shape[0]
    total = np.zeros((side, side), dtype=np.float32)
    for scale in (2, 4, 8, 16, 32, 64, 128):
        grid = rng.random((scale, scale), dtype=np.float32) - 0.5
        total += rng.random() ** 2 * _fitted(grid, side)
    return 0.5 + total / max(float(np.ptp(total)), 1e-6)


def _shapes(radiograph: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Ellipses and boxes of any grey on a texture, as in photographs and phantoms of CT."""
    picture = 0.3 * _texture(radiograph, rng) + rng.random()
    side = picture.shape[0]
    for _ in range(int(rng.integers(1, 9))):
        centre = tuple(int(v) for v in rng.integers(0, side, 2))
        axes = tuple(int(v) for v in rng.uniform(0.03, 0.4, 2) * side)
        shape = np.zeros((side, side), dtype=np.float32)
        if rng.random() < 0.6:
            cv2.ellipse(shape, centre, axes, float(rng.uniform(0, 180)), 0, 360, 1.0, -1)
        else:
            corner = (centre[0] + axes[0], centre[1] + axes[1])
            cv2.rectangle(shape, centre, corner, 1.0, -1)
        if rng.random() < 0.5:
            shape = cv2.GaussianBlur(shape, (0, 0), float(rng.uniform(1, 8))).astype(np.float32)
        picture += shape * np.float32(rng.uniform(-0.8, 0.8))
    low, high = float(picture.min()), float(picture.max())
    return (picture - low) / max(high - low, 1e-6)


def _limb(radiograph: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """One to four long bones in soft tissue on a dark ground."""
    side = radiograph.shape[0]
    picture = np.full((side, side), 0.05, dtype=np.float32)
    angle = rng.uniform(0, np.pi)
    for _ in range(int(rng.integers(1, 5))):
        middle = rng.uniform(0.2, 0.8, 2) * side
        along = np.array([np.cos(angle), np.sin(angle)]) * rng.uniform(0.3, 0.9) * side
        ends = [tuple(int(v) for v in middle + sign * along) for sign in (-1, 1)]
        bone = rng.uniform(0.03, 0.1) * side
        for width, grey in ((3.0 * bone, 0.35), (bone, 0.9), (0.5 * bone, 0.6)):
            layer = np.zeros_like(picture)
            cv2.line(layer, ends[0], ends[1], grey, max(1, int(width)))
            picture = np.maximum(picture, layer) if grey != 0.6 else np.where(layer, grey, picture)
        angle += rng.normal(0, 0.25)
    blurred = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(1, 5)))
    return np.asarray(blurred + 0.1 * _texture(radiograph, rng), dtype=np.float32)


def _page(radiograph: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """A page of text, or a screen of it: rows of short dark strokes."""
    side = radiograph.shape[0]
    page = np.full((side, side), rng.uniform(0.8, 1), dtype=np.float32)
    height = int(rng.integers(5, 14))
    margin = int(rng.integers(5, 30))
    for top in range(margin, side - height, height):
        left = margin
        while left < side - margin and rng.random() > 0.04:
            word = int(rng.integers(4, 30))
            page[top : top + height // 2, left : left + word] = rng.uniform(0, 0.3)
            left += word + int(rng.integers(2, 6))
    return 1 - page if rng.random() < 0.3 else page


def _fitted(picture: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    resized = cv2.resize(picture, (side, side), interpolation=cv2.INTER_CUBIC)
    return np.asarray(resized, dtype=np.float32)
