"""Samples of Pixel Data, native or decoded from a frame."""

import struct
from dataclasses import dataclass, replace

import cv2
import imagecodecs
import numpy as np
from numpy.typing import NDArray

from hilum.errors import CorruptImageError
from hilum.imaging.codecs import Words, decode_codestream
from hilum.imaging.codestream import Codec, Codestream, read_codestream
from hilum.imaging.dicom.damage import DAMAGED
from hilum.imaging.dicom.file import PixelData
from hilum.imaging.dicom.frame import encapsulated_frame, is_sequence_of_items
from hilum.imaging.dicom.image_pixel import ImagePixel
from hilum.imaging.limits import DecodeLimits

_ENCAPSULATED_UNCOMPRESSED = "1.2.840.10008.1.2.1.98"
# A run-length segment is padded to an even length, which may decode to a few bytes too many.
_RLE_SLACK_BYTES = 128


@dataclass(frozen=True, slots=True)
class Samples:
    """The picture's words, and how to read them.

    Attributes
    ----------
    words : ndarray of uint8 or uint16, shape (rows, columns) or (rows, columns, 3)
        Native order of bytes; bits beside the value not yet masked off.
    image_pixel : ImagePixel
        As of these words, which a codec may have written otherwise than the data set says.
    has_excess : bool
        There were more bytes than the data set accounts for.
    """

    words: Words
    image_pixel: ImagePixel
    has_excess: bool = False


def read_samples(
    pixel_data: PixelData, image_pixel: ImagePixel, transfer_syntax: str, limits: DecodeLimits
) -> Samples:
    """Read a frame, after its own header has passed the limits.

    Raises
    ------
    CorruptImageError
        Too few bytes, or a frame that its codec does not understand.
    ImageTooLargeError
        A frame whose header claims more than the data set's and than `limits`.
    """
    content = pixel_data.content
    if not pixel_data.is_encapsulated and not is_sequence_of_items(content):
        return native_samples(pixel_data, image_pixel)
    frame = encapsulated_frame(content, limits)
    if transfer_syntax == _ENCAPSULATED_UNCOMPRESSED:
        bare = PixelData(memoryview(frame), False, False, "OB")
        return native_samples(bare, image_pixel)
    codestream = read_codestream(frame)
    if codestream.codec is Codec.RLE:
        return _rle_samples(frame, codestream, image_pixel)
    limits.check_size(codestream.rows, codestream.columns)
    limits.check_samples(
        codestream.rows, codestream.columns, codestream.components, codestream.precision
    )
    check_same_size(codestream, image_pixel.rows, image_pixel.columns)
    return Samples(
        decode_codestream(frame, codestream, limits), _as_decoded(image_pixel, codestream)
    )


def check_same_size(codestream: Codestream, rows: int, columns: int) -> None:
    """Raise where a frame's own header has another size than the data set.

    Parameters
    ----------
    codestream : Codestream
        Of RLE has no size.
    rows, columns : int
        As the data set says.

    Raises
    ------
    CorruptImageError
    """
    if codestream.codec is Codec.RLE or (codestream.rows, codestream.columns) == (rows, columns):
        return
    raise CorruptImageError(
        "The DICOM file's header and the picture in it differ in size. "
        "Export or send the radiograph again."
    )


def native_samples(pixel_data: PixelData, image_pixel: ImagePixel) -> Samples:
    """Read bare words (PS3.5 8.1.1, 8.2)."""
    pixel = image_pixel
    size = pixel.rows * pixel.columns
    dtype = np.dtype(np.uint8 if pixel.bits_allocated == 8 else np.uint16)
    content = pixel_data.content
    is_subsampled = pixel.photometric == "YBR_FULL_422" and len(content) < 3 * size
    expected = (2 if is_subsampled else pixel.samples) * size * dtype.itemsize
    if len(content) < expected or (is_subsampled and (pixel.columns % 2 or dtype.itemsize > 1)):
        raise CorruptImageError(
            "The DICOM file holds fewer pixels than its header says: it is truncated or damaged. "
            "Export or send the radiograph again."
        )
    has_excess = len(content) > expected + 1
    if dtype.itemsize == 2:
        words = np.frombuffer(content[:expected], ">u2" if pixel_data.is_big_endian else "<u2")
        words = words.astype(np.uint16, copy=False)
    elif pixel_data.is_big_endian and pixel_data.representation == "OW":
        # Bytes of eight bits in words of sixteen: the file's order of bytes is that of words.
        words = np.frombuffer(content[: len(content) // 2 * 2], np.uint16).byteswap()
        words = words.view(np.uint8)[:expected]
    else:
        words = np.frombuffer(content[:expected], np.uint8)
    if is_subsampled:
        words = _upsampled(words, pixel)
    elif pixel.samples == 3 and pixel.is_planar:
        words = np.moveaxis(words.reshape(3, pixel.rows, pixel.columns), 0, 2)
    elif pixel.samples == 3:
        words = words.reshape(pixel.rows, pixel.columns, 3)
    else:
        words = words.reshape(pixel.rows, pixel.columns)
    return Samples(words, pixel, has_excess)


def _upsampled(words: NDArray[np.uint8], pixel: ImagePixel) -> NDArray[np.uint8]:
    """Two luminances and their common chrominances, repeated (PS3.3 C.7.6.3.1.2)."""
    pairs = words.reshape(pixel.rows, pixel.columns // 2, 4)
    full = np.empty((pixel.rows, pixel.columns, 3), np.uint8)
    full[:, 0::2, 0], full[:, 1::2, 0] = pairs[:, :, 0], pairs[:, :, 1]
    full[:, 0::2, 1:] = full[:, 1::2, 1:] = pairs[:, :, 2:]
    return full


def _rle_samples(frame: bytes, codestream: Codestream, pixel: ImagePixel) -> Samples:
    """Byte planes, the high one first, one sample after the other (PS3.5 G.2)."""
    depth, rest = divmod(codestream.segments, pixel.samples)
    if rest or depth not in (1, 2):
        raise CorruptImageError(DAMAGED)
    offsets = struct.unpack_from(f"<{codestream.segments}I", frame, 4)
    ends = (*offsets[1:], len(frame))
    planes = [_plane(frame[start:end], pixel) for start, end in zip(offsets, ends, strict=True)]
    if depth == 2:
        planes = [
            cv2.merge([low, high]).view("<u2")[:, :, 0].astype(np.uint16, copy=False)
            for high, low in zip(planes[::2], planes[1::2], strict=True)
        ]
    words = planes[0] if pixel.samples == 1 else np.stack(planes, axis=2)
    bits = 8 * depth
    if bits < pixel.bits_allocated:
        stored = min(pixel.bits_stored, bits)
        pixel = replace(pixel, bits_stored=stored, high_bit=stored - 1)
    return Samples(words, replace(pixel, bits_allocated=bits, is_planar=False))


def _plane(segment: bytes, pixel: ImagePixel) -> NDArray[np.uint8]:
    """One segment of runs (PS3.5 G.3), into no more memory than a plane has."""
    size = pixel.rows * pixel.columns
    plane = np.zeros(size + _RLE_SLACK_BYTES, np.uint8)
    found = imagecodecs.packbits_decode(segment, out=plane.data)
    if len(found) < size:
        raise CorruptImageError(DAMAGED)
    return plane[:size].reshape(pixel.rows, pixel.columns)


def _as_decoded(pixel: ImagePixel, codestream: Codestream) -> ImagePixel:
    """Use the codestream's description if codestream and data set differ."""
    samples, photometric = codestream.components, pixel.photometric
    if samples == 3 and codestream.is_rgb is not None:
        photometric = "RGB" if codestream.is_rgb else "YBR_FULL"
    elif samples == 3:
        # Without a transform of its own, what JPEG 2000 calls ICT or RCT was not applied.
        photometric = {1: "RGB", 3: photometric}[pixel.samples]
    elif pixel.samples == 3:
        photometric = "MONOCHROME2"
    word = 8 if codestream.precision <= 8 else 16
    stored, high_bit = pixel.bits_stored, pixel.high_bit
    if codestream.is_signed:
        # Already extended to the whole word.
        stored, high_bit = (word, word - 1) if pixel.is_signed else (min(stored, word), stored - 1)
        high_bit = min(high_bit, word - 1)
    elif codestream.precision <= stored:
        stored, high_bit = codestream.precision, codestream.precision - 1
    elif high_bit >= codestream.precision:
        high_bit = stored - 1
    return replace(
        pixel,
        samples=samples,
        photometric=photometric,
        bits_allocated=word,
        bits_stored=stored,
        high_bit=high_bit,
        is_planar=False,
    )
