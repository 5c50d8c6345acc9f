"""What of a radiograph's header its results carry on, and in which sequences and items.

Identification of patient, study and trial, what a measurement depends on, and the equipment that
took the picture. All else stays with the picture, which lies in the same study.
"""

from dataclasses import dataclass

from pydicom import Dataset
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
from hilum.imaging.dicom.validity import valid_element

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
_LOSSY = ("LossyImageCompressionRatio", "LossyImageCompressionMethod")
_ELEMENTS = (
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
    "Modality", "Rows", "Columns", "PatientOrientation", "ImagerPixelSpacing",
    "LossyImageCompression", *_LOSSY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Item:
    """What an item of a sequence has: all of one of these, and perhaps of those."""

    one_of: tuple[tuple[str, ...], ...]
    optional: tuple[str, ...] = ()


# Macros of PS3.3: tables 8.8-1, 10-11, 10-17 and 10-18.
_CODE = _Item(
    (
        ("CodeValue", "CodingSchemeDesignator", "CodeMeaning"),
        ("LongCodeValue", "CodingSchemeDesignator", "CodeMeaning"),
        ("URNCodeValue", "CodeMeaning"),
    ),
    ("CodingSchemeVersion",),
)
_REFERENCE = _Item((("ReferencedSOPClassUID", "ReferencedSOPInstanceUID"),))
_ISSUER = _Item(
    (
        ("LocalNamespaceEntityID", "UniversalEntityID", "UniversalEntityIDType"),
        ("UniversalEntityID", "UniversalEntityIDType"),
        ("LocalNamespaceEntityID",),
    )
)
_QUALIFIERS = _Item((("UniversalEntityID", "UniversalEntityIDType"),))
_SEQUENCES = {
    "IssuerOfPatientIDQualifiersSequence": _QUALIFIERS,
    "OtherPatientIDsSequence": _Item(
        (("PatientID", "TypeOfPatientID"),),
        ("IssuerOfPatientID", "IssuerOfPatientIDQualifiersSequence"),
    ),
    "DeidentificationMethodCodeSequence": _CODE,
    "IssuerOfAccessionNumberSequence": _ISSUER,
    "ProcedureCodeSequence": _CODE,
    "ReferencedStudySequence": _REFERENCE,
    "IssuerOfAdmissionIDSequence": _ISSUER,
}


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
    taken = _take(found, _ELEMENTS, tuple(_SEQUENCES))
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
    if header.get("LossyImageCompression") != "01":
        taken.drop(*_LOSSY)
    if not header.get("Modality"):
        header.Modality = MODALITIES.get(header.get("SOPClassUID"), "OT")
        taken.left_out.add("Modality")
    if not _is_character_set_known(found):
        taken.left_out.add("SpecificCharacterSet")
    return header, tuple(sorted(taken.left_out, key=lambda each: tag_for_keyword(each) or 0))


def _take(found: Dataset, elements: tuple[str, ...], sequences: tuple[str, ...] = ()) -> _Taken:
    taken = _Taken(Dataset(), set())
    for keyword in (*elements, *sequences):
        tag = Tag(keyword)
        if tag not in found:
            continue
        element = valid_element(found, tag)
        if element is None:
            taken.left_out.add(keyword)
        elif keyword not in _SEQUENCES:
            taken.dataset.add(element)
        else:
            items = [_item(each, _SEQUENCES[keyword]) for each in element.value]
            if any(each is None or each.left_out for each in items):
                taken.left_out.add(keyword)
            if valid := [each.dataset for each in items if each is not None]:
                setattr(taken.dataset, keyword, valid)
    return taken


def _item(found: Dataset, kind: _Item) -> _Taken | None:
    """An item with what is valid of it; None where it lacks what it needs."""
    for needed in kind.one_of:
        names = (*needed, *kind.optional)
        plain = tuple(each for each in names if each not in _SEQUENCES)
        taken = _take(found, plain, tuple(each for each in names if each in _SEQUENCES))
        if all(map(taken.dataset.get, needed)):
            return taken
    return None


def _fill(dataset: Dataset, keyword: str) -> None:
    if keyword not in dataset:
        setattr(dataset, keyword, None if keyword == "PatientBirthDate" else "")


def _is_character_set_known(found: Dataset) -> bool:
    """Whether text can be decoded as the writer meant it (PS3.3 C.12.1.1.2)."""
    try:
        return all(str(each) in python_encoding for each in values(found, "SpecificCharacterSet"))
    except DAMAGE:
        return False
