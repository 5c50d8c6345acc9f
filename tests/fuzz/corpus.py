"""Files that mutation starts from: a phantom in every format and syntax that Hilum reads."""

import io
from functools import cache
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hilum.imaging.phantom import draw_phantom
from tests import bad_headers
from tests.deidentification.named_frames import compressed
from tests.deidentification.raw_films import base, written
from tests.fuzz import pieces
from tests.fuzz.mutate import Split
from tests.fuzz.target import Seed
from tests.imaging.dicom_files import BIG_ENDIAN, DEFLATED, EXPLICIT, IMPLICIT, SYNTAXES
from tests.imaging.picture_files import png_of_16_bits, tiff
from tests.imaging.test_other_formats import HEIC

ROWS, COLUMNS = 64, 80
_LESS_THAN_ALL_HEADERS = 12


@cache
def _drawn() -> NDArray[np.float32]:
    return draw_phantom(ROWS, COLUMNS, seed=3, opacity="left_lower")


def _words(bits: int) -> NDArray[Any]:
    dtype = np.uint8 if bits == 8 else np.uint16
    return np.round(_drawn() * (2**bits - 1)).astype(dtype)


def _saved(pixels: NDArray[Any], image_format: str, mode: str = "", **options: Any) -> bytes:
    image = Image.fromarray(pixels)
    buffer = io.BytesIO()
    (image.convert(mode) if mode else image).save(buffer, image_format, **options)
    return buffer.getvalue()


def _colours(grey: NDArray[Any]) -> NDArray[Any]:
    return np.dstack([grey, grey // 2, grey // 3])


def jpegs() -> list[Seed]:
    """Baseline, progressive, CMYK, with EXIF; extended, lossless, JPEG-LS; arithmetic."""
    grey, deep = _words(8), _words(12)
    exif = Image.Exif()
    exif[274] = 6
    baseline = _saved(grey, "JPEG", quality=90)
    return _seeds(
        pieces.segments,
        baseline,
        _saved(_colours(grey), "JPEG", quality=80, subsampling=2, exif=exif),
        _saved(_colours(grey), "JPEG", progressive=True, restart_marker_blocks=4),
        _saved(grey, "JPEG", "CMYK"),
        # By its marker alone: no encoder here writes any.
        baseline.replace(b"\xff\xc0", b"\xff\xc9", 1),
        imagecodecs.jpeg8_encode(deep, 95, bitspersample=12),
        imagecodecs.jpeg8_encode(deep, lossless=True, predictor=4, bitspersample=12),
        imagecodecs.jpegls_encode(_words(16)),
    )


def pngs() -> list[Seed]:
    """Of 1, 8 and 16 bits, with a palette, opacity, interlaced."""
    grey = _words(8)
    files = (
        _saved(grey, "PNG"),
        _saved(grey, "PNG", "1"),
        _saved(_colours(grey), "PNG", "P"),
        _saved(_colours(grey), "PNG", "RGBA"),
        _saved(_words(16), "PNG"),
        png_of_16_bits(np.dstack([_words(16), _words(16)])),
        imagecodecs.png_encode(_colours(_words(16))),
    )
    return [Seed(each, pieces.chunks, pieces.with_png_sums) for each in files]


def tiffs() -> list[Seed]:
    """Of every compression, depth and layout that is read."""
    grey, deep = _words(8), _words(16)
    jpeg_in_strip = tiff(grey, strips=[_saved(grey, "JPEG")], t259=7)
    return _seeds(
        pieces.entries,
        *(_saved(grey, "TIFF", compression=each)
          for each in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg")),
        _saved(_colours(grey), "TIFF", "P"),
        tiff(deep),
        tiff(_colours(deep)),
        tiff(_drawn()),
        tiff(deep.astype(np.int16), orientation=6),
        jpeg_in_strip,
    )  # fmt: skip


def other_pictures(kind: str) -> list[Seed]:
    """WebP, BMP, HEIF, AVIF, JPEG 2000 or JPEG XL."""
    return _other_pictures()[kind]


@cache
def _other_pictures() -> dict[str, list[Seed]]:
    grey, deep = _words(8), _words(12)
    exif = Image.Exif()
    exif[274] = 3
    return {
        "webp": _seeds(
            pieces.riff,
            _saved(grey, "WEBP", quality=80),
            _saved(grey, "WEBP", lossless=True),
            _saved(_colours(grey), "WEBP", "RGBA", exif=exif),
        ),
        "bmp": _seeds(None, *(_saved(grey, "BMP", mode) for mode in ("", "1", "RGB", "P"))),
        "heif": _seeds(pieces.boxes, HEIC),
        "avif": _seeds(
            pieces.boxes, _saved(grey, "AVIF", speed=10), _saved(_colours(grey), "AVIF", speed=10)
        ),
        "jpeg2000": [
            Seed(_saved(grey, "JPEG2000"), pieces.boxes),
            *_seeds(
                pieces.segments,
                _saved(_colours(grey), "JPEG2000", no_jp2=True, tile_size=(32, 32)),
                imagecodecs.jpeg2k_encode(deep, level=0, bitspersample=12, reversible=True),
                imagecodecs.htj2k_encode(deep, reversible=True),
            ),
        ],
        "jpegxl": _seeds(
            pieces.boxes,
            imagecodecs.jpegxl_encode(grey, lossless=True),
            imagecodecs.jpegxl_encode(_words(16), lossless=True, usecontainer=True),
            imagecodecs.jpegxl_encode(_colours(grey), level=80),
        ),
    }


@cache
def headers() -> tuple[Seed, ...]:
    """Films with plain pixels, some with headers that break the rules."""
    films = [base()]
    for spoil in list(bad_headers.BAD_HEADERS.values())[::_LESS_THAN_ALL_HEADERS]:
        films.append(base())
        spoil(films[-1])
    return (
        *_seeds(pieces.elements, *(written(each, EXPLICIT) for each in films)),
        Seed(written(base(), IMPLICIT)),
        Seed(written(base(), BIG_ENDIAN)),
        Seed(pieces.inflated(written(base(), DEFLATED)), pieces.elements, pieces.deflated),
        Seed(written(base(), EXPLICIT)[132:]),
    )


@cache
def films() -> tuple[Seed, ...]:
    """Films of every transfer syntax."""
    encoded = (name for name, syntax in SYNTAXES.items() if syntax.encode)
    return (*headers(), *_seeds(pieces.elements, *(compressed(name) for name in encoded)))


def frames() -> list[Seed]:
    """Compressed frames as they stand in films."""
    frames = [
        syntax.encode(_words(min(12, syntax.most_bits)), min(12, syntax.most_bits))
        for syntax in SYNTAXES.values()
        if syntax.encode
    ]
    return _seeds(pieces.segments, *frames)


def _seeds(split: Split | None, *contents: bytes) -> list[Seed]:
    return [Seed(each, split) for each in contents]


def starts() -> list[Seed]:
    """The first bytes of a file of each format."""
    pictures = [jpegs(), pngs(), tiffs(), *_other_pictures().values(), headers()]
    return [Seed(made[0].sound[:200]) for made in pictures] + [Seed(headers()[-1].content[:200])]
