"""Table E.1-1 of PS3.15: attributes that the Basic Profile acts on, and the actions.

The table is dicom-anonymizer's, made from the standard's own text (edition 2026c). Its functions
are not used: they leave what lies in sequences that the table does not name.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from dicomanonymizer.dicomfields_selector import dicom_anonymization_database_selector
from pydicom.datadict import keyword_for_tag
from pydicom.tag import BaseTag

EDITION: Final = "2026c"


class Action(StrEnum):
    """Action for an attribute, in the letters of the table.

    Of the compound ones (X/Z, X/D, Z/D, X/Z/D) the action is taken that leaves an object valid
    whatever its type in its module: an empty value for X/Z, a dummy wherever D is among them.
    """

    REMOVE = "X"
    EMPTY = "Z"
    DUMMY = "D"
    REPLACE_UID = "U"
    CLEAN_ITEMS = "X/Z/U*"
    """Keep the sequence, and act within its items."""


_CATEGORIES = {
    "X_TAGS": Action.REMOVE,
    "Z_TAGS": Action.EMPTY,
    "X_Z_TAGS": Action.EMPTY,
    "D_TAGS": Action.DUMMY,
    "Z_D_TAGS": Action.DUMMY,
    "X_D_TAGS": Action.DUMMY,
    "X_Z_D_TAGS": Action.DUMMY,
    "U_TAGS": Action.REPLACE_UID,
    "X_Z_U_STAR_TAGS": Action.CLEAN_ITEMS,
}


@dataclass(frozen=True, slots=True)
class _Repeating:
    """A group or an element that is there several times, such as overlays (60xx,3000)."""

    group: int
    element: int
    group_mask: int
    element_mask: int
    action: Action

    def matches(self, tag: BaseTag) -> bool:
        """Is this one of them."""
        return (
            tag.group & self.group_mask == self.group & self.group_mask
            and tag.element & self.element_mask == self.element & self.element_mask
        )


@dataclass(frozen=True, slots=True)
class Table:
    """The table, to look tags up in."""

    single: dict[int, Action]
    repeating: tuple[_Repeating, ...]

    def action(self, tag: BaseTag) -> Action | None:
        """Action of the Basic Profile for an attribute; None if it is kept."""
        found = self.single.get(int(tag))
        if found is None:
            found = next((each.action for each in self.repeating if each.matches(tag)), None)
        return found


@cache
def table() -> Table:
    """Load the table."""
    database = dicom_anonymization_database_selector(f"dicomfields_{EDITION}")
    single: dict[int, Action] = {}
    repeating: list[_Repeating] = []
    for category, action in _CATEGORIES.items():
        for tag in database[category]:
            if len(tag) == 2:
                single[tag[0] << 16 | tag[1]] = action
            else:
                group, element, group_mask, element_mask = tag
                repeating.append(_Repeating(group, element, group_mask, element_mask, action))
    return Table(single, tuple(repeating))


# The columns of the options, by keyword (PS3.15 table E.1-1, "K"). What an option would have
# cleaned ("C") is acted upon as the Basic Profile has it: a machine cannot tell what to clean.
DEVICE: Final = frozenset(
    (
        "CalibrationDate",
        "CalibrationDateTime",
        "CalibrationTime",
        "CassetteID",
        "DateOfLastCalibration",
        "DateOfLastDetectorCalibration",
        "DateTimeOfLastCalibration",
        "DetectorID",
        "DeviceDescription",
        "DeviceLabel",
        "DeviceSerialNumber",
        "DeviceUID",
        "GantryID",
        "GeneratorID",
        "LensMake",
        "LensModel",
        "LensSerialNumber",
        "LensSpecification",
        "ManufacturerDeviceClassUID",
        "ManufacturerDeviceIdentifier",
        "ModifyingDeviceID",
        "PerformedStationName",
        "PerformedStationNameCodeSequence",
        "PlateID",
        "ScheduledStationName",
        "ScheduledStationNameCodeSequence",
        "SourceManufacturer",
        "SourceSerialNumber",
        "StationName",
        "TimeOfLastCalibration",
        "TimeOfLastDetectorCalibration",
        "TransducerIdentificationSequence",
        "TreatmentMachineName",
        "UDISequence",
        "UniqueDeviceIdentifier",
        "XRayDetectorID",
        "XRayDetectorLabel",
        "XRaySourceID",
    )
)
# Text that the table does not act upon, and that tells which kind of device it was.
DEVICE_MODEL: Final = frozenset(
    (
        "DetectorManufacturerModelName",
        "DetectorManufacturerName",
        "Manufacturer",
        "ManufacturerModelName",
        "SecondaryCaptureDeviceManufacturer",
        "SecondaryCaptureDeviceManufacturerModelName",
        "SecondaryCaptureDeviceSoftwareVersions",
        "SoftwareVersions",
    )
)
PATIENT: Final = frozenset(
    (
        "EthnicGroup",
        "PatientAge",
        "PatientSex",
        "PatientSexNeutered",
        "PatientSize",
        "PatientWeight",
        "PregnancyStatus",
        "SmokingStatus",
    )
)
INSTITUTION: Final = frozenset(
    (
        "InstitutionAddress",
        "InstitutionalDepartmentName",
        "InstitutionalDepartmentTypeCodeSequence",
        "InstitutionCodeSequence",
        "InstitutionName",
    )
)
# Of whom, and not of the study: no option of dates keeps them.
NEVER_A_DATE: Final = frozenset({"PatientBirthDate", "PatientBirthTime"})


def is_one_of(tag: BaseTag, keywords: frozenset[str]) -> bool:
    """Is this attribute among these."""
    return keyword_for_tag(tag) in keywords
