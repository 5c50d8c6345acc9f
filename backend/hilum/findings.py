"""The vocabulary: every finding Hilum can name, with one spelling in code, API and files."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Coding:
    """A concept of a standard terminology.

    Attributes
    ----------
    scheme : str
        As DICOM designates it (PS3.16 section 8): SCT is SNOMED CT.
    value, meaning : str
    """

    scheme: str
    value: str
    meaning: str


class Finding(StrEnum):
    """A finding on a chest radiograph; its value is the code used in the API and in cards."""

    NORMAL = "normal"
    PNEUMONIA = "pneumonia"
    BACTERIAL_PNEUMONIA = "bacterial_pneumonia"
    VIRAL_PNEUMONIA = "viral_pneumonia"

    @property
    def label(self) -> str:
        """The words shown to people."""
        return _LABELS[self]

    @property
    def codings(self) -> tuple[Coding, ...]:
        """What standard terminologies call it, SNOMED CT first; none for `NORMAL`."""
        return _CODINGS[self]


_LABELS = {
    Finding.NORMAL: "Normal",
    Finding.PNEUMONIA: "Pneumonia",
    Finding.BACTERIAL_PNEUMONIA: "Bacterial pneumonia",
    Finding.VIRAL_PNEUMONIA: "Viral pneumonia",
}

_CODINGS: dict[Finding, tuple[Coding, ...]] = {
    Finding.NORMAL: (),
    Finding.PNEUMONIA: (
        Coding("SCT", "233604007", "Pneumonia"),
        Coding("RADLEX", "RID5350", "pneumonia"),
    ),
    Finding.BACTERIAL_PNEUMONIA: (Coding("SCT", "53084003", "Bacterial pneumonia"),),
    Finding.VIRAL_PNEUMONIA: (Coding("SCT", "75570004", "Viral pneumonia"),),
}
