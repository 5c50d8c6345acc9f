"""`hilum evaluate` from the shell: its commands, their options, and what is printed."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sklearn.metrics import roc_auc_score
from typer.main import get_command
from typer.testing import CliRunner, Result

from hilum.cli import app
from hilum.cli.evaluate.app import evaluate_app
from hilum.errors import DatasetError, UnknownModelError
from hilum.findings import Finding
from hilum.imaging import decode
from hilum.imaging.phantom import draw_phantom
from hilum.models import Reader, Task, load_bundle
from hilum.models.bundle import write_card
from hilum.models.card import ALL, AUTOMATIC, RESERVED_NAMES, Activation
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


COMMANDS = RESERVED_NAMES - {AUTOMATIC, ALL}
TRIALS = ("robustness", "shortcuts", "localisation")


def test_the_commands_are_the_names_that_no_model_may_have():
    assert set(get_command(evaluate_app).commands) == COMMANDS


def test_the_help_says_what_a_model_without_a_command_means():
    words = _words(_run("--help"))

    assert "hilum evaluate MODEL means hilum evaluate figures MODEL" in words.replace("`", "")
    assert all(name in words for name in COMMANDS)


@pytest.mark.parametrize("command", [*TRIALS, "compare"])
@pytest.mark.parametrize("option", ["--readers", "--prevalence"])
def test_options_of_figures_are_unknown_to_other_commands(command, option):
    done = _run(command, "pneumonia", option, "0.1")

    assert done.exit_code == 2
    assert f"No such option: {option}" in _words(done)


@pytest.mark.parametrize("option", ["--robustness", "--against", "--boxes", "--sample"])
def test_options_of_other_commands_are_unknown_to_figures(option):
    done = _run("pneumonia", "--data", "films", option)

    assert done.exit_code == 2
    assert f"No such option: {option}" in _words(done)


@pytest.mark.parametrize("command", ["figures", "robustness"])
@pytest.mark.parametrize("option", [("--split", "test"), ("--into-card",), ("--allow-leaks",)])
def test_options_of_classifiers_are_refused_with_anatomy(tmp_path, command, option):
    done = _run(command, "anatomy", "--data", tmp_path, *option)

    assert done.exit_code == 2
    assert f"{option[0]} cannot be used with anatomy" in _words(done)


@pytest.mark.parametrize(
    "arguments",
    [("shortcuts", "anatomy"), ("localisation", "anatomy"), ("compare", "pneumonia", "anatomy")],
)
def test_what_is_not_measured_of_anatomy_is_said_with_what_is(tmp_path, arguments):
    done = _run(*arguments, "--data", tmp_path)

    assert done.exit_code == 2
    assert "Use hilum evaluate anatomy or hilum evaluate robustness anatomy" in _words(done)


def test_localisation_needs_data_or_boxes():
    assert "Give --data, --boxes or both" in _words(_run("localisation", "pneumonia"))
    done = _run("localisation", "pneumonia", "--boxes", "x", "--split", "test")
    assert "--split cannot be used without --data" in _words(done)


@pytest.mark.parametrize("given", [("--split", "test"), ("--operating-point", "youden"), ()])
def test_figures_go_into_a_card_for_its_own_split_and_point_only(tmp_path, given):
    split = () if "--split" in given else ("--split", "card:test")
    arguments = (*given, *split) if given else ()
    done = _run("pneumonia", "--data", tmp_path, "--into-card", *arguments)

    assert done.exit_code == 2
    assert "--into-card needs a split of the card" in _words(done)


@pytest.mark.parametrize("trial", ["robustness", "shortcuts"])
def test_a_trial_refuses_leaks(leaking, trial):
    done = _run(trial, "pneumonia", "--data", leaking, "--split", "test")

    assert isinstance(done.exception, DatasetError)
    assert "same file: 4" in str(done.exception)


def test_a_trial_goes_on_with_leaks_where_it_may_and_says_so(leaking):
    done = _run(
        "robustness", "pneumonia", "--data", leaking, "--split", "test", "--sample", 0,
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
    assert "Labelled positive: decided positive" in _words(done)
    assert "count uncertain radiographs by the threshold alone" in _words(done)
    assert "Left out: 1 picture (stray.png)." in _words(done)


def test_a_model_without_a_command_is_measured_as_by_figures(tmp_path):
    data = ("--data", tmp_path / "missing", "--prevalence", 0.1)
    told = [
        _run(*arguments).exception
        for arguments in (("figures", "pneumonia", *data), ("pneumonia", *data), (*data, "x"))
    ]

    assert [type(each) for each in told] == [DatasetError, DatasetError, UnknownModelError]
    assert str(told[0]) == str(told[1])


def test_a_folder_that_is_no_bundle_is_no_model(leaking, tmp_path):
    done = _run("compare", "pneumonia", tmp_path, "--data", leaking / "train")

    assert isinstance(done.exception, UnknownModelError)


@pytest.fixture(scope="module")
def two_tasks(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The network of the tests as a sigmoid that decides on pneumonia and, second, effusion."""
    return _with_two_tasks(models_dir, tmp_path_factory.mktemp("two_tasks") / "findings")


def _with_two_tasks(models: Path, folder: Path) -> Path:
    shutil.copytree(models / "pneumonia", folder)
    card = load_bundle(folder).card
    outputs = (Finding.PNEUMONIA, Finding.EFFUSION, Finding.MASS)
    point = card.main_task.operating_point.model_copy(update={"threshold": 0.25})
    tasks = (
        Task(finding=Finding.PNEUMONIA, operating_point=card.main_task.operating_point),
        Task(finding=Finding.EFFUSION, operating_point=point),
    )
    changes = {"activation": Activation.SIGMOID, "outputs": outputs, "tasks": tasks}
    write_card(card.model_copy(update={"name": "findings"} | changes), folder)
    return folder


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Films: every third with pneumonia, every second of the others with effusion."""
    root = tmp_path_factory.mktemp("labelled")
    labels = ["pneumonia" if n % 3 == 0 else "effusion" if n % 2 else "normal" for n in range(15)]
    for n in range(len(labels)):
        draw_to(root / f"{n}.png", seed=n, opacity="both" if n % 3 == 0 else None)
    rows = [f"{n}.png,{label},p{n}" for n, label in enumerate(labels)]
    (root / "labels.csv").write_text("\n".join(["path,label,patient", *rows]), encoding="utf-8")
    return root


def _auroc_of_effusion(folder: Path, data: Path) -> float:
    reader = Reader(load_bundle(folder))
    rows = [line.split(",") for line in (data / "labels.csv").read_text().splitlines()[1:]]
    said = [
        reader.read(decode((data / path).read_bytes())).probability(Finding.EFFUSION)
        for path, _, _ in rows
    ]
    return float(roc_auc_score([label == "effusion" for _, label, _ in rows], said))


def test_figures_are_of_all_tasks(two_tasks, labelled, tmp_path):
    done = _run(two_tasks, "--data", labelled, "--out", tmp_path, "--json")

    assert done.exit_code == 0, done.exception
    tasks = json.loads(done.stdout)["tasks"]
    assert {name: task["positives"] for name, task in tasks.items()} == {
        "pneumonia": 5,
        "effusion": 5,
    }
    auroc = tasks["effusion"]["figures"]["auroc"]["value"]
    assert auroc == pytest.approx(_auroc_of_effusion(two_tasks, labelled), abs=1e-5)


def test_a_task_that_no_picture_is_labelled_for_is_named_and_not_measured(
    two_tasks, labelled, tmp_path
):
    data = Path(shutil.copytree(labelled, tmp_path / "data"))
    table = data / "labels.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    # No picture has a label for the finding of the main task.
    kept = [line.replace("normal", "mass") for line in lines if "pneumonia" not in line]
    table.write_text("\n".join(kept), encoding="utf-8")

    done = _run(two_tasks, "--data", data, "--out", tmp_path / "out")

    assert done.exit_code == 0, done.exception
    assert "Pleural effusion: 5 positive pictures" in done.stdout
    assert "Not measured, because no picture has a label for it: pneumonia." in _words(done)


def test_robustness_is_of_the_finding_that_is_asked_for(two_tasks, labelled):
    done = _run(
        "robustness", two_tasks, "--data", labelled, "--finding", "effusion", "--sample", 0,
        "--json",
    )  # fmt: skip

    assert done.exit_code == 0, done.exception
    report = json.loads(done.stdout)
    assert (report["positives"], report["threshold"]) == (5, 0.25)
    expected = _auroc_of_effusion(two_tasks, labelled)
    assert report["clean"]["auroc"]["value"] == pytest.approx(expected)


def test_robustness_of_several_findings_is_that_of_each(two_tasks, labelled):
    codes = ("effusion", "pneumonia")
    alone = [
        _run("robustness", two_tasks, "--data", labelled, "--finding", code, "--sample", 0).stdout
        for code in codes
    ]
    both = ("robustness", two_tasks, "--data", labelled, "--sample", 0)

    done = _run(*both, "--finding", codes[0], "--finding", codes[1])
    refused = _run(*both, "--finding", codes[0], "--finding", codes[1], "--json")

    assert done.exit_code == 0, done.exception
    assert done.stdout == f"Pleural effusion\n{alone[0]}Pneumonia\n{alone[1]}"
    assert refused.exit_code == 2
    assert "--json cannot be used with several findings" in _words(refused)


def test_shortcuts_are_of_the_finding_that_is_asked_for(two_tasks, labelled, tmp_path):
    swapped = Path(shutil.copytree(labelled, tmp_path / "swapped"))
    table = (swapped / "labels.csv").read_text(encoding="utf-8")
    for before, after in (("pneumonia", "-"), ("effusion", "pneumonia"), ("-", "effusion")):
        table = table.replace(before, after)
    (swapped / "labels.csv").write_text(table, encoding="utf-8")

    def rows(*arguments: object) -> object:
        done = _run("shortcuts", two_tasks, "--json", *arguments)
        assert done.exit_code == 0, done.exception
        return json.loads(done.stdout)["rows"]

    # Without anatomy only the data is tested: the finding decides which pictures are positive.
    assert rows("--data", labelled, "--finding", "effusion") == rows("--data", swapped)


def test_models_are_compared_on_the_finding_that_is_asked_for(two_tasks, labelled, tmp_path):
    other = Path(shutil.copytree(two_tasks, tmp_path / "candidate"))

    done = _run(
        "compare", two_tasks, other, "--data", labelled, "--finding", "effusion", "--out", tmp_path
    )

    assert done.exit_code == 0, done.exception
    assert "Pleural effusion in 15 pictures of 15 patients, 5 positive" in done.stdout
    # The same weights: no difference, and both decide alike.
    assert "+0.000 (+0.000 to +0.000)" in done.stdout
    assert "0 only by the first model, 0 only by the second, p = 1.000" in done.stdout
    comparison = json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))["comparison"]
    assert (comparison["finding"], comparison["second"]) == ("effusion", "findings 0.1")
    auroc = comparison["second_figures"]["auroc"]["value"]
    assert auroc == pytest.approx(_auroc_of_effusion(two_tasks, labelled), abs=1e-5)


@pytest.mark.parametrize("command", [("robustness",), ("shortcuts",), ("compare", "pneumonia")])
def test_a_finding_that_the_model_does_not_decide_on_is_refused(labelled, two_tasks, command):
    name, *first = command
    done = _run(name, *first, two_tasks, "--data", labelled, "--finding", "nodule")

    assert done.exit_code == 2
    assert "does not decide on nodule. It decides on: pneumonia" in _words(done)


def test_a_second_model_that_does_not_decide_on_the_finding_is_refused_before_reading(
    labelled, two_tasks
):
    done = _run("compare", two_tasks, "pneumonia", "--data", labelled, "--finding", "effusion")

    assert done.exit_code == 2
    assert "Model 'pneumonia' does not decide on effusion" in _words(done)


@pytest.mark.weights
def test_evidence_is_measured_against_boxes_of_the_finding_that_is_asked_for(
    taught_dir, tmp_path, monkeypatch
):
    monkeypatch.setenv("HILUM_MODELS_DIR", str(taught_dir))
    # The output of low opacities is taken for effusion, that of clear films for pneumonia.
    folder = _with_two_tasks(taught_dir, tmp_path / "findings")
    rows = ["Image Index,Finding Label,Bbox [x,y,w,h],,,"]
    for n in range(5):
        pixels = draw_phantom(320, 320, seed=n, opacity="right_lower")
        Image.fromarray(np.uint8(255 * pixels)).save(tmp_path / f"{n:08d}_000.png")
        # The opacity lies about 0.30, 0.62 of the picture; the table has pixels of 1024.
        rows.append(f"{n:08d}_000.png,Effusion,154,481,307,307,,,")
        rows.append(f"{n:08d}_000.png,Pneumonia,553,184,307,307,,,")
    (tmp_path / "BBox_List_2017.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")

    done = _run("localisation", folder, "--boxes", tmp_path, "--finding", "effusion", "--json")

    assert done.exit_code == 0, done.exception
    report = json.loads(done.stdout)
    assert report["boxes"][0]["findings"] == "Effusion"
    assert not [row for row in report["boxes"] if "Pneumonia" in row["findings"]]
    assert report["boxes"][0]["methods"][0]["figures"]["pointing"]["value"] >= 0.8
    assert report["images"] == 0
