"""Decoding of WebP in less memory than Pillow, which decodes each as an animation (RFC 9649)."""

from PIL import Image

from hilum.errors import ImageTooLargeError
from hilum.imaging.limits import DecodeLimits

_EXTENDED_BYTES = 30
_CANVASES = 4
"""An animation is decoded by way of so many pictures of its size, each with its opacity."""


def check_webp_canvas(content: bytes, limits: DecodeLimits) -> None:
    """Check an extended WebP's canvas (RFC 9649 2.7), which Pillow allocates on opening.

    Parameters
    ----------
    content : bytes
        The whole file.
    """
    if len(content) >= _EXTENDED_BYTES:
        columns, rows = (1 + int.from_bytes(content[at : at + 3], "little") for at in (24, 27))
        limits.check_size(rows, columns)


def load_webp(
    content: bytes, opened: Image.Image, limits: DecodeLimits, *, is_animated: bool
) -> Image.Image:
    """Decode a WebP, or the first picture of an animation.

    Parameters
    ----------
    content : bytes
        The whole file.
    opened : Image
        As Pillow opened it; its pixels are not loaded.
    limits : DecodeLimits
        An animation may have a quarter of the pixels.

    Raises
    ------
    ImageTooLargeError
        An animation over its limit.
    ValueError, RuntimeError
        Truncated or damaged.
    """
    if is_animated:
        if opened.height * opened.width * _CANVASES > limits.max_pixels:
            raise ImageTooLargeError(
                f"The WebP file is an animation of {opened.width} x {opened.height} pixels. Send "
                "the radiograph as a single picture."
            )
        return opened
    # A slow import that most pictures do not need.
    import imagecodecs

    return Image.fromarray(imagecodecs.webp_decode(content))
