"""Where a DICOM header and the picture itself say different things."""

from hilum.imaging import Radiograph
from hilum.imaging.header import Laterality
from hilum.models.anatomy import Anatomy
from hilum.populations import ADULT_YEARS, Population

# The films of children that the out-of-distribution score knows are of this age or under.
_SMALL_CHILD_YEARS = 6


def disagreements(
    radiograph: Radiograph, anatomy: Anatomy, *, was_inverted: bool = False
) -> list[str]:
    """Compare what the header says with what the picture shows; of sides see `hilum.models.sides`.

    Headers are typed in, copied between patients and set by default; which of the two is right is
    for a person to say. Compared only where the picture shows a chest of a kind that is known.

    Parameters
    ----------
    radiograph : Radiograph
    anatomy : Anatomy
        Of the picture as it is to be read.
    was_inverted : bool
        Bone was dark in the picture as its header has it shown.

    Returns
    -------
    list of str
        Sentences for people, none of which quotes a value of the file.
    """
    header = radiograph.header
    if header is None or anatomy.lung_field is None or not anatomy.out_of_distribution.is_known:
        return []
    years, looks_like = radiograph.patient_age_years, anatomy.out_of_distribution.population
    spoken = {
        "As the header has the picture shown, bone is dark in it.": was_inverted,
        "By the header's modality this is no radiograph, but the picture looks like one.": (
            header.names_other_modality
        ),
        "By the header another part of the body was examined, but the picture shows a chest.": (
            header.names_other_body_part
        ),
        "By the header one side of the chest is shown; the picture shows both lungs.": (
            header.laterality in (Laterality.RIGHT, Laterality.LEFT)
        ),
        "By the header's age this is an adult, but the film looks like a small child's.": (
            years is not None and years >= ADULT_YEARS and looks_like is Population.CHILDREN
        ),
        "By the header's age this is a small child, but the film looks like an adult's.": (
            years is not None and years < _SMALL_CHILD_YEARS and looks_like is Population.ADULTS
        ),
    }
    return [words for words, is_so in spoken.items() if is_so]
