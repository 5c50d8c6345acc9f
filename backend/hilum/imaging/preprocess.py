"""Preprocessing of a radiograph for a model: deterministic, shared by training and serving."""

import math
from typing import Literal, NamedTuple, Self

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from hilum.imaging.orientation import Orientation
from hilum.imaging.radiograph import Radiograph


class Box(NamedTuple):
    """A part of a picture, by its edges as shares of the picture's width and height."""

    left: float
    top: float
    right: float
    bottom: float


def displayed_box(box: Box, orientation: Orientation) -> Box:
    """Find a box of a file's picture in the displayed one.

    Parameters
    ----------
    orientation : Orientation
        From the file's pixels to the displayed ones.
    """
    corners = np.array([[box.left, box.right], [box.top, box.bottom]])
    # About the picture's middle, where shares of both sides turn into each other.
    x, y = orientation.inverse.to_file(1, 1)[:, :2] @ (corners - 0.5) + 0.5
    return Box(float(x.min()), float(y.min()), float(x.max()), float(y.max()))


WHOLE = Box(0.0, 0.0, 1.0, 1.0)


class Preprocessing(BaseModel):
    """Preprocessing of a bundle's input, as stated in its card.

    Attributes
    ----------
    input_size_px : int
        Side of the square that the network reads.
    region : {"whole", "lung_field"}
        Part of the image that is read: all of it, or the box around lungs and heart.
    sampled_px : int or None
        Side of the square that the whole image is resampled to before the region is cut out, so
        that images are not sharper than those in training.
    fit : {"stretch"}
        The region is stretched to the square, as the training data was.
    normalisation : {"standardise", "equalise", "equalise_locally"}
        Normalisation of each image: mean 0, standard deviation 1, then clipped. Before that, the
        histogram may be equalised, globally or locally (CLAHE).
    clip : float
        Bound of the normalised values, in standard deviations.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    input_size_px: int = Field(ge=32, le=2048)
    region: Literal["whole", "lung_field"] = "whole"
    sampled_px: int | None = Field(default=None, ge=32, le=2048)
    fit: Literal["stretch"] = "stretch"
    normalisation: Literal["standardise", "equalise", "equalise_locally"] = "standardise"
    clip: float = Field(default=3.0, gt=0)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if (self.region == "lung_field") != (self.sampled_px is not None):
            raise ValueError("sampled_px goes with region lung_field")
        return self


_COMMON_SIDE_PX = 512


def decoded_side_px(how: Preprocessing) -> int:
    """Smallest side that `decode` must keep for a network, for a last step of whole pixels.

    One and a half times the network's side, and for small networks one common size: so the same
    file is decoded to the same pixels, and read alike, whichever other models look at it too.
    """
    return max(_COMMON_SIDE_PX, math.ceil(1.5 * (how.sampled_px or how.input_size_px)))


def preprocess(radiograph: Radiograph, how: Preprocessing, box: Box = WHOLE) -> NDArray[np.float32]:
    """Make the array that a network reads.

    Parameters
    ----------
    how : Preprocessing
        From the bundle's card.
    box : Box
        The lung field, for a network that reads it; the whole picture where there is none.

    Returns
    -------
    ndarray of float32, shape (input_size_px, input_size_px, 1)
        Values in [-clip, clip].
    """
    if how.sampled_px is None:
        return normalise(resample(radiograph.pixels, how.input_size_px), how)
    sampled = resample(radiograph.pixels, how.sampled_px)
    return normalise(cut(sampled, box, how.input_size_px), how)


def cut(pixels: NDArray[np.float32], box: Box, side: int) -> NDArray[np.float32]:
    """Cut a box out and stretch it to a square, between pixels by straight lines.

    Parameters
    ----------
    pixels : ndarray of float32, shape (rows, columns)

    Returns
    -------
    ndarray of float32, shape (side, side)
    """
    matrix = box_placement(box, pixels.shape, side)
    placed = cv2.warpAffine(
        pixels, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(placed, dtype=np.float32)


def box_placement(box: Box, shape: tuple[int, ...], side: int) -> NDArray[np.float64]:
    """Affine map (2, 3) from a picture's pixel (column, row) to its place in the cut square."""
    scale_x = side / ((box.right - box.left) * shape[1])
    scale_y = side / ((box.bottom - box.top) * shape[0])
    # Pixel centres lie half a pixel from the edges that a box speaks of.
    return np.array(
        [
            [scale_x, 0.0, (0.5 - box.left * shape[1]) * scale_x - 0.5],
            [0.0, scale_y, (0.5 - box.top * shape[0]) * scale_y - 0.5],
        ]
    )


def resample(pixels: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Stretch to a square, averaging areas so that nothing aliases.

    A picture that was itself averaged down beforehand comes out the same, up to rounding.

    Parameters
    ----------
    pixels : ndarray of float32, shape (rows, columns)

    Returns
    -------
    ndarray of float32, shape (side, side)
    """
    if min(pixels.shape) > side:
        small = cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA)
        return np.asarray(small, dtype=np.float32)
    # Each axis by itself: OpenCV averages areas only where both axes shrink.
    for axis in (0, 1):
        size = pixels.shape[axis]
        if size == side:
            continue
        method = cv2.INTER_AREA if size > side else cv2.INTER_LINEAR
        target = (pixels.shape[1], side) if axis == 0 else (side, pixels.shape[0])
        pixels = cv2.resize(pixels, target, interpolation=method).astype(np.float32, copy=False)
    return np.ascontiguousarray(pixels)


def normalise(pixels: NDArray[np.float32], how: Preprocessing) -> NDArray[np.float32]:
    """Standardise one picture by its own mean and deviation, and add the channel axis.

    Exposure and display window shift and stretch the grey scale of a film as a whole; what is
    left after this step does not depend on either.

    Parameters
    ----------
    pixels : ndarray of float32, shape (side, side)

    Returns
    -------
    ndarray of float32, shape (side, side, 1)
        Values in [-clip, clip].
    """
    if how.normalisation != "standardise":
        pixels = _equalised(pixels, is_local=how.normalisation == "equalise_locally")
    mean, deviation = float(pixels.mean()), float(pixels.std())
    scaled = (pixels - mean) / max(deviation, 1e-6)
    clipped = np.clip(scaled, -how.clip, how.clip)
    return np.asarray(clipped[:, :, np.newaxis], dtype=np.float32)


def _equalised(pixels: NDArray[np.float32], *, is_local: bool) -> NDArray[np.float32]:
    """Histogram equalised, or by parts with limited contrast (Zuiderveld, Graphics Gems IV)."""
    grey = np.round(255 * np.clip(pixels, 0, 1)).astype(np.uint8)
    equal = cv2.createCLAHE(2.0, (4, 4)).apply(grey) if is_local else cv2.equalizeHist(grey)
    return np.asarray(equal, dtype=np.float32) / np.float32(255)
