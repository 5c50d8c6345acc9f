"""Headers that break DICOM's rules: each spoils a data set whose picture stays readable."""

from collections.abc import Callable

from pydicom import Dataset
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.tag import Tag

Spoil = Callable[[Dataset], None]


def _put(keyword: str, content: bytes, representation: str | None = None) -> Spoil:
    """Set an element to bytes, which no library corrects or refuses on the way into the file."""

    def spoil(dataset: Dataset) -> None:
        tag = Tag(tag_for_keyword(keyword))
        made = content + b" " * (len(content) % 2)
        kind = representation or dictionary_VR(tag)
        dataset[tag] = RawDataElement(tag, kind, len(made), made, 0, False, True)
        dataset.set_original_encoding(False, True, dataset._character_set)

    return spoil


def _without_modality(dataset: Dataset) -> None:
    del dataset.Modality


BAD_HEADERS: dict[str, Spoil] = {
    "birth date of no calendar": _put("PatientBirthDate", b"19990229"),
    "study date of no calendar": _put("StudyDate", b"20210231"),
    "study date that is a range": _put("StudyDate", b"20210101-20210201"),
    "no modality": _without_modality,
    "modality in lower case": _put("Modality", b"cr"),
    "oblique patient orientation": _put("PatientOrientation", b"LH\\FL"),
    "representation that no version has": _put("PatientBirthDate", b"20220301", "ZZ"),
    "component of a UID with a leading zero": _put("StudyInstanceUID", b"1.2.03.4"),
}
