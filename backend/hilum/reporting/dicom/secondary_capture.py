"""Secondary Capture: the film with evidence and notice burned in, for any viewer."""

import cv2
import numpy as np
from highdicom import CoordinateSystemNames, PhotometricInterpretationValues
from highdicom.sc import SCImage
from PIL import Image, ImageDraw, ImageFont
from pydicom import Dataset
from pydicom.sr.codedict import codes as standard
from pydicom.valuerep import DA, TM

from hilum.reporting.captions import wrapped
from hilum.reporting.dicom.stamp import MANUFACTURER, Series, equipment, stamp
from hilum.reporting.fonts import STRONG, font_file
from hilum.reporting.pictures import Colour, evidence_picture, marks
from hilum.reporting.report import Report
from hilum.reporting.source import reference

_WHAT = "A DICOM secondary capture"
_SERIES = Series("sc", 9903)
_LINE = (255, 255, 255)
_BAND, _INK, _NOTICE_INK = (7, 9, 11), (232, 239, 242), (255, 209, 102)
_LEAST_WIDTH = 640
_UPRIGHT = ("L", "F")


def write_secondary_capture(report: Report) -> Dataset:
    """Write the film with its evidence as a colour picture, the notice in a band below it.

    Returns
    -------
    Dataset
        Secondary Capture with file meta information, in the source's study.

    Raises
    ------
    ReportError
        The file is no DICOM image that results can be put beside.
    """
    source = report.source.header(_WHAT)
    made = SCImage(
        pixel_array=captured_picture(report),
        photometric_interpretation=PhotometricInterpretationValues.RGB,
        bits_allocated=8,
        coordinate_system=CoordinateSystemNames.PATIENT,
        study_instance_uid=source.StudyInstanceUID,
        series_instance_uid=_SERIES.series_uid(report),
        series_number=_SERIES.number,
        sop_instance_uid=_SERIES.instance_uid(report),
        instance_number=1,
        manufacturer=MANUFACTURER,
        patient_id=source.PatientID,
        patient_name=None,
        patient_birth_date=source.PatientBirthDate,
        patient_sex=source.PatientSex,
        accession_number=source.AccessionNumber,
        study_id=source.StudyID,
        study_date=source.StudyDate,
        study_time=source.StudyTime,
        # The film is shown upright: the patient's left is on the right, the feet are below.
        patient_orientation=_UPRIGHT,
        contributing_equipment=equipment(report),
        specific_character_set=source.SpecificCharacterSet,
    )
    made.copy_patient_and_study_information(source)
    made.DateOfSecondaryCapture = DA(report.created.date())
    made.TimeOfSecondaryCapture = TM(report.created.time())
    if not report.film.are_sides_certain:
        made.PatientOrientation = []
    made.Laterality = ""
    made.ImageType = ["DERIVED", "SECONDARY"]
    # The attribute concerns the patient (PS3.3 C.7.6.1.1): the added text has no identity, but
    # the film may have one.
    made.BurnedInAnnotation = "YES" if _is_burned_in(report) else "NO"
    made.LossyImageCompression = source.get("LossyImageCompression") or "00"
    for name in ("LossyImageCompressionRatio", "LossyImageCompressionMethod"):
        if made.LossyImageCompression == "01" and name in source:
            made.add(source[name])
    made.DerivationDescription = report.catalogue.say(_SERIES.words)
    made.SourceImageSequence = [_made_of(source)]
    return stamp(made, report, _SERIES, source)


def _is_burned_in(report: Report) -> bool:
    header = report.film.header
    return header is not None and header.has_burned_in_annotation is True


def _made_of(source: Dataset) -> Dataset:
    """The film, and that the picture was made of it."""
    item = reference(source)
    purpose = Dataset()
    code = standard.DCM.SourceImageForImageProcessingOperation
    purpose.CodeValue = code.value
    purpose.CodingSchemeDesignator = code.scheme_designator
    purpose.CodeMeaning = code.meaning
    item.PurposeOfReferenceCodeSequence = [purpose]
    return item


def captured_picture(report: Report) -> Colour:
    """Draw the film with its evidence, and below it the result, the model and the notice.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 3)
        RGB. The film keeps its shape; what is written stands below it and hides nothing.
    """
    picture = evidence_picture(report)
    if picture.shape[1] < _LEAST_WIDTH:
        scale = _LEAST_WIDTH / picture.shape[1]
        size = (_LEAST_WIDTH, round(picture.shape[0] * scale))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC))
    picture = _with_lines(picture.copy(), report)
    return np.vstack([picture, _band(report, picture.shape[1])])


def _with_lines(picture: Colour, report: Report) -> Colour:
    film = report.film
    scale = np.array([picture.shape[1] / film.columns, picture.shape[0] / film.rows])
    for polygon in marks(report).evidence:
        points = (np.array(polygon) + 0.5) * scale - 0.5
        cv2.polylines(picture, [np.rint(points).astype(np.int32)], True, _LINE, 2, cv2.LINE_AA)
    return picture


def _band(report: Report, width: int) -> Colour:
    """A strip of black with as many lines as the words need."""
    facts, words = report.facts, report.catalogue
    size = max(15, round(width / 46))
    font = ImageFont.truetype(font_file(STRONG), size)
    probability = words.say(
        "page.probability", finding=words.say(f"finding.{facts.main.finding.value}")
    )
    result = (
        report.words.headline.text,
        f"{probability} {words.percent(facts.main.probability, 1)}",
    )
    models = (reading.model for reading in facts.readings)
    model = " · ".join(["Hilum", *(f"{each.name} {each.version}" for each in models)])
    said = [
        (report.words.notice, _NOTICE_INK),
        (" · ".join([*result, model]), _INK),
        *((sentence.text, _INK) for sentence in report.words.others),
        *((sentence.text, _INK) for sentence in report.words.cautions),
    ]
    inner = width - 2 * size
    lines = [(line, ink) for text, ink in said for line in wrapped(text, font, inner)]
    step = round(1.4 * size)
    band = Image.new("RGB", (width, step * len(lines) + size), _BAND)
    pen = ImageDraw.Draw(band)
    for number, (line, ink) in enumerate(lines):
        pen.text((size, size // 2 + number * step), line, font=font, fill=ink)
    return np.asarray(band, dtype=np.uint8)
