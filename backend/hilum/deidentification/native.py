"""Native pixel data: exactly the pixels of the image, without extra bits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from hilum.deidentification.removal import Removal
from hilum.errors import CorruptImageError, UnsupportedFormatError
from hilum.imaging.dicom.damage import DAMAGED
from hilum.imaging.dicom.elements import code, whole
from hilum.imaging.dicom.image_pixel import ImagePixel, stored_bits

_WORDS = (1, 8, 16, 32, 64)


@dataclass(frozen=True, slots=True)
class Layout:
    """Layout of pixels in the file (PS3.3 C.7.6.3).

    Attributes
    ----------
    allocated, stored, high_bit : int
        Bits of a word, those of the value, and the place of its highest.
    is_subsampled : bool
        Two pixels share their chrominances (YBR_FULL_422).
    """

    rows: int
    columns: int
    samples: int
    frames: int
    allocated: int
    stored: int
    high_bit: int
    is_signed: bool
    is_subsampled: bool

    @property
    def frame_bits(self) -> int:
        """Bits of a frame that is not compressed."""
        samples = 2 if self.is_subsampled else self.samples
        return self.rows * self.columns * samples * self.allocated


def read_layout(dataset: Dataset, native_bytes: int | None) -> Layout:
    """Read the pixel layout of any object.

    Parameters
    ----------
    native_bytes : int or None
        Length of pixels that are not encapsulated.

    Raises
    ------
    CorruptImageError
        There is no size.
    UnsupportedFormatError
        Words of a length that is retired, or a way to store colour that is.
    """
    rows, columns = whole(dataset, "Rows") or 0, whole(dataset, "Columns") or 0
    samples, frames = whole(dataset, "SamplesPerPixel"), whole(dataset, "NumberOfFrames") or 1
    photometric = code(dataset, "PhotometricInterpretation") or ""
    if samples is None:
        samples = 3 if photometric.startswith(("RGB", "YBR")) else 1
    if min(rows, columns, samples, frames) < 1:
        raise CorruptImageError(DAMAGED)
    allocated = whole(dataset, "BitsAllocated")
    if allocated is None:
        is_bytes = native_bytes is not None and native_bytes < 2 * rows * columns * samples * frames
        allocated = 8 if is_bytes else 16
    if allocated not in _WORDS or "420" in photometric:
        raise UnsupportedFormatError(
            "The DICOM file stores its pixels in a way that the standard has retired. "
            "Export it with 8 or 16 bits allocated, in grey or as RGB."
        )
    stored, high_bit, _ = stored_bits(dataset, allocated)
    size = rows * columns * frames
    return Layout(
        *(rows, columns, samples, frames, allocated, stored, high_bit),
        is_signed=whole(dataset, "PixelRepresentation") == 1,
        is_subsampled=photometric == "YBR_FULL_422"
        and native_bytes is not None
        and native_bytes < 3 * size,
    )


def layout_of(pixel: ImagePixel) -> Layout:
    """Describe one frame of decoded samples.

    Parameters
    ----------
    pixel : ImagePixel
        Of the samples.
    """
    return Layout(
        *(pixel.rows, pixel.columns, pixel.samples, 1),
        *(pixel.bits_allocated, pixel.bits_stored, pixel.high_bit),
        is_signed=pixel.is_signed,
        is_subsampled=False,
    )


def clean_words(
    content: bytes | memoryview,
    layout: Layout,
    removals: set[Removal],
    *,
    frames: int,
    order: str = "<",
    is_swapped: bool = False,
) -> bytes:
    """Write words with no other bits than the picture's, and nothing after them.

    Parameters
    ----------
    content : bytes-like
    removals : set of Removal
        Added to.
    frames : int
        How many frames the content is.
    order : {"<", ">"}
        Order of bytes in words.
    is_swapped : bool
        Single bytes lie in big-endian words of two.

    Returns
    -------
    bytes
        Of even length.

    Raises
    ------
    CorruptImageError
        There are fewer bytes than pixels.
    """
    bits = layout.frame_bits * frames
    expected = -(-bits // 8)
    padded = expected + expected % 2
    if len(content) < expected:
        raise CorruptImageError(DAMAGED)
    found = np.frombuffer(content[:padded], np.uint8)
    if len(found) < padded:
        found = np.append(found, np.uint8(0))
    if is_swapped:
        found = found.view(np.uint16).byteswap().view(np.uint8)
    kept, beyond = found[:expected], [*found[expected:].tolist(), len(content) > padded]
    if any(beyond):
        removals.add(Removal.AFTER_PIXELS)
    if layout.allocated == 1:
        kept = kept.copy()
        kept[-1] &= 0xFF >> (-bits % 8)
    else:
        words = kept.view(np.dtype(f"{order}u{layout.allocated // 8}"))
        cleaned, had_more = without_other_bits(words, layout)
        kept = cleaned.view(np.uint8)
        if had_more:
            removals.add(Removal.UNUSED_BITS)
    made = np.zeros(padded, np.uint8)
    made[:expected] = kept
    if is_swapped:
        made = made.view(np.uint16).byteswap().view(np.uint8)
    return made.tobytes()


def without_other_bits(
    words: NDArray[np.unsignedinteger], layout: Layout
) -> tuple[NDArray[np.unsignedinteger], bool]:
    """Clear the bits of words that are beside the stored value (PS3.5 8.1.1).

    Returns
    -------
    ndarray of unsigned integers
        Above a negative value are ones: its sign is extended, as some readers expect.
    bool
        There was something in them that is no extended sign.
    """
    if layout.stored == layout.allocated:
        return words, False
    above, below = layout.allocated - 1 - layout.high_bit, layout.high_bit + 1 - layout.stored
    dtype = words.dtype
    mask = dtype.type(((1 << layout.stored) - 1) << below)
    masked = words & mask
    if not layout.is_signed:
        return masked.astype(dtype), bool((masked != words).any())
    native = masked.astype(dtype.newbyteorder("="))
    signed = (native << dtype.type(above)).view(native.dtype.str.replace("u", "i"))
    extended = (signed >> above).view(native.dtype).astype(dtype)
    had_more = bool(((extended != words) & (masked != words)).any())
    return extended, had_more
