"""Header of a DICOM radiograph, without the patient's identity."""

from dataclasses import dataclass
from enum import StrEnum


class Laterality(StrEnum):
    """Image Laterality (0020,0062), in the standard's own codes."""

    RIGHT = "R"
    LEFT = "L"
    BOTH = "B"
    UNPAIRED = "U"


class Sex(StrEnum):
    """Patient's Sex (0010,0040)."""

    FEMALE = "F"
    MALE = "M"
    OTHER = "O"


class SpacingOrigin(StrEnum):
    """Where a spacing was measured (PS3.3 10.7.1)."""

    CALIBRATED = "calibrated"
    """Pixel Spacing, in the patient."""
    DETECTOR = "detector"
    """At the detector, the magnification unknown: the body is smaller than measured."""
    CORRECTED = "corrected"
    """At the detector, divided by the magnification."""
    UNSTATED = "unstated"
    """Pixel Spacing, of which the file does not say where it was measured."""
    FILM = "film"
    """Nominal Scanned Pixel Spacing, on the film that was scanned."""


# Parts that show both lungs, as the standard and writers name them (PS3.16 annex L).
_CHEST_WORDS = ("CHEST", "THORAX", "TORAX", "LUNG", "HEART")
RADIOGRAPHS = frozenset({"CR", "DX", "DR", "XR", "RG", "RF", "SC", "OT", "HC"})
"""Modalities of radiographs, and what others are sent as: fluoroscopy, captures, scanned films."""


def is_of_chest(part: str) -> bool:
    """Whether a part of the body, in capitals, is one that shows both lungs."""
    return any(word in part for word in _CHEST_WORDS)


@dataclass(frozen=True, slots=True)
class Header:
    """Attributes of a DICOM file that help to read it, without the identity.

    Age, view and spacing stand in the `hilum.imaging.Radiograph` itself.

    Attributes
    ----------
    modality : str or None
        Modality (0008,0060), a code of two to sixteen letters such as DX.
    body_part : str or None
        Body Part Examined (0018,0015), a code such as CHEST; where only Anatomic Region Sequence
        (0008,2218) tells, CHEST or OTHER. Of several, one that is not the chest.
    laterality : Laterality or None
        Image Laterality, else Laterality.
    patient_orientation : tuple of str or None
        Patient Orientation (0020,0020): where the rows and the columns lead, such as L and F.
    patient_sex : Sex or None
    has_burned_in_annotation : bool or None
        Burned In Annotation (0028,0301); None where it is not said.
    spacing_origin : SpacingOrigin or None
        Where the radiograph's spacing was measured; None where it has none.
    windows : int
        How many VOI LUTs and windows there are to choose from.
    is_oblique : bool
        View Position or View Code Sequence name an oblique view, such as RAO.
    """

    modality: str | None = None
    body_part: str | None = None
    laterality: Laterality | None = None
    patient_orientation: tuple[str, str] | None = None
    patient_sex: Sex | None = None
    has_burned_in_annotation: bool | None = None
    spacing_origin: SpacingOrigin | None = None
    windows: int = 0
    is_oblique: bool = False

    @property
    def names_other_body_part(self) -> bool:
        """Body Part Examined is another than the chest, such as RIBCAGE or HIP."""
        return self.body_part is not None and not is_of_chest(self.body_part)

    @property
    def names_other_modality(self) -> bool:
        """Modality is not one of radiographs, such as CT."""
        return self.modality is not None and self.modality not in RADIOGRAPHS
