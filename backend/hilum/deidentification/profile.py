"""The Basic Profile with its options, as an action for each attribute."""

from dataclasses import dataclass, field

from pydicom import DataElement, Dataset

from hilum.deidentification.retain import RetainOption
from hilum.deidentification.table import (
    DEVICE,
    INSTITUTION,
    NEVER_A_DATE,
    PATIENT,
    Action,
    is_one_of,
    table,
)

_DATES = ("DA", "TM", "DT")
_BASIC = ("113100", "Basic Application Confidentiality Profile")


# CID 7050.
_CODES = {
    RetainOption.UIDS: ("113110", "Retain UIDs Option"),
    RetainOption.DEVICE: ("113109", "Retain Device Identity Option"),
    RetainOption.DATES: (
        "113106",
        "Retain Longitudinal Temporal Information Full Dates Option",
    ),
    RetainOption.PATIENT: ("113108", "Retain Patient Characteristics Option"),
    RetainOption.INSTITUTION: ("113112", "Retain Institution Identity Option"),
}
_KEYWORDS = {
    RetainOption.DEVICE: DEVICE,
    RetainOption.PATIENT: PATIENT,
    RetainOption.INSTITUTION: INSTITUTION,
}


@dataclass(frozen=True, slots=True)
class Profile:
    """The Basic Profile with these options.

    Attributes
    ----------
    options : frozenset of RetainOption
    """

    options: frozenset[RetainOption] = field(default_factory=frozenset)

    def action(self, element: DataElement) -> Action | None:
        """What is done to an attribute; None where it is kept.

        Parameters
        ----------
        element : DataElement
        """
        found = table().action(element.tag)
        return None if found is not None and self._retains(element, found) else found

    @property
    def codes(self) -> list[Dataset]:
        """Items of De-identification Method Code Sequence (0012,0064)."""
        return [_code(*_BASIC), *(_code(*_CODES[each]) for each in sorted(self.options))]

    def _retains(self, element: DataElement, action: Action) -> bool:
        if action is Action.REPLACE_UID and RetainOption.UIDS in self.options:
            return not is_one_of(element.tag, DEVICE) or RetainOption.DEVICE in self.options
        if element.VR in _DATES and RetainOption.DATES in self.options:
            return not is_one_of(element.tag, NEVER_A_DATE)
        return any(
            option in self.options and is_one_of(element.tag, keywords)
            for option, keywords in _KEYWORDS.items()
        )


def _code(value: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning
    return item
