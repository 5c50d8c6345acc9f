"""The Basic Profile with its options, as an action for each attribute."""

from dataclasses import dataclass, field

from pydicom import Dataset
from pydicom.tag import BaseTag

from hilum.deidentification.retain import RetainOption
from hilum.deidentification.table import (
    DEVICE,
    DEVICE_MODEL,
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
    """The Basic Profile with these options."""

    options: frozenset[RetainOption] = field(default_factory=frozenset)

    def action(self, tag: BaseTag, representation: str) -> Action | None:
        """Action for an attribute; None if it is kept.

        Dates and times that the table does not name are replaced, too: newer editions of the
        standard have attributes that the table misses.

        Parameters
        ----------
        representation : str
            Value representation.
        """
        found = table().action(tag)
        if found is None:
            is_date = representation in _DATES and RetainOption.DATES not in self.options
            return Action.DUMMY if is_date else None
        return None if self._retains(tag, representation, found) else found

    def is_retained(self, tag: BaseTag) -> bool:
        """Whether an option retains the attribute, so that its text or its UIDs stay."""
        if RetainOption.DEVICE in self.options and is_one_of(tag, DEVICE_MODEL):
            return True
        return table().action(tag) is not None

    @property
    def codes(self) -> list[Dataset]:
        """Items of De-identification Method Code Sequence (0012,0064)."""
        return [_code(*_BASIC), *(_code(*_CODES[each]) for each in sorted(self.options))]

    def _retains(self, tag: BaseTag, representation: str, action: Action) -> bool:
        if action is Action.REPLACE_UID and RetainOption.UIDS in self.options:
            return not is_one_of(tag, DEVICE) or RetainOption.DEVICE in self.options
        if representation in _DATES and RetainOption.DATES in self.options:
            return not is_one_of(tag, NEVER_A_DATE)
        return any(
            option in self.options and is_one_of(tag, keywords)
            for option, keywords in _KEYWORDS.items()
        )


def _code(value: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning
    return item
