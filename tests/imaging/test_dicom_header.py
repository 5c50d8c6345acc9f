"""Header values reach the radiograph and its warnings; the patient's identity does not."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import Dataset

from hilum.imaging import Laterality, Radiograph, Sex, View, decode
from tests.film_words import words_of
from tests.imaging.dicom_files import SYNTAXES, write

Grey = NDArray[np.uint8]
PLAIN = SYNTAXES["explicit little endian"]


def _read(film: Grey, before: Any = None, **elements: Any) -> Radiograph:
    return decode(write(film, PLAIN, bits_stored=8, before=before, **elements))


def test_the_header_is_read(film: Grey) -> None:
    radiograph = _read(
        film,
        Modality="CR",
        BodyPartExamined="CHEST",
        ImageLaterality="U",
        PatientOrientation=["L", "F"],
        PatientSex="F",
        PatientAge="004Y",
        BurnedInAnnotation="NO",
        WindowCenter=[100, 120],
        WindowWidth=[200, 100],
    )
    header = radiograph.header
    assert header is not None
    assert (header.modality, header.body_part) == ("CR", "CHEST")
    assert header.laterality is Laterality.UNPAIRED
    assert header.patient_orientation == ("L", "F")
    assert header.patient_sex is Sex.FEMALE
    assert header.has_burned_in_annotation is False
    assert header.windows == 2
    assert radiograph.patient_age_years == 4
    assert radiograph.warnings == ()


def _coded(code: str | None, scheme: str | None = "SCT", meaning: str | None = None) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code, scheme, meaning
    return item


# PS3.3 C.8.1.1 and CID 4010.
@pytest.mark.parametrize(
    ("position", "view_code", "is_told"),
    [
        ("RAO", None, True), ("LPO", None, True), ("rlo", None, True), ("OBLIQUE", None, True),
        ("PA", "399135007", False), (None, "399135007", True), (None, "R-10212", True),
        (None, "272479007", False), ("AP", None, False), (None, None, False),
    ],
)  # fmt: skip
def test_an_oblique_view_is_told(
    film: Grey, position: str | None, view_code: str | None, is_told: bool
) -> None:
    item = Dataset()
    item.CodeValue = view_code
    said = {"ViewPosition": position, "ViewCodeSequence": [item] if view_code else None}
    radiograph = _read(film, **{name: each for name, each in said.items() if each})
    assert len([words for words in words_of(radiograph) if "oblique" in words]) == is_told


@pytest.mark.parametrize(
    ("elements", "years"),
    [
        ({"PatientAge": "006M"}, 0.5),
        ({"PatientAge": "004Y", "PatientBirthDate": "20200101", "StudyDate": "20241231"}, 4),
        ({"PatientAge": "005Y", "PatientBirthDate": "20201231", "StudyDate": "20250101"}, 5),
        ({"PatientAge": "004Y", "PatientBirthDate": "19500101", "StudyDate": "20210304"}, None),
        ({"PatientAge": "034Y", "PatientBirthDate": "20180101", "StudyDate": "20210304"}, None),
        ({"PatientBirthDate": "20200229", "StudyDate": "20250228"}, pytest.approx(5, abs=0.01)),
        ({"PatientBirthDate": "20200301", "StudyDate": "20210301"}, 1),
        (
            {"PatientBirthDate": "20200301", "AcquisitionDate": "20200303"},
            pytest.approx(2 / 365.25),
        ),
        ({"PatientBirthDate": "20200301"}, None),
        ({"PatientBirthDate": "20200301", "StudyDate": "20190301"}, None),
        ({"PatientBirthDate": "circa 1950", "StudyDate": "20250101"}, None),
        ({"PatientAge": "999Y"}, None),
        ({"PatientAge": "34Y"}, 34),
        ({"PatientAge": "6M"}, 0.5),
        ({"PatientAge": " 034y "}, 34),
        ({"PatientAge": "52w"}, pytest.approx(52 * 7 / 365.25)),
        ({"PatientAge": "0D"}, 0),
        ({"PatientAge": "34 Y"}, 34),
        ({"PatientAge": "34"}, None),
        ({"PatientAge": "Y034"}, None),
        ({"PatientAge": "-34Y"}, None),
        ({"PatientAge": "3.4Y"}, None),
        ({"PatientAge": "0034Y"}, None),
        ({"PatientAge": "thirty"}, None),
        # What is no age leaves the birth date.
        ({"PatientAge": "34X", "PatientBirthDate": "20200301", "StudyDate": "20210301"}, 1),
    ],
)
def test_the_age_is_told_by_the_header_or_by_its_dates(
    film: Grey, elements: dict[str, str], years: float | None
) -> None:
    assert _read(film, **elements).patient_age_years == years


@pytest.mark.parametrize(
    ("elements", "is_told"),
    [
        ({"PatientAge": "411Y", "PatientBirthDate": "20200301", "StudyDate": "20210301"}, True),
        ({"PatientAge": "126Y"}, True),
        ({"PatientAge": "125Y"}, False),
        ({"PatientBirthDate": "16140301", "StudyDate": "20250301"}, True),
        ({"PatientBirthDate": "20250301", "StudyDate": "20190301"}, True),
        ({"PatientAge": "nonsense"}, True),
        ({"PatientAge": "-3Y"}, True),
        ({"PatientAge": "Y"}, True),
        ({"PatientAge": "34YR"}, True),
        ({"PatientBirthDate": "19990229", "StudyDate": "20250301"}, True),
        ({"PatientAge": "034Y", "PatientBirthDate": "19990229"}, False),
        ({}, False),
    ],
)
def test_an_age_that_nobody_has_is_left_out_and_that_is_said(
    film: Grey, elements: dict[str, str], is_told: bool
) -> None:
    radiograph = _read(film, **elements)
    assert ["is impossible" in words for words in words_of(radiograph)] == [True] * is_told
    if is_told:
        assert radiograph.patient_age_years is None
        assert not any(char.isdigit() for char in words_of(radiograph)[0])


@pytest.mark.parametrize(
    ("age", "born", "is_told"),
    [
        ("004Y", "19500101", True),
        ("034Y", "20180101", True),
        ("034Y", "20260101", True),
        ("002Y", "20201201", True),
        ("004M", "20160304", True),
        ("063Y", "19550304", True),
        ("065Y", "19550404", False),
        ("067Y", "19550304", False),
        ("068Y", "19550304", True),
        ("017Y", "20030104", True),
        ("017Y", "20030404", False),
        ("034Y", "19990229", False),
        ("411Y", "20180101", False),
        ("34X", "20180101", False),
    ],
)
def test_an_age_more_than_a_year_from_the_birth_date_is_contradicted(
    film: Grey, age: str, born: str, is_told: bool
) -> None:
    radiograph = _read(film, PatientAge=age, PatientBirthDate=born, StudyDate="20210304")
    told = [words for words in words_of(radiograph) if "contradict each other" in words]
    assert len(told) == is_told
    if is_told:
        assert radiograph.patient_age_years is None
        assert words_of(radiograph) == told
        assert not any(char.isdigit() for char in told[0])


@pytest.mark.parametrize(
    ("position", "codes", "is_told"),
    [
        ("PA", ["399067008"], True),
        ("LL", ["272479007"], True),
        ("AP", ["R-10214"], True),
        ("PA", ["399135007"], True),
        ("RAO", ["272479007"], True),
        (["PA", "LL"], [], True),
        (None, ["272479007", "399067008"], True),
        ("PA", ["272479007"], False),
        ("LATERAL", ["399198007"], False),
        ("RAO", ["399135007"], False),
        ("PA", ["C-17"], False),
        ("POSTERIOR", ["399067008"], False),
    ],
)
def test_a_header_that_names_two_views_is_told_to_contradict_itself(
    film: Grey, position: str | list[str] | None, codes: list[str], is_told: bool
) -> None:
    said = {"ViewPosition": position, "ViewCodeSequence": [_coded(each) for each in codes]}
    radiograph = _read(film, **{name: each for name, each in said.items() if each})
    told = [words for words in words_of(radiograph) if "contradictory views" in words]
    assert len(told) == is_told


@pytest.mark.parametrize(
    ("part", "regions", "is_other"),
    [
        (None, [("24136001", "SCT", "Hip joint")], True),
        (None, [("T-D9200", "SRT", "Knee")], True),
        ("CHEST", [("24136001", "SCT", "Hip joint")], True),
        (["CHEST", "HIP"], [], True),
        (["HIP", "CHEST"], [], True),
        ("CHEST", [("51185008", "SCT", "Chest"), ("24136001", "SCT", "Hip joint")], True),
        (None, [("24136001", "SCT", "Chest")], True),
        (None, [("H-1", "99LOCAL", "Hip")], True),
        (None, [("C-1", "99LOCAL", "Chest, upright")], False),
        (None, [("51185008", "SCT", "Chest")], False),
        (None, [("816094009", "SCT", "Chest")], False),
        ("CHEST", [("T-28000", "SRT", "Lung")], False),
        ("CHEST", [(None, None, None)], False),
    ],
)
def test_a_part_of_the_body_may_be_a_code(
    film: Grey,
    part: str | list[str] | None,
    regions: list[tuple[str | None, str | None, str | None]],
    is_other: bool,
) -> None:
    said = {
        "BodyPartExamined": part,
        "AnatomicRegionSequence": [_coded(*each) for each in regions],
    }
    header = _read(film, **{name: each for name, each in said.items() if each}).header
    assert header is not None
    assert header.names_other_body_part is is_other


def test_a_code_too_long_for_its_value_is_a_code(film: Grey) -> None:
    item = Dataset()
    item.LongCodeValue = "24136001000000000000"
    header = _read(film, AnatomicRegionSequence=[item]).header
    assert header is not None
    assert header.names_other_body_part


@pytest.mark.parametrize(
    ("part", "is_other"),
    [
        ("CHEST", False),
        ("chest", False),
        ("THORAX", False),
        ("CHEST_ABDOMEN", False),
        ("LUNG", False),
        ("RIBCAGE", True),
        ("RIB", True),
        ("HIP", True),
        ("ABDOMEN", True),
        ("", False),
    ],
)
def test_which_parts_of_the_body_are_others_than_the_chest(
    film: Grey, part: str, is_other: bool
) -> None:
    header = _read(film, BodyPartExamined=part).header
    assert header is not None
    assert header.names_other_body_part is is_other


@pytest.mark.parametrize(
    ("modality", "is_other"),
    [("CR", False), ("dx", False), ("XR", False), ("OT", False), ("CT", True), ("MG", True)],
)
def test_which_modalities_are_others_than_radiography(
    film: Grey, modality: str, is_other: bool
) -> None:
    header = _read(film, Modality=modality).header
    assert header is not None
    assert header.names_other_modality is is_other


def test_a_picture_has_no_header(files: dict[str, bytes]) -> None:
    assert decode(files["png"]).header is None


def test_values_that_are_no_codes_are_not_kept(film: Grey) -> None:
    radiograph = _read(
        film, BodyPartExamined="Chest of Josephine Lindqvist, born 1970", PatientSex="Josephine"
    )
    assert radiograph.header is not None
    assert radiograph.header.body_part is None
    assert radiograph.header.patient_sex is None


def test_nothing_of_the_radiograph_tells_who(film: Grey) -> None:
    radiograph = _read(
        film, PatientComments="Lindqvist", BodyPartExamined="SKULL", ViewPosition="LL"
    )
    told = repr(dataclasses.replace(radiograph, pixels=np.zeros((1, 1), np.float32)))
    assert "Lindqvist" not in told
    assert "4711" not in told
    assert not any("SKULL" in words for words in words_of(radiograph))


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        ({"ViewPosition": "LL"}, "lateral film"),
        ({"PatientOrientation": ["A", "F"]}, "According to the header this is a lateral film"),
        ({"PatientOrientation": ["A", "F"], "ViewPosition": "PA"}, "orientation is that of a lat"),
        ({"PatientOrientation": ["R", "F"]}, "mirrored or turned"),
        ({"BurnedInAnnotation": "YES"}, "burned into the picture"),
        ({"PresentationLUTShape": "INVERSE"}, "which end of the greys"),
        (
            {"PhotometricInterpretation": "MONOCHROME1", "PresentationLUTShape": "IDENTITY"},
            "which end of the greys",
        ),
    ],
)
def test_what_speaks_against_reading_is_warned_of(
    film: Grey, elements: dict[str, Any], said: str
) -> None:
    (words,) = words_of(_read(film, **elements))
    assert said in words


@pytest.mark.parametrize(
    ("sop_class", "said"),
    [
        ("1.2.840.10008.5.1.4.1.1.7", "secondary capture"),
        ("1.2.840.10008.5.1.4.1.1.1.1.1", "before processing"),
    ],
)
def test_kinds_of_files_that_look_different_are_warned_of(
    film: Grey, sop_class: str, said: str
) -> None:
    def change(dataset: Dataset) -> None:
        dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = sop_class

    (words,) = words_of(_read(film, before=change))
    assert said in words


@pytest.mark.parametrize("part", ["CHEST", "CHEST PORT", "THORAX", "LUNG", ""])
def test_names_of_the_chest_are_not_warned_of(film: Grey, part: str) -> None:
    assert _read(film, BodyPartExamined=part).warnings == ()


@pytest.mark.parametrize(
    ("code", "view"),
    [
        ("272479007", View.PA),
        ("R-10206", View.AP),
        ("399067008", View.LATERAL),
        ("399004004", View.UNKNOWN),
    ],
)
def test_the_view_may_be_a_code(film: Grey, code: str, view: View) -> None:
    item = Dataset()
    item.CodeValue = code

    def change(dataset: Dataset) -> None:
        dataset.ViewCodeSequence = [item]

    assert _read(film, before=change).view is view


@pytest.mark.parametrize(
    ("orientation", "position", "view"),
    [
        (["A", "F"], "", View.LATERAL),
        (["P", "F"], None, View.LATERAL),
        (["A", "F"], "PA", View.PA),
        (["L", "F"], "", View.UNKNOWN),
        (["LA", "F"], "", View.UNKNOWN),
    ],
)
def test_a_view_that_is_not_said_is_lateral_by_the_orientation_alone(
    film: Grey, orientation: list[str], position: str | None, view: View
) -> None:
    elements = {} if position is None else {"ViewPosition": position}
    assert _read(film, PatientOrientation=orientation, **elements).view is view


def test_another_window_can_be_chosen(film: Grey) -> None:
    content = write(film, PLAIN, bits_stored=8, WindowCenter=[128, 64.5], WindowWidth=[256, 129])
    assert np.abs(decode(content).pixels - film / 255).max() < 0.01
    chosen = decode(content, window=1).pixels
    assert np.abs(chosen - np.clip(film / 128, 0, 1)).max() < 1e-6
