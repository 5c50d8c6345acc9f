"""An opacity is named and coded on the patient's side in every output, or no side is named.

Expected places follow from the phantom's drawing and from Patient Orientation's definition
(PS3.3 C.7.6.1.1.1), by flips and transposes of arrays; see `stored_for`.
"""

import io
import itertools
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import highdicom as hd
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray

from hilum.api.anatomy_schemas import AnatomyAnswer
from hilum.api.evidence_schemas import EvidenceAnswer, EvidencePart
from hilum.api.schemas import ReadingAnswer
from hilum.imaging.phantom import draw_phantom
from hilum.models import PipelineResult, Registry, RuntimeName, read_file
from hilum.models.reading_models import ReadingModels
from hilum.reporting.dicom import codes
from hilum.reporting.forms import Format
from hilum.reporting.outputs import make
from hilum.reporting.report import Report, prepare
from hilum.words.catalogue import load_catalogue
from tests.imaging.test_orientation import stored_for
from tests.reporting.drawn import dicom_source

pytestmark = pytest.mark.weights

ROWS, COLUMNS = 500, 640
# Of the opacity's middle (`draw_phantom`), as shares towards the patient's left and the feet.
OPACITY = (0.30, 0.62)
NEAR = 0.12
A_SIDE = re.compile(r"\b(right|left)\b(?! of the picture)", re.IGNORECASE)


@cache
def _film() -> NDArray[np.uint8]:
    return np.uint8(255 * draw_phantom(ROWS, COLUMNS, seed=7, opacity="right_lower"))


class Case(NamedTuple):
    """How a film is stored; mirrored, its header is wrong about right and left."""

    row: str
    column: str
    is_mirrored: bool

    @property
    def displayed(self) -> NDArray[np.uint8]:
        return np.ascontiguousarray(_film()[:, ::-1]) if self.is_mirrored else _film()

    @property
    def stored(self) -> NDArray[np.uint8]:
        return stored_for(self.displayed, self.row, self.column)

    def in_patient(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the file lies, as shares towards the left and the feet.

        From 0 at the first pixel's outer edge to the number of pixels.
        """
        rows, columns = self.stored.shape
        along = {}
        for letter, share in ((self.row, x / columns), (self.column, y / rows)):
            along["LR" if letter in "LR" else "FH"] = share if letter in "LF" else 1 - share
        return 1 - along["LR"] if self.is_mirrored else along["LR"], along["FH"]


CASES = [
    Case(row, column, is_mirrored)
    for row, column in (*itertools.product("LR", "FH"), *itertools.product("FH", "LR"))
    for is_mirrored in (False, True)
]


@pytest.fixture(scope="module")
def models(taught_dir: Path) -> ReadingModels:
    registry = Registry(taught_dir, default="pneumonia", runtime=RuntimeName.OPENVINO)
    return ReadingModels.choose(registry)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.row}-{case.column}-{case[2]}")
def test_the_opacity_is_on_the_patients_side_in_every_output(
    models: ReadingModels, make_dicom: Callable[..., bytes], case: Case
) -> None:
    content = dicom_source(
        make_dicom, stored=case.stored, PatientOrientation=[case.row, case.column]
    )
    result = read_file(content, models, with_evidence=True)
    report = prepare(result, content, created=datetime(2026, 11, 21, tzinfo=UTC))

    _check_json(case, _answer(result, models))
    _check_words(case, report)
    _check_structured_report(case, _read(report, Format.SR))
    _check_segmentation(case, _read(report, Format.SEG))
    _check_secondary_capture(case, _read(report, Format.SC))


def _answer(result: PipelineResult, models: ReadingModels) -> dict[str, Any]:
    screener = models.screener
    assert screener is not None
    assert result.screening is not None
    assert result.main.evidence is not None
    anatomy = AnatomyAnswer.of(
        result.screening.anatomy,
        result.radiograph,
        screener.anatomy_reader,
        load_catalogue(),
        with_masks=False,
    )
    evidence = EvidenceAnswer.of(result, result.main, {EvidencePart.CONTOUR}, load_catalogue())
    return json.loads(
        ReadingAnswer.of(result, load_catalogue(), anatomy, [evidence]).model_dump_json()
    )


def _read(report: Report, wanted: Format) -> pydicom.FileDataset:
    return pydicom.dcmread(io.BytesIO(make(report, wanted).content))


def _check_near(found: tuple[float, float]) -> None:
    assert np.abs(np.subtract(found, OPACITY)).max() < NEAR


def _middle(polygon: Any) -> tuple[float, float]:
    x, y = np.asarray(polygon).mean(axis=0)
    return float(x), float(y)


def _check_json(case: Case, answer: dict[str, Any]) -> None:
    image, anatomy = answer["image"], answer["anatomy"]
    target = answer["evidence"]["findings"][0]
    to_file = np.array(image["to_file"]["matrix"])
    assert (image["rows"], image["columns"]) == (ROWS, COLUMNS)
    assert (image["to_file"]["rows"], image["to_file"]["columns"]) == case.stored.shape

    def in_patient(x: float, y: float) -> tuple[float, float]:
        across, down = to_file @ (x, y, 1) + 0.5
        return case.in_patient(float(across), float(down))

    _check_near(in_patient(target["peak"]["x"], target["peak"]["y"]))
    assert image["sides"]["certain"] == (not case.is_mirrored)
    if case.is_mirrored:
        assert [each["code"] for each in image["sides"]["reasons"]] == ["header_disagrees"]
        assert target["peak"]["region"] == "both_lower_zones"
        assert not A_SIDE.search(target["sentence"])
        assert not anatomy["right_lung"]["polygons"] + anatomy["left_lung"]["polygons"]
        assert anatomy["picture_left_lung"]["polygons"]
        assert anatomy["lung_asymmetry"] is None
        return
    assert target["peak"]["region"] == "right_lower_zone"
    assert anatomy["picture_left_lung"] is None
    for side, is_left in (("right", False), ("left", True)):
        [polygon] = anatomy[f"{side}_lung"]["polygons"]
        assert (in_patient(*_middle(polygon))[0] > 0.5) == is_left


def _check_words(case: Case, report: Report) -> None:
    said = " ".join([*report.words.lines, *(each.text for each in report.words.patient)])
    figures, fhir = (make(report, each).content.decode() for each in (Format.JSON, Format.FHIR))
    components = json.dumps(
        [each["resource"].get("component") for each in json.loads(fhir)["entry"]]
    )
    if case.is_mirrored:
        assert "so no side is named" in said
        assert "orientation and the picture disagree" in said
        assert not A_SIDE.search(said)
        assert not A_SIDE.search(components)
        assert "lower zones" in said
        is_stored_so = (case.row, case.column) == ("L", "F")
        assert ("the file stores it mirrored or turned" in said) == (not is_stored_so)
        assert '"header_disagrees"' in figures
        assert "so no side is named" in fhir
    else:
        assert "right lower zone" in said
        assert "left" not in said.replace("on the left of the picture", "")
        assert "right lower zone" in components


def _check_structured_report(case: Case, found: pydicom.FileDataset) -> None:
    content = hd.sr.Comprehensive3DSR.from_dataset(found).content
    assert isinstance(content, hd.sr.MeasurementReport)
    sites = []
    for group in content.get_planar_roi_measurement_groups(finding_type=codes.EVIDENCE):
        if not group.finding_sites:
            continue
        [site] = group.finding_sites
        assert group.roi is not None
        _check_near(case.in_patient(*_middle(group.roi.value)))
        sites.append((site.value, site.laterality))
    expected = codes.REGIONS[codes.Region.RIGHT_LOWER_ZONE]
    assert sites == [(expected[0], None if case.is_mirrored else expected[1])]
    [ratio] = content.get_image_measurement_groups(tracking_uid=None, finding_site=codes.HEART)
    [heart] = ratio.get_measurements(codes.HEART_WIDTH)
    assert heart.unit.value == "mm"


def _check_segmentation(case: Case, found: pydicom.FileDataset) -> None:
    assert (found.Rows, found.Columns) == case.stored.shape
    by_code: dict[str, list[NDArray[np.bool_]]] = {}
    for item, frame in zip(found.SegmentSequence, found.pixel_array, strict=True):
        code = item.SegmentedPropertyTypeCodeSequence[0]
        by_code.setdefault(code.CodeValue, []).append(frame.astype(bool))
        assert not (case.is_mirrored and A_SIDE.search(item.SegmentLabel))
        said = item.get("SegmentDescription", "")
        assert ("orientation and the picture disagree" in said) == case.is_mirrored
    middles = {
        code: [case.in_patient(*(np.argwhere(mask).mean(axis=0)[::-1] + 0.5)) for mask in masks]
        for code, masks in by_code.items()
    }
    [evidence] = middles["evidence"]
    _check_near(evidence)
    if case.is_mirrored:
        assert not {"3341006", "44029006"} & set(by_code)
        assert sorted(left > 0.5 for left, _ in middles["39607008"]) == [False, True]
        assert "PatientOrientation" not in found or not found.PatientOrientation
        return
    assert [left > 0.5 for left, _ in middles["3341006"]] == [False]
    assert [left > 0.5 for left, _ in middles["44029006"]] == [True]
    assert list(found.PatientOrientation) == [case.row, case.column]


def _check_secondary_capture(case: Case, found: pydicom.FileDataset) -> None:
    film = found.pixel_array[:ROWS, :COLUMNS].min(axis=2).astype(float)
    ways = {"shown": case.displayed, "mirrored": case.displayed[:, ::-1]}
    likeness = {name: np.corrcoef(film.ravel(), way.ravel())[0, 1] for name, way in ways.items()}
    assert likeness["shown"] > max(0.7, likeness["mirrored"])
    expected = [] if case.is_mirrored else ["L", "F"]
    assert list(found.get("PatientOrientation") or []) == expected
