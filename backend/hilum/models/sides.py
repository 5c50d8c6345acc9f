"""Left and right: agreement of header and image."""

from dataclasses import replace

from hilum.imaging import Orientation, Radiograph, SideDoubt
from hilum.imaging.film_warning import FilmWarningCode, turned_warning
from hilum.models.anatomy import Anatomy
from hilum.models.anatomy.quality import QualityCode

_HEADERS_OWN = frozenset({SideDoubt.OBLIQUE, SideDoubt.UNREADABLE, SideDoubt.LATERAL})


def settle_sides(radiograph: Radiograph, anatomy: Anatomy, *, quarter_turns: int = 0) -> Radiograph:
    """Add the image's evidence against the sides given by its header.

    If the header states no orientation, radiological convention is assumed unless the picture
    contradicts it. Turning does not mirror a film, so the sides of a film without a header are
    known once it is turned upright; if a header states that such a film is upright, it is wrong.

    Parameters
    ----------
    radiograph : Radiograph
        As it is displayed.
    anatomy : Anatomy
        Of the displayed picture.
    quarter_turns : int
        How often the displayed picture is still turned from upright.

    Returns
    -------
    Radiograph
        With all `side_doubts`.
    """
    is_mirrored = any(note.code is QualityCode.MIRRORED for note in anatomy.notes)
    speaks_against = is_mirrored or radiograph.turned_degrees != 0 or quarter_turns != 0
    doubts = {
        SideDoubt.HEADER_DISAGREES: _is_said(radiograph) and speaks_against,
        SideDoubt.LOOKS_MIRRORED: not _is_said(radiograph) and is_mirrored,
        SideDoubt.NOT_UPRIGHT: quarter_turns != 0,
    }
    return _doubted(radiograph, *(doubt for doubt, is_so in doubts.items() if is_so))


def turned_upright(radiograph: Radiograph, quarter_turns: int) -> Radiograph:
    """Rotate a film upright, and mark the rotation.

    Parameters
    ----------
    quarter_turns : int
        Number of clockwise quarter turns, 1 to 3.
    """
    degrees = 90 * quarter_turns
    return replace(
        radiograph.displayed(Orientation(quarter_turns=quarter_turns)),
        turned_degrees=degrees,
        warnings=(*radiograph.warnings, turned_warning(degrees)),
    )


def without_header_turn(radiograph: Radiograph) -> Radiograph:
    """Display a film as stored, if its header would turn it the wrong way."""
    return replace(
        _doubted(radiograph.displayed(radiograph.orientation.inverse), SideDoubt.HEADER_DISAGREES),
        warnings=tuple(
            each for each in radiograph.warnings if each.code is not FilmWarningCode.SHOWN_BY_HEADER
        ),
    )


def _doubted(radiograph: Radiograph, *doubts: SideDoubt) -> Radiograph:
    """Add reasons why the sides of a radiograph are not certain, each once."""
    return replace(radiograph, side_doubts=tuple(dict.fromkeys((*radiograph.side_doubts, *doubts))))


def _is_said(radiograph: Radiograph) -> bool:
    """Whether a header states the orientation of a frontal film."""
    header = radiograph.header
    has_said = header is not None and header.patient_orientation is not None
    return has_said and _HEADERS_OWN.isdisjoint(radiograph.side_doubts)
