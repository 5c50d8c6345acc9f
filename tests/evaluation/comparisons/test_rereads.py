"""Radiologists' labels of images, and figures of model and the data set's labels against them."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score, roc_auc_score

from hilum.datasets.rereads import REREAD_LABELS, read_rereads, reread_answers, reread_counts
from hilum.errors import DatasetError
from hilum.evaluation.comparisons.rereads import against_rereads
from hilum.findings import Finding

_HEAD = (
    "Image Index,rsna_class,rsna_boxes_1024_xywh,google4_airspace_opacity,google4_pneumothorax,"
    "google4_nodule_mass,google4_fracture"
)
_CLASSES = ("Normal", "Lung Opacity", "No Lung Opacity / Not Normal", "")


def _table(folder: Path, count: int) -> None:
    """Images by turns of each class of RSNA and without one; two with a nodule or a mass."""
    answers = {True: "YES", False: "NO"}
    rows = [
        f"{at:04d}.png,{_CLASSES[at % 4]},[],{answers[at % 2 == 1]},,{answers[at < 2]},"
        for at in range(count)
    ]
    (folder / "radiologists_rereads.csv").write_text("\n".join([_HEAD, *rows]), encoding="utf-8")


def test_answers_are_by_image_and_unknown_where_there_is_none(tmp_path: Path) -> None:
    _table(tmp_path, 8)
    rereads = read_rereads(tmp_path)
    assert rereads is not None
    not_normal, opacity, airspace, _, pneumothorax, _ = REREAD_LABELS

    stems = ["0003", "0002", "0001", "0000", "elsewhere"]

    nan = np.nan
    for label, expected in (
        (not_normal, [nan, 1, 1, 0, nan]),
        (opacity, [nan, 0, 1, 0, nan]),
        (airspace, [1, 0, 1, 0, nan]),
        (pneumothorax, [nan] * 5),
    ):
        np.testing.assert_array_equal(reread_answers(rereads, label, stems), expected)


def test_images_and_positives_are_counted_for_each_label(tmp_path: Path) -> None:
    _table(tmp_path, 8)
    rereads = read_rereads(tmp_path)
    assert rereads is not None

    counts = reread_counts(rereads, ["0003", "0002", "0001", "0000", "elsewhere"])

    assert counts["RSNA 2018, not normal"] == {"images": 3, "positives": 2}
    assert counts["RSNA 2018, lung opacity"] == {"images": 3, "positives": 1}
    assert counts["Majkowska 2020, nodule or mass"] == {"images": 4, "positives": 2}
    assert counts["Majkowska 2020, fracture"] == {"images": 0, "positives": 0}


def test_data_without_the_table_have_none(tmp_path: Path) -> None:
    assert read_rereads(tmp_path) is None


def test_a_table_without_a_column_is_told(tmp_path: Path) -> None:
    (tmp_path / "radiologists_rereads.csv").write_text("Image Index,rsna_class\n1.png,Normal\n")

    with pytest.raises(DatasetError, match="google4_airspace_opacity"):
        read_rereads(tmp_path)


def test_an_image_with_several_rows_is_named(tmp_path: Path) -> None:
    _table(tmp_path, 8)
    table = tmp_path / "radiologists_rereads.csv"
    table.write_text(table.read_text() + "\n0003.jpg,Normal,[],,,,\n0005.png,Normal,[],,,,")

    with pytest.raises(DatasetError, match=r"2 images .* have several rows: 0003, 0005"):
        read_rereads(tmp_path)


def test_figures_are_those_of_scikit_learn(tmp_path: Path) -> None:
    count = 200
    _table(tmp_path, count)
    rng = np.random.default_rng(0)
    findings = (Finding.ABNORMAL, Finding.PNEUMONIA, Finding.NODULE)
    scores = rng.normal(size=(count, 3))
    labels = (rng.random((count, 3)) < 0.4).astype(np.float64)
    labels[5, 0] = np.nan  # of the class "Lung Opacity"
    rereads = read_rereads(tmp_path)
    assert rereads is not None

    found = against_rereads(
        rereads,
        [f"{at:04d}" for at in range(count)],
        [f"p{at // 2}" for at in range(count)],
        scores,
        labels,
        findings,
    )

    # Two nodules are too few for a figure.
    assert set(found) == {Finding.ABNORMAL, Finding.PNEUMONIA}
    known = np.array([at for at in range(count) if at % 4 != 3 and at != 5])
    truth = known % 4 != 0
    learned = labels[known, 0] == 1
    figures = {each.words: each for each in found[Finding.ABNORMAL]}
    assert {name: each.figure.value for name, each in figures.items()} == pytest.approx(
        {
            "RSNA 2018, not normal: AUROC": roc_auc_score(truth, scores[known, 0]),
            "RSNA 2018, not normal: sensitivity of the data set's label": learned[truth].mean(),
            "RSNA 2018, not normal: specificity of the data set's label": 1
            - learned[~truth].mean(),
            "RSNA 2018, not normal: kappa of the data set's label": cohen_kappa_score(
                truth, learned
            ),
        }
    )
    first = figures["RSNA 2018, not normal: AUROC"]
    assert (first.images, first.patients) == (149, 100)
    assert first.figure.low < first.figure.value < first.figure.high
    # Of pneumonia: opacity by RSNA, and airspace opacity.
    assert len(found[Finding.PNEUMONIA]) == 8
