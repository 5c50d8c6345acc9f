"""The anatomy's way on drawn films with known masks: training, evaluation, bundle."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from typer.testing import CliRunner

from hilum.cli import app
from hilum.cli.evaluate.anatomy import _unseen_by
from hilum.datasets.anatomy_films import AnatomyFilm
from hilum.errors import DatasetError
from hilum.imaging import Preprocessing
from hilum.models.anatomy import AnatomyCard, AnatomyReader, Organ
from hilum.models.anatomy.picture import PictureKind
from hilum.models.bundle import CARD_FILE, load_bundle_of
from hilum.models.check import compare
from hilum.models.split_lists import SPLITS_FILE
from hilum.training.anatomy.batches import Mixture
from hilum.training.anatomy.bundle import AnatomyData, begin_from, load_data, make_anatomy_bundle
from hilum.training.anatomy.fit import AnatomyConfig, anatomy_batches, fit_anatomy
from hilum.training.config import Augmentation
from hilum.training.resumable import Fitted
from tests.training.anatomy.films_on_disk import draw_data

CONFIG = AnatomyConfig(
    seed=1, epochs=3, steps=32, first_epochs=0, phantoms=4, learning_rate=1e-2,
    channels=(8, 16, 24, 24), depth=(0, 1, 1, 1),
    mixture=Mixture(organs=6, lungs=1, plain=1, phantoms=1, other=1, drawn=1),
    validation_share=0.15, test_share=0.2, preprocessing=Preprocessing(input_size_px=64),
    augmentation=Augmentation(
        rotation_degrees=3, shift=0.02, zoom=0.05, stretch=0.02, gamma=1.1, border=0, patch=0.05
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("data")
    draw_data(made)
    return made


@pytest.fixture(scope="module")
def data(folder: Path) -> AnatomyData:
    return load_data(folder, CONFIG)


@pytest.fixture(scope="module", autouse=True)
def _few_drawn_pictures() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hilum.evaluation.anatomy.pictures._DRAWN_OF_A_KIND", 4)
        yield


@pytest.fixture(scope="module")
def models_dir(data: AnatomyData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("models")
    fitted = fit_anatomy(
        CONFIG, data.loaded["train"], data.loaded["validation"], checkpoints=made / "c", verbose=0
    )
    make_anatomy_bundle(fitted, data, CONFIG, made / "anatomy", version="test")
    return made


def test_a_trained_bundle_outlines_what_was_drawn(models_dir: Path, data: AnatomyData) -> None:
    reader = AnatomyReader(load_bundle_of(AnatomyCard, models_dir / "anatomy"))
    card = reader.card

    assert card.verification is not None
    assert all(each.is_met for each in compare(reader, None))
    assert card.metrics["test"].images == 8
    for organ in Organ:
        assert card.metrics["test"].dice[organ].value > 0.85
    assert set(card.metrics) == {"test", "test_jsrt", "test_wingspan"}
    assert card.children["test"].images == sum(len(f.masks) == 1 for f in data.splits["test"])
    assert set(card.pictures["test"].accepted) >= {"jsrt", "limb", "drawn_collage"}
    assert {credit.licence for credit in card.training_data} >= {"CC BY 4.0"}


def test_a_run_begins_with_small_pictures_and_goes_on_with_that_network(
    data: AnatomyData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []

    def fit(config, train, validation, checkpoints, begun, **_):
        sides = {film.pixels.shape for film in (*train, *validation)}
        runs.append((config.preprocessing.input_size_px, sides, config.epochs, checkpoints, begun))
        return Fitted(f"network {len(runs)}", [{"loss": 3.0 - len(runs)}] * config.epochs, 1)

    monkeypatch.setattr("hilum.training.anatomy.fit._fit", fit)
    config = CONFIG.model_copy(update={"first_side": 32, "first_epochs": 2})
    films = data.loaded["train"], data.loaded["validation"]

    fitted = fit_anatomy(config, *films, checkpoints=tmp_path)

    assert runs == [
        (32, {(32, 32)}, 2, tmp_path / "first", None),
        (64, {(64, 64)}, 3, tmp_path, "network 1"),
    ]
    assert fitted.model == "network 2"
    assert [epoch["loss"] for epoch in fitted.history] == [2.0, 2.0, 1.0, 1.0, 1.0]


def test_a_run_may_start_from_an_earlier_bundle(
    models_dir: Path, data: AnatomyData, tmp_path: Path, untraced: None
) -> None:
    start = models_dir / "anatomy"
    changes = {"epochs": 1, "steps": 1, "learning_rate": 1e-9}
    config = begin_from(start, data, CONFIG.model_copy(update=changes))

    fitted = fit_anatomy(
        config,
        data.loaded["train"],
        data.loaded["validation"][:2],
        checkpoints=tmp_path,
        start=start,
        verbose=0,
    )

    earlier = keras.saving.load_model(start / "model.keras", compile=False)
    found, expected = (model.layers[1].get_weights()[0] for model in (fitted.model, earlier))
    assert np.abs(found - expected).max() < 1e-4


def test_a_run_does_not_start_from_a_bundle_that_saw_its_test_films(
    models_dir: Path, data: AnatomyData
) -> None:
    trained = AnatomyData({**data.splits, "test": data.splits["train"]}, data.loaded)

    with pytest.raises(DatasetError, match="test films trained the bundle"):
        begin_from(models_dir / "anatomy", trained, CONFIG)


def test_a_run_does_not_start_from_a_bundle_that_lists_no_films(
    models_dir: Path, data: AnatomyData, tmp_path: Path
) -> None:
    unlisted = tmp_path / "anatomy"
    shutil.copytree(models_dir / "anatomy", unlisted)
    (unlisted / SPLITS_FILE).unlink()
    card = json.loads((unlisted / CARD_FILE).read_text(encoding="utf-8"))
    del card["files"][SPLITS_FILE]
    (unlisted / CARD_FILE).write_text(json.dumps(card), encoding="utf-8")

    with pytest.raises(DatasetError, match=f"has no {SPLITS_FILE}"):
        begin_from(unlisted, data, CONFIG)


def test_evaluate_leaves_out_what_trained_and_prints_the_cards_figures(
    models_dir: Path, data: AnatomyData, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HILUM_MODELS_DIR", str(models_dir))
    run = CliRunner().invoke(app, ["evaluate", "anatomy", "--data", str(folder), "--json"])

    figures = json.loads(run.stdout)
    card = load_bundle_of(AnatomyCard, models_dir / "anatomy").card
    assert figures["left_out_as_seen"] == sum(
        len(data.splits[name]) for name in ("train", "validation")
    )
    assert figures["dice"]["heart"] == pytest.approx(
        card.metrics["test"].dice[Organ.HEART].value, abs=1e-5
    )
    assert set(figures["by_source"]) == {"jsrt", "wingspan"}
    assert figures["children"] == card.children["test"].model_dump(mode="json")
    assert figures["pictures"]["counts"] == card.pictures["test"].counts


def test_of_a_kind_that_is_left_out_all_images_are_measured(
    models_dir: Path, data: AnatomyData
) -> None:
    bundle = load_bundle_of(AnatomyCard, models_dir / "anatomy")
    films = [film for split in data.splits.values() for film in split]
    config = bundle.card.training["config"] | {"left_out": ["lateral_chest"]}
    training = bundle.card.training | {"config": config}
    changed = replace(bundle, card=bundle.card.model_copy(update={"training": training}))

    def lateral(found: list[AnatomyFilm]) -> int:
        return sum(film.kind is PictureKind.LATERAL_CHEST for film in found)

    assert lateral(_unseen_by(bundle, films)) == lateral(data.splits["test"]) < lateral(films)
    assert lateral(_unseen_by(changed, films)) == lateral(films)
    assert len(_unseen_by(changed, films)) - len(data.splits["test"]) == lateral(films) - lateral(
        data.splits["test"]
    )


def test_a_kind_that_is_left_out_is_never_shown(data: AnatomyData) -> None:
    kinds = list(PictureKind)
    shown = {}
    for left_out in ((), (PictureKind.LIMB, PictureKind.COLLAGE)):
        config = CONFIG.model_copy(update={"left_out": left_out})
        batches = anatomy_batches(config, data.loaded["train"])
        told = np.concatenate([batches[n][1]["kind"] for n in range(8)])
        shown[left_out] = {kinds[at] for at in told.argmax(axis=1)}

    assert {PictureKind.LIMB, PictureKind.COLLAGE} <= shown[()]
    assert shown[PictureKind.LIMB, PictureKind.COLLAGE] == shown[()] - {
        PictureKind.LIMB,
        PictureKind.COLLAGE,
    }
