"""The anatomy's films on disk."""

from pathlib import Path

import numpy as np
import pytest

from hilum.datasets.anatomy_films import find_anatomy_films, split_films
from hilum.datasets.organ_masks import find_masked_samples
from hilum.errors import DatasetError
from hilum.models.anatomy.picture import PictureKind
from tests.training.anatomy.films_on_disk import draw_data, draw_outlined, save


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("data")
    draw_data(made)
    return made


def test_every_data_set_tells_what_it_knows(folder: Path) -> None:
    films = find_anatomy_films(folder)

    def of(source: str) -> list:
        return [film for film in films if film.source == source]

    assert {(len(f.masks), f.is_adult) for f in of("jsrt")} == {(3, True)}
    assert {(len(f.masks), f.is_adult) for f in of("chest_xray")} == {(1, False), (0, False)}
    assert {(f.is_adult, f.is_ap) for f in of("nih_chestxray14")} == {(True, True), (True, False)}
    assert {f.kind for f in of("not_frontal_chest")} == {
        PictureKind.LIMB,
        PictureKind.LATERAL_CHEST,
    }
    assert len(films) == 40 + 36 + 12 + 16


def test_age_and_view_are_those_of_the_table(folder: Path, tmp_path: Path) -> None:
    nih = tmp_path / "nih_chestxray14"
    draw_outlined(tmp_path / "anatomy", "jsrt", "one", np.random.default_rng(0))
    head = (folder / "nih_chestxray14" / "Data_Entry_2017_v2020.csv").read_text().split("\n")[0]
    told = {"a": ("017", "AP"), "b": ("18", "PA"), "c": ("411", "PA"), "d": ("", "")}
    rows = [f"{name}.png,,0,{name},{age},M,{view},1,1,1,1" for name, (age, view) in told.items()]
    rows.append("gone.png,,0,e,50,M,PA,1,1,1,1")
    for name in told:
        save(nih / "images" / f"{name}.jpg", np.zeros((64, 64)))
    (nih / "Data_Entry_2017_v2020.csv").write_text("\n".join([head, *rows]))

    found = {f.path.stem: (f.is_adult, f.is_ap) for f in find_anatomy_films(tmp_path)}

    assert found.pop("one") == (True, None)
    assert found == {
        "a": (False, True),
        "b": (True, False),
        "c": (None, False),
        "d": (None, None),
    }


def test_a_split_keeps_patients_together_and_each_kind_in_every_part(folder: Path) -> None:
    films = find_anatomy_films(folder)
    parts = split_films(films, {"validation": 0.15, "test": 0.2}, seed=1)

    assert sorted(f.path for part in parts.values() for f in part) == sorted(f.path for f in films)
    for part in parts.values():
        assert {film.stratum for film in part} == {film.stratum for film in films}
    of_patients = [{(f.dataset, f.patient) for f in part} for part in parts.values()]
    assert not of_patients[0] & of_patients[1]
    assert not of_patients[0] & of_patients[2]


def test_a_folder_of_an_unknown_kind_is_named(tmp_path: Path) -> None:
    draw_outlined(tmp_path / "anatomy", "jsrt", "one", np.random.default_rng(0))
    (tmp_path / "not_frontal_chest" / "ankle").mkdir(parents=True)

    with pytest.raises(DatasetError, match="ankle"):
        find_anatomy_films(tmp_path)


def test_a_film_without_a_mask_is_named(tmp_path: Path) -> None:
    for name in ("whole", "lacking"):
        draw_outlined(tmp_path, "jsrt", name, np.random.default_rng(0))
    (tmp_path / "jsrt" / "mask" / "heart" / "lacking.png").unlink()

    with pytest.raises(DatasetError, match=r"1 radiographs .*lacking\.png"):
        find_masked_samples(tmp_path)


def test_absent_data_says_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="jsrt,wingspan"):
        find_anatomy_films(tmp_path)
