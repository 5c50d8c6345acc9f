"""What others' validators say of our DICOM: dciodvfy (dicom3tools) and dsrdump (dcmtk)."""

import shutil
import subprocess

import pytest

from hilum.models.suitability import ReasonCode
from hilum.reporting.forms import Format
from hilum.reporting.outputs import applicable, make
from tests.reporting.drawn import dicom_source

pytestmark = [
    pytest.mark.dicomtools,
    pytest.mark.skipif(
        not (shutil.which("dciodvfy") and shutil.which("dsrdump")),
        reason="needs Debian's dicom3tools and dcmtk",
    ),
]

READINGS = {
    "positive": {"probability": 0.9},
    "negative": {"probability": 0.1},
    "uncertain": {"probability": 0.4, "has_organs": False},
    "forced": {"forced": (ReasonCode.COLOUR,), "age_years": 70.0},
}
SOURCES = {
    "dx": {},
    "dx without orientation and spacing": {"PatientOrientation": ["L", "F"], "PixelSpacing": None},
    "dx with detector spacing": {"ImagerPixelSpacing": [0.2, 0.2]},
    "cr": {"SOPClassUID": "1.2.840.10008.5.1.4.1.1.1", "Modality": "CR"},
    "latin name": {"SpecificCharacterSet": "ISO_IR 100", "PatientName": "Müller^Zoë"},
    "no patient": {"PatientName": "", "PatientID": "", "PatientBirthDate": None},
}


def _errors(*command) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    lines = (done.stdout + done.stderr).splitlines()
    return [line for line in lines if line.startswith(("Error", "E:", "F:", "Abort"))]


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("kind", SOURCES)
def test_every_dicom_output_is_valid(draw, make_dicom, tmp_path, reading, kind):
    report = draw(dicom_source(make_dicom, **SOURCES[kind]), **READINGS[reading])
    wanted = [
        each
        for each in applicable(report)
        if each in {Format.SR, Format.SEG, Format.SC, Format.DICOM_PDF}
    ]
    assert {Format.SR, Format.SC, Format.DICOM_PDF} <= set(wanted)
    for each in wanted:
        made = make(report, each)
        path = tmp_path / made.name
        path.write_bytes(made.content)
        assert _errors("dciodvfy", path) == [], each
        if each is Format.SR:
            assert _errors("dsrdump", path) == []
