"""Films in a file are those in memory, and a killed run goes on."""

import os

import numpy as np
import pytest

from hilum.imaging import Preprocessing
from hilum.models import Screener
from hilum.models.anatomy import AnatomyCard, AnatomyReader
from hilum.models.bundle import load_bundle_of
from hilum.training.classifier import packed
from hilum.training.classifier.films import PlainBatches, load_film, load_films, model_inputs
from hilum.training.classifier.packed import pack_films
from tests.datasets.phantom_data import draw_to
from tests.shipped import SHIPPED

# An odd number of pixels: the bits of a mask do not fill its last byte.
FIELD = Preprocessing(input_size_px=33, region="lung_field", sampled_px=45)
WHOLE_PICTURE = Preprocessing(input_size_px=33)
STEP = 1 / 65535


@pytest.fixture(scope="module")
def screener():
    return Screener(AnatomyReader(load_bundle_of(AnatomyCard, SHIPPED.parent / "anatomy")))


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    """Nine films, of which the fourth is damaged."""
    folder = tmp_path_factory.mktemp("films")
    made = [folder / f"{number}.png" for number in range(9)]
    for number, path in enumerate(made):
        draw_to(path, seed=number, side=256, spread=0.2)
    made[3].write_bytes(b"no film")
    return made


@pytest.fixture
def loaded(monkeypatch):
    """Names of the films that were decoded, in their order."""
    names = []

    def load(path, *given):
        names.append(path.name)
        return load_film(path, *given)

    monkeypatch.setattr(packed, "load_film", load)
    return names


@pytest.mark.parametrize("how", [FIELD, WHOLE_PICTURE], ids=["lung field", "whole picture"])
def test_films_in_a_file_are_those_in_memory(paths, screener, tmp_path, how):
    expected, unreadable = load_films(paths, how, screener)

    films, left_out = pack_films(paths, how, screener, tmp_path / "films.bin")

    assert left_out == unreadable == [3]
    assert films.boxes == expected.boxes
    assert len(films.pictures) == 8
    for index in range(8):
        np.testing.assert_allclose(
            films.pictures[index], expected.pictures[index], atol=0.51 * STEP, rtol=0
        )
        if how is FIELD:
            np.testing.assert_array_equal(films.chests[index], expected.chests[index])
    assert (films.chests is None) == (how is WHOLE_PICTURE)
    if how is FIELD:
        assert 0 < np.mean([films.chests[index].mean() for index in range(8)]) < 1


def test_chosen_films_are_read_when_they_are_asked_for(paths, screener, tmp_path):
    films, _ = pack_films(paths, FIELD, screener, tmp_path / "films.bin")

    some = films.take([5, 1])

    np.testing.assert_array_equal(some.pictures[0], films.pictures[5])
    np.testing.assert_array_equal(some.take([1]).chests[0], films.chests[1])
    inputs = model_inputs(some, FIELD)
    batches = PlainBatches(some, FIELD, batch_size=1, targets={"logits": np.array([[1.0], [0.0]])})
    assert len(batches) == 2
    np.testing.assert_array_equal(batches[1][0], inputs[1:])
    assert batches[1][1]["logits"].tolist() == [[0.0]]
    films.pictures.path.unlink()
    with pytest.raises(FileNotFoundError):
        films.pictures[0]


def test_a_killed_run_goes_on_where_it_was(paths, screener, tmp_path, monkeypatch, loaded):
    file = tmp_path / "films.bin"
    write, written = os.pwrite, []

    def killed(descriptor, data, offset):
        written.append(offset)
        if len(written) == 8:
            raise KeyboardInterrupt
        return write(descriptor, data, offset)

    monkeypatch.setattr(packed.os, "pwrite", killed)
    with pytest.raises(KeyboardInterrupt):
        pack_films(paths, FIELD, screener, file, threads=1)
    monkeypatch.setattr(packed.os, "pwrite", write)
    loaded.clear()

    films, left_out = pack_films(paths, FIELD, screener, file)

    # Two writes for each of the first three films, one for the damaged one; the eighth failed.
    assert sorted(loaded) == [f"{number}.png" for number in range(4, 9)]
    assert left_out == [3]
    whole, _ = pack_films(paths, FIELD, screener, tmp_path / "again.bin")
    for index in range(8):
        np.testing.assert_array_equal(films.pictures[index], whole.pictures[index])


def test_a_full_disk_is_an_error_and_nothing_half_written_is_listed(
    paths, screener, tmp_path, monkeypatch
):
    file = tmp_path / "films.bin"
    write = os.pwrite

    def full(descriptor, data, offset):
        return write(descriptor, data[: len(data) // 2], offset)

    monkeypatch.setattr(packed.os, "pwrite", full)
    with pytest.raises(OSError, match="No space left"):
        pack_films(paths, FIELD, screener, file, threads=1)
    monkeypatch.setattr(packed.os, "pwrite", write)

    assert (np.fromfile(file.with_suffix(".index"), packed.INDEX)["state"] == 0).all()


def test_what_is_there_is_used_and_made_again_where_something_changed(
    paths, screener, tmp_path, loaded
):
    file = tmp_path / "films.bin"
    pack_films(paths, FIELD, screener, file)
    loaded.clear()

    pack_films(paths, FIELD, screener, file)
    assert loaded == []
    pack_films(paths, FIELD.model_copy(update={"sampled_px": 50}), screener, file)
    assert len(loaded) == 9
    loaded.clear()
    draw_to(paths[8], seed=80, side=256, spread=0.2)
    pack_films(paths, FIELD.model_copy(update={"sampled_px": 50}), screener, file)
    assert len(loaded) == 9
