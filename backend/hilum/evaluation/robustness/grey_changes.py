"""Changes of grey values in the robustness suite, as functions of pixel arrays.

Each takes pixels in [0, 1], a strength in the unit that
`hilum.evaluation.robustness.changes.CHANGES` names, and the generator that draws the rest; what
it returns may lie a little out of [0, 1].
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.float32]
Rng = np.random.Generator

_GREY_LEVELS = 255
_THUMBNAIL_PX = 256
_OVERLAY_PX = 1024
_FONT = cv2.FONT_HERSHEY_SIMPLEX


def _eight_bits(pixels: Pixels) -> NDArray[np.uint8]:
    return np.asarray(np.rint(np.clip(pixels, 0, 1) * _GREY_LEVELS), dtype=np.uint8)


def _from_eight_bits(levels: object) -> Pixels:
    return np.asarray(levels, dtype=np.float32) / np.float32(_GREY_LEVELS)


def _resized(pixels: Pixels, shape: tuple[int, ...]) -> Pixels:
    shrinks = shape[0] < pixels.shape[0]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, shape[::-1], interpolation=method), dtype=np.float32)


def _at_most(shape: tuple[int, ...], longer_px: float) -> tuple[int, int]:
    """The shape of a picture brought down to a longer side, never up."""
    scale = min(1.0, longer_px / max(shape))
    return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))


def flatten(pixels: Pixels, kept: float, _rng: Rng) -> Pixels:
    """Bring all greys nearer to the mean."""
    mean = np.float32(pixels.mean())
    return np.asarray(mean + np.float32(kept) * (pixels - mean))


def curve(pixels: Pixels, exponent: float, _rng: Rng) -> Pixels:
    """Apply a gamma curve."""
    return np.power(pixels, np.float32(exponent))


def lose_shadows(pixels: Pixels, lost: float, _rng: Rng) -> Pixels:
    """Set a share of the inner pixels to black, and stretch the rest."""
    low, high = np.quantile(_inner(pixels), lost), pixels.max()
    return np.asarray((pixels - low) / max(high - low, 1e-6), dtype=np.float32)


def lose_highlights(pixels: Pixels, lost: float, _rng: Rng) -> Pixels:
    """Set a share of the inner pixels to white, and stretch the rest."""
    low, high = pixels.min(), np.quantile(_inner(pixels), 1 - lost)
    return np.asarray((pixels - low) / max(high - low, 1e-6), dtype=np.float32)


def _inner(pixels: Pixels) -> Pixels:
    """Image without the outer tenth on each side: the chest, without borders and markers."""
    rows, columns = (size // 10 for size in pixels.shape)
    return pixels[rows : pixels.shape[0] - rows, columns : pixels.shape[1] - columns]


def collimate(pixels: Pixels, width: float, rng: Rng) -> Pixels:
    """Cover the sides, each to another width, with a shutter."""
    # Shutters are mostly shown black; where none is set, what got no rays is white.
    level = np.float32(rng.random() < 0.25)
    rows, columns = pixels.shape
    top, bottom, left, right = width * rng.uniform(0.5, 1.0, 4)
    y, x = np.mgrid[:rows, :columns].astype(np.float32) + np.float32(0.5)
    covered = (y < top * rows) | (y > (1 - bottom) * rows)
    covered |= (x < left * columns) | (x > (1 - right) * columns)
    return np.where(covered, level, pixels)


def blur(pixels: Pixels, sigma: float, _rng: Rng) -> Pixels:
    """Blur by a Gaussian, its deviation a share of the longer side."""
    soft = cv2.GaussianBlur(pixels, (0, 0), sigma * max(pixels.shape))
    return np.asarray(soft, dtype=np.float32)


def add_noise(pixels: Pixels, deviation: float, rng: Rng) -> Pixels:
    """Add quantum noise of a deviation at middle grey."""
    # Grain of a fixed share of the picture: white noise would average out of large files.
    grain = rng.standard_normal(_at_most(pixels.shape, _THUMBNAIL_PX), dtype=np.float32)
    grain = _resized(grain, pixels.shape)
    # Quantum mottle on a logarithmic scale: where fewer photons came through, the picture is
    # brighter and its noise larger, here by e from black to white.
    weight = deviation * np.exp(pixels - 0.5) / grain.std()
    return np.asarray(pixels + weight * grain, dtype=np.float32)


def sharpen(pixels: Pixels, amount: float, rng: Rng) -> Pixels:
    """Enhance edges by an unsharp mask, as machines do."""
    return pixels + np.float32(amount) * (pixels - blur(pixels, 0.008, rng))


def save_as_jpeg(pixels: Pixels, quality: float, _rng: Rng) -> Pixels:
    """Bring down to a thumbnail and through a JPEG file of a quality."""
    # Blocks are of 8 pixels: a large file must be made small first to suffer as much.
    small = _resized(pixels, _at_most(pixels.shape, _THUMBNAIL_PX))
    _, code = cv2.imencode(".jpg", _eight_bits(small), [cv2.IMWRITE_JPEG_QUALITY, int(quality)])
    decoded = cv2.imdecode(code, cv2.IMREAD_GRAYSCALE)
    return _resized(_from_eight_bits(decoded), pixels.shape)


def lose_resolution(pixels: Pixels, longer_px: float, _rng: Rng) -> Pixels:
    """Bring down to so many pixels on the longer side, and up again."""
    return _resized(_resized(pixels, _at_most(pixels.shape, longer_px)), pixels.shape)


def equalise(pixels: Pixels, weight: float, _rng: Rng) -> Pixels:
    """Equalise the histogram, and mix with the picture as it was."""
    equal = _from_eight_bits(cv2.equalizeHist(_eight_bits(pixels)))
    return pixels + np.float32(weight) * (equal - pixels)


def equalise_locally(pixels: Pixels, clip: float, _rng: Rng) -> Pixels:
    """Equalise by tiles with a clip limit (CLAHE; Zuiderveld, Graphics Gems IV, 1994)."""
    return _from_eight_bits(cv2.createCLAHE(clip, (8, 8)).apply(_eight_bits(pixels)))


def burn_in(pixels: Pixels, height: float, rng: Rng) -> Pixels:
    """A lead letter in a frame in an upper corner, a label with digits in a lower one."""
    rows, columns = _OVERLAY_PX * np.array(pixels.shape) // max(pixels.shape)
    drawn = np.zeros((rows, columns), dtype=np.uint8)
    covered = np.zeros_like(drawn)
    tall = round(height * _OVERLAY_PX)
    margin = _OVERLAY_PX // 50
    is_left, label_left = rng.random(2) < 0.5
    letter, number = str(rng.choice(["L", "R"])), f"{rng.integers(10**7):07d}"

    box = np.array([tall, round(1.3 * tall)])
    x, y = margin if is_left else columns - margin - int(box[0]), margin
    end = (x + int(box[0]), y + int(box[1]))
    for plane in (drawn, covered):
        cv2.rectangle(plane, (x, y), end, _GREY_LEVELS, max(2, tall // 14))
        _write(plane, letter, (x + tall // 5, end[1] - round(0.15 * tall)), tall, _GREY_LEVELS)

    low = round(0.6 * tall)
    (width, _), _ = cv2.getTextSize(number, _FONT, _font_scale(low), max(2, low // 9))
    width += low
    x = margin if label_left else columns - margin - width
    y = rows - margin - round(1.6 * low)
    for plane in (drawn, covered):
        cv2.rectangle(plane, (x, y), (x + width, rows - margin), _GREY_LEVELS, cv2.FILLED)
    _write(drawn, number, (x + low // 2, rows - margin - round(0.3 * low)), low, 0)

    shown, alpha = (_resized(_from_eight_bits(each), pixels.shape) for each in (drawn, covered))
    return pixels * (1 - alpha) + shown * alpha


def _font_scale(height_px: int) -> float:
    (_, at_one), _ = cv2.getTextSize("R", _FONT, 1.0, 1)
    return height_px / max(1, at_one)


def _write(
    plane: NDArray[np.uint8], text: str, at: tuple[int, int], height_px: int, level: int
) -> None:
    cv2.putText(
        plane, text, at, _FONT, _font_scale(height_px), level, max(2, height_px // 9), cv2.LINE_AA
    )
