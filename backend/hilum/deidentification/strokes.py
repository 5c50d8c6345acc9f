"""Lines of strokes that may be text, found by their shape at several scales."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

_STROKE_PX = 9
"""Wider strokes are found where the film is smaller."""
_SCALES: Final = (1, 2, 4)
"""Divisors of the film's size. With letters of 5 to 60 pixels at each: 5 to 240 in all."""
_HEIGHTS_PX = (5, 60)
_SMALLEST_AGAIN_PX = 8
"""At a smaller scale; what is smaller was found at the one before."""
_LEAST_SIDE_PX = 64
# What ribs, vessels and grain have less of, of 255 greys and of the contrast.
_LEAST_STEP = 28
_LEAST_CONTRAST = 45
_LEAST_SHARPNESS = 0.2
_MOST_STROKES = 2000
"""At one scale, those of most contrast: each is compared with each."""
_WIDE = 1.3
"""Width by height of letters that touch."""

_LEFT, _TOP, _WIDTH, _HEIGHT = range(4)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of pixels, its ends exclusive."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """Connected strokes of one film at one scale, all darker or all brighter than around them.

    Attributes
    ----------
    scale : int
        The film was divided by it.
    hat : ndarray of uint8
        How far each pixel stands out from what is around.
    boxes : ndarray of int, shape (n, 4)
        Left, top, width, height.
    contrast : ndarray of float, shape (n,)
        Mean of `hat`.
    sharpness : ndarray of float, shape (n,)
        Mean slope at the edge, a pixel, as a share of the contrast: 0.5 where the edge is drawn
        from one pixel to the next, less in anatomy.
    """

    scale: int
    hat: Grey
    boxes: NDArray[np.int32]
    contrast: NDArray[np.float64]
    sharpness: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Strokes side by side.

    Attributes
    ----------
    members : ndarray of int
        Which of them.
    is_vertical : bool
        One above the other, as in text that is turned by 90 degrees.
    height : float
        Of its letters, in pixels of `strokes`.
    """

    strokes: Strokes = field(repr=False)
    members: NDArray[np.intp]
    is_vertical: bool
    height: float

    @property
    def contrast(self) -> float:
        """Median contrast of its strokes, 0 to 255."""
        return float(np.median(self.strokes.contrast[self.members]))

    @property
    def unevenness(self) -> float:
        """Standard deviation of the strokes' heights, as a share of their mean."""
        heights = self._along()[self.members, _HEIGHT]
        return float(heights.std() / heights.mean())

    def picture(self) -> Grey:
        """The line as it is read when it is vertical: turned by 90 degrees clockwise."""
        margin = max(1, round(0.15 * self.height))
        box = self._around(self.members, margin)
        hat = self.strokes.hat[box.top : box.bottom, box.left : box.right]
        return np.ascontiguousarray(np.rot90(hat, -1)) if self.is_vertical else hat

    def box(self, margin: float) -> Box:
        """Box of the line in the film, including parts that are not letters.

        Parameters
        ----------
        margin : float
            To each side, as a share of the letters' height.
        """
        found = self._around(self._with_neighbours(), round(margin * self.height) + 1)
        rows, columns = self.strokes.hat.shape
        by = self.strokes.scale
        # A film's last rows and columns may be fewer than the scale.
        right = found.right * by + (by if found.right == columns else 0)
        bottom = found.bottom * by + (by if found.bottom == rows else 0)
        return Box(found.left * by, found.top * by, right, bottom)

    def _along(self) -> NDArray[np.int32]:
        """The strokes' boxes, rows and columns exchanged where the line is vertical."""
        boxes = self.strokes.boxes
        return boxes[:, [_TOP, _LEFT, _HEIGHT, _WIDTH]] if self.is_vertical else boxes

    def _with_neighbours(self) -> NDArray[np.intp]:
        """Punctuation, and further words of the line, with gaps that words may have."""
        along = self._along()
        left, right = along[:, _LEFT], along[:, _LEFT] + along[:, _WIDTH]
        middle = along[:, _TOP] + along[:, _HEIGHT] / 2
        line = along[self.members]
        top, bottom = line[:, _TOP].min(), (line[:, _TOP] + line[:, _HEIGHT]).max()
        alike = (middle > top) & (middle < bottom) & (along[:, _HEIGHT] <= 1.6 * self.height)
        alike &= self.strokes.contrast >= 0.5 * self.contrast
        members = np.zeros(len(along), np.bool_)
        members[self.members] = True
        gap = 1.5 * self.height
        while True:
            start, end = left[members].min() - gap, right[members].max() + gap
            more = members | (alike & (right >= start) & (left <= end))
            if (more == members).all():
                return np.flatnonzero(members)
            members = more

    def _around(self, members: NDArray[np.intp], margin: int) -> Box:
        left, top, width, height = self.strokes.boxes[members].T
        rows, columns = self.strokes.hat.shape
        return Box(
            max(0, int(left.min()) - margin),
            max(0, int(top.min()) - margin),
            min(columns, int((left + width).max()) + margin),
            min(rows, int((top + height).max()) + margin),
        )


def find_lines(grey: Grey) -> Iterator[Line]:
    """Find lines of two strokes or more, or of one that is wider than high, as joined letters are.

    Parameters
    ----------
    grey : ndarray of uint8, shape (rows, columns)

    Yields
    ------
    Line
    """
    rows, columns = grey.shape
    kernel = np.ones((_STROKE_PX, _STROKE_PX), np.uint8)
    for scale in _SCALES:
        if scale > 1 and min(rows, columns) // scale < _LEAST_SIDE_PX:
            return
        size = (columns // scale, rows // scale)
        small = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
        for polarity in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT):
            hat = np.asarray(cv2.morphologyEx(small, polarity, kernel), np.uint8)
            strokes = _find_strokes(small, hat, scale)
            for is_vertical in (False, True):
                yield from _in_lines(strokes, is_vertical=is_vertical)


def _find_strokes(small: Grey, hat: Grey, scale: int) -> Strokes:
    """Pixels with at least half the contrast of the strongest in the neighbourhood."""
    around = np.ones((2 * _STROKE_PX + 1,) * 2, np.uint8)
    stands_out = (hat >= _LEAST_STEP) & (hat >= cv2.dilate(hat, around) // 2)
    ink = stands_out.astype(np.uint8)
    count, labels, found, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    contrast = np.bincount(labels.ravel(), hat.ravel(), count) / found[:, cv2.CC_STAT_AREA]
    edge = (ink - cv2.erode(ink, np.ones((3, 3), np.uint8))).astype(np.bool_)
    slopes = (cv2.Sobel(small, cv2.CV_32F, *by, scale=1 / 8) for by in ((1, 0), (0, 1)))
    slope = cv2.magnitude(*slopes)
    edges = np.maximum(1, np.bincount(labels[edge], minlength=count))
    steepness = np.bincount(labels[edge], slope[edge], count) / edges
    sharpness = steepness / np.maximum(1, contrast)
    boxes = found.astype(np.int32)[
        :, [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP, cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]
    ]
    long, short = boxes[:, 2:].max(axis=1), boxes[:, 2:].min(axis=1)
    least, most = _HEIGHTS_PX
    kept = (long >= (least if scale == 1 else _SMALLEST_AGAIN_PX)) & (short <= most)
    kept &= contrast >= _LEAST_CONTRAST
    kept[0] = False  # the ground
    which = np.flatnonzero(kept)
    if len(which) > _MOST_STROKES:
        which = which[np.argsort(-contrast[which])[:_MOST_STROKES]]
    return Strokes(scale, hat, boxes[which], contrast[which], sharpness[which])


def _in_lines(strokes: Strokes, *, is_vertical: bool) -> Iterator[Line]:
    boxes = strokes.boxes[:, [1, 0, 3, 2]] if is_vertical else strokes.boxes
    least, most = _HEIGHTS_PX
    which = np.flatnonzero((boxes[:, _HEIGHT] >= least) & (boxes[:, _HEIGHT] <= most))
    width, height = boxes[which, 2:].T
    for group in _groups(_are_neighbours(boxes[which], strokes.contrast[which])):
        if len(group) == 1 and (width[group] < _WIDE * height[group]).all():
            continue
        members = which[group]
        if np.median(strokes.sharpness[members]) >= _LEAST_SHARPNESS:
            yield Line(strokes, members, is_vertical, float(np.median(height[group])))


def _are_neighbours(boxes: NDArray[np.int32], contrast: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Pairs of strokes side by side, as letters of a word."""
    left, top, width, height = boxes.T
    lower, higher = np.minimum.outer(height, height), np.maximum.outer(height, height)
    shared = np.minimum.outer(top + height, top + height) - np.maximum.outer(top, top)
    gap = np.maximum.outer(left, left) - np.minimum.outer(left + width, left + width)
    alike = np.maximum.outer(contrast, contrast) <= 2 * np.minimum.outer(contrast, contrast)
    near = (higher <= 2 * lower) & (2 * shared >= lower) & (gap <= 0.9 * higher)
    return np.asarray(near & alike)


def _groups(joined: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Connected parts of a graph, by its matrix."""
    left, found = np.ones(len(joined), np.bool_), []
    for start in range(len(joined)):
        if not left[start]:
            continue
        group = np.zeros(len(joined), np.bool_)
        group[start] = True
        edge = group
        while edge.any():
            edge = joined[edge].any(axis=0) & ~group
            group = group | edge
        left &= ~group
        found.append(np.flatnonzero(group))
    return found
