"""Conversion of colour to greyscale by luminance."""

import numpy as np
from numpy.typing import NDArray

BT601 = (0.299, 0.587, 0.114)
"""ITU-R BT.601: the weights of Y in YBR_FULL (PS3.3 C.7.6.3.1.2) and of a photograph's grey."""

TOLERANCE = 2
"""Channels of a grey picture may differ by this much of 255 after a lossy codec."""

_EVERY = 8
"""One pixel of so many, down and across, tells whether there is colour."""


def luminance(
    samples: NDArray[np.number], photometric: str, top: float
) -> tuple[NDArray[np.float32], bool]:
    """Luminance of a colour picture, and whether it has colour at all.

    Parameters
    ----------
    samples : ndarray, shape (rows, columns, 3)
    photometric : str
        RGB, or one of the YBR kinds, whose first sample is the luminance.
    top : float
        The samples' white.

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        From 0 to 1.
    """
    few = samples[::_EVERY, ::_EVERY].astype(np.float32) * np.float32(255 / top)
    if photometric == "RGB":
        spread = float(np.ptp(few, axis=2).max())
        grey = np.zeros(samples.shape[:2], np.float32)
        for n, weight in enumerate(BT601):
            grey += np.multiply(samples[:, :, n], np.float32(weight / top), dtype=np.float32)
    else:
        spread = float(np.abs(few[:, :, 1:] - 128).max())
        grey = np.multiply(samples[:, :, 0], np.float32(1 / top), dtype=np.float32)
    return np.minimum(grey, 1, out=grey), spread > TOLERANCE
