"""Figures that are added to a card that lacks them."""

import shutil
from pathlib import Path

import pytest

from hilum.errors import DatasetError
from hilum.evaluation.figures.decided import Figures
from hilum.evaluation.reports.card_files import add_missing_figures, put_acquisitions, update_task
from hilum.findings import Finding
from hilum.models.bundle import load_bundle_of
from hilum.models.card import Card
from hilum.models.measured import Interval, SplitMetrics


def _at(value: float) -> Interval:
    return Interval(value=value, low=value - 0.01, high=value + 0.01)


METRICS = SplitMetrics(
    patients=8,
    images=9,
    positives=4,
    auroc=_at(0.9),
    accuracy=_at(0.8),
    sensitivity=_at(0.8),
    specificity=_at(0.8),
    brier=_at(0.1),
    expected_calibration_error=_at(0.1),
    confusion={},
)


@pytest.fixture
def folder(models_dir: Path, tmp_path: Path) -> Path:
    """A bundle whose card lacks the rates of its decisions."""
    folder = Path(shutil.copytree(models_dir / "pneumonia", tmp_path / "pneumonia"))
    update_task(folder, Finding.PNEUMONIA, metrics={"test": METRICS})
    return folder


def test_figures_that_a_card_lacks_are_added_and_none_is_replaced(folder: Path) -> None:
    measured = {"auroc": _at(0.5), "decided_sensitivity": _at(0.7), "log_loss": _at(0.4)}
    added = add_missing_figures(
        folder, Finding.PNEUMONIA, "test", Figures(9, 8, 4, {**measured, "f1": None})
    )

    assert added == ("decided_sensitivity",)
    metrics = load_bundle_of(Card, folder).card.main_task.metrics["test"]
    assert metrics == METRICS.model_copy(update={"decided_sensitivity": _at(0.7)})
    text = (folder / "card.md").read_text("utf-8")
    assert "| Share of positive radiographs decided positive | 0.700 (0.690 to 0.710) |" in text


@pytest.mark.parametrize(("split", "images"), [("test", 10), ("validation", 9)])
def test_figures_of_other_radiographs_are_refused(folder: Path, split: str, images: int) -> None:
    before = (folder / "card.json").read_bytes()
    with pytest.raises(DatasetError, match="such as --split card:test"):
        add_missing_figures(
            folder, Finding.PNEUMONIA, split, Figures(images, 8, 4, {"f1": _at(0.7)})
        )
    assert (folder / "card.json").read_bytes() == before


def test_acquisitions_have_a_table_of_their_own(folder: Path) -> None:
    put_acquisitions(folder, Finding.PNEUMONIA, {"high film numbers": METRICS})

    assert (
        load_bundle_of(Card, folder).card.main_task.across_acquisitions["high film numbers"]
        == METRICS
    )
    text = (folder / "card.md").read_text("utf-8")
    assert "## Across acquisitions" in text
    assert "| figure | high film numbers: 9 radiographs of 8 patients |" in text
