"""Strict decoding of JPEG by libjpeg-turbo, no larger than needed."""

import struct
from typing import NamedTuple

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image

from hilum.imaging.jpeg_segments import END, FRAME_HEADERS, JPEG_LS, SCAN, check_scans, segments

JPEG_MODES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}
"""Pillow's modes of the files that `load_jpeg` decodes, and libjpeg-turbo's names for them."""

_LOSSLESS = 0xC3


class FrameHeader(NamedTuple):
    """Frame header of a JPEG or JPEG-LS (ITU-T T.81 B.2.2, T.87 C.2.2)."""

    marker: int
    precision: int
    rows: int
    columns: int
    components: int

    @property
    def is_deep(self) -> bool:
        """It is none of eight bits with a cosine transform, which Pillow and simplejpeg read."""
        return self.precision != 8 or self.marker == _LOSSLESS or self.is_jpeg_ls

    @property
    def is_jpeg_ls(self) -> bool:
        """Whether it is a JPEG-LS, whose scans use bit stuffing instead of byte stuffing."""
        return self.marker == JPEG_LS


def frame_header(content: bytes) -> FrameHeader | None:
    """Find a JPEG's frame header, after any stray bytes; None without one."""
    found = None
    # As far as Pillow goes when it opens the file: what it reads is counted.
    for code, start, _ in segments(content):
        if code in FRAME_HEADERS and found is None:
            found = FrameHeader(code, *struct.unpack_from(">BHHB", content, start + 4))
        if code == SCAN:
            break
    return found


def load_jpeg(content: bytes, header: Image.Image, smallest_side_px: int) -> Image.Image:
    """Decode a JPEG of grey, YCbCr or CMYK.

    Pillow passes over what libjpeg only warns of, and returns whatever pixels come out of a
    damaged scan. Here every warning is an error, but for stray bytes between segments, which
    real devices write and which harm nothing.

    Parameters
    ----------
    content : bytes
        The whole file.
    header : Image
        The file as Pillow opened it, in one of `JPEG_MODES`; its pixels are not loaded.
    smallest_side_px : int
        No side of the result is under this, unless the file's is; 0 for full size.

    Returns
    -------
    Image
        Not turned upright.

    Raises
    ------
    ValueError
        Truncated or damaged.
    """
    pixels = decode_strictly(content, JPEG_MODES[header.mode], smallest_side_px)
    if header.mode == "CMYK":
        # As Adobe writes it, and as Pillow takes all of them to be: 255 is no ink.
        return Image.fromarray(np.uint8(255) - pixels, "CMYK")
    return Image.fromarray(pixels[:, :, 0] if header.mode == "L" else pixels)


def decode_strictly(
    content: bytes, colour_space: str, smallest_side_px: int = 0
) -> NDArray[np.uint8]:
    """Decode an 8-bit JPEG; warnings of the decoder are errors.

    Parameters
    ----------
    content : bytes
    colour_space : {"GRAY", "RGB", "CMYK"}
    smallest_side_px : int
        As for `load_jpeg`.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, channels)

    Raises
    ------
    ValueError
        Truncated or damaged.
    ImageTooLargeError
        Of more scans than any picture.
    """
    check_scans(content)
    at_least = {"min_height": smallest_side_px, "min_width": smallest_side_px}
    try:
        pixels = simplejpeg.decode_jpeg(content, colour_space, strict=True, **at_least)
    except ValueError as exc:
        # The first warning ends the decoding: what else is wrong shows without the stray bytes.
        if "extraneous bytes" not in str(exc):
            raise
        bare = without_stray_bytes(content)
        pixels = simplejpeg.decode_jpeg(bare, colour_space, strict=True, **at_least)
    return np.asarray(pixels, dtype=np.uint8)


def without_stray_bytes(content: bytes, *, is_padding_kept: bool = False) -> bytes:
    """Drop what belongs to no segment, and zeros that pad a scan.

    Parameters
    ----------
    content : bytes
        A JPEG file; what is damaged otherwise stays damaged.
    is_padding_kept : bool
        Zeros at the end of a scan stay: they may be its data.

    Returns
    -------
    bytes
    """
    kept = [content[:2]]
    scan_from = None
    bare = bytes if is_padding_kept else _without_padding
    for code, start, end in segments(content):
        if scan_from is not None:
            kept.append(bare(content[scan_from:start]))
        scan_from = end if code == SCAN else None
        kept.append(content[start:] if code == END else content[start:end])
    if scan_from is not None:
        kept.append(bare(content[scan_from:]))
    return b"".join(kept)


def _without_padding(scan: bytes) -> bytes:
    bare = scan.rstrip(b"\0")
    # After 0xFF a zero is the scan's own.
    return scan[: len(bare) + 1] if bare.endswith(b"\xff") else bare
