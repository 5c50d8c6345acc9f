"""`hilum evaluate` from the shell: which options go together, and what is printed."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from hilum.cli import app
from hilum.errors import DatasetError, UnknownModelError
from tests.datasets.phantom_data import draw_to


@pytest.fixture(scope="module")
def leaking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two splits that hold the same films."""
    root = tmp_path_factory.mktemp("leaking")
    for n in range(2):
        draw_to(root / f"train/normal/{n}.png", seed=n)
        draw_to(root / f"train/pneumonia/{n}.png", seed=n, opacity="both")
    shutil.copytree(root / "train", root / "test")
    return root


@pytest.fixture(autouse=True)
def _models(monkeypatch: pytest.MonkeyPatch, models_dir: Path) -> None:
    monkeypatch.setenv("HILUM_MODELS_DIR", str(models_dir))


def _run(*arguments: Any) -> Result:
    return CliRunner().invoke(app, ["evaluate", *map(str, arguments)])


def _words(result: Result) -> str:
    # The message stands in a frame, broken where the terminal ends.
    return " ".join(result.output.replace("│", " ").split())


@pytest.mark.parametrize("trial", ["--robustness", "--shortcuts", "--localisation"])
@pytest.mark.parametrize(
    "option",
    [
        ("--out", "report"),
        ("--readers", "reads.csv"),
        ("--against", "other"),
        ("--prevalence", "0.1"),
        ("--operating-point", "youden"),
    ],
)
def test_options_of_the_report_are_refused_with_a_trial(tmp_path, trial, option):
    done = _run("pneumonia", "--data", tmp_path, trial, *option)

    assert done.exit_code == 2
    assert f"{option[0]} cannot be used with {trial}" in _words(done)


@pytest.mark.parametrize("option", [("--split", "test"), ("--against", "other"), ("--shortcuts",)])
def test_options_of_classifiers_are_refused_with_anatomy(tmp_path, option):
    done = _run("anatomy", "--data", tmp_path, *option)

    assert done.exit_code == 2
    assert f"{option[0]} cannot be used with anatomy" in _words(done)


def test_boxes_without_localisation_are_refused(tmp_path):
    done = _run("pneumonia", "--data", tmp_path, "--boxes", tmp_path)

    assert done.exit_code == 2
    assert "--boxes cannot be used without --localisation" in _words(done)


@pytest.mark.parametrize("trial", ["--robustness", "--shortcuts"])
def test_a_trial_refuses_leaks(leaking, trial):
    done = _run("pneumonia", "--data", leaking, "--split", "test", trial)

    assert isinstance(done.exception, DatasetError)
    assert "same file: 4" in str(done.exception)


def test_a_trial_goes_on_with_leaks_where_it_may_and_says_so(leaking):
    done = _run(
        "pneumonia", "--data", leaking, "--split", "test", "--robustness", "--sample", 0,
        "--allow-leaks",
    )  # fmt: skip

    assert done.exit_code == 0, done.exception
    assert "On the folder test." in _words(done)
    assert "same file: 4" in _words(done)


def test_the_terminal_says_decisions_and_names_what_was_left_out(leaking, tmp_path):
    data = Path(shutil.copytree(leaking / "train", tmp_path / "data"))
    draw_to(data / "stray.png", seed=9)

    done = _run("pneumonia", "--data", data, "--out", tmp_path / "out")

    assert done.exit_code == 0, done.exception
    assert "on data, all of the data" in _words(done)
    assert "Truth positive: decided positive" in _words(done)
    assert "count uncertain radiographs by the threshold alone" in _words(done)
    assert "Left out: 1 picture (stray.png)." in _words(done)


def test_another_model_may_be_given_as_a_folder(leaking, models_dir, tmp_path):
    other = Path(shutil.copytree(models_dir / "pneumonia", tmp_path / "candidate"))

    done = _run(
        "pneumonia", "--data", leaking / "train", "--against", other, "--out", tmp_path / "out",
        "--json",
    )  # fmt: skip

    assert done.exit_code == 0, done.exception
    numbers = json.loads((tmp_path / "out/metrics.json").read_text(encoding="utf-8"))
    assert numbers["comparison"]["second"] == "pneumonia 0.1"


def test_a_folder_that_is_no_bundle_is_no_model(leaking, tmp_path):
    done = _run("pneumonia", "--data", leaking / "train", "--against", tmp_path)

    assert isinstance(done.exception, UnknownModelError)
