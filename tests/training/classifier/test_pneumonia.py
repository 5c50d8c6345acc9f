"""The whole way on drawn phantoms: train, kill, go on, evaluate, save, load, read."""

import shutil
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from pandas.testing import assert_frame_equal
from pydantic import ValidationError

from hilum.datasets.labelled import LabelledSet
from hilum.datasets.labels import columns_of_one
from hilum.errors import BundleError, DatasetError
from hilum.evaluation.evaluate import evaluate
from hilum.evaluation.figures.predictions import Predictions
from hilum.evaluation.model_under_test import model_under_test
from hilum.findings import Finding
from hilum.imaging import Box, Preprocessing, decode
from hilum.models import Reader, load_bundle
from hilum.models.bundle import write_card
from hilum.models.check import compare
from hilum.models.phantoms import PHANTOMS
from hilum.models.split_lists import SPLITS_FILE, read_split_lists
from hilum.models.task import Presence
from hilum.training.classifier.pneumonia import fit_pneumonia, load_splits, told_left_out
from hilum.training.classifier.pneumonia_bundle import calibrate_again, make_bundle
from hilum.training.classifier.pneumonia_config import PneumoniaConfig
from hilum.training.config import Augmentation
from tests.datasets.phantom_data import SIDE, write_chest_xray

CONFIG = PneumoniaConfig(
    seed=1, epochs=16, batch_size=8, learning_rate=1e-2,
    architecture="tiny", width=8, validation_share=0.2,
    test_share=0.2, preprocessing=Preprocessing(input_size_px=SIDE),
    augmentation=Augmentation(border=0, noise=0.01, patch=0.08, gamma=1.1),
)  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_chest_xray(tmp_path_factory.mktemp("data"), patients=24)


@pytest.fixture(scope="module")
def splits(data):
    return load_splits(data, CONFIG, None)


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """Splits of few films, for what asks not how well a network learns."""
    data = write_chest_xray(tmp_path_factory.mktemp("few"), patients=6)
    return load_splits(data, CONFIG, None)


@pytest.fixture(scope="module")
def fitted(splits, tmp_path_factory):
    return fit_pneumonia(CONFIG, splits, checkpoints=tmp_path_factory.mktemp("ck"), verbose=0)


@pytest.fixture(scope="module")
def bundle_dir(fitted, splits, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "pneumonia"
    make_bundle(fitted, splits, CONFIG, folder, version="test", screener=None)
    return folder


def test_a_trained_bundle_tells_opacities_from_clear_lungs(bundle_dir, splits):
    reader = Reader(load_bundle(bundle_dir))
    wrong = 0
    for path in splits["test"].radiographs["path"]:
        radiograph = decode(path.read_bytes(), smallest_side_px=reader.smallest_side_px)
        reading = reader.read(radiograph)
        is_ill = path.parent.name == "PNEUMONIA"
        wrong += reading.main_decision.is_above_operating_point != is_ill
    assert wrong <= 0.1 * len(splits["test"].radiographs)


def test_the_card_says_what_the_run_did(bundle_dir, splits):
    card = load_bundle(bundle_dir).card
    task = card.main_task

    assert card.training["config"] == CONFIG.model_dump(mode="json")
    assert card.training["epochs"] == len(card.training["history"]) <= CONFIG.epochs
    assert task.metrics["test"].images == len(splits["test"].radiographs)
    assert task.metrics["test"].patients == len(set(splits["test"].patients))
    assert card.calibration.fitted_on.startswith("validation")
    assert task.operating_point.chosen_on.startswith("validation")
    assert set(task.conformal.quantiles) == set(Presence)
    assert set(task.metrics) == set(task.curves) == {"validation", "changed", "test"}
    assert sum(sum(row.values()) for row in task.metrics["test"].confusion.values()) == len(
        splits["test"].radiographs
    )
    assert all(each.is_met for each in compare(Reader(load_bundle(bundle_dir)), None))
    assert len(card.verification.phantoms) == len(PHANTOMS)


@pytest.mark.parametrize("split", ["validation", "test"])
def test_the_check_comes_to_the_cards_figures(bundle_dir, splits, split):
    reader = Reader(load_bundle(bundle_dir))
    labelled = {split: LabelledSet(splits[split].radiographs)}

    found = evaluate(model_under_test(reader, None), labelled, split, data="drawn")

    # The card's come from Keras in batches, these from the compiled network film by film.
    stated = reader.card.main_task.metrics[split]
    assert found.main.figures.figures["brier"].value == pytest.approx(stated.brier.value, abs=2e-6)
    for name in ("auroc", "sensitivity", "specificity", "uncertain_share"):
        assert found.main.figures.figures[name].value == getattr(stated, name).value
    curve = reader.card.main_task.curves[split]
    for ours, theirs in zip(found.main.curves.roc, curve.roc, strict=True):
        assert ours.threshold == pytest.approx(theirs.threshold, abs=2e-6)


def test_a_network_that_is_kept_is_calibrated_and_measured_again(bundle_dir, data, tmp_path):
    """On the same films with the same fields: to the same values, whatever the card said."""
    folder = tmp_path / "pneumonia"
    shutil.copytree(bundle_dir, folder)
    made = load_bundle(folder).card
    wrong = made.calibration.model_copy(update={"bias": (3.0, -1.0, -2.0)})
    write_card(made.model_copy(update={"calibration": wrong, "limits": ("Old.",)}), folder)

    found = calibrate_again(folder, data, version="again", screener=None)

    assert load_bundle(folder).card == found
    assert found.version == "again"
    assert found.limits == made.limits
    assert found.calibration.bias == pytest.approx(made.calibration.bias, abs=1e-4)
    again, before = found.main_task, made.main_task
    assert again.operating_point.threshold == pytest.approx(
        before.operating_point.threshold, abs=1e-4
    )
    assert again.metrics["test"].auroc.value == before.metrics["test"].auroc.value
    assert all(each.is_met for each in compare(Reader(load_bundle(folder)), None))


def test_a_bundle_is_not_calibrated_on_splits_of_other_films(bundle_dir, data, tmp_path):
    folder = Path(shutil.copytree(bundle_dir, tmp_path / "pneumonia"))
    other = Path(shutil.copytree(data, tmp_path / "data"))
    # One film less: the splits are drawn otherwise, and what trained the network is in the test.
    next((other / "train" / "NORMAL").iterdir()).unlink()
    before = (folder / "card.json").read_text(encoding="utf-8")

    with pytest.raises(DatasetError, match=r"is not that of the bundle: .* in one of them only"):
        calibrate_again(folder, other, version="again", screener=None)

    assert (folder / "card.json").read_text(encoding="utf-8") == before


def test_decisions_of_a_bundle_also_suit_other_acquisitions(bundle_dir, data, tmp_path):
    made = load_bundle(bundle_dir).card
    folder = Path(shutil.copytree(bundle_dir, tmp_path / "pneumonia"))
    # Normal films of the other acquisition score 0.90 to 0.98, those with pneumonia 0.985.
    ill = np.array([*np.linspace(0.90, 0.98, 41), *[0.985] * 41])
    probabilities = np.column_stack([1 - ill, ill, np.zeros(82)])
    labels = columns_of_one([Finding.NORMAL] * 41 + [Finding.BACTERIAL_PNEUMONIA] * 41)
    said = Predictions(probabilities, labels, [str(row) for row in range(82)])

    found = calibrate_again(
        folder, data, version="other", screener=None, acquisitions={"other films": said}
    ).main_task

    # By the rule of the quantile: rank ceil(42 coverage), half way to the next.
    rank = int(np.ceil(42 * CONFIG.coverage_elsewhere))
    absent, present = (
        found.conformal.quantiles[label] for label in (Presence.ABSENT, Presence.PRESENT)
    )
    assert absent == pytest.approx(ill[rank - 1 : rank + 1].mean())
    assert present == made.main_task.conformal.quantiles[Presence.PRESENT]
    assert found.operating_point.threshold > made.main_task.operating_point.threshold
    assert "specificities of 2 groups of films" in found.operating_point.criterion
    assert "other films" in found.operating_point.chosen_on


def test_a_bundle_lists_the_pictures_of_its_splits(bundle_dir, splits, tmp_path):
    bundle = load_bundle(bundle_dir)
    lists = read_split_lists(bundle)

    assert lists == {
        name: {path.stem for path in split.radiographs["path"]} for name, split in splits.items()
    }
    damaged = Path(shutil.copytree(bundle_dir, tmp_path / "pneumonia"))
    (damaged / SPLITS_FILE).write_text("{}", encoding="utf-8")
    with pytest.raises(BundleError, match=r"splits.json is not the file"):
        load_bundle(damaged)


def test_a_killed_run_goes_on_to_the_same_result(few, tmp_path, monkeypatch):
    short = CONFIG.model_copy(update={"epochs": 3, "batch_size": 4})
    begun = []
    real = keras.callbacks.CallbackList.on_epoch_begin

    def keep_what_a_kill_leaves(self, epoch, logs=None):
        begun.append(epoch)
        if begun == [0, 1, 2]:
            shutil.copytree(tmp_path / "whole", tmp_path / "killed")
        return real(self, epoch, logs)

    monkeypatch.setattr(keras.callbacks.CallbackList, "on_epoch_begin", keep_what_a_kill_leaves)
    whole = fit_pneumonia(short, few, checkpoints=tmp_path / "whole", verbose=0)
    resumed = fit_pneumonia(short, few, checkpoints=tmp_path / "killed", verbose=0)

    assert begun == [0, 1, 2, 2]
    assert len(resumed.history) == len(whole.history) == 3
    assert resumed.best_epoch == whole.best_epoch
    for one, other in zip(resumed.model.get_weights(), whole.model.get_weights(), strict=True):
        # Not to the bit: sums over threads come in any order.
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("what", ["configuration", "boxes", "images", "validation"])
def test_a_checkpoint_of_something_else_is_not_gone_on_from(few, tmp_path, untraced, what):
    short = CONFIG.model_copy(update={"epochs": 1})
    first = fit_pneumonia(short, few, checkpoints=tmp_path, verbose=0)
    same = fit_pneumonia(short, few, checkpoints=tmp_path, verbose=0)
    assert same.history == first.history
    part = "validation" if what == "validation" else "train"
    films = few[part].films
    if what == "boxes":
        films = replace(films, boxes=[Box(0.1, 0, 1, 1), *films.boxes[1:]])
    elif what != "configuration":
        films = replace(films, pictures=films.pictures[:, ::-1])
    config = short.model_copy(update={"seed": 2}) if what == "configuration" else short

    again = fit_pneumonia(
        config, {**few, part: replace(few[part], films=films)}, checkpoints=tmp_path, verbose=0
    )

    assert again.history != first.history


def test_the_mean_of_the_weights_survives_a_kill(few, tmp_path):
    config = CONFIG.model_copy(update={"epochs": 2, "batch_size": 4, "averaging": 0.5})
    whole = fit_pneumonia(config, few, checkpoints=tmp_path, verbose=0)
    bare = config.model_copy(update={"averaging": 0.0})

    last = fit_pneumonia(bare, few, checkpoints=tmp_path / "bare", verbose=0)
    again = fit_pneumonia(config, few, checkpoints=tmp_path, verbose=0)

    differences = [
        max(np.abs(one - other).max() for one, other in zip(*pair, strict=True))
        for pair in (
            (whole.model.get_weights(), again.model.get_weights()),
            (whole.model.get_weights(), last.model.get_weights()),
        )
    ]
    assert differences[0] < 1e-6
    assert differences[1] > 1e-4
    with pytest.raises(ValidationError, match="set kept_epoch=last"):
        PneumoniaConfig(averaging=0.5, kept_epoch="best")


def test_unreadable_pictures_are_told_and_left_out(tmp_path):
    folder = write_chest_xray(tmp_path, patients=6)
    whole = load_splits(folder, CONFIG, None)
    lost = whole["train"].radiographs["path"].iloc[3]
    lost.write_bytes(b"not a picture")

    splits = load_splits(folder, CONFIG, None)

    count = len(whole["train"].radiographs)
    assert told_left_out(splits) == [
        f"1 of {count} pictures of train cannot be read and were left out: {lost.name}."
    ]
    before = whole["train"].radiographs
    assert_frame_equal(splits["train"].radiographs, before[before["path"] != lost])
    np.testing.assert_array_equal(
        splits["train"].films.pictures, np.delete(whole["train"].films.pictures, 3, axis=0)
    )
    assert len(splits["train"].labels) == len(splits["train"].films.boxes) == count - 1


def test_a_class_of_which_nothing_can_be_read_stops_the_run(tmp_path):
    folder = write_chest_xray(tmp_path, patients=6)
    for path in (folder / "train" / "NORMAL").iterdir():
        path.write_bytes(path.name.encode())

    with pytest.raises(DatasetError, match=r"No picture of Normal in \w+ can be read: IM-"):
        load_splits(folder, CONFIG, None)
