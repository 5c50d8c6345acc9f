"""What of a radiograph's header its results carry on, and in which sequences and items.

Identification of patient, study and trial, what a measurement depends on, and the equipment that
took the picture. All else stays with the picture, which lies in the same study.
"""

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
    "StudyID", "AccessionNumber", "ReferringPhysicianName", "Manufacturer",
)  # fmt: skip
_TRIAL = ("ClinicalTrialSponsorName", "ClinicalTrialProtocolID")
_TRIAL_SUBJECT = ("ClinicalTrialSubjectID", "ClinicalTrialSubjectReadingID")
_TRIAL_MAY_BE_EMPTY = (
    "ClinicalTrialProtocolName", "ClinicalTrialSiteID", "ClinicalTrialSiteName",
)  # fmt: skip
_DEIDENTIFIED_BY = ("DeidentificationMethod", "DeidentificationMethodCodeSequence")
ELEMENTS = (
    "SOPClassUID", *IDENTIFYING, *_MAY_BE_EMPTY,
    # Patient and Patient Study (PS3.3 C.7.1.1, C.7.2.2).
    "IssuerOfPatientID", "TypeOfPatientID", "PatientBirthTime", "OtherPatientNames",
    "PatientIdentityRemoved", "DeidentificationMethod", "PatientAge", "PatientSize",
    "PatientWeight", "AdmissionID",
    # General Study (C.7.2.1).
    "StudyDescription",
    # Clinical Trial Subject and Study (C.7.1.3, C.7.2.3).
    *_TRIAL, *_TRIAL_SUBJECT, *_TRIAL_MAY_BE_EMPTY, "ClinicalTrialTimePointID",
    # The equipment (C.7.5.1), and when it took the picture.
    "ManufacturerModelName", "DeviceSerialNumber", "SoftwareVersions", "StationName",
    "InstitutionName", "InstitutionalDepartmentName", "InstitutionAddress", "AcquisitionDateTime",
    # The picture (C.7.6.1, C.7.6.3, C.8.11.4).
    "Modality", "PatientOrientation", "ImagerPixelSpacing",
    "LossyImageCompression", "LossyImageCompressionRatio", "LossyImageCompressionMethod",
)  # fmt: skip


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
    "ProcedureCodeSequence": _CODE,
    "ReferencedStudySequence": _REFERENCE,
    "IssuerOfAdmissionIDSequence": _ISSUER,
}
# Of several items, none is known to be the right one.
_OF_ONE_ITEM = (
    "IssuerOfPatientIDQualifiersSequence", "IssuerOfAccessionNumberSequence",
    "IssuerOfAdmissionIDSequence",
)  # fmt: skip


@dataclass(slots=True)
class _Taken:
    """The elements of a data set that are valid, and what was left out of it."""

    dataset: Dataset
    left_out: set[str]

    def drop(self, *keywords: str) -> None:
        """Leave out elements that are valid by themselves, but not without others."""
        for keyword in keywords:
            if keyword in self.dataset:
                del self.dataset[keyword]
                self.left_out.add(keyword)


def pass_on(found: Dataset) -> tuple[Dataset, tuple[str, ...]]:
    """Take from a header what results carry on, less what is not valid.

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
    for keyword in _MAY_BE_EMPTY:
        _fill(header, keyword)
    if not all(map(header.get, _TRIAL)) or not any(map(header.get, _TRIAL_SUBJECT)):
        taken.drop(*_TRIAL, *_TRIAL_SUBJECT, *_TRIAL_MAY_BE_EMPTY)
    else:
        for keyword in _TRIAL_MAY_BE_EMPTY:
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
        if element is None or not (_is_reference_valid(element) and _has_its_items(element)):
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
    """An item with what is valid of it; None where it lacks what it needs."""
    taken = _take(found, {*chain(*kind.one_of), *kind.optional})
    for needed in kind.one_of:
        if all(map(taken.dataset.get, needed)):
            kept = Dataset()
            for keyword in (*needed, *kind.optional):
                if keyword in taken.dataset:
                    kept.add(taken.dataset[keyword])
            return _Taken(kept, taken.left_out)
    return None


def _is_reference_valid(element: DataElement) -> bool:
    """Whether a reference to another object is valid; what identifies this one is passed on."""
    is_reference = element.VR == "UI" and element.keyword.startswith("Referenced")
    return not is_reference or is_valid_uid(str(element.value))


def _has_its_items(element: DataElement) -> bool:
    """Whether a sequence of one item (PS3.3 tables 10-18, C.7-3 and C.7-4a) has no more."""
    return element.keyword not in _OF_ONE_ITEM or len(element.value or ()) < 2


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
