"""Localisation of evidence against radiologists' boxes, anatomy and the network itself."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from hilum.datasets.boxes import BoxedFilm
from hilum.errors import DatasetError
from hilum.evaluation.figures.resampling import PatientBootstrap, mean_interval
from hilum.evaluation.localisation.drawn import drawn_opacities
from hilum.evaluation.localisation.heat import (
    BOX_FIGURES,
    box_figures,
    central_blob,
    even_chest,
    even_field,
    lying,
    read_film,
)
from hilum.evaluation.localisation.positives import PositiveFilms
from hilum.evaluation.localisation.report import METHODS, BoxRow, Localisation, MethodFigures
from hilum.evaluation.robustness.changes import CHANGES, Change
from hilum.findings import Finding
from hilum.imaging import Radiograph, decode
from hilum.imaging.preprocess import displayed_box
from hilum.models import Reader, Screener
from hilum.models.card import EvidenceLayer
from hilum.models.measured import Interval
from hilum.models.task import Task

Progress = Callable[[Sequence[int]], Iterable[int]]
"""Wraps the indices of films to show how far it is."""

_FEWEST_PATIENTS = 5


def localisation(
    reader: Reader,
    screener: Screener,
    *,
    finding: Finding | None = None,
    boxed: Sequence[BoxedFilm] = (),
    positives: Sequence[Radiograph] = (),
    patients: Sequence[str] = (),
    normals: Sequence[Radiograph] = (),
    normal_patients: Sequence[str] = (),
    changes: Sequence[Change] = CHANGES,
    seed: int = 0,
    sample: int | None = None,
    progress: Progress | None = None,
) -> Localisation:
    """Measure the localisation of a model's evidence, and its faithfulness to the network.

    Parameters
    ----------
    reader : Reader
        With an evidence layer.
    finding : Finding, optional
        That the model decides on; the main one by default.
    boxed : sequence of BoxedFilm
        For the figures against boxes: all films with a box of the finding, whatever is decided.
    positives : sequence of Radiograph
        Films with the finding, for the other figures: those that are read as positive. Taken
        by index, each once: it may decode on the way.
    patients : sequence of str, length n
        Of `positives`.
    normals : sequence of Radiograph
        Without the finding; opacities are drawn into them.
    normal_patients : sequence of str
        Of `normals`.
    changes : sequence of Change
        For stability; each at its mildest.
    sample : int, optional
        Take so many of `positives` and of `normals`, drawn at random.
    progress : callable, optional
        See `Progress`.

    Raises
    ------
    DatasetError
        The model has no evidence layer, no boxes are of the finding, or too few patients' films
        are left.
    """
    if not isinstance(reader.card.evidence, EvidenceLayer):
        raise DatasetError(f"Model {reader.card.name!r} has no evidence layer: nothing to measure.")
    task = reader.card.task(finding or reader.card.main)
    with_boxes = [film for film in boxed if film.of(task.finding)]
    if boxed and not with_boxes:
        raise DatasetError(
            f"None of the boxes is of {task.finding.label.lower()}. Choose another finding, or "
            "leave the boxes out."
        )
    rng = np.random.default_rng(seed)
    chosen = _drawn_from(len(positives), sample, rng)
    facts = {}
    if chosen:
        # Before the boxes, which take long: this needs Keras, which may not be installed.
        films = PositiveFilms(reader, task, seed)
        for index in progress(chosen) if progress else chosen:
            films.add(screener, positives[index], patients[index], changes, rng)
        facts = films.summary()
    rows, without_lungs = _against_boxes(reader, screener, task, with_boxes)
    # By itself, so that every model is tried on the same films.
    healthy = _drawn_from(len(normals), sample, np.random.default_rng(seed))
    drawn = drawn_opacities(
        reader,
        screener,
        task,
        normals,
        normal_patients,
        progress(healthy) if progress and healthy else healthy,
        seed=seed,
    )
    if not (facts or rows or drawn):
        raise DatasetError(
            "Too few patients: boxes, or films without the finding, must be of at least "
            f"{_FEWEST_PATIENTS} patients in whose films lungs are found."
        )
    return Localisation(
        boxes=tuple(rows),
        boxes_without_lungs=without_lungs,
        seed=seed,
        drawn=drawn,
        **{**_NOTHING, **facts},
    )


def _drawn_from(count: int, sample: int | None, rng: np.random.Generator) -> list[int]:
    """Random indices of this number, in order; all if there are not more."""
    if sample is None or sample >= count:
        return list(range(count))
    return sorted(int(index) for index in rng.choice(count, sample, replace=False))


_NOTHING: dict[str, object] = {
    "images": 0, "patients": 0, "not_read_positive": 0, "in_chest": None, "by_region": {},
    "even_in_chest": None, "orders": (), "randomised": (), "stability": None,
}  # fmt: skip


def _against_boxes(
    reader: Reader, screener: Screener, task: Task, films: Sequence[BoxedFilm]
) -> tuple[list[BoxRow], int]:
    measured: dict[str, list[tuple[str, bool, NDArray[np.float64]]]] = {}
    without_lungs = 0
    for film in films:
        radiograph = decode(film.path.read_bytes(), smallest_side_px=reader.smallest_side_px)
        found = read_film(reader, screener, radiograph, task)
        if found.screening.anatomy.lung_field is None:
            without_lungs += 1
            continue
        heats = (
            lying(found.heat, found.place),
            even_field(found.place),
            even_chest(found.screening.anatomy.organs),
            central_blob(found.place),
        )
        for row, boxes in film.of(task.finding).items():
            # Boxes are in the file's pixels.
            drawn = [displayed_box(box, radiograph.orientation) for box in boxes]
            figures = np.stack([box_figures(heat, drawn) for heat in heats])
            above = found.is_above_operating_point
            measured.setdefault(row, []).append((film.patient, above, figures))
    rows = []
    for name, each in measured.items():
        called = [one for one in each if one[1]]
        rows.append(_box_row(name, each, is_of_all=True))
        rows.append(_box_row(f"{name}, above the operating point", called, is_of_all=False))
    return [row for row in rows if row is not None], without_lungs


def _box_row(
    name: str, measured: list[tuple[str, bool, NDArray[np.float64]]], *, is_of_all: bool
) -> BoxRow | None:
    patients = [patient for patient, _, _ in measured]
    if len(set(patients)) < _FEWEST_PATIENTS:
        return None
    resamples = PatientBootstrap(patients)
    figures = np.stack([each for _, _, each in measured])
    return BoxRow(
        findings=name,
        is_of_all=is_of_all,
        films=len(measured),
        patients=len(set(patients)),
        read_positive=sum(is_above for _, is_above, _ in measured),
        methods=tuple(
            MethodFigures(
                method=method,
                figures=_by_name(resamples, figures[:, number]),
                model_ahead=_by_name(resamples, figures[:, 0] - figures[:, number])
                if number
                else {},
            )
            for number, method in enumerate(METHODS)
        ),
    )


def _by_name(resamples: PatientBootstrap, values: NDArray[np.float64]) -> dict[str, Interval]:
    return {
        name: mean_interval(resamples, values[:, column]) for column, name in enumerate(BOX_FIGURES)
    }
