"""The search on a made-up objective, and once on drawn phantoms."""

import math
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

from hilum.cli import app
from hilum.errors import DatasetError
from hilum.imaging import Preprocessing
from hilum.training.classifier.pneumonia_config import PneumoniaConfig
from hilum.training.classifier.tune import BACTERIAL, NORMAL
from hilum.training.config import Augmentation
from hilum.training.search import pneumonia_trials
from hilum.training.search.pneumonia_trials import PneumoniaTrials
from hilum.training.search.report import against_first, search_table
from hilum.training.search.search import measured, search
from hilum.training.search.space import (
    Knob,
    load_space,
    single_changes,
    told_settings,
    with_settings,
)
from tests.datasets.phantom_data import SIDE, write_chest_xray

SHIPPED_SPACE = Path(__file__).parents[3] / "ml_model" / "search.toml"
BASE = PneumoniaConfig()
SPACE = {
    "label_smoothing": Knob(choices=(0.05, 0.0)),
    "augmentation.gamma": Knob(low=1.0, high=3.0),
}


def figures(settings, ill=0.9, well=0.1):
    probability = np.array([ill, well, ill, well])
    return measured(
        settings,
        probability,
        np.array([1, 0, 1, 0], bool),
        2,
        0.5,
        parts_auroc=0.8,
        parameters=7,
    )


def by_gamma(config, settings, folder):
    """Least loss at a gamma of 2."""
    folder.mkdir(parents=True, exist_ok=True)
    worse = abs(config.augmentation.gamma - 2) / 10
    return figures(settings, 0.9 - worse, 0.1 + worse)


def test_figures_are_those_of_the_films_as_they_are_and_of_the_changed_ones():
    truth = np.array([True, False, True, False, False])
    said = measured(
        {}, np.array([0.8, 0.4, 0.6, 0.7, 0.1]), truth, 2, 0.65,
        parts_auroc=0.8, parameters=7,
    )  # fmt: skip

    assert said.log_loss == pytest.approx(-(math.log(0.8) + math.log(0.6)) / 2)
    assert said.changed_log_loss == pytest.approx(-(math.log(0.6) + math.log(0.3 * 0.9)) / 3)
    assert said.objective == pytest.approx((said.log_loss + said.changed_log_loss) / 2)
    assert (said.auroc, said.changed_auroc) == (1.0, 0.5)
    assert (said.sensitivity, said.specificity) == (0.0, 0.5)


def test_each_change_is_tried_alone_before_any_is_proposed(tmp_path):
    found = search(BASE, SPACE, tmp_path, by_gamma, trials=6)

    alone = [{}, {"label_smoothing": 0.0}, {"augmentation.gamma": 1.0}, {"augmentation.gamma": 3.0}]
    assert [each.settings for each in found[:4]] == alone == single_changes(SPACE, BASE)
    assert all("augmentation.gamma" in each.settings for each in found[4:])


def test_a_killed_search_goes_on_with_the_trial_that_was_killed(tmp_path):
    places = []

    def killed_in_third(config, settings, folder):
        places.append((settings, folder))
        if len(places) == 3:
            raise KeyboardInterrupt
        return by_gamma(config, settings, folder)

    with pytest.raises(KeyboardInterrupt):
        search(BASE, SPACE, tmp_path, killed_in_third, trials=4)
    found = search(BASE, SPACE, tmp_path, killed_in_third, trials=4)

    assert len(found) == 4
    assert len(places) == 5
    assert places.count(places[2]) == 2, "from its own checkpoints"
    assert sorted(map(str, (each.settings for each in found))) == sorted(
        map(str, single_changes(SPACE, BASE))
    )


def test_another_search_in_the_same_folder_is_refused(tmp_path):
    search(BASE, SPACE, tmp_path, by_gamma, trials=1)

    with pytest.raises(DatasetError, match="Take another folder"):
        search(BASE.model_copy(update={"seed": 3}), SPACE, tmp_path, by_gamma, trials=2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[gamma]\nchoices = [1.0]", "no setting 'gamma'"),
        ("[seed.of]\nchoices = [1.0]", "of: Extra inputs"),
        ('["seed.of"]\nchoices = [1]', "no setting 'seed.of'"),
        ("[mixup]\nchoices = [-1.0]", "mixup"),
        ("[mixup]\nlow = 2.0\nhigh = 1.0", "low below high"),
        ("mixup = [", "no readable TOML"),
    ],
)
def test_a_space_that_cannot_be_is_told(tmp_path, text, words):
    (tmp_path / "vary.toml").write_text(text)

    with pytest.raises(DatasetError, match=words):
        search(BASE, load_space(tmp_path / "vary.toml"), tmp_path / "out", by_gamma, trials=1)


def test_the_shipped_space_can_be_searched():
    space = load_space(SHIPPED_SPACE)

    assert all(with_settings(BASE, settings) for settings in single_changes(space, BASE))


def test_trials_are_compared_with_the_base_by_pairs_of_films():
    truth = np.array([True, False, True, False])
    base, better = figures({}, 0.8, 0.2), figures({"mixup": 0.3}, 0.9, 0.1)
    against = against_first([base, better], truth, ["a", "b", "c", "d"])

    assert against[0] is None
    assert against[1].value == pytest.approx(math.log(0.8 / 0.9))
    assert against[1].high < 0
    table = search_table([base, better], against)
    assert "| mixup 0.3 |" in table
    assert len({row.count("|") for row in table.splitlines()}) == 1


@pytest.mark.parametrize(("leaning", "expected"), [(3.0, 1.0), (-3.0, 0.0)])
def test_bacterial_is_told_from_viral_among_the_ill(tmp_path, monkeypatch, leaning, expected):
    """A stand-in network that leans to the cause, or against it, and knows who is ill."""
    base = PneumoniaConfig(
        seed=1, architecture="tiny", validation_share=0.2, test_share=0.2, coverage=0.5,
        preprocessing=Preprocessing(input_size_px=SIDE), changed_copies=1,
    )  # fmt: skip
    run = PneumoniaTrials(write_chest_xray(tmp_path / "data", patients=12), base, None, None)

    def logits(model, part, config):
        bacterial = np.where(part.labels == BACTERIAL, leaning, -leaning)
        ill = np.where(part.labels != NORMAL, 5.0, -5.0)
        return np.stack([-ill, ill + bacterial, ill - bacterial], axis=1).astype(np.float32)

    fitted = SimpleNamespace(model=SimpleNamespace(count_params=lambda: 7))
    monkeypatch.setattr(pneumonia_trials, "fit_pneumonia", lambda *args, **options: fitted)
    monkeypatch.setattr(pneumonia_trials, "predict_logits", logits)

    assert run(base, {}, tmp_path).parts_auroc == expected


def test_drawn_phantoms_are_searched_over(tmp_path, untraced):
    data = write_chest_xray(tmp_path / "data", patients=12)
    base = PneumoniaConfig(
        seed=1, epochs=1, batch_size=8, architecture="tiny", width=4, validation_share=0.2,
        test_share=0.2, preprocessing=Preprocessing(input_size_px=SIDE), changed_copies=1,
        augmentation=Augmentation(), coverage=0.5,
    )  # fmt: skip
    run = PneumoniaTrials(data, base, None, None)
    space = {"mixup": Knob(choices=(0.0, 0.4)), "averaging": Knob(choices=(0.0, 0.5))}

    found = search(base, space, tmp_path / "out", run, trials=3)

    assert len({each.log_loss for each in found}) == 3
    assert len(found[0].probabilities) == len(run.patients) == len(run.is_ill)
    assert found[0].images * 2 == len(run.patients)


def test_settings_are_told_on_the_command_line():
    told = told_settings(["mixup=0.3", "architecture=residual", "augmentation.coarsest_jpeg=100"])

    assert told == {"mixup": 0.3, "architecture": "residual", "augmentation.coarsest_jpeg": 100}
    with pytest.raises(DatasetError, match="'mixup' is no setting: NAME=VALUE"):
        told_settings(["mixup"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--folds", "3", "--across-numbers"], "Either --folds or --across-numbers"),
        (["--predictions", "said.csv"], "require --across-numbers"),
        (["--decide-across"], "require --across-numbers"),
        (["--keep-network", "--epochs", "2"], "--keep-network does not train"),
        (["--folds", "3", "--acquisitions", __file__], "--acquisitions is for writing a bundle"),
        (["--acquisitions", __file__], "cannot be read as a table|has no predictions"),
        (["--set", "gamma=1"], "no setting 'gamma'"),
    ],
)
def test_the_train_command_refuses_what_cannot_be(tmp_path, arguments, words):
    run = CliRunner().invoke(app, ["train", "pneumonia", "--data", str(tmp_path), *arguments])

    assert isinstance(run.exception, DatasetError)
    assert re.search(words, str(run.exception))


def test_two_folds_are_refused_before_any_film_is_read(tmp_path):
    arguments = ["train", "pneumonia", "--data", str(tmp_path), "--folds", "2"]
    run = CliRunner().invoke(app, arguments)

    assert run.exit_code == 2
    assert "greater than or equal to 3" in run.output
