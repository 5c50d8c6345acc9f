"""JPEG, PNG, WebP, TIFF and BMP through Pillow, a JPEG's pixels through libjpeg-turbo."""

import io
import struct
import warnings
import zlib
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hilum.errors import CorruptImageError
from hilum.imaging.jpeg import JPEG_MODES, load_jpeg
from hilum.imaging.limits import DecodeLimits
from hilum.imaging.orientation import EXIF_ORIENTATIONS, UPRIGHT
from hilum.imaging.png import check_png_is_whole
from hilum.imaging.radiograph import ImageFormat, Radiograph

# Pillow warns of oddities (a broken EXIF block, say) that do not touch the pixels. Said once for
# the process: `warnings.catch_warnings` is not safe between threads.
warnings.filterwarnings("ignore", module=r"PIL\.")
# Our own bound is checked on the header; Pillow's would only warn, at another number.
Image.MAX_IMAGE_PIXELS = None

# What Pillow and its codecs raise on damaged bytes. MemoryError: a codec's own word for an
# absurd length inside a file whose header passed the bounds.
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    EOFError,
    IndexError,
    KeyError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)

_16_BIT_MODES = frozenset({"I;16", "I;16B"})
_GREY_MODES = frozenset({"1", "L"}) | _16_BIT_MODES
# Depths of pictures and detectors whose values are often saved as 16 bits without being spread
# over them: black to the eye, and of 8 bits "of one colour". A film of 16 bits all of whose
# pixels lie in the darkest sixteenth is not known.
_SHALLOW_DEPTHS = (8, 10, 12)
_COLOUR_MODES = frozenset({"RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "HSV"})
_TIFF_PHOTOMETRIC, _TIFF_WHITE_IS_ZERO = 262, 0
_EXIF_ORIENTATION = 0x0112
_GREY_TOLERANCE = 2
"""Channels that differ by no more than this many levels of 255 (rounding in JPEG) are grey."""


def decode(
    content: bytes,
    image_format: ImageFormat,
    sha256: str,
    limits: DecodeLimits,
    smallest_side_px: int | None = None,
) -> Radiograph:
    """Decode a picture file; see `hilum.imaging.decode` for parameters, result and errors."""
    try:
        with np.errstate(invalid="ignore", over="ignore"):
            return _decode(content, image_format, sha256, limits, smallest_side_px)
    except _DAMAGE as exc:
        raise CorruptImageError(
            f"The {image_format.value.upper()} file is truncated or damaged and cannot be "
            "decoded. Export or copy the radiograph again."
        ) from exc


def _decode(
    content: bytes,
    image_format: ImageFormat,
    sha256: str,
    limits: DecodeLimits,
    smallest_side_px: int | None,
) -> Radiograph:
    if content[12:16] == b"VP8X" and image_format is ImageFormat.WEBP:
        _check_webp_canvas(content, limits)
    with Image.open(io.BytesIO(content), formats=[image_format.value.upper()]) as image:
        columns, rows = image.size
        limits.check_size(rows, columns)
        notes = []
        if getattr(image, "is_animated", False):
            notes.append("The file holds several pictures; only the first was read.")
        inverted = _is_white_zero_16_bit(image)
        orientation = EXIF_ORIENTATIONS.get(image.getexif().get(_EXIF_ORIENTATION, 1), UPRIGHT)
        if image_format is ImageFormat.JPEG and image.mode in JPEG_MODES:
            loaded = load_jpeg(content, image, smallest_side_px or 0)
        else:
            image.load()
            loaded = image
        if image_format is ImageFormat.PNG:
            check_png_is_whole(content, loaded)
        bits = _depth(loaded)
        if loaded.mode in _16_BIT_MODES and bits < 16:
            notes.append(
                f"The picture fills only the lowest {bits} of its 16 bits; it was read as one of "
                f"{bits} bits."
            )
        pixels, was_colour = _grey(loaded, bits)
    radiograph = Radiograph(
        pixels=1 - pixels if inverted else pixels,
        rows=rows,
        columns=columns,
        format=image_format,
        sha256=sha256,
        was_colour=was_colour,
        warnings=tuple(notes),
    )
    if image_format is ImageFormat.TIFF:
        # Pillow has turned its pixels and its size upright.
        return replace(radiograph, orientation=orientation)
    return radiograph.displayed(orientation)


def _check_webp_canvas(content: bytes, limits: DecodeLimits) -> None:
    """An extended WebP's canvas (RFC 9649 2.7), which Pillow's decoder allocates on opening."""
    if len(content) >= 30:
        columns, rows = (1 + int.from_bytes(content[at : at + 3], "little") for at in (24, 27))
        limits.check_size(rows, columns)


def _is_white_zero_16_bit(image: Image.Image) -> bool:
    """Pillow inverts WhiteIsZero TIFFs of 1 and 8 bits itself, but not those of 16."""
    tags = getattr(image, "tag_v2", {})
    return tags.get(_TIFF_PHOTOMETRIC) == _TIFF_WHITE_IS_ZERO and image.mode.startswith("I;16")


def _depth(image: Image.Image) -> int:
    """Bits that the pixels fill: fewer than a 16-bit picture has, where all of them are low."""
    if image.mode not in _16_BIT_MODES:
        return 1 if image.mode == "1" else 8
    highest = int(np.asarray(image).max())
    return next((bits for bits in _SHALLOW_DEPTHS if highest < 1 << bits), 16)


def _grey(image: Image.Image, bits: int) -> tuple[NDArray[np.float32], bool]:
    """Grey pixels in [0, 1] and whether there was colour to lose."""
    if image.mode in ("P", "PA"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    if image.mode in _COLOUR_MODES:
        was_colour = _has_colour(image)
        # ITU-R BT.601 luminance, the weights of a JPEG's own grey channel (JFIF 1.02).
        return _scaled(_opaque(image).convert("L"), 255.0), was_colour
    if image.mode == "LA":
        return _scaled(image.getchannel("L"), 255.0), False
    if image.mode in _GREY_MODES:
        return _scaled(image, (1 << bits) - 1), False
    return _by_own_range(np.asarray(image, dtype=np.float32)), False


def _scaled(image: Image.Image, top: float) -> NDArray[np.float32]:
    pixels = np.asarray(image, dtype=np.float32)
    pixels *= np.float32(1 / top)
    return pixels


def _by_own_range(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Float and 32-bit pictures have no fixed white: their own range becomes [0, 1]."""
    low, high = np.min(pixels), np.max(pixels)
    # Pixels that are not numbers pass through here, to be named by `hilum.imaging.decode`.
    if high <= low:
        return np.zeros_like(pixels)
    return np.asarray((pixels - low) / (high - low), dtype=np.float32)


def _opaque(image: Image.Image) -> Image.Image:
    """Drop transparency: what a viewer hides is still the film."""
    return image.convert("RGB") if image.mode in ("RGBA", "RGBX") else image


def _has_colour(image: Image.Image) -> bool:
    small = image.convert("RGB")
    small.thumbnail((256, 256), Image.Resampling.NEAREST)
    channels = np.asarray(small, dtype=np.int16)
    return bool(np.ptp(channels, axis=2).max() > _GREY_TOLERANCE)
