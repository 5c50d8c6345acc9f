"""The shortcut test on planted shortcuts, on noise, and on readers that look where they should."""

from types import SimpleNamespace

import numpy as np
import pytest

from hilum.errors import DatasetError
from hilum.evaluation.figures.statistics import auroc
from hilum.evaluation.shortcuts.report import Shortcuts, shortcuts_table
from hilum.evaluation.shortcuts.suite import patient_folds, shortcuts, told_apart
from hilum.imaging import ImageFormat, Radiograph
from hilum.models.anatomy.lung_field import find_lung_field
from hilum.models.anatomy.masking import fill_chest, fill_chest_box, fill_surroundings
from tests.models.anatomy.conftest import make_organs

__all__ = ["make_organs"]

COUNT = 160
TRUTH = np.arange(COUNT) % 2 == 0
PATIENTS = [f"patient {n}" for n in range(COUNT)]


def _film(pixels: np.ndarray, rows: int | None = None) -> Radiograph:
    height, width = pixels.shape
    return Radiograph(pixels.astype(np.float32), rows or height, width, ImageFormat.PNG, "0" * 64)


def _noise(seed: int = 0) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [np.clip(rng.normal(0.5, 0.15, (64, 64)), 0, 1) for _ in range(COUNT)]


def _figures(report: Shortcuts) -> dict[str, float | None]:
    return {row.code: row.auroc and row.auroc.value for row in report.rows}


def test_noise_tells_no_class():
    folds = patient_folds(TRUTH, np.array(PATIENTS))
    figures = [
        auroc(TRUTH, told_apart(rng.normal(size=(COUNT, 20)), TRUTH, folds))[0]
        for rng in (np.random.default_rng(seed) for seed in range(6))
    ]

    # One figure deviates by about 0.06 from one half, a mean of six by 0.025.
    assert np.mean(figures) == pytest.approx(0.5, abs=0.075)


def test_without_a_model_the_data_alone_is_tested():
    report = shortcuts([_film(each) for each in _noise()], TRUTH, PATIENTS)

    assert [row.code for row in report.rows] == ["border", "histogram", "size"]
    assert max(row.auroc.value for row in report.rows[:2]) < 0.65
    # All of one size: nothing to tell by.
    assert report.rows[2].auroc is None


def test_a_planted_frame_is_found_at_the_border():
    films = _noise()
    for pixels, is_ill in zip(films, TRUTH, strict=True):
        # As many bright points in all, at the top of one class and at the bottom of the other.
        pixels[:4] += 0.2 if is_ill else 0
        pixels[-4:] += 0 if is_ill else 0.2

    figures = _figures(shortcuts([_film(np.clip(f, 0, 1)) for f in films], TRUTH, PATIENTS))

    assert figures["border"] > 0.98
    assert figures["histogram"] < 0.65


def test_a_planted_exposure_is_found_in_the_greys():
    films = [
        _film(np.clip((each - 0.5) * (1.3 if is_ill else 0.8) + 0.5, 0, 1))
        for each, is_ill in zip(_noise(), TRUTH, strict=True)
    ]

    assert _figures(shortcuts(films, TRUTH, PATIENTS))["histogram"] > 0.98


def test_sizes_of_files_are_told():
    films = [_film(each, rows=80 if ill else 64) for each, ill in zip(_noise(), TRUTH, strict=True)]

    assert _figures(shortcuts(films, TRUTH, PATIENTS))["size"] == 1


def test_pictures_of_one_patient_are_never_on_both_sides():
    patients = np.array([f"patient {n // 4}" for n in range(COUNT)])
    truth = np.arange(COUNT) // 4 % 2 == 0

    folds = patient_folds(truth, patients)

    for fitted_on, left_out in folds:
        assert not set(patients[fitted_on]) & set(patients[left_out])
    assert sorted(np.concatenate([left_out for _, left_out in folds])) == list(range(COUNT))


@pytest.fixture
def measured(make_organs):
    """Films of noise with a chest whose lungs are brighter in one class, and their anatomy."""
    organs = make_organs(rows=64, columns=64)
    lungs = np.any(list(organs.masks.values()), axis=0)[4::8, 4::8]
    films = [
        _film(np.clip(each + 0.2 * is_ill * lungs, 0, 1))
        for each, is_ill in zip(_noise(1), TRUTH, strict=True)
    ]
    anatomy = SimpleNamespace(organs=organs, lung_field=find_lung_field(organs))
    return films, organs, lungs, lambda radiographs: [anatomy for _ in radiographs]


def test_a_model_that_reads_the_lungs_knows_nothing_without_them(measured):
    films, _, lungs, measure = measured

    def read(radiographs, fields):
        assert all(field is not None for field in fields)
        return np.array([float(r.pixels[lungs].mean() - 0.5) for r in radiographs])

    report = shortcuts(films, TRUTH, PATIENTS, read=read, measure=measure)

    figures = _figures(report)
    assert figures["model_whole"] == 1
    assert figures["model_chest"] == 1
    without = {row.code: row.auroc for row in report.rows}
    assert without["model_without_chest"].low < 0.5 < without["model_without_chest"].high
    assert without["model_without_box"].low < 0.5 < without["model_without_box"].high


def test_an_acquisition_that_the_maps_hold_is_predicted_from_them(measured):
    *_, measure = measured
    # Of the films without the finding, series and size differ at random, and the maps show the
    # series alone. Borders are noise.
    rng = np.random.default_rng(2)
    in_first, is_tall = rng.random((2, COUNT)) < 0.5
    films = [
        _film(each, rows=90 if tall else 64) for each, tall in zip(_noise(), is_tall, strict=True)
    ]
    series = [("a" if first else "b") if n % 8 != 1 else None for n, first in enumerate(in_first)]
    at = {id(film.pixels): n for n, film in enumerate(films)}

    def read_maps(radiographs, fields):
        assert all(field is not None for field in fields)
        shown = np.array([in_first[at[id(each.pixels)]] for each in radiographs])
        return rng.normal(size=(len(shown), 6)) + 6 * shown[:, None]

    report = shortcuts(
        films,
        TRUTH,
        PATIENTS,
        read=lambda radiographs, _: np.zeros(len(radiographs)),
        measure=measure,
        read_maps=read_maps,
        series=series,
    )

    found = {row.code: row for row in report.rows}
    assert found["maps_series"].auroc.value > 0.98
    # 80 films without the finding, every fourth of them of unknown series.
    assert found["maps_series"].images == 60
    assert found["maps_size"].images == found["maps_border"].images == 80
    assert found["maps_size"].auroc.value < 0.75
    without = shortcuts(films, TRUTH, PATIENTS, read=lambda r, _: np.zeros(len(r)), measure=measure)
    assert not any(row.code.startswith("maps_") for row in without.rows)
    of_one_size = shortcuts(
        [_film(each) for each in _noise()], TRUTH, PATIENTS, measure=measure,
        read=lambda r, _: np.zeros(len(r)), read_maps=lambda r, _: rng.normal(size=(len(r), 2)),
    )  # fmt: skip
    figures = _figures(of_one_size)
    assert figures["maps_series"] is figures["maps_size"] is None
    assert 0.2 < figures["maps_border"] < 0.8


def test_a_model_that_reads_a_corner_is_found_out(measured):
    *_, measure = measured
    films = [_film(each) for each in _noise()]
    for film, is_ill in zip(films, TRUTH, strict=True):
        film.pixels[:3, :3] = 1.0 if is_ill else 0.0

    report = shortcuts(
        films,
        TRUTH,
        PATIENTS,
        read=lambda radiographs, _: np.array([float(r.pixels[0, 0]) for r in radiographs]),
        measure=measure,
    )

    figures = _figures(report)
    assert figures["model_without_chest"] == 1
    assert figures["model_without_box"] == 1
    # The corner then shows the chest's mean grey, which tells nothing here.
    assert 0.3 < figures["model_chest"] < 0.7


def test_films_without_lungs_or_reading_are_left_out_of_the_models_rows(measured):
    films, organs, _, _ = measured
    known = SimpleNamespace(organs=organs, lung_field=find_lung_field(organs))
    lost = SimpleNamespace(organs=organs, lung_field=None)
    order = {id(film): n for n, film in enumerate(films)}

    def measure(radiographs):
        return [lost if order[id(r)] < 10 else known for r in radiographs]

    def read(radiographs, fields):
        said = np.array([float(r.pixels.mean()) for r in radiographs])
        said[[order.get(id(r)) == 20 for r in radiographs]] = np.nan
        return said

    report = shortcuts(films, TRUTH, PATIENTS, read=read, measure=measure, batch_size=8)

    assert report.left_out == 11
    assert {row.code: row.images for row in report.rows}["model_whole"] == COUNT - 11
    assert report.rows[-1].images == COUNT


def test_filling_covers_what_it_says_with_the_mean_of_the_rest(measured):
    films, organs, lungs, _ = measured
    film = films[0]

    without, boxed, chest = (
        fill(film, organs) for fill in (fill_chest, fill_chest_box, fill_surroundings)
    )

    kept = without.pixels == film.pixels
    assert not kept[lungs].any()
    assert without.pixels[lungs] == pytest.approx(float(film.pixels[kept].mean()))
    # Lungs, heart and the margin end at columns 77.5 and 434.5 of 512, and rows 79.5 and 400.5.
    rows, columns = (
        np.flatnonzero((boxed.pixels != film.pixels).any(axis=1)),
        np.flatnonzero((boxed.pixels != film.pixels).any(axis=0)),
    )
    assert (columns[0], columns[-1]) == (round(69.5 / 8), round(442.5 / 8) - 1)
    assert (rows[0], rows[-1]) == (round(79.5 / 8), round(400.5 / 8) - 1)
    assert np.array_equal(chest.pixels[lungs], film.pixels[lungs])
    assert np.unique(chest.pixels[~lungs & (without.pixels == film.pixels)]).size == 1


def test_too_few_patients_of_a_class_are_said():
    films = [_film(each) for each in _noise()]
    with pytest.raises(DatasetError, match="needs 5 patients of each class; the negative"):
        shortcuts(films, np.arange(COUNT) > 3, PATIENTS)


def test_the_report_goes_through_json_and_into_a_table():
    report = shortcuts([_film(each) for each in _noise()], TRUTH, PATIENTS, sample=100)

    assert report.images == 100
    assert Shortcuts.model_validate_json(report.model_dump_json()) == report
    table = shortcuts_table(report).splitlines()
    assert len(table) == 2 + 3
    assert {line.count("|") for line in table} == {5}
