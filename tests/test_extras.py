"""A module that is not installed is told with the extra that brings it."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from hilum.cli import commands
from hilum.extras import extra_of
from hilum.models import Reader, RuntimeName, load_bundle

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"


def _requirements() -> list[str]:
    """As the metadata of an installed package states them."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    return project["dependencies"] + [
        f'{requirement}; extra == "{extra}"'
        for extra, requirements in project["optional-dependencies"].items()
        for requirement in requirements
    ]


@pytest.mark.parametrize(
    ("module", "extra"),
    [
        ("pandas", "evaluate"),
        ("pandera.pandas", "evaluate"),
        ("scipy.stats", "evaluate"),
        ("sklearn", "evaluate"),
        ("matplotlib", "evaluate"),
        ("jinja2", "evaluate"),
        ("keras", "train"),
        ("tensorflow", "train"),
        ("optuna", "train"),
        ("psycopg", "postgres"),
        ("import_linter", "dev"),
        ("numpy", None),
        ("onnxruntime", None),
    ],
)
def test_a_module_comes_with_the_least_extra_that_lists_it(module, extra):
    assert extra_of(module, _requirements()) == extra


@pytest.mark.parametrize(
    ("requirement", "words"),
    [
        ('pandas>=3.0; extra == "evaluate"', "the extra 'evaluate': pip install -e '.[evaluate]'"),
        ("pandas>=3.0", "not installed: pip install -e ."),
    ],
)
def test_the_command_says_how_to_get_a_module_that_is_not_installed(
    monkeypatch, capsys, requirement, words
):
    def needs_pandas() -> None:
        raise ModuleNotFoundError("No module named 'pandas'", name="pandas")

    monkeypatch.setattr(commands, "app", needs_pandas)
    monkeypatch.setattr("hilum.extras.requires", lambda _: [requirement])

    with pytest.raises(SystemExit, match="1"):
        commands.main()

    assert f"this needs pandas, which {'comes with' if ';' in requirement else 'is'} {words}" in (
        " ".join(capsys.readouterr().err.split())
    )


def test_a_runtime_that_is_not_installed_is_told_with_its_extra(monkeypatch, capsys, models_dir):
    monkeypatch.setitem(sys.modules, "keras", None)
    bundle = load_bundle(models_dir / "pneumonia")
    monkeypatch.setattr(commands, "app", lambda: Reader(bundle, RuntimeName.KERAS))

    with pytest.raises(SystemExit, match="1"):
        commands.main()

    said = " ".join(capsys.readouterr().err.split())
    assert "The runtime 'keras' cannot be loaded" in said
    assert "the extra 'train': pip install -e '.[train]'" in said


def test_a_module_of_its_own_that_is_missing_is_a_bug(monkeypatch):
    def broken() -> None:
        raise ModuleNotFoundError("No module named 'hilum.gone'", name="hilum.gone")

    monkeypatch.setattr(commands, "app", broken)

    with pytest.raises(ModuleNotFoundError):
        commands.main()


def test_the_command_starts_without_what_only_evaluation_and_training_need():
    script = (
        "import sys, hilum.cli, hilum.datasets, hilum.datasets.public, hilum.datasets.downloads;"
        "slow = {'pandas', 'pandera', 'scipy', 'sklearn', 'matplotlib', 'jinja2', 'keras'};"
        "print(sorted(slow & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_evaluation_runs_without_a_training_framework():
    script = (
        "import sys; sys.modules.update(dict.fromkeys(('keras', 'tensorflow', 'optuna')));"
        "import hilum.cli.evaluate.anatomy, hilum.cli.evaluate.evaluation;"
        "import hilum.cli.evaluate.films, hilum.cli.evaluate.trials"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
