"""Decoding of all formats but DICOM by Pillow where it keeps all bits and detects damage."""

import io
import logging
import struct
import warnings
import zlib
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hilum.errors import CorruptImageError, UnsupportedFormatError
from hilum.imaging.codestream import Codestream, read_codestream
from hilum.imaging.deep import (
    Samples,
    grey_of,
    is_deep_png,
    load_deep_jpeg,
    load_deep_jpeg_2000,
    load_deep_png,
    load_jpeg_xl,
)
from hilum.imaging.film_warning import FilmWarning
from hilum.imaging.heif import check_end, check_extents
from hilum.imaging.jpeg import JPEG_MODES, frame_header, load_jpeg
from hilum.imaging.jpeg_2000_cost import check_jpeg_2000
from hilum.imaging.limits import DecodeLimits
from hilum.imaging.orientation import EXIF_ORIENTATIONS, UPRIGHT
from hilum.imaging.png import check_png_chunks, check_png_is_whole, check_png_sums
from hilum.imaging.radiograph import ImageFormat, Radiograph
from hilum.imaging.tiff import check_tiff_jpeg_is_whole, load_deep_tiff
from hilum.imaging.tiff_header import (
    SEVERAL_PICTURES,
    TiffHeader,
    check_tiff_kind,
    check_tiff_parts,
    colour_map_of_fewer_bits,
    is_deep_tiff,
    read_tiff_header,
)
from hilum.imaging.webp import check_webp_canvas, load_webp
from hilum.isolation.memory import empty_pixels

# Pillow warns of oddities (a broken EXIF block, say) that do not touch the pixels. Said once for
# the process: `warnings.catch_warnings` is not safe between threads.
warnings.filterwarnings("ignore", module=r"PIL\.")
# It logs the texts of a TIFF, which may name the patient.
logging.getLogger("PIL.TiffImagePlugin").addFilter(lambda _record: False)
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
    RuntimeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)

_GREY_MODES = frozenset({"1", "L"})
_COLOUR_MODES = frozenset({"RGB", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "HSV"})
_EXIF_ORIENTATION = 0x0112
_PILLOW_BITS = 8
_COLOUR_SIDE_PX = 256
_BMP_RUNS = (1, 2)
_MOST_RUN_BYTES = 2_000_000
_GREY_TOLERANCE = 2
"""Channels that differ by no more than this many levels of 255 (rounding in JPEG) are grey."""


class _Loaded(NamedTuple):
    """A picture in grey with its full size and EXIF's orientation, applied already or not."""

    pixels: NDArray[np.float32]
    was_colour: bool
    notes: tuple[FilmWarning, ...]
    orientation: int
    size: tuple[int, int]
    is_displayed: bool = False


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
            loaded = _load(content, image_format, limits, smallest_side_px or 0)
    except _DAMAGE as exc:
        raise CorruptImageError(
            f"The {image_format.words} file is truncated or damaged and cannot be "
            "decoded. Export or copy the radiograph again."
        ) from exc
    radiograph = Radiograph(
        pixels=loaded.pixels,
        rows=loaded.size[0],
        columns=loaded.size[1],
        format=image_format,
        sha256=sha256,
        was_colour=loaded.was_colour,
        warnings=loaded.notes,
    )
    orientation = EXIF_ORIENTATIONS.get(loaded.orientation, UPRIGHT)
    if loaded.is_displayed:
        return replace(radiograph, orientation=orientation)
    return radiograph.displayed(orientation)


def _load(
    content: bytes, image_format: ImageFormat, limits: DecodeLimits, smallest_side_px: int
) -> _Loaded:
    if image_format is ImageFormat.JPEG_XL:
        return _in_grey(load_jpeg_xl(content, limits))
    if image_format is ImageFormat.JPEG:
        header = frame_header(content)
        if header is not None and header.is_deep:
            return _in_grey(load_deep_jpeg(content, header, limits))
    if image_format is ImageFormat.JPEG_2000:
        check_jpeg_2000(content, limits)
        codestream = _deep_jpeg_2000(content)
        if codestream is not None:
            return _in_grey(load_deep_jpeg_2000(content, codestream, limits))
    if image_format is ImageFormat.TIFF:
        tiff = read_tiff_header(content)
        check_tiff_kind(tiff)
        check_tiff_parts(content, tiff, limits)
        if is_deep_tiff(tiff):
            return _in_grey(load_deep_tiff(content, tiff, limits))
        check_tiff_jpeg_is_whole(content, tiff, limits)
        return _load_tiff_by_pillow(content, tiff, limits)
    if content[12:16] == b"VP8X" and image_format is ImageFormat.WEBP:
        check_webp_canvas(content, limits)
    if image_format in (ImageFormat.HEIF, ImageFormat.AVIF):
        check_extents(content, limits)
        check_end(content)
    return _load_by_pillow(content, image_format, limits, smallest_side_px)


def _deep_jpeg_2000(content: bytes) -> Codestream | None:
    """The header of a JPEG 2000 of more than 8 bits; None of what Pillow is to decode."""
    try:
        found = read_codestream(content, may_have_opacity=True)
    except (UnsupportedFormatError, ValueError, IndexError, struct.error):
        return None
    return found if found.precision > _PILLOW_BITS else None


def _load_by_pillow(
    content: bytes, image_format: ImageFormat, limits: DecodeLimits, smallest_side_px: int
) -> _Loaded:
    _check_content(content, image_format)
    with _open(content, image_format) as opened:
        image: Image.Image = opened
        columns, rows = image.size
        limits.check_size(rows, columns)
        if image_format is ImageFormat.PNG:
            if is_deep_png(content):
                limits.check_samples(rows, columns, len(image.getbands()), 16)
            check_png_sums(content)
        notes: tuple[FilmWarning, ...] = ()
        is_animated = bool(getattr(image, "is_animated", False))
        if is_animated:
            notes = (SEVERAL_PICTURES,)
        orientation = image.getexif().get(_EXIF_ORIENTATION, 1)
        if image_format is ImageFormat.PNG and is_deep_png(content):
            samples = load_deep_png(content)
            check_png_is_whole(content, samples[-2:])
            return _in_grey(Samples(samples, orientation=orientation, notes=notes))
        if image_format is ImageFormat.JPEG and image.mode in JPEG_MODES:
            image = load_jpeg(content, image, smallest_side_px)
        elif image_format is ImageFormat.WEBP:
            image = load_webp(content, image, limits, is_animated=is_animated)
        image.load()
        if opened.size != (columns, rows):
            # HEIF: its crop contradicts its size.
            raise ValueError("there are not as many pixels as the header says")
        if image_format is ImageFormat.PNG:
            check_png_is_whole(content, np.asarray(image.crop((0, rows - 2, columns, rows))))
        pixels, was_colour, note = _grey(image)
    return _Loaded(pixels, was_colour, notes + note, orientation, (rows, columns))


def _load_tiff_by_pillow(content: bytes, tiff: TiffHeader, limits: DecodeLimits) -> _Loaded:
    with _open(content, ImageFormat.TIFF) as image:
        image.seek(tiff.page)
        # Pillow turns a TIFF upright itself, and gives its size so.
        columns, rows = image.size
        limits.check_size(rows, columns)
        orientation = image.getexif().get(_EXIF_ORIENTATION, 1)
        image.load()
        notes: tuple[FilmWarning, ...] = (SEVERAL_PICTURES,) if tiff.has_more else ()
        if (spread := colour_map_of_fewer_bits(tiff)) is not None:
            image.putpalette(spread[0])
            notes += (spread[1],)
        pixels, was_colour, note = _grey(image)
    return _Loaded(pixels, was_colour, notes + note, orientation, (rows, columns), True)


def _open(content: bytes, image_format: ImageFormat) -> Image.Image:
    stream = io.BytesIO(content)
    if image_format is ImageFormat.HEIF:
        try:
            from pi_heif import HeifImageFile
        except ImportError as exc:
            # There are no wheels of it for some systems.
            raise UnsupportedFormatError(
                "The file is a HEIC, which needs the package pi-heif; it is not installed on this "
                "server. Send the radiograph as JPEG or PNG."
            ) from exc
        opened: Image.Image = HeifImageFile(stream)
        return opened
    return Image.open(stream, formats=[image_format.value.upper()])


def _in_grey(samples: Samples) -> _Loaded:
    pixels, was_colour, note = grey_of(samples)
    notes = (*samples.notes, note) if note else samples.notes
    size = samples.values.shape[:2]
    return _Loaded(pixels, was_colour, notes, samples.orientation, (size[0], size[1]))


def _check_content(content: bytes, image_format: ImageFormat) -> None:
    """Refuse what takes Pillow long although its size is small."""
    if image_format is ImageFormat.PNG:
        check_png_chunks(content)
    elif image_format is ImageFormat.BMP:
        _check_bmp_runs(content)


def _check_bmp_runs(content: bytes) -> None:
    """Refuse long runs of a BMP, which Pillow reads in Python, two bytes at a time."""
    if int.from_bytes(content[30:34], "little") in _BMP_RUNS and len(content) > _MOST_RUN_BYTES:
        raise UnsupportedFormatError(
            "The BMP file is compressed by run lengths and too long for it. "
            "Export it uncompressed, or as PNG."
        )


def _grey(image: Image.Image) -> tuple[NDArray[np.float32], bool, tuple[FilmWarning, ...]]:
    """Grey pixels in [0, 1], whether there was colour to lose, and what to know of the depth."""
    if image.mode in ("P", "PA"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    if image.mode in _COLOUR_MODES:
        was_colour = _has_colour(image)
        # ITU-R BT.601 luminance, the weights of a JPEG's own grey channel (JFIF 1.02); without
        # transparency: what a viewer hides is still the film.
        grey = image.convert("L")
        # It frees the colours before the grey values are made four times as long.
        image.close()
        return _scaled(grey, 255.0), was_colour, ()
    if image.mode == "LA":
        return _scaled(image.getchannel("L"), 255.0), False, ()
    if image.mode in _GREY_MODES:
        return _scaled(image, 1.0 if image.mode == "1" else 255.0), False, ()
    if image.mode.startswith("I;16"):
        samples = Samples(np.asarray(image, dtype=np.uint16))
    else:
        samples = Samples(np.asarray(image, dtype=np.float32))
    pixels, was_colour, note = grey_of(samples)
    return pixels, was_colour, (note,) if note else ()


def _scaled(image: Image.Image, top: float) -> NDArray[np.float32]:
    grey = np.asarray(image)
    pixels = empty_pixels(grey.shape)
    np.multiply(grey, np.float32(1 / top), out=pixels, dtype=np.float32)
    return pixels


def _has_colour(image: Image.Image) -> bool:
    shrink = max(1, max(image.size) / _COLOUR_SIDE_PX)
    size = (max(1, round(image.width / shrink)), max(1, round(image.height / shrink)))
    small = image.resize(size, Image.Resampling.NEAREST).convert("RGB")
    channels = np.asarray(small, dtype=np.int16)
    return bool(np.ptp(channels, axis=2).max() > _GREY_TOLERANCE)
