"""A wrong option or an output that cannot be written is a message, never a traceback."""

import errno
import io
import os
import sys
from pathlib import Path

import pydicom
import pytest

from hilum.cli import main
from hilum.imaging import ImageFormat, decode
from hilum.imaging.signature import identify
from hilum.isolation.pool import WorkerPool
from tests.isolation import tasks
from tests.shipped import MODELS


@pytest.fixture
def hilum(monkeypatch, capsys, models_dir):
    """Run the command; its exit status and all that it said."""
    monkeypatch.setenv("HILUM_MODELS_DIR", str(models_dir))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: object) -> tuple[object, str]:
        monkeypatch.setattr(sys, "argv", ["hilum", *map(str, arguments)])
        status: object = 0
        try:
            main()
        except SystemExit as exc:
            status = exc.code
        told = capsys.readouterr()
        return status, " ".join((told.out + told.err).split())

    return run


FORMATS = {".png": "png", ".jpg": "jpeg", ".webp": "webp", ".tif": "tiff", ".bmp": "bmp",
           ".DCM": "dicom"}  # fmt: skip


@pytest.mark.parametrize("ending", FORMATS)
def test_a_phantom_is_written_in_the_format_that_its_name_tells(hilum, tmp_path, ending):
    path = tmp_path / f"film{ending}"
    assert hilum("phantom", path, "--rows", 90, "--columns", 120) == (0, "")
    content = path.read_bytes()
    assert identify(content) is ImageFormat(FORMATS[ending])
    radiograph = decode(content)
    assert radiograph.pixels.shape == (90, 120)


def test_a_phantom_in_dicom_has_a_header_that_says_that_it_is_made_up(hilum, tmp_path):
    path = tmp_path / "film.dcm"
    assert hilum("phantom", path, "--opacity", "left_lower")[0] == 0
    made = pydicom.dcmread(io.BytesIO(path.read_bytes()))
    assert (made.Modality, made.PatientID, str(made.PatientName)) == (
        "DX", "PHANTOM", "Synthetic^Phantom",
    )  # fmt: skip
    # 1800 columns across a detector of 430 mm.
    assert [float(each) for each in made.ImagerPixelSpacing] == pytest.approx([430 / 1800] * 2)
    assert (made.Rows, made.Columns, made.BitsStored) == (1400, 1800, 12)
    again = tmp_path / "again.dcm"
    hilum("phantom", again, "--opacity", "left_lower")
    assert again.read_bytes() == path.read_bytes()


BAD_OPTIONS = {
    "opacity": (("phantom", "x.png", "--opacity", "nowhere"), "right_upper"),
    "ending": (("phantom", "x.gif"), ".dcm"),
    "no ending": (("phantom", "x"), ".dcm"),
    "rows": (("phantom", "x.png", "--rows", "0"), "32"),
    "seed": (("phantom", "x.png", "--seed", "-1"), "--seed"),
    "port": (("serve", "--port", "65536"), "--port"),
    "listener's port": (("listen", "--port", "65536"), "HILUM_DICOM_PORT"),
    "AE title": (("listen", "--ae-title", "x" * 17), "HILUM_DICOM_AE_TITLE"),
    "parts": (("data", "nih_chestxray14", "--to", "x", "--parts", "one"), "--parts"),
    "sheet's seed": (("look", ".", "--seed", "-1"), "--seed"),
    "sheet's count": (("look", ".", "--count", "-1"), "--count"),
    "sample": (("evaluate", "pneumonia", "--data", ".", "--sample", "-1"), "--sample"),
    "operating point": (("read", __file__, "--operating-point", "no"), "youden"),
}


@pytest.mark.parametrize("kind", BAD_OPTIONS)
def test_a_value_that_cannot_be_is_told_with_what_can(hilum, kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments, word = BAD_OPTIONS[kind]
    status, told = hilum(*arguments)
    assert status in (1, 2)
    assert word in told
    assert not list(tmp_path.iterdir())


def test_outputs_that_cannot_be_written_are_told_with_their_place(hilum, tmp_path):
    film, taken = tmp_path / "film.dcm", tmp_path / "taken"
    hilum("phantom", film, "--rows", 200, "--columns", 200)
    taken.write_text("a file where a folder is wanted")
    for arguments in (
        ("phantom", taken / "x.png"),
        ("report", film, "--out", taken),
        ("deidentify", film, "--out", taken),
    ):
        status, told = hilum(*arguments)
        assert status == 1, arguments
        assert told.startswith(f"Error: {taken}"), told


@pytest.mark.parametrize(
    ("name", "value"),
    [("MAX_FILES", "many"), ("RUNTIME", "abacus"), ("ALLOWED_ORIGINS", "page.example")],
)
def test_a_setting_that_is_not_understood_is_named(hilum, monkeypatch, name, value):
    monkeypatch.setenv(f"HILUM_{name}", value)
    status, told = hilum("read", Path(__file__))
    assert status == 1
    assert told.startswith(f"Error: HILUM_{name}: ")


@pytest.mark.weights
def test_a_sheet_has_the_pictures_that_can_be_read_and_the_others_are_told(
    hilum, tmp_path, monkeypatch, files
):
    for name, content in (("a.png", files["png"]), ("b.png", files["png"][:-300])):
        (tmp_path / name).write_bytes(content)
    monkeypatch.setenv("HILUM_MODELS_DIR", str(MODELS))
    status, told = hilum("look", tmp_path, "--to", tmp_path / "sheets")
    assert status == 1
    assert "b.png: " in told
    assert "a.png: " not in told
    assert "1 of 2 files could not be read." in told
    assert [each.name for each in (tmp_path / "sheets").iterdir()] == ["sheet-0.png"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")
@pytest.mark.parametrize("number", [errno.EMFILE, errno.EIO])
def test_a_file_that_fails_by_a_fault_of_the_machine_is_told_and_the_next_is_read(
    hilum, tmp_path, monkeypatch, number
):
    sound, other = tmp_path / "sound.png", tmp_path / "other.png"
    hilum("phantom", sound)
    other.write_bytes(b"other")
    call = WorkerPool.call

    def failing(self, function, content, *args, **kwargs):
        if content == b"other":
            return call(self, tasks.fail, content, OSError(number, ""))
        return call(self, function, content, *args, **kwargs)

    monkeypatch.setattr(WorkerPool, "call", failing)
    status, told = hilum("read", other, sound)
    assert status == 1
    assert told.count('"error"') == told.count('"verdict"') == 1
