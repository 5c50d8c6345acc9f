"""Header attributes that results carry over, with their sequences and items.

Only the Patient Module and the accession number have free text, which may be anything, such as a
name: they identify the patient and the order. All else is UIDs, dates, numbers and defined terms.
The rest of the header stays with the picture, which lies in the same study.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from pydicom import DataElement, Dataset
from pydicom.charset import python_encoding
from pydicom.datadict import tag_for_keyword
from pydicom.tag import Tag
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
    SecondaryCaptureImageStorage,
)

from hilum.deidentification.terms import known_terms
from hilum.imaging.dicom.damage import DAMAGE
from hilum.imaging.dicom.elements import values
from hilum.imaging.dicom.validity import is_valid_uid, valid_element

MODALITIES = {
    ComputedRadiographyImageStorage: "CR",
    DigitalXRayImageStorageForPresentation: "DX",
    DigitalXRayImageStorageForProcessing: "DX",
    SecondaryCaptureImageStorage: "OT",
}
"""SOP classes of radiographs that results can be put beside, and the modality of each."""

IDENTIFYING = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
# Of type 2: there, though perhaps empty (PS3.3 C.7.1.1, C.7.2.1).
_MAY_BE_EMPTY = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime",
    "StudyID", "AccessionNumber",
)  # fmt: skip
# Of type 2, and never carried on.
_EMPTY = ("ReferringPhysicianName",)
_DEIDENTIFIED_BY = ("DeidentificationMethod", "DeidentificationMethodCodeSequence")
ELEMENTS = (
    "SOPClassUID", *IDENTIFYING, *_MAY_BE_EMPTY,
    # Patient (PS3.3 C.7.1.1).
    "IssuerOfPatientID", "TypeOfPatientID", "PatientBirthTime", "OtherPatientNames",
    "PatientIdentityRemoved", "DeidentificationMethod",
    # Patient Study (C.7.2.2): numbers.
    "PatientAge", "PatientSize", "PatientWeight",
    # The picture (C.7.6.1, C.7.6.3, C.8.11.4).
    "AcquisitionDateTime", "Modality", "PatientOrientation", "ImagerPixelSpacing",
    "LossyImageCompression", "LossyImageCompressionRatio", "LossyImageCompressionMethod",
)  # fmt: skip
# Code strings without enumerated values: those that the standard does not define may be a name.
_DEFINED_TERMS = ("Modality", "LossyImageCompressionMethod")
# A short string, which sites fill with numbers, and some with anything.
_NUMBER = re.compile(r"[0-9]+")
# Longer lists of numbers may be letters. A film is compressed with loss once, perhaps twice.
_MOST_VALUES = 2


@dataclass(frozen=True, slots=True)
class Item:
    """What an item of a sequence has: all of one of these, and perhaps of those."""

    one_of: tuple[tuple[str, ...], ...]
    optional: tuple[str, ...] = ()


# Macros of PS3.3: tables 8.8-1, 10-11, 10-17 and 10-18.
_CODE = Item(
    (
        ("CodeValue", "CodingSchemeDesignator", "CodeMeaning"),
        ("LongCodeValue", "CodingSchemeDesignator", "CodeMeaning"),
        ("URNCodeValue", "CodeMeaning"),
    ),
    ("CodingSchemeVersion",),
)
_REFERENCE = Item((("ReferencedSOPClassUID", "ReferencedSOPInstanceUID"),))
_ISSUER = Item(
    (
        ("LocalNamespaceEntityID", "UniversalEntityID", "UniversalEntityIDType"),
        ("UniversalEntityID", "UniversalEntityIDType"),
        ("LocalNamespaceEntityID",),
    )
)
_QUALIFIERS = Item((("UniversalEntityID", "UniversalEntityIDType"),))
SEQUENCES = {
    "IssuerOfPatientIDQualifiersSequence": _QUALIFIERS,
    "OtherPatientIDsSequence": Item(
        (("PatientID", "TypeOfPatientID"),),
        ("IssuerOfPatientID", "IssuerOfPatientIDQualifiersSequence"),
    ),
    "DeidentificationMethodCodeSequence": _CODE,
    "IssuerOfAccessionNumberSequence": _ISSUER,
    "ReferencedStudySequence": _REFERENCE,
}
# Of several items, none is known to be the right one.
_OF_ONE_ITEM = ("IssuerOfPatientIDQualifiersSequence", "IssuerOfAccessionNumberSequence")


@dataclass(slots=True)
class _Taken:
    """Valid elements of a data set, and the names of the others."""

    dataset: Dataset
    left_out: set[str]

    def drop(self, *keywords: str) -> None:
        """Leave out elements that are valid by themselves, but not without others."""
        for keyword in keywords:
            if keyword in self.dataset:
                del self.dataset[keyword]
                self.left_out.add(keyword)


def pass_on(found: Dataset) -> tuple[Dataset, tuple[str, ...]]:
    """Select the valid header elements that results carry over.

    Parameters
    ----------
    found : Dataset
        The header of a file; its elements may be decoded by this.

    Returns
    -------
    Dataset
        Valid elements alone, those of type 2 there though perhaps empty.
    tuple of str
        Keywords of the elements that were left out, in the order of their tags.
    """
    taken = _take(found, (*ELEMENTS, *SEQUENCES))
    header = taken.dataset
    if not _NUMBER.fullmatch(header.get("StudyID", "0")):
        # Valid, and nothing to report.
        del header.StudyID
    for keyword in (*_MAY_BE_EMPTY, *_EMPTY):
        _fill(header, keyword)
    if header.get("PatientIdentityRemoved") == "YES" and not any(map(header.get, _DEIDENTIFIED_BY)):
        taken.drop("PatientIdentityRemoved")
    if not header.get("Modality"):
        header.Modality = MODALITIES.get(header.get("SOPClassUID"), "OT")
        taken.left_out.add("Modality")
    if not _is_character_set_known(found):
        taken.left_out.add("SpecificCharacterSet")
    return header, tuple(sorted(taken.left_out, key=lambda each: tag_for_keyword(each) or 0))


def _take(found: Dataset, keywords: Iterable[str]) -> _Taken:
    taken = _Taken(Dataset(), set())
    for keyword in keywords:
        tag = Tag(keyword)
        if tag not in found:
            continue
        element = valid_element(found, tag)
        if element is None or not _is_as_defined(element):
            taken.left_out.add(keyword)
        elif keyword not in SEQUENCES:
            if not _is_blank(element):
                taken.dataset.add(element)
        else:
            items = [_item(each, SEQUENCES[keyword]) for each in element.value]
            if any(each is None or each.left_out for each in items):
                taken.left_out.add(keyword)
            if valid := [each.dataset for each in items if each is not None]:
                setattr(taken.dataset, keyword, valid)
    return taken


def _item(found: Dataset, kind: Item) -> _Taken | None:
    """An item with its valid elements; None if a required one is missing."""
    taken = _take(found, {*chain(*kind.one_of), *kind.optional})
    for needed in kind.one_of:
        if all(map(taken.dataset.get, needed)):
            kept = Dataset()
            for keyword in (*needed, *kind.optional):
                if keyword in taken.dataset:
                    kept.add(taken.dataset[keyword])
            return _Taken(kept, taken.left_out)
    return None


def _is_as_defined(element: DataElement) -> bool:
    """Whether a valid element conforms to the rules for this element alone."""
    if element.VR == "UI" and element.keyword.startswith("Referenced"):
        # What identifies this object is passed on, be it valid or not.
        return is_valid_uid(str(element.value))
    if element.keyword in _OF_ONE_ITEM:  # PS3.3 tables 10-18, C.7-3 and C.7-4a.
        return len(element.value or ()) < 2
    if element.keyword.startswith("LossyImageCompression") and element.VM > _MOST_VALUES:
        return False
    return element.keyword not in _DEFINED_TERMS or element.is_empty or bool(known_terms(element))


def _is_blank(element: DataElement) -> bool:
    values = [element.value] if element.VM < 2 else element.value
    return not any(str(each or "").strip() for each in values)


def _fill(dataset: Dataset, keyword: str) -> None:
    if keyword not in dataset:
        setattr(dataset, keyword, None if keyword == "PatientBirthDate" else "")


def _is_character_set_known(found: Dataset) -> bool:
    """Whether text can be decoded as the writer meant it (PS3.3 C.12.1.1.2)."""
    try:
        return all(str(each) in python_encoding for each in values(found, "SpecificCharacterSet"))
    except DAMAGE:
        return False
