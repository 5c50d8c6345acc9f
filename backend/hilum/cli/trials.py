"""Robustness, shortcuts, localisation and agreement, as `hilum evaluate` runs them."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rich.progress import track

from hilum.cli.common import console
from hilum.datasets.boxes import find_boxed_films
from hilum.datasets.labelled import LabelledSet
from hilum.datasets.labels import find_truth
from hilum.datasets.tables import PICTURE_ENDINGS
from hilum.datasets.walk import files_below
from hilum.errors import DatasetError
from hilum.evaluation.anatomy.agreement import agreement_table, anatomy_agreement
from hilum.evaluation.figures.outcomes import parts_of
from hilum.evaluation.localisation.report import Localisation, localisation_table
from hilum.evaluation.localisation.suite import localisation
from hilum.evaluation.reports.trial_figures import Report
from hilum.evaluation.robustness.report import Robustness, robustness_table
from hilum.evaluation.robustness.suite import robustness
from hilum.evaluation.shortcuts.report import Shortcuts, shortcuts_table
from hilum.evaluation.shortcuts.suite import shortcuts
from hilum.imaging import Radiograph, decode
from hilum.models import Reader, Reading, Screener
from hilum.models.anatomy import AnatomyReader, LungField
from hilum.models.card import Card

T = TypeVar("T")


class _Files(Sequence[Radiograph]):
    """Radiographs that are decoded when they are asked for."""

    def __init__(self, paths: Sequence[Path], smallest_side_px: int) -> None:
        self._paths, self._smallest = paths, smallest_side_px

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, index: int) -> Radiograph:  # type: ignore[override]
        return decode(self._paths[index].read_bytes(), smallest_side_px=self._smallest)


def table(report: Report) -> str:
    """A trial's report as Markdown."""
    if isinstance(report, Robustness):
        return robustness_table(report)
    if isinstance(report, Shortcuts):
        return shortcuts_table(report)
    return localisation_table(report)


def _target(readings: Sequence[Reading]) -> NDArray[np.float64]:
    return np.array([reading.main_decision.probability for reading in readings])


def _bar(words: str) -> Callable[[Sequence[T]], Iterable[T]]:
    return lambda steps: track(steps, words, console=console)


def try_robustness(
    reader: Reader,
    screener: Screener | None,
    films: LabelledSet,
    sample: int | None,
) -> Robustness:
    """Read films under changes, the service's whole way."""

    def read(radiographs: Sequence[Radiograph]) -> NDArray[np.float64]:
        if screener is None:
            return _target(reader.read_many(radiographs))
        seen = screener.screen_many(radiographs)
        said = _target(
            reader.read_many(
                [each.radiograph for each in seen], [each.anatomy.lung_field for each in seen]
            )
        )
        return np.where([each.suitability.is_suitable for each in seen], said, np.nan)

    radiographs, is_positive = _with_known_truth(films, reader.card)
    return robustness(
        read,
        _files(reader, radiographs),
        is_positive,
        radiographs["patient"].tolist(),
        reader.card.main_task.operating_point.threshold,
        sample=sample,
        progress=_bar("reading changed films"),
    )


def try_shortcuts(
    reader: Reader,
    screener: Screener | None,
    films: LabelledSet,
    sample: int | None,
) -> Shortcuts:
    """Test what can be told without the lungs."""

    def read(
        radiographs: Sequence[Radiograph], fields: Sequence[LungField | None]
    ) -> NDArray[np.float64]:
        return _target(reader.read_many(radiographs, fields))

    radiographs, is_positive = _with_known_truth(films, reader.card)
    return shortcuts(
        _files(reader, radiographs),
        is_positive,
        radiographs["patient"].tolist(),
        read=read,
        measure=screener.anatomy_reader.read_many if screener else None,
        sample=sample,
        progress=_bar("reading masked films"),
    )


def try_localisation(
    reader: Reader,
    screener: Screener,
    films: LabelledSet | None,
    boxes: Path | None,
    sample: int | None,
) -> Localisation:
    """Measure where the evidence lies, on boxes and on positive films."""
    found: dict[str, Any] = {}
    if films is not None:
        radiographs, is_positive = _with_known_truth(films, reader.card)
        positives, normals = radiographs[is_positive], radiographs[~is_positive]
        found = {
            "positives": _files(reader, positives),
            "patients": positives["patient"].tolist(),
            "normals": _files(reader, normals),
            "normal_patients": normals["patient"].tolist(),
        }
    return localisation(
        reader,
        screener,
        boxed=find_boxed_films(boxes) if boxes else (),
        **found,
        sample=sample,
        progress=_bar("placing evidence"),
    )


def try_agreement(reader: AnatomyReader, folder: Path, sample: int | None, *, as_json: bool) -> str:
    """Outlines under changes against those of the film as it is; a table or JSON."""
    paths = [p for p in _listed(folder) if p.suffix.lower() in PICTURE_ENDINGS]
    if not paths:
        raise DatasetError(f"There are no pictures in {folder}.")
    report = anatomy_agreement(
        reader.read_many,
        _Files(paths, reader.smallest_side_px),
        sample=sample,
        progress=_bar("measuring changed films"),
    )
    return report.model_dump_json(indent=2) if as_json else agreement_table(report)


def _listed(folder: Path) -> list[Path]:
    return files_below(folder) if folder.is_dir() else []


def _files(reader: Reader, radiographs: pd.DataFrame) -> _Files:
    return _Files(radiographs["path"].tolist(), reader.smallest_side_px)


def _with_known_truth(films: LabelledSet, card: Card) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Radiographs whose label of the main finding is known, and whether it is present."""
    truth = find_truth(films.radiographs, card.main, parts_of(card, card.main))
    known = truth.notna()
    return films.radiographs[known], truth[known].to_numpy(dtype=bool)
