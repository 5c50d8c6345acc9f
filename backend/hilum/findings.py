"""The vocabulary: every finding Hilum can name, with one spelling in code, API and files."""

from enum import StrEnum


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


_LABELS = {
    Finding.NORMAL: "Normal",
    Finding.PNEUMONIA: "Pneumonia",
    Finding.BACTERIAL_PNEUMONIA: "Bacterial pneumonia",
    Finding.VIRAL_PNEUMONIA: "Viral pneumonia",
}
