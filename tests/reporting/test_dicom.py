"""DICOM results: read back by highdicom and pydicom, right side and right numbers."""

import io
import logging

import cv2
import highdicom as hd
import numpy as np
import pydicom
import pypdf
import pytest
from pydicom.sr.codedict import codes as standard
from pydicom.sr.coding import Code
from pydicom.uid import ComputedRadiographyImageStorage, EncapsulatedPDFStorage

from hilum.models.suitability import ReasonCode
from hilum.reporting.dicom import codes
from hilum.reporting.errors import ReportError
from hilum.reporting.forms import Format
from hilum.reporting.outputs import applicable, make
from tests.reporting.drawn import COLUMNS, INSTANCE, ROWS, SERIES, SIDE, STUDY, dicom_source

DICOM = (Format.SR, Format.SEG, Format.SC, Format.DICOM_PDF)


def _read(report, wanted) -> pydicom.FileDataset:
    return pydicom.dcmread(io.BytesIO(make(report, wanted).content))


@pytest.fixture(scope="module")
def made(dicom_report):
    return {wanted: _read(dicom_report, wanted) for wanted in DICOM}


def _groups(structured: pydicom.Dataset):
    report = hd.sr.Comprehensive3DSR.from_dataset(structured)
    content = report.content
    assert isinstance(content, hd.sr.MeasurementReport)
    return content


def _number(group, name: Code) -> tuple[float, str]:
    (found,) = group.get_measurements(name)
    return found.value, found.unit.value


@pytest.mark.parametrize("wanted", DICOM)
def test_results_join_the_study_under_uids_of_their_own(made, wanted):
    found = made[wanted]

    assert found.StudyInstanceUID == STUDY
    assert found.SeriesInstanceUID != SERIES
    assert found.SOPInstanceUID != INSTANCE
    assert found.PatientName == "Lindqvist^Josephine"
    assert found.PatientID == "MRN-4711"
    assert (found.PatientBirthDate, found.PatientSex) == ("20220301", "F")
    assert (found.StudyDate, found.StudyTime) == ("20261120", "101500")
    assert (found.StudyID, found.AccessionNumber) == ("", "A77")
    assert found.ReferringPhysicianName == ""
    assert found.ContentDate == "20261121"
    equipment = found.ContributingEquipmentSequence
    ours = [item for item in equipment if item.Manufacturer == "Hilum"]
    assert ours[0].ManufacturerModelName == "pneumonia"
    assert "1.2.3" in ours[0].SoftwareVersions


def test_the_page_has_the_time_of_the_film_and_the_equipment_is_ours(draw, make_dicom):
    time = "20261120101500.25"
    report = draw(dicom_source(make_dicom, AcquisitionDateTime=time, StationName="House"))

    assert _read(report, Format.DICOM_PDF).AcquisitionDateTime == time
    for wanted in DICOM:
        equipment = _read(report, wanted).ContributingEquipmentSequence
        assert {item.Manufacturer for item in equipment} <= {
            "Hilum",
            "Highdicom open-source contributors",
        }


def test_no_two_results_share_a_uid_or_a_series_number(made):
    for name in ("SeriesInstanceUID", "SeriesNumber", "SOPInstanceUID"):
        assert len({found[name].value for found in made.values()}) == len(made)


def test_the_same_report_gives_the_same_bytes(dicom_report):
    for wanted in DICOM:
        assert make(dicom_report, wanted).content == make(dicom_report, wanted).content


def test_the_report_is_preliminary_and_unverified(made):
    found = made[Format.SR]

    assert found.SOPClassUID == "1.2.840.10008.5.1.4.1.1.88.34"
    assert found.VerificationFlag == "UNVERIFIED"
    assert found.PreliminaryFlag == "PRELIMINARY"
    assert found.ContentTemplateSequence[0].TemplateIdentifier == "1500"
    evidence = found.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert evidence.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == INSTANCE


def test_the_target_has_probability_operating_point_and_presence(made):
    (group,) = _groups(made[Format.SR]).get_image_measurement_groups(
        tracking_uid=None, finding_type=Code("233604007", "SCT", "Pneumonia")
    )

    assert _number(group, codes.PROBABILITY) == (pytest.approx(90.0), "%")
    assert _number(group, codes.OPERATING_POINT) == (pytest.approx(60.0), "%")
    (presence,) = group.get_qualitative_evaluations(codes.PRESENCE)
    assert presence.value == Code("52101004", "SCT", "Present")


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({"probability": 0.1}, "272519000"),
        ({"probability": 0.4}, "82334004"),
        ({"age_years": 70.0}, "82334004"),
        ({"forced": (ReasonCode.UNLIKE_TRAINING,)}, "82334004"),
    ],
)
def test_presence_is_certain_only_where_the_reading_is(draw, source, changes, value):
    found = _groups(_read(draw(source, **changes), Format.SR))
    (group,) = found.get_image_measurement_groups(
        finding_type=Code("233604007", "SCT", "Pneumonia")
    )
    (presence,) = group.get_qualitative_evaluations(codes.PRESENCE)
    assert presence.value.value == value


def test_parts_that_are_not_assessed_have_no_number(made):
    for value in ("53084003", "75570004"):
        (group,) = _groups(made[Format.SR]).get_image_measurement_groups(
            finding_type=Code(value, "SCT", "any")
        )
        assert group.get_measurements() == []
        (assessment,) = group.get_qualitative_evaluations(codes.ASSESSMENT)
        assert assessment.value == codes.NOT_ASSESSED


def test_the_observer_is_a_device_and_the_algorithm_is_named(made):
    text = str(made[Format.SR])
    assert "Device Observer UID" in text
    (group,) = _groups(made[Format.SR]).get_image_measurement_groups(
        finding_type=Code("233604007", "SCT", "Pneumonia")
    )
    names = {item.ConceptNameCodeSequence[0].CodeMeaning: item for item in group[0].ContentSequence}
    assert names["Algorithm Name"].TextValue == "pneumonia"
    assert names["Algorithm Version"].TextValue == "1.2.3"


@pytest.mark.parametrize(("hot", "side"), [("left_lower", "left"), ("right_lower", "right")])
def test_evidence_lies_on_the_patients_side(draw, source, hot, side):
    report = draw(source, hot=hot)
    regions = _groups(_read(report, Format.SR)).get_planar_roi_measurement_groups()

    assert len(regions) == 1
    points = regions[0].roi.value
    # A closed line around the cell, in the source's pixels: the patient's left is on the right.
    assert np.array_equal(points[0], points[-1])
    assert (points[:, 0].mean() > COLUMNS / 2) == (side == "left")
    (peak,) = report.result.main.evidence.findings[:1]
    assert cv2.pointPolygonTest(points.astype(np.float32)[:, None], peak.peak, False) >= 0
    (site,) = regions[0].finding_sites
    assert site.value.meaning == "Lower zone of lung"
    assert site.laterality.meaning.lower() == side


def test_the_ratio_has_its_diameters_where_they_were_measured(made, dicom_report):
    groups = _groups(made[Format.SR]).get_image_measurement_groups()
    group = next(each for each in groups if each.tracking_identifier == "cardiothoracic ratio")

    # The drawn ellipses: 161 pixels of 512 in 800 columns of a quarter of a millimetre.
    heart_mm = 161 / SIDE * COLUMNS * 0.25
    assert _number(group, codes.HEART_WIDTH) == (pytest.approx(heart_mm, abs=0.5), "mm")
    ratio, unit = _number(group, codes.CARDIOTHORACIC_RATIO)
    assert (ratio, unit) == (pytest.approx(161 / 353, abs=0.005), "{ratio}")
    (validity,) = group.get_qualitative_evaluations(codes.VALIDITY)
    assert validity.value == codes.NOT_VALID  # A child.
    (heart,) = group.get_measurements(codes.HEART_WIDTH)
    line = heart.referenced_coordinates[0].value
    # Half a pixel further than between pixel centres: from the picture's corner.
    centre = (280 + 0.5) / SIDE * COLUMNS
    assert line[:, 0].mean() == pytest.approx(centre, abs=0.05)
    assert abs(line[1, 0] - line[0, 0]) * 0.25 == pytest.approx(heart_mm, abs=0.5)


def test_lengths_are_pixels_where_there_is_no_spacing(draw, make_dicom):
    source = dicom_source(make_dicom, PixelSpacing=None)
    groups = _groups(_read(draw(source), Format.SR)).get_image_measurement_groups()
    group = next(each for each in groups if each.tracking_identifier == "cardiothoracic ratio")
    assert _number(group, codes.HEART_WIDTH) == (
        pytest.approx(161 / SIDE * COLUMNS, abs=2), "{pixels}",
    )  # fmt: skip


def test_the_words_and_the_notice_are_in_the_report(made):
    items = made[Format.SR].ContentSequence
    comment = next(
        i for i in items if i.ConceptNameCodeSequence[0].CodeValue == standard.DCM.Comment.value
    )
    assert "Probability of pneumonia 90.0\u00a0%" in comment.TextValue
    assert comment.TextValue.endswith("Not a medical device: a person decides.")


def test_segments_lie_where_they_were_drawn(made):
    segmentation = hd.seg.Segmentation.from_dataset(made[Format.SEG])

    labels = {
        segmentation.get_segment_description(number).segment_label: number
        for number in segmentation.segment_numbers
    }
    assert list(labels) == ["Right lung", "Left lung", "Heart", "Evidence, pneumonia"]
    masks = segmentation.get_pixels_by_source_instance(
        [INSTANCE], assert_missing_frames_are_empty=True
    )
    assert masks.shape == (1, ROWS, COLUMNS, 4)
    stretch = (ROWS / SIDE) * (COLUMNS / SIDE)
    for label, area in (("Right lung", np.pi * 70.5 * 150.5), ("Heart", np.pi * 80.5 * 70.5)):
        mask = masks[0, :, :, labels[label] - 1]
        assert mask.sum() == pytest.approx(area * stretch, rel=0.01)
    columns = {
        label: np.nonzero(masks[0, :, :, number - 1])[1].mean() for label, number in labels.items()
    }
    assert columns["Right lung"] == pytest.approx((150 + 0.5) / SIDE * COLUMNS, abs=1)
    assert columns["Left lung"] == pytest.approx((362 + 0.5) / SIDE * COLUMNS, abs=1)
    assert columns["Evidence, pneumonia"] > COLUMNS / 2  # The left lower zone.


def test_the_evidences_segment_is_the_reports_region(made):
    segmentation = hd.seg.Segmentation.from_dataset(made[Format.SEG])
    masks = segmentation.get_pixels_by_source_instance(
        [INSTANCE], assert_missing_frames_are_empty=True
    )
    (region,) = _groups(made[Format.SR]).get_planar_roi_measurement_groups()
    drawn = np.zeros((ROWS, COLUMNS), dtype=np.uint8)
    cv2.fillPoly(drawn, [np.rint(region.roi.value - 0.5).astype(np.int32)], 1)
    mask = masks[0, :, :, 3].astype(bool)

    overlap = (mask & drawn.astype(bool)).sum()
    assert 2 * overlap / (mask.sum() + drawn.sum()) > 0.97


def test_a_segmentation_of_nothing_is_refused(draw, source):
    report = draw(source, has_organs=False, has_evidence_layer=False)

    assert Format.SEG not in applicable(report)
    with pytest.raises(ReportError, match="no outline of lungs and heart is credible"):
        make(report, Format.SEG)


def test_the_capture_shows_evidence_and_has_the_notice_below_the_film(made, dicom_report):
    found = made[Format.SC]
    pixels = found.pixel_array.astype(int)

    assert found.Modality == "OT"
    assert list(found.ImageType[:2]) == ["DERIVED", "SECONDARY"]
    assert found.BurnedInAnnotation == "NO"
    assert found.SourceImageSequence[0].ReferencedSOPInstanceUID == INSTANCE
    height = round(pixels.shape[1] * ROWS / COLUMNS)
    assert pixels.shape[0] > height + 40
    painted = np.abs(pixels[:height, :, 0] - pixels[:height, :, 2]) > 40
    half = pixels.shape[1] // 2
    assert painted[:, half:].sum() > 3 * painted[:, :half].sum()
    assert (pixels[height:] > 150).any()  # Letters.


def test_the_page_is_in_the_study_and_says_whose_it_is(made):
    found = made[Format.DICOM_PDF]

    assert found.SOPClassUID == EncapsulatedPDFStorage
    assert found.MIMETypeOfEncapsulatedDocument == "application/pdf"
    content = found.EncapsulatedDocument[: found.EncapsulatedDocumentLength]
    text = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "Lindqvist, Josephine · ID MRN-4711 · born 2022-03-01 · study of 2026-11-20" in text
    assert found.SourceInstanceSequence[0].ReferencedSOPInstanceUID == INSTANCE


@pytest.mark.parametrize("wanted", DICOM)
def test_a_picture_that_is_no_dicom_is_refused_with_the_reason(draw, wanted):
    with pytest.raises(ReportError, match="this file is no DICOM"):
        make(draw(), wanted)


@pytest.mark.parametrize("name", ["StudyInstanceUID", "SeriesInstanceUID"])
@pytest.mark.parametrize("value", [None, "not a uid"])
def test_a_file_without_its_study_is_refused(draw, make_dicom, name, value):
    source = dicom_source(make_dicom)
    dataset = pydicom.dcmread(io.BytesIO(source))
    del dataset[name]
    if value is not None:
        dataset.add(pydicom.DataElement(name, "UI", value, validation_mode=pydicom.config.IGNORE))
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, dataset)
    report = draw(buffer.getvalue())

    assert applicable(report) == (Format.PDF, Format.FHIR, Format.JSON)
    with pytest.raises(ReportError, match=name):
        make(report, Format.SR)


def test_a_bare_computed_radiograph_is_enough(draw, make_dicom):
    source = dicom_source(
        make_dicom,
        SOPClassUID=ComputedRadiographyImageStorage,
        PatientName="",
        PatientID="",
        **dict.fromkeys(
            ["PatientBirthDate", "PatientSex", "PatientAge", "StudyDate", "StudyTime", "StudyID",
             "AccessionNumber", "ReferringPhysicianName", "Manufacturer", "PatientOrientation"],
        ),
    )  # fmt: skip
    report = draw(source)
    for wanted in DICOM:
        assert _read(report, wanted).StudyInstanceUID == STUDY


def test_values_that_break_the_rules_are_not_handed_on(draw, make_dicom):
    def spoil(dataset):
        for name, vr, value in (
            ("PatientBirthDate", "DA", "last May"),
            ("PatientSex", "CS", "Q"),
            ("StudyTime", "TM", "noon"),
        ):
            element = pydicom.DataElement(name, vr, value, validation_mode=pydicom.config.IGNORE)
            dataset.add(element)

    report = draw(dicom_source(make_dicom, before=spoil))
    for wanted in DICOM:
        found = _read(report, wanted)
        assert not found.PatientBirthDate
        assert not found.PatientSex
        assert not found.StudyTime
        assert found.PatientID == "MRN-4711"


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        ("ISO_IR 100", "Müller^Zoë"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    ],
)
def test_names_keep_their_letters(draw, make_dicom, charset, name):
    report = draw(dicom_source(make_dicom, SpecificCharacterSet=charset, PatientName=name))
    for wanted in DICOM:
        found = _read(report, wanted)
        assert found.SpecificCharacterSet == "ISO_IR 192"
        assert str(found.PatientName) == name


def test_no_log_and_no_warning_holds_a_name(draw, make_dicom, caplog, recwarn):
    caplog.set_level(logging.DEBUG)
    # One component alone: highdicom would quote it as unlikely to be a name.
    report = draw(dicom_source(make_dicom, PatientName="Lindqvist"))
    for wanted in Format:
        made = make(report, wanted)
        assert "Lindqvist" not in made.name
    told = caplog.text + " ".join(str(warning.message) for warning in recwarn)
    assert "Lindqvist" not in told
    assert str(_read(report, Format.SR).PatientName) == "Lindqvist"
