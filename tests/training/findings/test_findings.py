"""The findings model on drawn films in the layout of ChestX-ray14: train, measure, read."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from typer.testing import CliRunner

from hilum.cli.commands import app
from hilum.datasets.labelled import LabelledSet
from hilum.datasets.rereads import REREAD_LABELS
from hilum.errors import DatasetError
from hilum.findings import Finding
from hilum.imaging import Preprocessing
from hilum.models import load_bundle
from hilum.models.split_lists import read_split_lists
from hilum.models.task import LabelPolicy
from hilum.training.config import Augmentation
from hilum.training.findings import folds as folds_module
from hilum.training.findings import teacher
from hilum.training.findings.bundle import BundleFacts, make_findings_bundle
from hilum.training.findings.config import FindingsConfig
from hilum.training.findings.data import (
    find_labelled,
    labelled_for_training,
    load_findings,
    mixed_targets,
    reread_targets,
    targets_of,
)
from hilum.training.findings.decisions import (
    FOLDS,
    LEAST_AUROC,
    LEAST_POSITIVES,
    calibrated_by_others,
)
from hilum.training.findings.folds import fit_folds, folds_of
from hilum.training.findings.teacher import predicted_rereads, taught_targets
from tests.datasets.phantom_data import draw_to

SIDE = 64
CONFIG = FindingsConfig(
    seed=1, epochs=24, batch_size=8, learning_rate=1e-2, architecture="tiny", width=8, folds=3,
    head_start=0.0, distilled=0.0, predicted_rereads=0.0,
    findings=(Finding.EFFUSION, Finding.INFILTRATION, Finding.ABNORMAL), coverage=0.8,
    preprocessing=Preprocessing(input_size_px=SIDE),
    augmentation=Augmentation(border=0, noise=0.01, patch=0.08, gamma=1.1, flip=0),
)  # fmt: skip
HEAD = "Image Index,Finding Labels,Patient ID,Patient Age,Patient Gender,View Position"
LABELS = {"right_lower": "Effusion", "left_upper": "Infiltration", None: "No Finding"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Films of 45 patients, a third of each kind; a fifth have two, and a ninth are children."""
    data = tmp_path_factory.mktemp("nih")
    rows = [HEAD]
    for patient in range(45):
        zone = list(LABELS)[patient % 3]
        for number in range(2 if patient % 5 == 0 else 1):
            name = f"{patient:08d}_{number:03d}.png"
            draw_to(
                data / "images_001" / "images" / name,
                seed=10 * patient + number,
                opacity=zone,
                side=SIDE,
                spread=0.2,
            )
            age = 9 if patient % 9 == 0 else 50
            rows.append(f"{name},{LABELS[zone]},{patient},{age},F,{('PA', 'AP')[patient % 2]}")
    (data / "Data_Entry_2017.csv").write_text("\n".join(rows), encoding="utf-8")
    return data


@pytest.fixture(scope="module")
def labelled(folder) -> LabelledSet:
    return find_labelled(folder)["all"]


@pytest.fixture(scope="module")
def data(labelled, tmp_path_factory):
    return load_findings(labelled, CONFIG, None, tmp_path_factory.mktemp("packed") / "films.bin")


@pytest.fixture(scope="module")
def folds(data, tmp_path_factory):
    checkpoints = tmp_path_factory.mktemp("checkpoints")
    return list(fit_folds(CONFIG, data, checkpoints=checkpoints, verbose=0))


@pytest.fixture(scope="module")
def made(data, folds, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "findings"
    make_findings_bundle(CONFIG, data, folds, folder, BundleFacts("test", ()), None)
    return folder


def test_where_radiologists_read_again_both_labels_are_learned(data):
    column = CONFIG.findings.index(Finding.ABNORMAL)
    mined = data.targets[:, column]
    stems = data.stems[:3]
    said = pd.DataFrame(
        {
            "rsna_class": ["Normal", "Lung Opacity", ""],
            "google4_airspace_opacity": ["YES", "", ""],
            "google4_nodule_mass": "",
            "google4_pneumothorax": "",
            "google4_fracture": "",
        },
        index=stems,
    )

    rereads = reread_targets(replace(data, rereads=said), CONFIG)
    learned = mixed_targets(data.targets, rereads, 0.75)

    # A quarter of the report's, three quarters of the radiologists'.
    expected = data.targets.copy()
    expected[0, column] = 0.25 * mined[0]
    expected[1, column] = 0.25 * mined[1] + 0.75
    np.testing.assert_allclose(learned, expected)
    # What is measured stays the data set's own.
    assert set(np.unique(data.targets)) == {0, 1}
    assert np.isnan(reread_targets(data, CONFIG)).all()
    np.testing.assert_array_equal(mixed_targets(data.targets, rereads, 0.0), data.targets)


def test_each_network_learns_labels_radiologists_and_the_ensemble(data, monkeypatch, tmp_path):
    monkeypatch.setattr(teacher, "_LEAST_EXAMPLES", 5)
    stems = data.stems[::2]
    said = pd.DataFrame(
        {label.column: "" for label in REREAD_LABELS}, index=pd.Index(stems, dtype=str)
    )
    said["rsna_class"] = ["Normal", "Lung Opacity"] * (len(stems) // 2) + ["Normal"] * (
        len(stems) % 2
    )
    read_again = replace(data, rereads=said)
    features = np.random.default_rng(1).normal(size=(len(data.targets), 4)).astype(np.float32)
    monkeypatch.setattr(folds_module, "kept_features", lambda *_: [features])
    learned = []

    def fit(_config, train, *_, **__):
        learned.append(train[1].targets)
        raise KeyboardInterrupt

    monkeypatch.setattr(folds_module, "fit_classifier", fit)
    config = CONFIG.model_copy(
        update={"head_start": 1.0, "distilled": 0.5, "rereads": 0.75, "predicted_rereads": 0.2}
    )
    with pytest.raises(KeyboardInterrupt):
        next(fit_folds(config, read_again, checkpoints=tmp_path, weights=tmp_path, verbose=0))

    rows = np.setdiff1d(np.arange(len(data.targets)), folds_of(data, config)[0])
    patients = data.take(rows).patients
    answers = reread_targets(read_again, config)[rows]
    would_say = predicted_rereads(answers, [features[rows]], patients, config)
    column = config.findings.index(Finding.ABNORMAL)
    labels = data.targets[rows].copy()
    is_read = ~np.isnan(answers[:, column])
    assert 0 < is_read.sum() < len(rows)
    labels[is_read, column] = 0.25 * labels[is_read, column] + 0.75 * answers[is_read, column]
    labels[~is_read, column] *= 0.8
    labels[~is_read, column] += 0.2 * would_say[~is_read, column]
    expected = taught_targets(labels, [features[rows]], patients, config)
    np.testing.assert_allclose(learned[0], expected, atol=1e-6)


def test_targets_are_the_tables(data):
    words = data.radiographs.loc[:, ["effusion", "infiltration", "normal"]].to_numpy(dtype=bool)
    np.testing.assert_array_equal(data.targets[:, :2], words[:, :2])
    np.testing.assert_array_equal(data.targets[:, 2], ~words[:, 2])


def test_no_patient_is_in_two_folds_and_every_film_is_in_one(data):
    folds = folds_of(data, CONFIG)
    assert sorted(np.concatenate(folds)) == list(range(len(data.targets)))
    patients = [{data.patients[row] for row in fold} for fold in folds]
    assert sum(map(len, patients)) == len(set(data.patients))
    # Each has a third of the films with each finding, give or take patients with two.
    for fold in folds:
        assert (abs(data.targets[fold].mean(axis=0) - data.targets.mean(axis=0)) < 0.12).all()


def test_the_bundle_learns_and_its_card_says_on_what(made, data):
    bundle = load_bundle(made)
    card = bundle.card
    adults = data.radiographs["age"] != "6 to 17 years"
    for task in card.tasks:
        figures = task.metrics[FOLDS]
        assert figures.images == adults.sum() < len(data.targets)
        assert figures.auroc.value > 0.9
        assert task.metrics["test"].auroc.value > 0.8
        assert figures.auroc.low > LEAST_AUROC
        # Effusion has too few films, whatever its figures are.
        assert card.is_assessed(task.finding) == (figures.positives >= LEAST_POSITIVES)
    assert [card.is_assessed(each) for each in card.outputs] == [False, True, True]
    lists = read_split_lists(bundle)
    assert {name: len(stems) for name, stems in lists.items()} == {
        name: split["images"] for name, split in card.training["splits"].items()
    }
    assert not lists["train"] & lists["test"]


def test_images_of_all_folds_are_compared_on_one_scale_and_calibrated_on_other_folds(
    data, folds, tmp_path
):
    """Calibrated by fold, images of different folds would not compare: AUROC would change."""
    rng = np.random.default_rng(3)
    noisy = [
        replace(fold, logits=data.targets[fold.held_out] + rng.normal(size=fold.logits.shape))
        for fold in folds
    ]
    card = make_findings_bundle(
        CONFIG, data, noisy, tmp_path / "findings", BundleFacts("test", ()), None
    )

    logits = np.empty(data.targets.shape, np.float32)
    for fold in noisy:
        logits[fold.held_out] = fold.logits
    adults = (data.radiographs["age"] != "6 to 17 years").to_numpy()
    by_others = calibrated_by_others(data, logits, [fold.held_out for fold in noisy])
    changes = []
    for at, task in enumerate(card.tasks):
        truth = data.targets[adults, at]
        figures = task.metrics[FOLDS]
        assert figures.auroc.value == pytest.approx(roc_auc_score(truth, logits[adults, at]))
        probability = by_others[adults, at]
        changes.append(roc_auc_score(truth, probability) - figures.auroc.value)
        assert figures.brier.value == pytest.approx(((probability - truth) ** 2).mean(), abs=1e-5)
        bins = task.curves[FOLDS].reliability
        mean = sum(each.predicted * each.count for each in bins) / adults.sum()
        assert mean == pytest.approx(probability.mean(), abs=1e-4)
    assert max(map(abs, changes)) > 0.01


def test_the_command_finds_the_figures_of_the_card(made, folder, tmp_path, monkeypatch):
    monkeypatch.setenv("HILUM_MODELS_DIR", str(made.parent))
    report = tmp_path / "report"
    # Drawn films are alike.
    asked = ["evaluate", "findings", "--data", str(folder), "--split", "test", "--allow-leaks"]
    done = CliRunner().invoke(app, [*asked, "--out", str(report)])
    assert done.exit_code == 0, done.output
    found = json.loads((report / "metrics.json").read_text("utf-8"))["tasks"]
    for task in load_bundle(made).card.tasks:
        figures = found[task.finding.value]
        expected = task.metrics["test"]
        assert (figures["images"], figures["patients"]) == (expected.images, expected.patients)
        for name in ("auroc", "sensitivity", "specificity", "brier", "f1"):
            told = getattr(expected, name).value
            assert figures["figures"][name]["value"] == pytest.approx(told, abs=1e-4), name


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({}, [np.nan, np.nan]),
        ({"unknown": "absent"}, [np.nan, 0]),
        ({"uncertain": "absent"}, [0, np.nan]),
        ({"uncertain": "present"}, [1, np.nan]),
        ({"uncertain": "soft"}, [0.5, np.nan]),
    ],
)
def test_unknown_and_uncertain_labels_are_learned_as_told(labelled, policy, expected):
    radiographs = labelled.radiographs.copy()
    radiographs.loc[radiographs.index[:2], "effusion"] = None
    first = radiographs["name"].iloc[0]
    changed = LabelledSet(
        radiographs.drop(columns="normal"), uncertain=frozenset({(first, Finding.EFFUSION)})
    )
    config = CONFIG.model_copy(
        update={"labels": LabelPolicy(**policy), "findings": CONFIG.findings[:2]}
    )
    np.testing.assert_array_equal(targets_of(changed, config)[:2, 0], expected)


def test_near_copies_in_two_folds_are_refused_before_training(folder, tmp_path):
    settings = {
        "architecture": "tiny",
        "folds": "3",
        "findings": json.dumps(CONFIG.findings),
        "preprocessing": CONFIG.preprocessing.model_dump_json(),
    }
    asked = ["train", "findings", "--data", str(folder), "--out", str(tmp_path / "findings")]
    asked += ["--checkpoints", str(tmp_path / "checkpoints")]
    done = CliRunner().invoke(
        app, [*asked, *(f"--set={name}={value}" for name, value in settings.items())]
    )
    # Drawn films are alike.
    assert isinstance(done.exception, DatasetError)
    assert "Splits are not independent" in str(done.exception)
    assert not (tmp_path / "findings").exists()


def test_a_finding_without_examples_is_named(labelled):
    config = CONFIG.model_copy(update={"findings": (*CONFIG.findings, Finding.HERNIA)})
    with pytest.raises(DatasetError, match="hernia is never labelled as present"):
        targets_of(labelled, config)
    config = CONFIG.model_copy(update={"findings": (Finding.VIRAL_PNEUMONIA,)})
    with pytest.raises(DatasetError, match="viral_pneumonia is never labelled as present"):
        targets_of(labelled, config)
    unknown = LabelledSet(labelled.radiographs.drop(columns="normal"))
    with pytest.raises(DatasetError, match="viral_pneumonia has no known label"):
        targets_of(unknown, config)


def test_a_finding_of_one_patient_stops_the_run_before_it_is_trained(data, tmp_path):
    targets = data.targets.copy()
    targets[:, 0] = [patient == data.patients[4] for patient in data.patients]
    rare = replace(data, targets=targets)

    with pytest.raises(
        DatasetError, match=r"all images have the finding or none has: effusion\. Add"
    ):
        next(fit_folds(CONFIG, rare, checkpoints=tmp_path, verbose=0))

    assert list(tmp_path.iterdir()) == []


def test_uncertain_labels_of_a_plain_table_are_learned_as_told(folder, tmp_path):
    for at, cell in enumerate(("1", "0", "-1", "")):
        draw_to(tmp_path / f"{at}.png", seed=at, side=SIDE)
        with (tmp_path / "labels.csv").open("a", encoding="utf-8") as table:
            table.write(("path,effusion\n" if at == 0 else "") + f"{at}.png,{cell}\n")
    labelled = labelled_for_training(find_labelled(tmp_path))
    policy = LabelPolicy(uncertain="present", unknown="absent")
    config = CONFIG.model_copy(update={"labels": policy, "findings": (Finding.EFFUSION,)})

    assert targets_of(labelled, config)[:, 0].tolist() == [1, 0, 1, 0]


def test_only_images_that_are_for_training_are_trained_on(labelled):
    halves = LabelledSet(labelled.radiographs[:20]), LabelledSet(labelled.radiographs[20:])
    splits = dict(zip(("test", "train"), halves, strict=True))

    assert labelled_for_training({"all": labelled}) is labelled
    assert labelled_for_training({"train": halves[1]}) is halves[1]
    for names in (["test"], ["in no list"], ["validation", "test"]):
        with pytest.raises(DatasetError, match="none named train"):
            labelled_for_training(dict.fromkeys(names, labelled))
    # Drawn films are alike.
    with pytest.raises(DatasetError, match="continue with --allow-leaks"):
        labelled_for_training(splits)
    assert labelled_for_training(splits, allows_leaks=True) is halves[1]
