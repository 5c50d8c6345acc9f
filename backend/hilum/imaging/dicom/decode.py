"""Decoding of DICOM bytes to `Radiograph`."""

import logging
import warnings

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from hilum.errors import CorruptImageError, ImageTooLargeError
from hilum.imaging.codecs import Words
from hilum.imaging.colour import luminance
from hilum.imaging.depth import Range, range_of_words
from hilum.imaging.dicom.age import contradicts_age, leaves_age_out, read_age_years
from hilum.imaging.dicom.colour import apply_palette_color_lut
from hilum.imaging.dicom.damage import DAMAGE, DAMAGED
from hilum.imaging.dicom.elements import whole
from hilum.imaging.dicom.file import take_apart
from hilum.imaging.dicom.grey import (
    Table,
    apply_modality_lut,
    apply_presentation_lut,
    contradicts_photometric,
    has_fitting_modality_lut,
    is_padding,
    stored_values,
)
from hilum.imaging.dicom.header import (
    contradicts_view,
    header_warnings,
    read_header,
    read_orientation,
    read_view,
)
from hilum.imaging.dicom.image_pixel import read_image_pixel
from hilum.imaging.dicom.objects import (
    check_sop_class,
    check_transfer_syntax,
    directory,
    is_directory,
    may_hold_a_picture,
    no_picture,
)
from hilum.imaging.dicom.samples import Samples, read_samples
from hilum.imaging.dicom.spacing import read_spacing
from hilum.imaging.dicom.voi import count_voi_transforms
from hilum.imaging.dicom.voi_choice import apply_fitting_voi_lut
from hilum.imaging.film_warning import FilmWarning, FilmWarningCode
from hilum.imaging.limits import MAX_WINDOWS, DecodeLimits
from hilum.imaging.radiograph import ImageFormat, Radiograph
from hilum.isolation.memory import empty_pixels

# pydicom quotes values of the file in its warnings and its log; they must reach neither ours nor
# the console. Said once for the process: `warnings.catch_warnings` is not safe between threads.
warnings.filterwarnings("ignore", module=r"pydicom\.")
for _name in ("", ".pixels.utils", ".pixels.decoders.base", ".pixels.encoders.base"):
    logging.getLogger(f"pydicom{_name}").addFilter(lambda _record: False)

_WORD_BITS = 16


def decode(content: bytes, sha256: str, limits: DecodeLimits, window: int = 0) -> Radiograph:
    """Decode a DICOM file; see `hilum.imaging.decode` for parameters, result and errors.

    Notes
    -----
    The order is the standard's (PS3.4 N.2): modality LUT or rescale, then VOI LUT or window, and
    inversion last. Of the patient, only age and sex are read.
    """
    try:
        # Absurd slopes and windows overflow; what comes of it is named by `hilum.imaging.decode`.
        with np.errstate(all="ignore"):
            return _decode(content, sha256, limits, window)
    except (*DAMAGE, cv2.error) as exc:
        raise CorruptImageError(DAMAGED) from exc


def _decode(content: bytes, sha256: str, limits: DecodeLimits, window: int) -> Radiograph:
    file = take_apart(content, limits)
    dataset, pixel_data = file.dataset, file.pixel_data
    check_transfer_syntax(file.transfer_syntax)
    check_sop_class(file.sop_class)
    if is_directory(dataset):
        raise directory()
    if not whole(dataset, "Rows") or not whole(dataset, "Columns"):
        # It ends before its picture, or never had one.
        if may_hold_a_picture(file.sop_class):
            raise CorruptImageError(DAMAGED)
        raise no_picture()
    native_bytes = None
    if pixel_data is not None and not pixel_data.is_encapsulated:
        native_bytes = len(pixel_data.content)
    image_pixel = read_image_pixel(dataset, limits, native_bytes=native_bytes)
    if pixel_data is None:
        raise CorruptImageError(DAMAGED)
    if count_voi_transforms(dataset) > MAX_WINDOWS:
        raise ImageTooLargeError(
            f"The DICOM file has over {MAX_WINDOWS} windows or VOI LUTs. Export it with the one "
            "that it is to be shown by."
        )
    samples = read_samples(pixel_data, image_pixel, file.transfer_syntax, limits)
    pixels, was_colour, of_greys = _displayed(samples, dataset, window)
    header, view = read_header(dataset), read_view(dataset)
    orientation, side_doubts = read_orientation(dataset, view)
    noted = {
        FilmWarningCode.EXCESS_PIXELS: samples.has_excess,
        FilmWarningCode.PIXELS_DOUBTFUL: image_pixel.is_doubtful,
        FilmWarningCode.AGE_LEFT_OUT: leaves_age_out(dataset),
        FilmWarningCode.AGE_CONTRADICTED: contradicts_age(dataset),
        FilmWarningCode.VIEW_CONTRADICTED: contradicts_view(dataset),
        FilmWarningCode.POLARITY_CONTRADICTED: contradicts_photometric(
            dataset, samples.image_pixel.photometric
        ),
    }
    stored = Radiograph(
        pixels=pixels,
        rows=image_pixel.rows,
        columns=image_pixel.columns,
        format=ImageFormat.DICOM,
        sha256=sha256,
        spacing_mm=read_spacing(dataset)[0],
        view=view,
        patient_age_years=read_age_years(dataset),
        was_colour=was_colour,
        warnings=(
            *header_warnings(header, view, file.sop_class),
            *(FilmWarning(code) for code, is_so in noted.items() if is_so),
            *of_greys,
        ),
        header=header,
        side_doubts=side_doubts,
    )
    return stored.displayed(orientation)


def _displayed(
    samples: Samples, dataset: Dataset, window: int
) -> tuple[NDArray[np.float32], bool, tuple[FilmWarning, ...]]:
    """Pixels as shown, from 0 to 1; was there colour; what to know of depth or window."""
    pixel, words = samples.image_pixel, samples.words
    if pixel.samples == 3:
        found = Range(0, (1 << pixel.bits_stored) - 1)
        if words.dtype == np.uint16 and pixel.bits_stored == _WORD_BITS:
            found = range_of_words(words.view(np.uint16))
            words = np.minimum(words, np.uint16(found.high))
        pixels, was_colour = luminance(words, pixel.photometric, found.high)
        return pixels, was_colour, (found.note,) if found.note else ()
    stored = stored_values(
        np.arange(1 << pixel.bits_allocated),
        bits_stored=pixel.bits_stored,
        high_bit=pixel.high_bit,
        is_signed=pixel.is_signed,
    )
    counts = _counts(words)
    if pixel.photometric == "PALETTE COLOR":
        palette, is_used = apply_palette_color_lut(stored, dataset), counts > 0
        is_cut = bool(palette.is_cut[is_used].any())
        note = (FilmWarning(FilmWarningCode.PALETTE_CUT),) if is_cut else ()
        return _through(words, palette.grey), bool(palette.has_colour[is_used].any()), note
    of_interest = np.where(is_padding(stored, dataset), 0, counts)
    if not of_interest.any():
        of_interest = counts
    uses_lut = has_fitting_modality_lut(stored, dataset, of_interest)
    modality = apply_modality_lut(stored, dataset, uses_lut=uses_lut)
    values, notes = apply_fitting_voi_lut(modality, dataset, of_interest, window)
    shown = apply_presentation_lut(values, dataset, pixel.photometric)
    left_out = () if uses_lut else (FilmWarning(FilmWarningCode.MODALITY_LUT_LEFT_OUT),)
    return _through(words, shown), False, (*left_out, *notes)


def _through(words: Words, table: Table) -> NDArray[np.float32]:
    """Look each word up in a table of all words."""
    pixels = empty_pixels(words.shape)
    cv2.LUT(np.ascontiguousarray(words), table.astype(np.float32)[np.newaxis], dst=pixels)
    return pixels


def _counts(words: Words) -> NDArray[np.float64]:
    """How many pixels have each of all words."""
    count = 1 << 8 * words.dtype.itemsize
    histogram = cv2.calcHist([np.ascontiguousarray(words)], [0], None, [count], [0, count])
    return histogram.ravel().astype(np.float64)
