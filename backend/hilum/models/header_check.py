"""Disagreements between a DICOM header and its image."""

from enum import StrEnum

from hilum.imaging import Radiograph
from hilum.imaging.header import Laterality
from hilum.models.anatomy import Anatomy
from hilum.populations import ADULT_YEARS, Population

# The films of children that the out-of-distribution score knows are of this age or under.
_SMALL_CHILD_YEARS = 6


class Disagreement(StrEnum):
    """Header statement that the image contradicts."""

    INVERTED = "inverted"
    MODALITY = "modality"
    BODY_PART = "body_part"
    ONE_SIDE = "one_side"
    ADULT = "adult"
    CHILD = "child"


def disagreements(
    radiograph: Radiograph, anatomy: Anatomy, *, was_inverted: bool = False
) -> list[Disagreement]:
    """Compare the header with the image; for sides see `hilum.models.sides`.

    Header values may be typed, copied between patients or defaults; a person must decide which of
    the two is right. They are compared only if the image is an accepted chest radiograph.

    Parameters
    ----------
    anatomy : Anatomy
        Anatomy of the image as it will be read.
    was_inverted : bool
        Bone was dark in the image as displayed by its header.
    """
    header = radiograph.header
    if header is None or anatomy.lung_field is None or not anatomy.picture.is_known:
        return []
    years, looks_like = radiograph.patient_age_years, anatomy.picture.population
    contradicted = {
        Disagreement.INVERTED: was_inverted,
        Disagreement.MODALITY: header.names_other_modality,
        Disagreement.BODY_PART: header.names_other_body_part,
        Disagreement.ONE_SIDE: header.laterality in (Laterality.RIGHT, Laterality.LEFT),
        Disagreement.ADULT: (
            years is not None and years >= ADULT_YEARS and looks_like is Population.CHILDREN
        ),
        Disagreement.CHILD: (
            years is not None and years < _SMALL_CHILD_YEARS and looks_like is Population.ADULTS
        ),
    }
    return [each for each, is_so in contradicted.items() if is_so]
