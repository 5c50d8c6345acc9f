"""De-identify a DICOM file."""

import io
import secrets
from dataclasses import dataclass
from uuid import NAMESPACE_OID, uuid5

import pydicom
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import UID

from hilum import __version__
from hilum.deidentification.clean import Cleaner
from hilum.deidentification.palette import put_palette
from hilum.deidentification.pixels import CleanPixels, clean_pixels, native_syntax
from hilum.deidentification.profile import Profile
from hilum.deidentification.removal import Removal
from hilum.deidentification.retain import RetainOption
from hilum.deidentification.table import EDITION
from hilum.errors import CorruptImageError
from hilum.imaging.dicom.damage import DAMAGE
from hilum.imaging.dicom.elements import code, value
from hilum.imaging.dicom.file import DicomFile, take_apart
from hilum.imaging.dicom.objects import (
    check_transfer_syntax,
    directory,
    is_directory,
    is_image,
    is_secondary_capture,
)
from hilum.imaging.limits import DecodeLimits

_UTF8 = "ISO_IR 192"
_DAMAGED = "The DICOM file is damaged and cannot be de-identified. It was left as it is."


@dataclass(frozen=True, slots=True)
class Deidentified:
    """A file without identity.

    Attributes
    ----------
    content : bytes
    has_burned_in_annotation : bool
        The header says that writing is burned into the picture: its pixels may name the patient.
    is_secondary_capture : bool
        Such pictures often have writing in them that their headers do not tell of.
    removals : frozenset of Removal
        What was found in places that a reader does not look at.
    unknown_codes : frozenset of str
        Keywords of codes that were left out, since the standard does not define all their values.
    """

    content: bytes
    has_burned_in_annotation: bool
    is_secondary_capture: bool
    removals: frozenset[Removal]
    unknown_codes: frozenset[str]


def deidentify(
    content: bytes,
    profile: Profile,
    *,
    secret: str | None = None,
    limits: DecodeLimits = DecodeLimits(),  # noqa: B008 - it is frozen
) -> Deidentified:
    """Remove what identifies the patient from a DICOM file, by PS3.15's Basic Profile with options.

    The file is written anew, from those elements that may stay (see `Cleaner.clean`). The values
    of its pixels stay as they are; bits, bytes and segments beside them go.

    Parameters
    ----------
    content : bytes
    secret : str, optional
        New UIDs and Patient IDs are made of the old ones and this: the same for the files of one
        run, so that they still belong together. Without, UIDs are new for each file, and the
        Patient ID is empty.
    limits : DecodeLimits
        How large a deflated data set may become.

    Raises
    ------
    CorruptImageError
        The file is truncated, or cannot be gone through.
    ImageTooLargeError
        It is over `limits`.
    UnsupportedFormatError
        It is a DICOMDIR, which only lists the files of a disc, or its pixels are stored in a way
        that cannot be gone through, such as a video.
    """
    try:
        file = take_apart(content, limits)
        if is_directory(file.dataset, file.sop_class):
            raise directory()
        check_transfer_syntax(file.transfer_syntax)
        _check_whole(file)
        return _deidentified(file, profile, secret, limits)
    except DAMAGE as exc:
        raise CorruptImageError(_DAMAGED) from exc


def _check_whole(file: DicomFile) -> None:
    has_size = value(file.dataset, "Rows") and value(file.dataset, "Columns")
    if file.is_cut or (file.pixel_data is None and (has_size or is_image(file.sop_class))):
        raise CorruptImageError(_DAMAGED)


def _deidentified(
    file: DicomFile, profile: Profile, secret: str | None, limits: DecodeLimits
) -> Deidentified:
    cleaner = Cleaner(profile, secret or secrets.token_hex(16), file.is_little_endian)
    made = cleaner.clean(file.dataset)
    patient_id = str(value(file.dataset, "PatientID") or "")
    # Of type 2, so that it may be empty (Z/D); but then all patients of a folder were one.
    made.PatientID = _pseudonym(patient_id, secret) if patient_id and secret else ""
    made.SpecificCharacterSet = _UTF8
    _mark(made, profile)
    if file.pixel_data is None:
        syntax = native_syntax(file)
    else:
        pixels = clean_pixels(file, file.pixel_data, limits, cleaner.removals)
        _put(made, pixels)
        put_palette(made, file, pixels, limits, cleaner.removals)
        syntax = pixels.transfer_syntax
    return Deidentified(
        _written(made, syntax),
        has_burned_in_annotation=code(file.dataset, "BurnedInAnnotation") == "YES",
        is_secondary_capture=is_secondary_capture(str(made.SOPClassUID)),
        removals=frozenset(cleaner.removals),
        unknown_codes=frozenset(cleaner.unknown_codes),
    )


def _put(dataset: Dataset, pixels: CleanPixels) -> None:
    dataset.add_new("PixelData", pixels.representation, pixels.content)
    dataset["PixelData"].is_undefined_length = pixels.is_encapsulated
    for keyword, found in pixels.attributes.items():
        setattr(dataset, keyword, found)


def _written(dataset: Dataset, syntax: str) -> bytes:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(syntax)
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta, dataset.preamble = meta, bytes(128)
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, dataset, enforce_file_format=True)
    return buffer.getvalue()


def _pseudonym(patient_id: str, secret: str) -> str:
    return uuid5(NAMESPACE_OID, f"{secret} patient {patient_id}").hex[:16].upper()


def _mark(dataset: Dataset, profile: Profile) -> None:
    """Say that and how identity was removed (PS3.15 E.1.1, PS3.3 C.7.1.1)."""
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = f"Hilum {__version__}, PS3.15 {EDITION}"
    dataset.DeidentificationMethodCodeSequence = profile.codes
    dates = RetainOption.DATES in profile.options
    dataset.LongitudinalTemporalInformationModified = "UNMODIFIED" if dates else "REMOVED"
