"""Images of more than 8 bits that Pillow truncates or does not read."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hilum.imaging.codestream import Codestream, read_codestream
from hilum.imaging.colour import luminance
from hilum.imaging.depth import Range, range_of_values, range_of_words
from hilum.imaging.film_warning import FilmWarning
from hilum.imaging.jpeg import FrameHeader, without_stray_bytes
from hilum.imaging.jpeg_xl import size_of_jpeg_xl
from hilum.imaging.limits import DecodeLimits
from hilum.isolation.memory import empty_pixels

_PNG_GREY_WITH_OPACITY = 4
_COLOURS = 3
_WITH_OPACITY = 2
"""Samples of a grey pixel with its opacity."""
_PNG_WITH_SEVERAL_CHANNELS = frozenset({2, _PNG_GREY_WITH_OPACITY, 6})


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """A picture's samples, as its file has them.

    Attributes
    ----------
    values : ndarray of numbers, shape (rows, columns) or (rows, columns, 3)
        Not turned upright.
    bits : int or None
        Bits that the file says its values have; None where its words may be wider than they are.
    photometric : {"RGB", "YBR_FULL"}
        Of three samples.
    is_white_zero : bool
        The lowest value is white.
    orientation : int
        As EXIF has it (2.32, 4.6.4.A), from 1 to 8.
    """

    values: NDArray[np.number]
    bits: int | None = None
    photometric: str = "RGB"
    is_white_zero: bool = False
    orientation: int = 1
    notes: tuple[FilmWarning, ...] = ()


def grey_of(samples: Samples) -> tuple[NDArray[np.float32], bool, FilmWarning | None]:
    """Grey pixels in [0, 1], whether there was colour to lose, and what to know of the depth."""
    samples = _with_white_high(samples)
    values, found = samples.values, _range(samples)
    if found.high <= found.low:
        # Of one value; or not of numbers alone, which `hilum.imaging.decode` names.
        return np.zeros(values.shape[:2], np.float32), False, found.note
    if found.note:
        values = np.clip(values, found.low, found.high)
    if values.dtype.kind != "u" or found.low:
        values = values.astype(np.float64) - found.low
    top = found.high - found.low
    if values.ndim == 2:
        pixels, was_colour = empty_pixels(values.shape), False
        np.multiply(values, 1 / top, out=pixels, dtype=np.float32)
        # Rounded twice, the highest may be the next number above one.
        np.minimum(pixels, 1, out=pixels)
    else:
        pixels, was_colour = luminance(values, samples.photometric, top)
    return (1 - pixels if samples.is_white_zero else pixels), was_colour, found.note


def _with_white_high(samples: Samples) -> Samples:
    """Count words of 16 bits from black, where those from white seem to use all of their range."""
    is_of_words = samples.bits is None and samples.values.dtype == np.uint16
    if not (samples.is_white_zero and is_of_words) or _range(samples).note:
        return samples
    turned = np.iinfo(np.uint16).max - samples.values
    return replace(samples, values=turned, is_white_zero=False)


def _range(samples: Samples) -> Range:
    if samples.bits is not None and samples.values.dtype.kind == "u":
        return Range(0, (1 << samples.bits) - 1)
    if samples.values.dtype == np.uint16:
        return range_of_words(samples.values.view(np.uint16))
    if samples.values.dtype == np.uint8:
        return Range(0, 255)
    return range_of_values(samples.values)


def is_deep_png(content: bytes) -> bool:
    """Whether a PNG has 16 bits a sample and several of them a pixel (W3C PNG 11.2.1)."""
    return content[24] == 16 and content[25] in _PNG_WITH_SEVERAL_CHANNELS


def load_deep_png(content: bytes) -> NDArray[np.number]:
    """Decode a PNG of 16 bits with opacity, colour, or both.

    Parameters
    ----------
    content : bytes
        The whole file; its header has passed the limits.

    Returns
    -------
    ndarray of uint16, shape (rows, columns) or (rows, columns, 3)
        Without the opacity: what a viewer hides is still the film.
    """
    # A slow import that most pictures do not need.
    import imagecodecs

    is_colour = content[25] != _PNG_GREY_WITH_OPACITY
    return without_opacity(imagecodecs.png_decode(content), is_colour=is_colour)


def load_deep_jpeg(content: bytes, header: FrameHeader, limits: DecodeLimits) -> Samples:
    """Decode a JPEG of 2 to 16 bits, lossless or not, or a JPEG-LS.

    Parameters
    ----------
    content : bytes
        The whole file.
    limits : DecodeLimits
        Checked on the frame's header.

    Raises
    ------
    ValueError, RuntimeError
        Truncated or damaged.
    UnsupportedFormatError
        A process of JPEG that no codec here decodes.
    """
    from hilum.imaging.codecs import decode_codestream

    if not header.is_jpeg_ls:
        content = without_stray_bytes(content, is_padding_kept=True)
    codestream = read_codestream(content)
    limits.check_size(codestream.rows, codestream.columns)
    limits.check_samples(
        codestream.rows, codestream.columns, codestream.components, codestream.precision
    )
    is_rgb = codestream.is_rgb
    if is_rgb is None:
        # What the file does not say: only with a cosine transform are the colours transformed.
        is_rgb = codestream.codec != "JPEG" or codestream.is_lossless
    # Words of 16 bits may well be wider than the values: those are the depth of a lossless file.
    bits = codestream.precision if codestream.precision < 16 else None
    return Samples(
        decode_codestream(content, codestream, limits), bits, "RGB" if is_rgb else "YBR_FULL"
    )


def load_deep_jpeg_2000(content: bytes, codestream: Codestream, limits: DecodeLimits) -> Samples:
    """Decode a JPEG 2000 of more than 8 bits, which Pillow cuts to 8 but for grey ones.

    Parameters
    ----------
    content : bytes
        The whole file.
    codestream : Codestream
        Its header.

    Raises
    ------
    ValueError, RuntimeError
        Truncated or damaged.
    """
    import imagecodecs

    limits.check_size(codestream.rows, codestream.columns)
    values = without_opacity(
        imagecodecs.jpeg2k_decode(content), is_colour=codestream.components > _WITH_OPACITY
    )
    bits = codestream.precision
    if codestream.is_signed:
        # From the lowest value that there is, which is black.
        values = (values.astype(np.int32) + (1 << bits - 1)).astype(np.uint16)
    return Samples(values, bits if bits < 16 else None)


def load_jpeg_xl(content: bytes, limits: DecodeLimits) -> Samples:
    """Decode the first frame of a JPEG XL (ISO/IEC 18181).

    Parameters
    ----------
    content : bytes
        The whole file.
    limits : DecodeLimits
        Checked on the codestream's header.

    Raises
    ------
    ValueError, RuntimeError
        Truncated or damaged.
    """
    import imagecodecs

    rows, columns = size_of_jpeg_xl(content)
    limits.check_size(rows, columns)
    # Number of channels and bit depth are unknown before decoding: assume the most.
    limits.check_samples(rows, columns, _COLOURS, 16)
    decoded = imagecodecs.jpegxl_decode(content, index=0)
    return Samples(without_opacity(decoded, is_colour=decoded.ndim == 3 and decoded.shape[2] > 2))


def without_opacity(values: NDArray[np.number], *, is_colour: bool) -> NDArray[np.number]:
    """Drop all samples of a pixel but its grey value or its three colours."""
    if values.ndim == 2:
        return values
    return np.ascontiguousarray(values[:, :, :3] if is_colour else values[:, :, 0])
