"""Vocabulary of findings, with one spelling in code, API and files."""

from dataclasses import dataclass
from enum import StrEnum

from hilum.words.catalogue import load_catalogue


@dataclass(frozen=True, slots=True)
class Coding:
    """A concept of a standard terminology.

    Attributes
    ----------
    scheme : str
        As DICOM designates it (PS3.16 section 8): SCT is SNOMED CT.
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
    EFFUSION = "effusion"
    PNEUMOTHORAX = "pneumothorax"
    MASS = "mass"
    NODULE = "nodule"
    ATELECTASIS = "atelectasis"
    CARDIOMEGALY = "cardiomegaly"
    CONSOLIDATION = "consolidation"
    EDEMA = "edema"
    EMPHYSEMA = "emphysema"
    FIBROSIS = "fibrosis"
    HERNIA = "hernia"
    INFILTRATION = "infiltration"
    PLEURAL_THICKENING = "pleural_thickening"
    ABNORMAL = "abnormal"
    """Any finding at all: the opposite of `NORMAL`."""

    @property
    def label(self) -> str:
        """The English words shown to people, as a title."""
        words = load_catalogue().say(f"finding.{self.value}")
        return words[:1].upper() + words[1:]

    @property
    def parts(self) -> tuple["Finding", ...]:
        """Parts of the finding: if one of them is present, so is the finding."""
        return _PARTS.get(self, ())

    @property
    def codings(self) -> tuple[Coding, ...]:
        """What standard terminologies call it, SNOMED CT first; none for `NORMAL`."""
        return _CODINGS[self]


_PARTS = {Finding.PNEUMONIA: (Finding.BACTERIAL_PNEUMONIA, Finding.VIRAL_PNEUMONIA)}

_CODINGS: dict[Finding, tuple[Coding, ...]] = {
    Finding.NORMAL: (),
    Finding.PNEUMONIA: (
        Coding("SCT", "233604007", "Pneumonia"),
        Coding("RADLEX", "RID5350", "pneumonia"),
    ),
    Finding.BACTERIAL_PNEUMONIA: (Coding("SCT", "53084003", "Bacterial pneumonia"),),
    Finding.VIRAL_PNEUMONIA: (Coding("SCT", "75570004", "Viral pneumonia"),),
    # Context groups of PS3.16: 645 and 8134; 6062 and 6102; 6102; 6102.
    Finding.EFFUSION: (Coding("SCT", "60046008", "Pleural effusion"),),
    Finding.PNEUMOTHORAX: (Coding("SCT", "36118008", "Pneumothorax"),),
    Finding.MASS: (Coding("SCT", "4147007", "Mass"),),
    Finding.NODULE: (Coding("SCT", "27925004", "Nodule"),),
    # SNOMED CT's disorders and findings, international edition; edema is in context group 3700 too,
    # and DICOM's group 6104 has a code of its own for an infiltrate. Groups 12248 and 12249 have
    # cardiomegaly as 287272002, which in SNOMED CT is an enlarged septal foramen.
    Finding.ATELECTASIS: (Coding("SCT", "46621007", "Atelectasis"),),
    Finding.CARDIOMEGALY: (Coding("SCT", "8186001", "Cardiomegaly"),),
    Finding.CONSOLIDATION: (Coding("SCT", "95436008", "Lung consolidation"),),
    Finding.EDEMA: (Coding("SCT", "19242006", "Pulmonary edema"),),
    Finding.EMPHYSEMA: (Coding("SCT", "87433001", "Pulmonary emphysema"),),
    Finding.FIBROSIS: (Coding("SCT", "51615001", "Fibrosis of lung"),),
    Finding.HERNIA: (Coding("SCT", "39839004", "Diaphragmatic hernia"),),
    Finding.INFILTRATION: (
        Coding("SCT", "409609008", "Radiologic infiltrate of lung"),
        Coding("DCM", "112121", "Infiltrate"),
    ),
    # No code for a thickening could be verified: this is the wider concept.
    Finding.PLEURAL_THICKENING: (Coding("SCT", "301256004", "Pleura finding"),),
    Finding.ABNORMAL: (Coding("SCT", "168734001", "Standard chest X-ray abnormal"),),
}
