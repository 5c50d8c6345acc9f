"""Evidence against boxes, anatomy and the network: figures that arithmetic knows."""

from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from PIL import Image
from scipy.stats import spearmanr
from sklearn.metrics import average_precision_score

from hilum.datasets.boxes import find_boxed_films
from hilum.datasets.public import DATASETS, BoxTable, PublicDataset
from hilum.errors import DatasetError
from hilum.evaluation.localisation.heat import (
    BOX_FIGURES,
    SIDE,
    box_figures,
    central_blob,
    even_field,
)
from hilum.evaluation.localisation.report import localisation_table
from hilum.evaluation.localisation.suite import localisation
from hilum.evaluation.localisation.trials import (
    deletion_and_insertion,
    moved,
    other_films,
    overlap,
    rank_correlation,
)
from hilum.evaluation.robustness.changes import CHANGES
from hilum.findings import Finding
from hilum.imaging import Box, ImageFormat, Radiograph
from hilum.imaging.phantom import draw_phantom
from hilum.models import Registry, RuntimeName
from hilum.models.anatomy import LungField
from hilum.models.card import EvidenceLayer
from hilum.models.evidence.place import Place

LAYER = EvidenceLayer(layer="activation_map", grid=(9, 9), origin_px=15.0, step_px=16.0)
BOXES = "BBox_List_2017.csv"
HEAD = "Image Index,Finding Label,Bbox [x,y,w,h],,,\n"


def _write_table(folder: Path, rows: str) -> Path:
    (folder / BOXES).write_text(HEAD + rows)
    return folder


def test_boxes_are_shares_of_the_1024_pixel_original(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    Image.new("L", (512, 512)).save(tmp_path / "images" / "00000017_003.jpg")
    rows = "00000017_003.png,Pneumonia,256,512,128,256,,,\n00000017_003.png,Mass,0,0,1,1,,,\n"

    [film] = find_boxed_films(_write_table(tmp_path, rows))

    assert film.patient == "00000017"
    assert film.boxes["Pneumonia"] == (Box(0.25, 0.5, 0.375, 0.75),)
    assert set(film.boxes) == {"Pneumonia", "Mass"}


def test_a_new_data_set_brings_its_table_of_boxes_in_its_descriptor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = BoxTable(
        filename="marks.csv",
        image="file",
        finding="what",
        box=("left", "top", "width", "height"),
        original_px=100,
        spelt={Finding.EFFUSION: {"Fluid": frozenset({"fluid", "fluid?"})}},
        patient=lambda name: name[-1],
    )
    credit = DATASETS["nih_chestxray14"].credit
    described = {"clinic": PublicDataset("clinic", credit, boxes=(table,)), **DATASETS}
    monkeypatch.setattr("hilum.datasets.boxes.DATASETS", described)
    Image.new("L", (50, 50)).save(tmp_path / "film_7.png")
    (tmp_path / "marks.csv").write_text(
        "File,What,Left,Top,Width,Height\nfilm_7.png,fluid?,10,20,30,40\n"
        "film_7.png,fluid,0,0,50,100\nfilm_7.png,rib,1,1,1,1\n"
    )

    [film] = find_boxed_films(tmp_path)

    assert film.patient == "7"
    assert film.of(Finding.EFFUSION) == {
        "Fluid": [Box(0.0, 0.0, 0.5, 1.0), Box(0.1, 0.2, 0.4, pytest.approx(0.6))]
    }
    assert film.of(Finding.PNEUMONIA) == {}


def test_boxes_without_table_picture_or_number_are_complained_of(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"no table of boxes: BBox_List_2017\.csv"):
        find_boxed_films(tmp_path)
    with pytest.raises(DatasetError, match=r"None of the 1 pictures.*00000001_000"):
        find_boxed_films(_write_table(tmp_path, "00000001_000.png,Mass,0,0,1,1,,,\n"))
    with pytest.raises(DatasetError, match=r"1 row .* not four numbers: 00000001_000\.png"):
        find_boxed_films(_write_table(tmp_path, "00000001_000.png,Mass,0,x,1,1,,,\n"))


def test_boxes_of_a_second_table_are_lists_in_one_column(tmp_path: Path) -> None:
    for name in ("00000017_003", "00000018_000"):
        Image.new("L", (512, 512)).save(tmp_path / f"{name}.jpg")
    table = tmp_path / "radiologists_rereads.csv"
    head = "Image Index,rsna_class,rsna_boxes_1024_xywh\n"
    table.write_text(
        head + '00000017_003.png,Lung Opacity,"[[256, 512, 128, 256], [0, 0, 512, 1024]]"\n'
        "00000018_000.png,Normal,[]\n00000017_003.png,,\n"
    )

    [film] = find_boxed_films(tmp_path)

    assert film.of(Finding.PNEUMONIA) == {
        "Lung opacity (RSNA)": [Box(0.25, 0.5, 0.375, 0.75), Box(0, 0, 0.5, 1)]
    }
    _write_table(tmp_path, "00000018_000.png,Pneumonia,0,0,1,1,,,\n")
    assert [each.path.stem for each in find_boxed_films(tmp_path)] == [
        "00000018_000", "00000017_003",
    ]  # fmt: skip
    for cell in ("256", '"[[1, 2, 3]]"', '"[[1, 2, 3, 4], [5]]"', "{", '"[[1, 2, 3, ""a""]]"'):
        table.write_text(f"{head}00000017_003.png,Lung Opacity,{cell}\n")
        with pytest.raises(DatasetError, match=r"1 row .* not four numbers: 00000017_003\.png"):
            find_boxed_films(tmp_path)


def _figures(heat: np.ndarray, box: Box) -> dict[str, float]:
    return dict(zip(BOX_FIGURES, box_figures(heat.astype(np.float32), [box]), strict=True))


def test_heat_that_fills_the_box_has_all_figures_1_and_none_has_0() -> None:
    box = Box(0.25, 0.5, 0.5, 0.75)
    heat = np.zeros((SIDE, SIDE))
    heat[SIDE // 2 : 3 * SIDE // 4, SIDE // 4 : SIDE // 2] = 2.0

    assert _figures(heat, box) == dict.fromkeys(BOX_FIGURES, 1.0)
    assert _figures(0 * heat, box) == dict.fromkeys(BOX_FIGURES, 0.0)
    # All pixels of the box come last, in one tie with all others: the precision is their share.
    missed = dict.fromkeys(BOX_FIGURES, 0.0) | {"auprc": 1 / 16}
    assert _figures(heat[::-1], box) == pytest.approx(missed)


def test_even_heat_has_the_boxs_share_in_every_figure() -> None:
    # A box of 1/16 of the picture, within a field of 1/4 of it.
    place = Place(LAYER, 160, LungField(0.0, 0.0, 500.0, 400.0, 800, 1000))
    found = _figures(even_field(place), Box(0.0, 0.0, 0.25, 0.25))
    assert found == pytest.approx(dict.fromkeys(BOX_FIGURES, 0.25))


def test_levels_of_a_ramp() -> None:
    # Heat 0 to 1 from left to right: at and above t lie 1 - t of it; the box is the right half.
    heat = np.tile((np.arange(SIDE) + 1) / SIDE, (SIDE, 1))
    found = _figures(heat, Box(0.5, 0.0, 1.0, 1.0))
    assert found["pointing"] == 1
    assert found["iou_0.25"] == pytest.approx(0.5 / 0.75, abs=0.01)
    assert found["iou_0.5"] == pytest.approx(1, abs=0.01)
    assert found["iou_0.75"] == pytest.approx(0.25 / 0.5, abs=0.01)
    assert found["inside"] == pytest.approx(0.75, abs=0.01)


def test_the_pixel_auprc_is_the_average_precision_of_an_independent_tool() -> None:
    heat = np.random.default_rng(5).integers(0, 9, (SIDE, SIDE)).astype(float)
    inside = np.zeros((SIDE, SIDE), dtype=bool)
    inside[:64, :128] = True
    expected = average_precision_score(inside.ravel(), heat.ravel())
    assert _figures(heat, Box(0, 0, 0.5, 0.25))["auprc"] == pytest.approx(expected)


def test_the_blob_lies_in_the_fields_middle() -> None:
    place = Place(LAYER, 160, LungField(100.0, 200.0, 500.0, 600.0, 800, 1000))
    blob = central_blob(place)
    row, column = np.unravel_index(blob.argmax(), blob.shape)
    assert ((column + 0.5) / SIDE, (row + 0.5) / SIDE) == pytest.approx((0.3, 0.5), abs=0.01)
    assert not blob[:, : int(0.1 * SIDE)].any()


def test_overlap_of_the_same_of_half_and_of_none() -> None:
    left, right, both = (np.zeros((4, 4), np.float32) for _ in range(3))
    left[:, :2], right[:, 2:], both[:] = 1, 3, 2
    assert overlap(left, left) == pytest.approx(1)
    assert overlap(left, right) == 0
    assert overlap(left, both) == pytest.approx(0.5)
    assert overlap(left, 0 * left) == 0


def test_rank_correlation_is_spearmans() -> None:
    rng = np.random.default_rng(0)
    one, other = rng.normal(0, 1, (2, 9, 9))
    other += one
    other[:3] = 0
    expected = spearmanr(one.ravel(), other.ravel()).statistic
    assert rank_correlation(one, other) == pytest.approx(expected)
    assert rank_correlation(one, np.ones((9, 9))) == 0


def test_another_film_is_of_another_patient() -> None:
    assert other_films(["a", "a", "b"]) == [2, 2, 0]
    assert other_films(["a", "a"]) == [None, None]


@pytest.mark.parametrize("change", [c for c in CHANGES if c.name in ("rotation", "crop", "scale")])
def test_heat_moves_as_the_film_does(change) -> None:
    rows, columns = np.mgrid[:300, :400]
    spot = np.exp(-((columns - 250) ** 2 + (rows - 120) ** 2) / 200).astype(np.float32)
    film = Radiograph(spot, 300, 400, ImageFormat.PNG, "ab" * 32)
    heat = cv2.resize(spot, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    expected = cv2.resize(change.apply(film, 0).pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)

    assert overlap(moved(heat, change, film, 0, seed=0), expected) > 0.95
    assert overlap(heat, expected) < 0.9


class _StubReader:
    """Its probability is the mean of one corner of the input, in [0, 1]."""

    def read_prepared(self, batch: np.ndarray) -> list[SimpleNamespace]:
        said = np.clip(batch[:, :40, :40, 0].mean(axis=(1, 2)), 0, 1)
        return [
            SimpleNamespace(probability={Finding.PNEUMONIA: float(value)}.__getitem__)
            for value in said
        ]


def test_taking_away_what_counts_falls_sooner_and_bringing_it_rises_sooner() -> None:
    whole = LungField(0.0, 0.0, 160.0, 160.0, 160, 160)
    layer = EvidenceLayer(layer="activation_map", grid=(10, 10), origin_px=7.5, step_px=16.0)
    place = Place(layer, 160, whole)
    cells = np.zeros((10, 10))
    cells[:3, :3] = 1.0
    picture = np.zeros((160, 160, 1), np.float32)
    picture[:40, :40] = 1.0

    deletion, insertion = deletion_and_insertion(
        _StubReader(),
        Finding.PNEUMONIA,
        picture,
        place.raster(cells),
        place,
        np.random.default_rng(0),
    )

    # Evidence first is all gone, or there, after one step of ten: about half a step is left.
    assert deletion[0] < 0.12
    assert deletion[1] == pytest.approx(0.5, abs=0.1)
    # The blurred copy keeps most of the corner: what random blocks add comes evenly.
    assert insertion[0] > insertion[1] + 0.05


@pytest.mark.weights
def test_the_whole_suite_on_a_network_that_knows_phantoms(taught_dir: Path, tmp_path: Path) -> None:
    registry = Registry(taught_dir, default="pneumonia", runtime=RuntimeName.OPENVINO)
    screener = registry.screener(needed=True)
    assert screener is not None
    centres = {"right_lower": (0.30, 0.62), "left_upper": (0.69, 0.33)}
    films, rows = [], ""
    for seed in range(3):
        for zone, (x, y) in centres.items():
            pixels = draw_phantom(400, 400, seed=seed, opacity=zone)
            name = f"{len(films):08d}_000"
            Image.fromarray(np.uint8(255 * pixels)).save(tmp_path / f"{name}.jpg")
            left, top = (1024 * (at - 0.1) for at in (x, y))
            rows += f"{name}.png,Pneumonia,{left},{top},{0.2 * 1024},{0.2 * 1024},,,\n"
            films.append(Radiograph(pixels, 400, 400, ImageFormat.PNG, f"{len(films):064d}"))
    boxed = find_boxed_films(_write_table(tmp_path, rows))
    healthy = [
        Radiograph(draw_phantom(400, 400, seed=seed), 400, 400, ImageFormat.PNG, f"{seed:064d}")
        for seed in range(20, 32)
    ]

    report = localisation(
        registry.reader(), screener, boxed=boxed, positives=films,
        patients=[str(n) for n in range(len(films))],
        normals=healthy, normal_patients=[str(n) for n in range(len(healthy))],
        changes=[c for c in CHANGES if c.name in ("contrast", "rotation")],
    )  # fmt: skip

    row = report.boxes[0]
    assert (row.findings, row.films, row.patients) == ("Pneumonia", 6, 6)
    by_method = {each.method: each for each in row.methods}
    assert by_method["model"].figures["pointing"].value > 0.8
    assert by_method["even_field"].model_ahead["inside"].low > 0
    assert report.images == 6
    assert report.in_chest is not None
    assert report.in_chest.value > (report.even_in_chest or 1)
    assert sum(report.by_region.values()) == pytest.approx(1)
    evidence, random, _ = report.orders
    assert evidence.deletion.value < random.deletion.value
    assert report.randomised[-1].rank_correlation.value < 0.5
    assert report.stability is not None
    assert report.stability.overlap.value > report.stability.with_another_film.value
    assert report.drawn is not None
    assert report.drawn.films == 12
    assert report.drawn.on_its_side.value > 0.7
    assert report.drawn.rise.low > 0
    assert "| chance: uniform over the lung field |" in localisation_table(report)


def test_boxes_on_films_of_too_few_patients_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = np.uint8(255 * draw_phantom(400, 400, seed=1))
    Image.fromarray(film).save(tmp_path / "00000001_000.png")
    boxed = find_boxed_films(_write_table(tmp_path, "00000001_000.png,Pneumonia,1,2,3,4,,,\n"))
    no_lungs = SimpleNamespace(
        screening=SimpleNamespace(anatomy=SimpleNamespace(lung_field=None, organs=None))
    )
    monkeypatch.setattr(
        "hilum.evaluation.localisation.suite.read_film", lambda *_args, **_kwargs: no_lungs
    )
    task = SimpleNamespace(finding=Finding.PNEUMONIA)
    card = SimpleNamespace(
        evidence=LAYER, name="new", main=Finding.PNEUMONIA, task=lambda _finding: task
    )
    reader = SimpleNamespace(card=card, smallest_side_px=32)
    with pytest.raises(DatasetError, match="at least 5 patients"):
        localisation(reader, SimpleNamespace(), boxed=boxed)


def test_boxes_of_other_findings_are_an_error_before_a_film_is_read(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((8, 8), dtype=np.uint8)).save(tmp_path / "00000001_000.png")
    boxed = find_boxed_films(_write_table(tmp_path, "00000001_000.png,Mass,1,2,3,4,,,\n"))
    task = SimpleNamespace(finding=Finding.PNEUMONIA)
    card = SimpleNamespace(evidence=LAYER, name="new", main=task.finding, task=lambda _: task)
    # Anything that is asked of it beside its card is an error of another kind.
    with pytest.raises(DatasetError, match="None of the boxes is of pneumonia"):
        localisation(SimpleNamespace(card=card), SimpleNamespace(), boxed=boxed, positives=[None])


def test_a_model_without_an_evidence_layer_is_not_measured() -> None:
    reader = SimpleNamespace(card=SimpleNamespace(evidence=None, name="old"))
    with pytest.raises(DatasetError, match="no evidence layer"):
        localisation(reader, SimpleNamespace())
