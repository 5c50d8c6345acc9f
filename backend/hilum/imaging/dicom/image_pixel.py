"""Image Pixel module: layout of stored values in the words of the file (PS3.3 C.7.6.3)."""

from dataclasses import dataclass

from pydicom import Dataset

from hilum.errors import UnreadableRadiographError, UnsupportedFormatError
from hilum.imaging.dicom.elements import code, whole
from hilum.imaging.dicom.frame import SEVERAL_FRAMES
from hilum.imaging.limits import DecodeLimits

_GREY = ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR")
_COLOUR = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")
_RETIRED = ("ARGB", "CMYK", "HSV", "YBR_PARTIAL_420", "YBR_PARTIAL_422")


@dataclass(frozen=True, slots=True)
class ImagePixel:
    """How the pixels are stored, wrong or missing attributes replaced by what must be meant.

    Attributes
    ----------
    samples : int
        1 or 3 values a pixel.
    photometric : str
        Photometric Interpretation, one of those with as many samples.
    bits_allocated : int
        8 or 16 bits of a word.
    bits_stored, high_bit : int
        The value's bits in the word, and the place of its highest.
    is_signed : bool
        Two's complement.
    is_planar : bool
        One colour after the other, not one pixel after the other.
    is_doubtful : bool
        An attribute was missing or contradicted the others.
    """

    rows: int
    columns: int
    samples: int
    photometric: str
    bits_allocated: int
    bits_stored: int
    high_bit: int
    is_signed: bool
    is_planar: bool
    is_doubtful: bool


def read_image_pixel(
    dataset: Dataset, limits: DecodeLimits, *, native_bytes: int | None
) -> ImagePixel:
    """Read the module, once it is known that there is one.

    Parameters
    ----------
    dataset : Dataset
        With Rows and Columns.
    native_bytes : int or None
        Length of Pixel Data, where it is not encapsulated.

    Raises
    ------
    ImageTooLargeError
        Over `limits`.
    UnreadableRadiographError
        Several frames, or a size that no radiograph has.
    UnsupportedFormatError
        Words of other than 8 or 16 bits, or a retired way to store colour.
    """
    rows, columns = whole(dataset, "Rows") or 0, whole(dataset, "Columns") or 0
    limits.check_size(rows, columns)
    if (whole(dataset, "NumberOfFrames") or 1) > 1:
        raise UnreadableRadiographError(SEVERAL_FRAMES)
    samples, photometric, is_colour_doubtful = _samples(dataset)
    allocated = whole(dataset, "BitsAllocated")
    is_doubtful = is_colour_doubtful or allocated is None
    if allocated is None:
        is_bytes = native_bytes is not None and native_bytes < 2 * rows * columns * samples
        allocated = 8 if is_bytes else 16
    if allocated not in (8, 16):
        raise UnsupportedFormatError(
            f"The DICOM file allocates {allocated} bits to a value; radiographs have 8 or 16. "
            "Export it with 8 or 16 bits allocated."
        )
    limits.check_samples(rows, columns, samples, allocated)
    stored, high_bit, are_bits_doubtful = stored_bits(dataset, allocated)
    return ImagePixel(
        rows=rows,
        columns=columns,
        samples=samples,
        photometric=photometric,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=high_bit,
        is_signed=whole(dataset, "PixelRepresentation") == 1,
        is_planar=whole(dataset, "PlanarConfiguration") == 1,
        is_doubtful=is_doubtful or are_bits_doubtful,
    )


def stored_bits(dataset: Dataset, allocated: int) -> tuple[int, int, bool]:
    """Bits Stored, High Bit, and whether they were missing or made no sense.

    Parameters
    ----------
    allocated : int
        Bits of a word.
    """
    stored, is_doubtful = whole(dataset, "BitsStored") or 0, False
    if not 0 < stored <= allocated:
        stored, is_doubtful = allocated, True
    high_bit = whole(dataset, "HighBit")
    if high_bit is None or not stored <= high_bit + 1 <= allocated:
        high_bit, is_doubtful = stored - 1, True
    return stored, high_bit, is_doubtful


def _samples(dataset: Dataset) -> tuple[int, str, bool]:
    """Samples per Pixel, a Photometric Interpretation that has as many, and whether in doubt."""
    photometric = code(dataset, "PhotometricInterpretation") or ""
    if photometric in _RETIRED:
        raise UnsupportedFormatError(
            f"The DICOM file stores its colours as {photometric}, which the standard has retired. "
            "Export it in grey (MONOCHROME2) or as RGB."
        )
    samples = whole(dataset, "SamplesPerPixel")
    if samples is None:
        samples = 3 if photometric in _COLOUR else 1
    if samples not in (1, 3):
        raise UnsupportedFormatError(
            f"The DICOM file stores {samples} values a pixel; radiographs have 1, or 3 for colour. "
            "Export it in grey (MONOCHROME2) or as RGB."
        )
    if photometric in (_GREY if samples == 1 else _COLOUR):
        return samples, photometric, "SamplesPerPixel" not in dataset
    return samples, "MONOCHROME2" if samples == 1 else "RGB", True
