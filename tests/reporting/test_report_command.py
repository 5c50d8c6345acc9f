"""`hilum report`, from a file to files: needs the shipped bundles."""

import json
from collections.abc import Callable
from pathlib import Path

import pydicom
import pytest
from typer.testing import CliRunner

from hilum.cli import app
from hilum.reporting.forms import Format
from tests.reporting.drawn import dicom_source
from tests.shipped import SHIPPED

pytestmark = pytest.mark.weights


@pytest.fixture(autouse=True)
def _shipped_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HILUM_MODELS_DIR", str(SHIPPED.parent))


def _run(*arguments: str | Path):
    return CliRunner().invoke(app, ["report", *map(str, arguments)])


def test_a_dicom_file_gives_all_that_apply_under_names_of_nobody(
    make_dicom: Callable[..., bytes], tmp_path: Path
) -> None:
    path = tmp_path / "Lindqvist_Josephine_MRN-4711.dcm"
    path.write_bytes(dicom_source(make_dicom))

    done = _run(path, "-o", tmp_path / "out", "--force", "--operating-point", "0.01")

    assert done.exit_code == 0, done.output
    made = sorted(each.name for each in (tmp_path / "out").iterdir())
    stem = made[0].split(".")[0]
    assert made == sorted(f"{stem}{each.form.suffix}" for each in Format)
    assert "Lindqvist" not in "".join(made)
    assert "Josephine" not in done.output.replace(str(path), "")
    plain = json.loads((tmp_path / "out" / f"{stem}.json").read_text("utf-8"))
    assert plain["figures"]["point"]["threshold"] == 0.01
    structured = pydicom.dcmread(tmp_path / "out" / f"{stem}.sr.dcm")
    assert f"{100 * plain['figures']['probability']:.4f}"[:5] in str(structured)


def test_a_picture_gives_what_needs_no_study(png: bytes, tmp_path: Path) -> None:
    path = tmp_path / "film.png"
    path.write_bytes(png)

    done = _run(path, "-o", tmp_path / "out", "--force")

    assert done.exit_code == 0, done.output
    suffixes = sorted(each.name.split(".", 1)[1] for each in (tmp_path / "out").iterdir())
    of_a_study = [each for each in Format if each.form.needs_study]
    assert {"sr", "seg", "sc", "dicom-pdf"} <= {*of_a_study}
    assert suffixes == sorted(each.form.suffix[1:] for each in Format if each not in of_a_study)
    said = f"Does not apply to this file: {', '.join(of_a_study)}."
    assert said in " ".join(done.output.split())


def test_a_format_that_cannot_be_made_says_why_and_fails(png: bytes, tmp_path: Path) -> None:
    path = tmp_path / "film.png"
    path.write_bytes(png)

    done = _run(path, "-o", tmp_path / "out", "--force", "--format", "sr", "--format", "json")

    assert done.exit_code == 1
    assert "is no DICOM" in " ".join(done.output.split())
    assert [each.suffix for each in (tmp_path / "out").iterdir()] == [".json"]
