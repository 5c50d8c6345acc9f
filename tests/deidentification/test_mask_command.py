"""`hilum deidentify` and text in pixels: what is written, and what is said."""

import shutil

import pydicom
import pytest
from typer.testing import CliRunner

from hilum.cli import app
from hilum.deidentification import film_text, tesseract
from hilum.deidentification.strokes import Box
from hilum.errors import TextSearchError
from tests.deidentification.written import NAME, blank, cr_file, write
from tests.pacs.films import as_file, film


@pytest.fixture
def run(tmp_path):
    """Run the command on files; its exit code, what it says on one line, the films it writes."""

    def run_on(*contents, options=()):
        (tmp_path / "in").mkdir()
        for number, content in enumerate(contents):
            (tmp_path / "in" / f"{number}.dcm").write_bytes(content)
        folders = [str(tmp_path / "in"), "-o", str(tmp_path / "out")]
        done = CliRunner().invoke(app, ["deidentify", *folders, *options])
        films = [pydicom.dcmread(path) for path in sorted((tmp_path / "out").glob("*"))]
        return done, " ".join(done.output.split()), films

    return run_on


@pytest.mark.tesseract
@pytest.mark.skipif(not shutil.which("tesseract"), reason="needs Debian's tesseract-ocr")
def test_text_is_masked_on_request_and_never_quoted(run):
    written = write(NAME, (60, 80))
    done, told, films = run(cr_file(written.pixels), options=["--mask-text"])
    assert done.exit_code == 0, done.output
    assert "1 had text in the pixels, which is masked" in told
    assert (films[0].pixel_array[written.ink] == films[0].pixel_array.min()).all()
    assert not [word for word in NAME.split() if word in told.upper()]


def test_text_that_is_not_to_be_masked_is_told_of(run, monkeypatch):
    monkeypatch.setattr(film_text, "find_text", lambda _pixels: (Box(0, 0, 9, 9),))
    done, told, films = run(as_file(film(0)))
    assert done.exit_code == 0
    assert "1 have text in the pixels: it may name the patient" in told
    assert (films[0].pixel_array == film(0).pixel_array).all()


def test_a_film_that_a_mask_would_cover_is_left_out_and_the_others_are_written(run, monkeypatch):
    large, small = cr_file(blank()), as_file(film(0))
    size = blank().shape

    def find(pixels):
        return (Box(0, 0, *size[::-1]),) if pixels.shape == size else ()

    monkeypatch.setattr(film_text, "find_text", find)
    monkeypatch.setattr(tesseract, "check_installed", lambda: None)
    done, told, films = run(large, small, options=["--mask-text"])
    assert done.exit_code == 1
    assert "1 files could not be masked and were left out" in told
    assert [made.Rows for made in films] == [film(0).Rows]


def test_without_tesseract_nothing_is_masked_nor_said_to_be_without_text(
    run, monkeypatch, tmp_path
):
    monkeypatch.setenv("PATH", str(tmp_path))
    done, told, films = run(as_file(film(0)))
    assert done.exit_code == 0
    assert len(films) == 1
    assert "1 were not searched for text in the pixels" in told


def test_masking_without_tesseract_names_the_package_to_install(run, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    done, _, films = run(as_file(film(0)), options=["--mask-text"])
    assert isinstance(done.exception, TextSearchError)
    assert "tesseract-ocr" in str(done.exception)
    assert films == []
