"""A DICOM file without identity."""

import io
import secrets
from dataclasses import dataclass
from uuid import NAMESPACE_OID, uuid5

import pydicom
from pydicom import DataElement, Dataset
from pydicom.datadict import dictionary_has_tag, repeater_has_tag
from pydicom.dataset import FileMetaDataset
from pydicom.multival import MultiValue
from pydicom.uid import ImplicitVRLittleEndian

from hilum import __version__
from hilum.deidentification.profile import Profile
from hilum.deidentification.retain import RetainOption
from hilum.deidentification.table import EDITION, Action
from hilum.errors import CorruptImageError
from hilum.imaging.dicom.damage import DAMAGE
from hilum.imaging.dicom.elements import code
from hilum.imaging.dicom.objects import directory, is_directory, is_secondary_capture

_DUMMY_WORD = "REMOVED"
_DUMMIES: dict[str, object] = {
    "AS": "000Y",
    "DA": "19000101",
    "TM": "000000",
    "DT": "19000101000000",
    "UR": "http://removed.invalid",
    **dict.fromkeys(("AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UT"), _DUMMY_WORD),
    **dict.fromkeys(("DS", "IS"), "0"),
    **dict.fromkeys(("FD", "FL"), 0.0),
    **dict.fromkeys(("SL", "SS", "SV", "UL", "US", "UV", "AT"), 0),
    **dict.fromkeys(("OB", "OW", "OD", "OF", "OL", "OV", "UN"), bytes(8)),
}


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
    """

    content: bytes
    has_burned_in_annotation: bool
    is_secondary_capture: bool


def deidentify(content: bytes, profile: Profile, *, secret: str | None = None) -> Deidentified:
    """Take out of a DICOM file whose it is, by PS3.15's Basic Profile with options.

    Sequences that stay are gone through item by item. Private elements go, elements that the
    standard does not know go, and so do the preamble and all of the file meta but the transfer
    syntax. The pixels stay as they are.

    Parameters
    ----------
    content : bytes
    profile : Profile
    secret : str, optional
        New UIDs and Patient IDs are made of the old ones and this: the same for the files of one
        run, so that they still belong together. Without, UIDs are new for each file, and the
        Patient ID is empty.

    Returns
    -------
    Deidentified

    Raises
    ------
    CorruptImageError
        The file cannot be gone through.
    UnsupportedFormatError
        It is a DICOMDIR, which only lists the files of a disc.
    """
    try:
        dataset = pydicom.dcmread(io.BytesIO(content), force=True)
        if is_directory(dataset):
            raise directory()
        syntax = dataset.file_meta.get("TransferSyntaxUID", ImplicitVRLittleEndian)
        patient_id = str(dataset.get("PatientID") or "")
        _clean(dataset, profile, secret or secrets.token_hex(16))
        # Of type 2, so that it may be empty (Z/D); but then all patients of a folder were one.
        dataset.PatientID = _pseudonym(patient_id, secret) if patient_id and secret else ""
        _mark(dataset, profile)
        meta = FileMetaDataset()
        meta.TransferSyntaxUID = syntax
        meta.MediaStorageSOPClassUID = dataset.SOPClassUID
        meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.file_meta, dataset.preamble = meta, bytes(128)
        buffer = io.BytesIO()
        pydicom.dcmwrite(buffer, dataset, enforce_file_format=True)
    except DAMAGE as exc:
        raise CorruptImageError(
            "The DICOM file is damaged and cannot be de-identified. It was left as it is."
        ) from exc
    return Deidentified(
        buffer.getvalue(),
        has_burned_in_annotation=code(dataset, "BurnedInAnnotation") == "YES",
        is_secondary_capture=is_secondary_capture(str(dataset.SOPClassUID)),
    )


def _clean(dataset: Dataset, profile: Profile, secret: str) -> None:
    for tag in list(dataset.keys()):
        if tag.is_private or not (dictionary_has_tag(tag) or repeater_has_tag(tag)):
            del dataset[tag]
            continue
        element = dataset[tag]
        action = profile.action(element)
        if action is Action.REMOVE:
            del dataset[tag]
        elif action is Action.EMPTY:
            element.value = [] if element.VR == "SQ" else None
        elif action is Action.DUMMY:
            _replace(element, secret)
        elif action is Action.REPLACE_UID:
            _replace_uid(element, secret)
        elif element.VR == "SQ":
            for item in element.value:
                _clean(item, profile, secret)


def _replace(element: DataElement, secret: str) -> None:
    """Put a dummy of the right representation in a value's place; in a sequence, in each value."""
    if element.VR == "SQ":
        for item in element.value:
            for tag in list(item.keys()):
                if tag.is_private:
                    del item[tag]
                else:
                    _replace(item[tag], secret)
    elif element.VR == "UI":
        _replace_uid(element, secret)
    elif element.value not in (None, ""):
        element.value = _DUMMIES[element.VR]


def _replace_uid(element: DataElement, secret: str) -> None:
    value = element.value
    if isinstance(value, MultiValue):
        element.value = [_new_uid(str(each), secret) for each in value]
    elif value:
        element.value = _new_uid(str(value), secret)


def _pseudonym(patient_id: str, secret: str) -> str:
    return uuid5(NAMESPACE_OID, f"{secret} patient {patient_id}").hex[:16].upper()


def _new_uid(uid: str, secret: str) -> str:
    """A UID from a UUID (PS3.5 B.2)."""
    return f"2.25.{uuid5(NAMESPACE_OID, f'{secret} {uid}').int}"


def _mark(dataset: Dataset, profile: Profile) -> None:
    """Say that and how identity was removed (PS3.15 E.1.1, PS3.3 C.7.1.1)."""
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = f"Hilum {__version__}, PS3.15 {EDITION}"
    dataset.DeidentificationMethodCodeSequence = profile.codes
    dates = RetainOption.DATES in profile.options
    dataset.LongitudinalTemporalInformationModified = "UNMODIFIED" if dates else "REMOVED"
