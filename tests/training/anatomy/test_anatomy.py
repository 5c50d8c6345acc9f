"""The anatomy's way on drawn films with known masks: batches, training, evaluation, bundle."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from hilum.cli import app
from hilum.datasets.organ_masks import MASKS, find_masked_samples, unseen_samples
from hilum.errors import DatasetError
from hilum.imaging import Preprocessing, decode
from hilum.models.anatomy import AnatomyCard, AnatomyReader, Organ
from hilum.models.bundle import load_bundle_of
from hilum.models.check import compare
from hilum.populations import Population
from hilum.training.anatomy.batches import AnatomyBatches, Mixture
from hilum.training.anatomy.bundle import (
    begin_from,
    make_anatomy_bundle,
    split_samples,
)
from hilum.training.anatomy.films import load_masked, masked_groups
from hilum.training.anatomy.fit import AnatomyConfig, fit_anatomy
from hilum.training.anatomy.known_films import drawn_group
from hilum.training.anatomy.non_chest_images import draw_non_chest_image
from hilum.training.config import Augmentation
from tests.models.anatomy.conftest import SIDE, ellipse

CONFIG = AnatomyConfig(
    seed=1, epochs=7, batch_size=8, empty_in_batch=2, opacity_share=0.3, repeats=4,
    learning_rate=1e-2, channels=(8, 16), validation_share=0.15, test_share=0.2,
    preprocessing=Preprocessing(input_size_px=64),
    augmentation=Augmentation(
        rotation_degrees=3, shift=0.02, zoom=0.05, stretch=0.02, gamma=1.1, border=0, patch=0.05
    ),
)  # fmt: skip


def _draw(folder: Path, source: str, name: str, rng: np.random.Generator) -> None:
    dx, dy = rng.uniform(-25, 25, 2)
    organs = {
        "right_lung": ellipse(150 + dx, 240 + dy, 70, 150),
        "left_lung": ellipse(362 + dx, 240 + dy, 70, 150),
        "heart": ellipse(275 + dx, 320 + dy, 80, 70),
    }
    organs["left_lung"] &= ~organs["heart"]
    organs["right_lung"] &= ~organs["heart"]
    film = np.full((SIDE, SIDE), 0.6)
    film[organs["right_lung"] | organs["left_lung"]] = 0.2
    film[organs["heart"]] = 0.85
    film += rng.normal(0, 0.02, film.shape)
    for kind, pixels in {"png": film, **{f"mask/{k}": v for k, v in organs.items()}}.items():
        path = folder / source / kind / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.uint8(255 * np.clip(pixels, 0, 1))).save(path)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("anatomy")
    rng = np.random.default_rng(0)
    for source in ("jsrt", "wingspan"):
        for n in range(20):
            _draw(folder, source, f"film{n}", rng)
    return folder


@pytest.fixture(scope="module")
def models_dir(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    parts = split_samples(data, CONFIG)
    how = CONFIG.preprocessing
    train, validation = (load_masked(parts[name], how) for name in ("train", "validation"))
    fitted = fit_anatomy(
        CONFIG, train, validation, train[0], checkpoints=folder / "checkpoints", verbose=0
    )
    groups = [*masked_groups(parts["train"], train[0]), drawn_group(how.input_size_px, films=8)]
    make_anatomy_bundle(fitted, parts, groups, CONFIG, folder / "anatomy", version="test")
    return folder


def test_a_trained_bundle_outlines_what_was_drawn(models_dir: Path) -> None:
    reader = AnatomyReader(load_bundle_of(AnatomyCard, models_dir / "anatomy"))
    card = reader.card

    assert card.verification is not None
    assert all(each.is_met for each in compare(reader, None))
    assert card.metrics["test"].images == 8
    for organ in Organ:
        assert card.metrics["test"].dice[organ].value > 0.85
    assert set(card.metrics) >= {"test", "test_jsrt", "test_wingspan", "validation"}


def test_films_like_the_known_ones_are_near_their_group(models_dir: Path, data: Path) -> None:
    reader = AnatomyReader(load_bundle_of(AnatomyCard, models_dir / "anatomy"))
    known = reader.card.known_films
    films = [decode(sample.path.read_bytes()) for sample in split_samples(data, CONFIG)["test"]]

    near = [anatomy.out_of_distribution for anatomy in reader.read_many(films)]

    assert list(known.groups) == ["jsrt", "wingspan", "phantoms"]
    assert all(each.is_known and each.population is Population.ADULTS for each in near)


def test_a_run_may_start_from_an_earlier_bundle(
    models_dir: Path, data: Path, tmp_path: Path, untraced: None
) -> None:
    start = models_dir / "anatomy"
    parts = split_samples(data, CONFIG)
    changes = {"epochs": 1, "repeats": 1, "learning_rate": 1e-9}
    config = begin_from(start, parts, CONFIG.model_copy(update=changes))
    train, validation = (
        load_masked(parts[name], CONFIG.preprocessing) for name in ("train", "validation")
    )

    fitted = fit_anatomy(
        config, train, validation, train[0], checkpoints=tmp_path, start=start, verbose=0
    )

    earlier = keras.saving.load_model(start / "model.keras", compile=False)
    found, expected = (model.layers[1].get_weights()[0] for model in (fitted.model, earlier))
    assert np.abs(found - expected).max() < 1e-4


def test_a_run_does_not_start_from_a_bundle_that_saw_its_test_films(
    models_dir: Path, data: Path
) -> None:
    parts = split_samples(data, CONFIG.model_copy(update={"seed": 5}))

    with pytest.raises(DatasetError, match="test radiographs trained the bundle"):
        begin_from(models_dir / "anatomy", parts, CONFIG)


def test_what_trained_the_model_is_known_again(models_dir: Path, data: Path) -> None:
    card = load_bundle_of(AnatomyCard, models_dir / "anatomy").card

    unseen, seen = unseen_samples(data, card.training["seen"])

    assert seen == 32
    assert {s.patient for s in unseen} == {s.patient for s in split_samples(data, CONFIG)["test"]}


def test_evaluate_prints_the_cards_figures(
    models_dir: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HILUM_MODELS_DIR", str(models_dir))
    run = CliRunner().invoke(app, ["evaluate", "anatomy", "--data", str(data), "--json"])

    figures = json.loads(run.stdout)
    card = load_bundle_of(AnatomyCard, models_dir / "anatomy").card
    assert figures["left_out_as_seen"] == 32
    assert figures["dice"]["heart"] == pytest.approx(
        card.metrics["test"].dice[Organ.HEART].value, abs=1e-5
    )
    assert set(figures["cardiothoracic_ratio"]) == {"mae", "bias", "limits_of_agreement"}
    assert set(figures["by_source"]) == {"jsrt", "wingspan"}


def test_a_mirrored_film_swaps_the_lungs_names(data: Path) -> None:
    pictures, masks = load_masked(find_masked_samples(data)[:4], CONFIG.preprocessing)
    mirror = Augmentation(
        rotation_degrees=0, shift=0, zoom=0, stretch=0, gamma=1, blur_px=0, noise=0, border=0,
        patch=0.05, flip=1,
    )  # fmt: skip
    batches = AnatomyBatches(
        pictures, masks, pictures[:0], CONFIG.preprocessing, mirror,
        mixture=Mixture(masked=4), repeats=1, seed=0,
    )  # fmt: skip

    _, targets, weights = batches[0]

    columns = np.arange(64)
    for each in targets["masks"][weights["masks"] > 0][:4]:
        right, left = (
            (each[:, :, MASKS.index(name)].sum(axis=0) * columns).sum()
            / each[:, :, MASKS.index(name)].sum()
            for name in ("right_lung", "left_lung")
        )
        assert right < 32 < left


def test_pictures_of_nothing_stay_in_range() -> None:
    film = np.random.default_rng(0).random((96, 96), dtype=np.float32)
    for seed in range(40):
        made = draw_non_chest_image(film, np.random.default_rng(seed))
        assert made.shape == film.shape
        assert made.dtype == np.float32
        assert made.min() >= 0
        assert made.max() <= 1


def test_a_film_without_a_mask_is_named(tmp_path: Path) -> None:
    _draw(tmp_path, "jsrt", "whole", np.random.default_rng(0))
    _draw(tmp_path, "jsrt", "lacking", np.random.default_rng(0))
    (tmp_path / "jsrt" / "mask" / "heart" / "lacking.png").unlink()

    with pytest.raises(DatasetError, match=r"1 radiographs .*lacking\.png"):
        find_masked_samples(tmp_path)


def test_absent_data_says_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="jsrt,wingspan"):
        find_masked_samples(tmp_path)
