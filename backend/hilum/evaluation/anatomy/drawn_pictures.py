"""Images that must be rejected, drawn or made from films, by kind."""

from collections.abc import Callable, Mapping
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.models.anatomy.picture import PictureKind

Pixels = NDArray[np.float32]
Films = Callable[[np.random.Generator], Pixels]
"""Gives any film, shape (side, side), values in [0, 1]."""


def draw_picture(kind: PictureKind, films: Films, rng: np.random.Generator) -> Pixels:
    """Make a picture of a kind.

    Parameters
    ----------
    kind : PictureKind
        One of `DRAWN_KINDS`.

    Returns
    -------
    ndarray of float32, shape (side, side)
        Values in [0, 1].
    """
    makers = _MAKERS[kind]
    made = makers[int(rng.integers(len(makers)))](films, rng)
    return np.clip(made, 0, 1).astype(np.float32, copy=False)


def _half(films: Films, rng: np.random.Generator) -> Pixels:
    """One side, the upper or the lower part of a film."""
    film = films(rng)
    side = film.shape[0]
    kept = int(rng.uniform(0.35, 0.52) * side)
    part = film[:, :kept] if rng.random() < 0.5 else film[:, side - kept :]
    if rng.random() < 0.3:
        part = film[:kept] if rng.random() < 0.5 else film[side - kept :]
    return _fitted(part, side)


def _close_up(films: Films, rng: np.random.Generator) -> Pixels:
    """A small part, large: a rib, an arm, a piece of the abdomen."""
    film = films(rng)
    side = film.shape[0]
    size = int(rng.uniform(0.1, 0.4) * side)
    top, left = rng.integers(0, side - size, 2)
    return _fitted(film[top : top + size, left : left + size], side)


def _collage(films: Films, rng: np.random.Generator) -> Pixels:
    """Several films side by side."""
    side = films(rng).shape[0]
    rows, columns = ((1, 2), (2, 1), (2, 2), (1, 3), (2, 3), (3, 3))[int(rng.integers(6))]
    gap = int(rng.integers(0, 7))
    sheet = np.full((side, side), rng.choice([0.0, 1.0, rng.random()]), dtype=np.float32)
    tops = np.linspace(0, side, rows + 1).astype(int)
    lefts = np.linspace(0, side, columns + 1).astype(int)
    for top, bottom in pairwise(tops):
        for left, right in pairwise(lefts):
            size = (right - left - gap, bottom - top - gap)
            sheet[top : bottom - gap, left : right - gap] = cv2.resize(
                films(rng), size, interpolation=cv2.INTER_AREA
            )
    return sheet


def _screenshot(films: Films, rng: np.random.Generator) -> Pixels:
    """A viewer's window: the film with bars, panels and text around it."""
    film = films(rng)
    side = film.shape[0]
    screen = np.full((side, side), rng.choice([0.05, 0.15, 0.9, rng.random()]), dtype=np.float32)
    bars = rng.uniform(0.04, 0.3, 4) * side
    bars[rng.integers(4)] += rng.uniform(0.05, 0.25) * side
    top, bottom, left, right = bars.astype(int)
    _write(screen, (0, 0, side, side), rng, share=0.5)
    for _ in range(int(rng.integers(2, 9))):
        x, y = rng.integers(0, side - 8, 2)
        width, height = rng.integers(4, 40), rng.integers(3, 12)
        cv2.rectangle(
            screen, (int(x), int(y)), (int(x + width), int(y + height)), float(rng.random()), -1
        )
    screen[top : side - bottom, left : side - right] = cv2.resize(
        film, (side - left - right, side - top - bottom), interpolation=cv2.INTER_AREA
    )
    if rng.random() < 0.4:
        _write(screen, (left, top, side - right, top + 20), rng, share=0.5)
    return screen


def _photograph(films: Films, rng: np.random.Generator) -> Pixels:
    """A film on a light box or a screen, photographed at an angle."""
    film = films(rng)
    side = film.shape[0]
    scene = _light(side, rng)
    if rng.random() < 0.5:
        scene = np.clip(scene + 0.5 * _texture(films, rng) - 0.25, 0, 1)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float32)
    scale = rng.uniform(0.4, 0.8, 2)
    moved = (corners - 0.5) * scale + 0.5 + rng.uniform(-0.08, 0.08, 2)
    moved += rng.uniform(-0.06, 0.06, (4, 2))
    matrix = cv2.getPerspectiveTransform(corners * side, (moved * side).astype(np.float32))
    lit = film * rng.uniform(0.6, 0.95) + rng.uniform(0.02, 0.15)
    placed = cv2.warpPerspective(lit, matrix, (side, side), flags=cv2.INTER_AREA)
    cover = cv2.warpPerspective(np.ones_like(film), matrix, (side, side))
    picture = scene * (1 - cover) + placed * cover
    return np.asarray(picture * (0.7 + 0.3 * _light(side, rng)), dtype=np.float32)


def _page(films: Films, rng: np.random.Generator) -> Pixels:
    """A page of text, or a screen of it, with or without a picture in it."""
    film = films(rng)
    side = film.shape[0]
    page = np.full((side, side), rng.uniform(0.8, 1), dtype=np.float32)
    margin = int(rng.integers(3, 30))
    _write(page, (margin, margin, side - margin, side - margin), rng, share=1.0)
    if rng.random() < 0.3:
        size = int(rng.uniform(0.2, 0.45) * side)
        x, y = rng.integers(0, side - size, 2)
        page[y : y + size, x : x + size] = cv2.resize(
            film, (size, size), interpolation=cv2.INTER_AREA
        )
    return 1 - page if rng.random() < 0.3 else page


def _chart(films: Films, rng: np.random.Generator) -> Pixels:
    """Axes with curves, bars or points."""
    side = films(rng).shape[0]
    page = np.full((side, side), rng.uniform(0.85, 1), dtype=np.float32)
    left, bottom = int(rng.uniform(0.06, 0.2) * side), int(rng.uniform(0.8, 0.95) * side)
    cv2.line(page, (left, 8), (left, bottom), 0.0, 1)
    cv2.line(page, (left, bottom), (side - 8, bottom), 0.0, 1)
    count = int(rng.integers(4, 30))
    x = np.linspace(left + 6, side - 12, count).astype(int)
    for _ in range(int(rng.integers(1, 5))):
        y = np.clip(bottom - np.abs(np.cumsum(rng.normal(0, 0.12, count))) * side, 8, bottom)
        grey, form = float(rng.uniform(0, 0.7)), int(rng.integers(3))
        for k in range(count):
            here = (int(x[k]), int(y[k]))
            if form == 0 and k:
                cv2.line(page, (int(x[k - 1]), int(y[k - 1])), here, grey, int(rng.integers(1, 3)))
            elif form == 1:
                cv2.rectangle(page, here, (here[0] + max(2, side // count - 4), bottom), grey, -1)
            else:
                cv2.circle(page, here, 2, grey, -1)
    _write(page, (left, bottom, side, side), rng, share=0.7)
    return 1 - page if rng.random() < 0.2 else page


def _shuffled(films: Films, rng: np.random.Generator) -> Pixels:
    """A film's squares in any order: its greys without its anatomy."""
    film = films(rng)
    side = film.shape[0]
    parts = int(rng.integers(3, 9))
    size = side // parts
    squares = [
        film[i * size : (i + 1) * size, j * size : (j + 1) * size]
        for i in range(parts)
        for j in range(parts)
    ]
    order = rng.permutation(len(squares))
    rows = [
        np.hstack([squares[k] for k in order[i * parts : (i + 1) * parts]]) for i in range(parts)
    ]
    return _fitted(np.vstack(rows), side)


def _texture(films: Films, rng: np.random.Generator) -> Pixels:
    """Noise at several scales, as in gravel, skies and skin."""
    side = films(rng).shape[0]
    total = np.zeros((side, side), dtype=np.float32)
    for scale in (2, 4, 8, 16, 32, 64, 128):
        grid = rng.random((scale, scale), dtype=np.float32) - 0.5
        total += rng.random() ** 2 * _fitted(grid, side)
    return 0.5 + total / max(float(np.ptp(total)), 1e-6)


def _shapes(films: Films, rng: np.random.Generator) -> Pixels:
    """Ellipses and boxes of any grey on a texture, as in photographs and test objects."""
    picture = 0.3 * _texture(films, rng) + rng.random()
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
    return np.asarray((picture - low) / max(high - low, 1e-6), dtype=np.float32)


def _breast(films: Films, rng: np.random.Generator) -> Pixels:
    """Half an ellipse at one edge with bright strands in it, on black, as in mammograms."""
    side = films(rng).shape[0]
    y, x = np.mgrid[:side, :side].astype(np.float32) / side
    reach, height = rng.uniform(0.4, 0.9), rng.uniform(0.25, 0.6)
    distance = np.hypot(x / reach, (y - rng.uniform(0.4, 0.6)) / height)
    inside = np.clip((1 - distance) * rng.uniform(4, 12), 0, 1)
    strands = np.clip(_texture(films, rng) - distance * rng.uniform(0, 0.4), 0, 1)
    picture = inside * (rng.uniform(0.15, 0.5) + rng.uniform(0.3, 1) * strands)
    if rng.random() < 0.6:
        slope = rng.uniform(0.3, 0.9)
        picture = np.maximum(picture, np.clip((slope - x / 0.5 - y) * 8, 0, 0.9) * inside)
    return np.asarray(picture[:, ::-1] if rng.random() < 0.5 else picture, dtype=np.float32)


def _section(films: Films, rng: np.random.Generator) -> Pixels:
    """A ring of skull or trunk with tissue in it, on black, as in CT and MR."""
    side = films(rng).shape[0]
    centre = tuple(int(v) for v in rng.uniform(0.45, 0.55, 2) * side)
    axes = tuple(int(v) for v in rng.uniform(0.25, 0.48, 2) * side)
    body, rim = np.zeros((2, side, side), dtype=np.float32)
    angle = float(rng.uniform(-15, 15))
    cv2.ellipse(body, centre, axes, angle, 0, 360, 1.0, -1)
    cv2.ellipse(rim, centre, axes, angle, 0, 360, 1.0, int(rng.integers(1, 12)))
    picture = body * (rng.uniform(0.2, 0.6) + 0.5 * (_texture(films, rng) - 0.5))
    for _ in range(int(rng.integers(0, 5))):
        spot = tuple(int(v) for v in rng.uniform(0.35, 0.65, 2) * side)
        size = tuple(int(v) for v in rng.uniform(0.03, 0.15, 2) * side)
        cv2.ellipse(
            picture, spot, size, float(rng.uniform(0, 180)), 0, 360, float(rng.random()), -1
        )
    picture = np.maximum(picture, rim * np.float32(rng.uniform(0, 1)))
    blurred = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.5, 2)))
    return np.asarray(blurred, dtype=np.float32)


def _limb(films: Films, rng: np.random.Generator) -> Pixels:
    """One to four long bones in soft tissue on a dark ground."""
    side = films(rng).shape[0]
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
    return np.asarray(blurred + 0.1 * _texture(films, rng), dtype=np.float32)


def _light(side: int, rng: np.random.Generator) -> Pixels:
    """Uneven light."""
    corners = rng.random((2, 2), dtype=np.float32)
    return np.asarray(cv2.resize(corners, (side, side)), dtype=np.float32)


def _write(
    page: Pixels, box: tuple[int, int, int, int], rng: np.random.Generator, *, share: float
) -> None:
    """Rows of short strokes in a box (left, top, right, bottom)."""
    height = int(rng.integers(4, 14))
    is_light = float(page.mean()) < 0.5
    for top in range(box[1], box[3] - height, height):
        left = box[0]
        while left < box[2] and rng.random() < share - 0.04:
            word = int(rng.integers(3, 30))
            grey = rng.uniform(0, 0.3)
            page[top : top + max(1, height // 2), left : min(left + word, box[2])] = (
                1 - grey if is_light else grey
            )
            left += word + int(rng.integers(2, 6))


def _fitted(picture: Pixels, side: int) -> Pixels:
    resized = cv2.resize(picture, (side, side), interpolation=cv2.INTER_CUBIC)
    return np.asarray(resized, dtype=np.float32)


_Maker = Callable[[Films, np.random.Generator], Pixels]
_MAKERS: Mapping[PictureKind, tuple[_Maker, ...]] = {
    PictureKind.CHEST_PART: (_half, _half, _close_up),
    PictureKind.COLLAGE: (_collage,),
    PictureKind.FRAMED: (_screenshot, _photograph),
    PictureKind.PAGE: (_page, _chart),
    PictureKind.LIMB: (_limb,),
    PictureKind.OTHER: (_shuffled, _texture, _shapes, _breast, _section),
}
DRAWN_KINDS = tuple(_MAKERS)
"""Kinds that can be drawn."""
