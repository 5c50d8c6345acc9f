"""DICOM objects that are not radiographs, and transfer syntaxes without a codec."""

from pydicom import Dataset
from pydicom.uid import UID

from hilum.errors import HilumError, UnreadableRadiographError, UnsupportedFormatError

DIRECTORY = (
    "The file is the directory of a disc (DICOMDIR): it lists the radiographs and holds no "
    "picture. Send the image files of the disc, which lie in the folders beside it."
)
"""Error message for a DICOMDIR."""

_INSTEAD = "Send the radiograph of the study, a CR, DX or secondary capture."
_STORAGE = "1.2.840.10008.5.1.4.1.1."
_DIRECTORY_CLASS = "1.2.840.10008.1.3.10"

# By the start of the SOP class (PS3.4 B.5), the longest first.
_NO_PICTURES = {
    _STORAGE + "88.": "a report",
    _STORAGE + "104.": "a document or a model for printing",
    _STORAGE + "9.": "a waveform",
    _STORAGE + "11.": "a presentation state",
    _STORAGE + "66": "a segmentation or a registration",
    _STORAGE + "67": "a mapping of values",
    _STORAGE + "481.": "a part of a radiotherapy plan",
}
_NO_RADIOGRAPHS = {
    _STORAGE + "2": "a slice of a CT",
    _STORAGE + "4": "a slice of an MR",
    _STORAGE + "128": "a slice of a PET",
    _STORAGE + "130": "a slice of a PET",
    _STORAGE + "20": "a nuclear medicine picture",
    _STORAGE + "3": "an ultrasound picture",
    _STORAGE + "6": "an ultrasound picture",
    _STORAGE + "13.": "a volume of X-ray slices",
    _STORAGE + "77.": "a photograph",
    _STORAGE + "30": "a parametric map",
}
_SECONDARY_CAPTURE = _STORAGE + "7"
_FOR_PROCESSING = frozenset(_STORAGE + kind + ".1" for kind in ("1.1", "1.2", "1.3"))

_VIDEO = (*(f"1.2.840.10008.1.2.4.10{n}" for n in range(9)), "1.2.840.10008.1.2.7.")
_JPIP = frozenset(f"1.2.840.10008.1.2.4.{n}" for n in (94, 95, 204, 205))
_READ = frozenset(
    f"1.2.840.10008.1.2{ending}"
    for ending in (
        *("", ".1", ".1.98", ".1.99", ".2", ".5"),
        *(f".4.{n}" for n in (50, 51, 53, 55, 57, 70, 80, 81, 90, 91, 201, 202, 203)),
    )
)


def check_transfer_syntax(transfer_syntax: str) -> None:
    """Refuse what no codec here decodes, by its name.

    Parameters
    ----------
    transfer_syntax : str
        Unique identifier; empty where the file names none.

    Raises
    ------
    UnsupportedFormatError
        A video, pixels that lie elsewhere, or an unknown syntax.
    """
    if not transfer_syntax or transfer_syntax in _READ:
        return
    if transfer_syntax.startswith(_VIDEO):
        raise UnsupportedFormatError(
            "The DICOM file holds a video. Send a single frontal radiograph."
        )
    if transfer_syntax in _JPIP:
        raise UnsupportedFormatError(
            "The DICOM file only refers to a picture on another server. "
            "Send a file that holds the radiograph itself."
        )
    # An identifier that the standard does not know might be anything: it is not quoted.
    name = _name(transfer_syntax) or "an unknown or encrypted transfer syntax"
    raise UnsupportedFormatError(
        f"The DICOM file is stored as {name}, which cannot be decoded here. "
        "Export it uncompressed, as JPEG or as JPEG 2000."
    )


def check_sop_class(sop_class: str) -> None:
    """Refuse objects that are not radiographs, by their SOP class.

    Parameters
    ----------
    sop_class : str
        Unique identifier; empty where the file names none.

    Raises
    ------
    UnsupportedFormatError
        No picture at all.
    UnreadableRadiographError
        A picture, but no radiograph.
    """
    if sop_class == _DIRECTORY_CLASS:
        raise directory()
    for start, what in _NO_PICTURES.items():
        if sop_class.startswith(start):
            raise no_picture(what)
    for start, what in _NO_RADIOGRAPHS.items():
        if sop_class == start or sop_class.startswith(start.rstrip(".") + "."):
            raise UnreadableRadiographError(
                f"The DICOM file holds {what}, not a radiograph. {_INSTEAD}"
            )


def is_directory(dataset: Dataset, sop_class: str = "") -> bool:
    """Whether a data set is that of a DICOMDIR, whatever class its file names or leaves out."""
    is_named = sop_class == _DIRECTORY_CLASS
    return is_named or "DirectoryRecordSequence" in dataset or "FileSetID" in dataset


def directory() -> HilumError:
    """Make the error for a DICOMDIR (PS3.3 F.2), which only lists the files of a disc."""
    return UnsupportedFormatError(DIRECTORY)


def no_picture(what: str = "something else") -> HilumError:
    """Make the error for an object without a picture."""
    return UnsupportedFormatError(f"The DICOM object holds no picture: it is {what}. {_INSTEAD}")


def is_secondary_capture(sop_class: str) -> bool:
    """Is this one of the secondary captures (PS3.3 A.8)."""
    return sop_class == _SECONDARY_CAPTURE or sop_class.startswith(_SECONDARY_CAPTURE + ".")


def is_for_processing(sop_class: str) -> bool:
    """Whether this is a detector's image before processing for display (PS3.3 A.26)."""
    return sop_class in _FOR_PROCESSING


def is_image(sop_class: str) -> bool:
    """Is this a class of pictures, which have pixels (PS3.6 annex A)."""
    name = _name(sop_class)
    return name is not None and "Image Storage" in name


def may_hold_a_picture(sop_class: str) -> bool:
    """Is this a class of pictures, or one that the standard does not know."""
    name = _name(sop_class)
    return name is None or "Image" in name


def _name(identifier: str) -> str | None:
    """Name of a unique identifier (PS3.6 annex A); None where the standard does not know it."""
    # Without white space around it, which pydicom drops.
    known = UID(identifier)
    return None if known.name == known else known.name
