"""Header facts about a radiograph and its patient, without the identity."""

from pydicom import Dataset

from hilum.imaging.dicom.elements import code, codes, items, value, values
from hilum.imaging.dicom.objects import is_for_processing, is_secondary_capture
from hilum.imaging.dicom.spacing import read_spacing
from hilum.imaging.dicom.voi import voi_transforms
from hilum.imaging.film_warning import FilmWarning, FilmWarningCode
from hilum.imaging.header import Header, Laterality, Sex, is_of_chest
from hilum.imaging.orientation import (
    UPRIGHT,
    Orientation,
    SideDoubt,
    is_direction,
    orientation_of,
)
from hilum.imaging.radiograph import View

_VIEWS = {"PA": View.PA, "AP": View.AP} | dict.fromkeys(
    ("LL", "RL", "LLD", "RLD", "LATERAL", "LAT"), View.LATERAL
)
# View Position of oblique films: defined terms (PS3.3 C.8.1.1) and what writers send.
_OBLIQUE = frozenset({"RLO", "LLO", "RAO", "LAO", "RPO", "LPO", "OBL", "OBLIQUE"})
# All oblique ones of CID 4010.
_OBLIQUE_CODES = frozenset(
    {"399038007", "399225005", "399059000", "399099002", "399135007", "260427002", "399236003",
     "399368009", "399288005", "399356000", "399312000", "399184004", "399182000", "260426006",
     "399132005", "399325008", "399160007", "399004004", "399006002",
     "R-10210", "R-10250", "R-10216", "R-10230", "R-10220", "R-40783", "R-10234", "R-10226",
     "R-10248", "R-40985", "R-10208", "R-10238", "R-102C1", "R-40782", "R-10252", "R-10254",
     "R-10204", "R-10246", "R-10212"}
)  # fmt: skip
# View Code Sequence, CID 4010: SNOMED CT and the SRT codes of older files.
_VIEW_CODES = {
    "272479007": View.PA,
    "R-10214": View.PA,
    "399348003": View.AP,
    "R-10206": View.AP,
    "399067008": View.LATERAL,
    "R-10228": View.LATERAL,
    "399173006": View.LATERAL,
    "R-10236": View.LATERAL,
    "399198007": View.LATERAL,
    "R-10232": View.LATERAL,
}
# Anatomic Region Sequence, CID 4009 and PS3.16 annex L: the chest, what holds it, what fills it.
_CHEST_CODES = frozenset(
    {"51185008", "816094009", "T-D3000", "43799004", "72410000", "T-D3300", "39607008", "T-28000",
     "80891009", "T-32000", "416775004", "R-FAB56", "416550000", "R-FAB55", "417437006", "R-FAB52",
     "416319003", "R-FAB54", "416152001", "R-FAB53"}
)  # fmt: skip
_STANDARD_SCHEMES = frozenset({"SCT", "SRT", "SNM3", "99SDM"})
_LATERALITIES = {each.value: each for each in Laterality}
_SEXES = {each.value: each for each in Sex}


def read_header(dataset: Dataset) -> Header:
    """Read what helps to read the picture."""
    burned_in = code(dataset, "BurnedInAnnotation")
    return Header(
        modality=code(dataset, "Modality"),
        body_part=_body_part(dataset),
        laterality=_LATERALITIES.get(
            code(dataset, "ImageLaterality") or code(dataset, "Laterality") or ""
        ),
        patient_orientation=_patient_orientation(dataset),
        patient_sex=_SEXES.get(code(dataset, "PatientSex") or ""),
        has_burned_in_annotation={"YES": True, "NO": False}.get(burned_in or ""),
        spacing_origin=read_spacing(dataset)[1],
        windows=len(voi_transforms(dataset)),
        is_oblique=_is_oblique(dataset),
    )


def header_warnings(header: Header, view: View, sop_class: str) -> tuple[FilmWarning, ...]:
    """Find facts of a header that speak against reading the image."""
    is_lateral = _leads_from_front_to_back(header.patient_orientation)
    spoken = {
        FilmWarningCode.LATERAL: view is View.LATERAL,
        FilmWarningCode.OBLIQUE: header.is_oblique,
        FilmWarningCode.ORIENTATION_LATERAL: is_lateral and view is not View.LATERAL,
        FilmWarningCode.SHOWN_BY_HEADER: header.patient_orientation is not None
        and orientation_of(header.patient_orientation)[0] != UPRIGHT,
        FilmWarningCode.BURNED_IN: header.has_burned_in_annotation is True,
        FilmWarningCode.SECONDARY_CAPTURE: is_secondary_capture(sop_class),
        FilmWarningCode.FOR_PROCESSING: is_for_processing(sop_class),
    }
    return tuple(FilmWarning(code) for code, is_so in spoken.items() if is_so)


def read_view(dataset: Dataset) -> View:
    """Read View Position (PS3.3 C.8.1.1, C.8.11.5), else View Code Sequence.

    Where neither says it, rows that lead to the patient's front or back (Patient Orientation,
    PS3.3 C.7.6.1.1.1) are those of a lateral film.
    """
    said = _VIEWS.get(code(dataset, "ViewPosition") or "") or _VIEW_CODES.get(_view_code(dataset))
    if said is None and _leads_from_front_to_back(_patient_orientation(dataset)):
        return View.LATERAL
    return said or View.UNKNOWN


def _view_code(dataset: Dataset) -> str:
    return "".join(map(_code_value, items(dataset, "ViewCodeSequence")[:1]))


def _is_oblique(dataset: Dataset) -> bool:
    position = code(dataset, "ViewPosition") or ""
    return position in _OBLIQUE or (not position and _view_code(dataset) in _OBLIQUE_CODES)


def contradicts_view(dataset: Dataset) -> bool:
    """Whether View Position and View Code Sequence name several views, such as PA and lateral."""
    oblique = "oblique"
    views = [
        oblique if each in _OBLIQUE else _VIEWS.get(each) for each in codes(dataset, "ViewPosition")
    ]
    views += [
        oblique if each in _OBLIQUE_CODES else _VIEW_CODES.get(each)
        for each in map(_code_value, items(dataset, "ViewCodeSequence"))
    ]
    return len(set(views) - {None}) > 1


def _body_part(dataset: Dataset) -> str | None:
    """Body Part Examined and codes of the anatomic region; the first that is not the chest."""
    parts = codes(dataset, "BodyPartExamined")
    regions = [each for each in items(dataset, "AnatomicRegionSequence") if _code_value(each)]
    parts += ["CHEST" if _is_chest_region(each) else "OTHER" for each in regions]
    others = [each for each in parts if not is_of_chest(each)]
    return next(iter(others + parts), None)


def _is_chest_region(item: Dataset) -> bool:
    """By its code; a code of a scheme that is not known, by its meaning."""
    if str(value(item, "CodingSchemeDesignator")).strip() in _STANDARD_SCHEMES:
        return _code_value(item) in _CHEST_CODES
    meaning = str(value(item, "CodeMeaning")).upper()
    return _code_value(item) in _CHEST_CODES or is_of_chest(meaning)


def _code_value(item: Dataset) -> str:
    """Code Value, or the attribute used instead of it (PS3.3 8.1); empty if there is none."""
    kinds = ("CodeValue", "LongCodeValue", "URNCodeValue")
    return next((str(each).strip() for kind in kinds if (each := value(item, kind))), "")


def read_orientation(dataset: Dataset, view: View) -> tuple[Orientation, tuple[SideDoubt, ...]]:
    """Read how the picture is to be displayed, and why its sides may not be certain.

    Parameters
    ----------
    view : View
        See `read_view`.

    Returns
    -------
    tuple of SideDoubt
        Empty if the header states no orientation: the film is then assumed to be in radiological
        convention.
    """
    stored = _patient_orientation(dataset)
    orientation, doubt = orientation_of(stored) if stored else (UPRIGHT, None)
    is_said = any(str(each).strip() for each in values(dataset, "PatientOrientation"))
    doubts = {
        SideDoubt.UNREADABLE: stored is None and is_said,
        SideDoubt.LATERAL: view is View.LATERAL or doubt is SideDoubt.LATERAL,
        SideDoubt.OBLIQUE: doubt is SideDoubt.OBLIQUE,
    }
    return orientation, tuple(each for each, is_so in doubts.items() if is_so)


def _leads_from_front_to_back(orientation: tuple[str, str] | None) -> bool:
    """Whether the film, displayed upright, has the patient's front on one side."""
    return orientation is not None and orientation_of(orientation)[1] is SideDoubt.LATERAL


def _patient_orientation(dataset: Dataset) -> tuple[str, str] | None:
    found = [str(each).strip().upper() for each in values(dataset, "PatientOrientation")]
    if len(found) != 2 or not all(map(is_direction, found)):
        return None
    return found[0], found[1]
