"""Radiograph to model input: one deterministic function, shared by training and serving."""

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from hilum.imaging.radiograph import Radiograph


class Preprocessing(BaseModel):
    """How a bundle wants its pictures, as its card says.

    Attributes
    ----------
    input_size_px : int
        Side of the square that the network reads.
    fit : {"stretch"}
        The whole picture is stretched to the square, as the training data was.
    normalisation : {"standardise"}
        Each picture by itself: mean 0, standard deviation 1, then clipped.
    clip : float
        Bound of the normalised values, in standard deviations.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    input_size_px: int = Field(ge=32, le=2048)
    fit: Literal["stretch"] = "stretch"
    normalisation: Literal["standardise"] = "standardise"
    clip: float = Field(default=3.0, gt=0)


_COMMON_SIDE_PX = 512


def decoded_side_px(how: Preprocessing) -> int:
    """Smallest side that `decode` must keep for a network, for a last step of whole pixels.

    Twice the network's side, and for small networks one common size: so the same file is
    decoded to the same pixels, and read alike, whichever other models look at it too.
    """
    return max(_COMMON_SIDE_PX, 2 * how.input_size_px)


def preprocess(radiograph: Radiograph, how: Preprocessing) -> NDArray[np.float32]:
    """Make the array that a network reads.

    Parameters
    ----------
    radiograph : Radiograph
    how : Preprocessing
        From the bundle's card.

    Returns
    -------
    ndarray of float32, shape (input_size_px, input_size_px, 1)
        Values in [-clip, clip].
    """
    return normalise(resample(radiograph.pixels, how), how)


def resample(pixels: NDArray[np.float32], how: Preprocessing) -> NDArray[np.float32]:
    """Stretch to the network's square, averaging areas so that nothing aliases.

    A picture that was itself averaged down beforehand comes out the same, up to rounding.

    Parameters
    ----------
    pixels : ndarray of float32, shape (rows, columns)

    Returns
    -------
    ndarray of float32, shape (input_size_px, input_size_px)
    """
    side = how.input_size_px
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
    mean, deviation = float(pixels.mean()), float(pixels.std())
    scaled = (pixels - mean) / max(deviation, 1e-6)
    clipped = np.clip(scaled, -how.clip, how.clip)
    return np.asarray(clipped[:, :, np.newaxis], dtype=np.float32)
