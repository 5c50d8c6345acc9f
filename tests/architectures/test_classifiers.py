"""What training takes for granted of every classifier that it can be asked for."""

from pathlib import Path

import keras
import numpy as np
import pytest

from hilum.architectures import classifiers
from hilum.architectures.classifiers import classifier_names, find_classifier
from hilum.architectures.classifiers.head import ACTIVATION_MAP, LOGITS
from hilum.architectures.receptive_field import cells_of
from hilum.training.config import TrainingConfig
from tests.how_to import files, page

# So large that a map at a 32nd of it, less its outermost cells, has several.
SIDE = 160


@pytest.fixture
def plain(tmp_path, monkeypatch):
    """The architecture of the how-to page, beside Hilum's."""
    for path, code in files(page("add-an-architecture")).items():
        to = tmp_path / Path(path).parent.name / Path(path).name
        to.parent.mkdir(exist_ok=True)
        to.write_text(code, encoding="utf-8")
    monkeypatch.setattr(classifiers, "__path__", [*classifiers.__path__, str(tmp_path)])


@pytest.mark.usefixtures("plain")
@pytest.mark.parametrize("name", sorted({*classifier_names(), "plain"}))
def test_a_classifiers_logits_are_the_means_of_its_activation_map(name):
    keras.utils.set_random_seed(1)
    architecture, config = find_classifier(name), TrainingConfig(architecture=name)
    settings = {setting: getattr(config, setting) for setting in architecture.settings}
    network = architecture.build(input_size_px=SIDE, classes=5, **settings)
    films = np.random.default_rng(1).normal(size=(2, SIDE, SIDE, 1)).astype(np.float32)

    found = {output: np.asarray(values) for output, values in network(films).items()}

    assert list(found) == [LOGITS, ACTIVATION_MAP]
    maps = found[ACTIVATION_MAP]
    assert maps.shape[::3] == (2, 5)
    # Random weights make maps of any size: what counts is how far their cells differ.
    spread = maps.std(axis=(1, 2)).min()
    assert spread > 0
    np.testing.assert_allclose(found[LOGITS], maps.mean(axis=(1, 2)), rtol=0, atol=0.01 * spread)
    cells = cells_of(network, ACTIVATION_MAP)
    assert 0 <= cells.origin_px < SIDE - cells.step_px * (maps.shape[1] - 1)
