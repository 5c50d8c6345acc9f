"""Opacities drawn into one lung of normal films: location of the evidence that they add."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.evaluation.figures.resampling import PatientBootstrap, mean_interval
from hilum.evaluation.localisation.heat import SIDE, even_field, lying
from hilum.evaluation.localisation.report import DrawnFigures
from hilum.findings import Finding
from hilum.imaging import Radiograph
from hilum.imaging.opacity import draw_opacity
from hilum.models import Reader, Screener
from hilum.models.anatomy import Organ
from hilum.models.evidence import place_of
from hilum.models.evidence.maps import evidence_maps
from hilum.models.task import Task

_LUNGS = (Organ.RIGHT_LUNG, Organ.LEFT_LUNG)
_SEEN_AS_OPACITY = frozenset({Finding.PNEUMONIA, *Finding.PNEUMONIA.parts})
_WEAKEST = 0.7
_FEWEST_PATIENTS = 5


def drawn_opacities(
    reader: Reader,
    screener: Screener,
    task: Task,
    films: Sequence[Radiograph],
    patients: Sequence[str],
    chosen: Iterable[int],
    *,
    seed: int,
) -> DrawnFigures | None:
    """Draw an opacity into one lung of each film, and locate the evidence that it adds.

    The change is the film's only one, so what it adds to the map ought to lie where it was
    drawn. The lung field stays that of the film as it was.

    Parameters
    ----------
    reader : Reader
        With an evidence layer.
    films : sequence of Radiograph
        Without the task's finding.
    chosen : iterable of int
        Which of the films.

    Returns
    -------
    DrawnFigures or None
        None where fewer than five patients' films have lungs that are made out, or a drawn
        opacity is no sign of the finding.
    """
    if task.finding not in _SEEN_AS_OPACITY:
        return None
    rng = np.random.default_rng(seed)
    of, figures = [], []
    for number, index in enumerate(chosen):
        found = _one(reader, screener, task, films[index], _LUNGS[number % 2], rng)
        if found is not None:
            of.append(patients[index])
            figures.append(found)
    if len(set(of)) < _FEWEST_PATIENTS:
        return None
    resamples = PatientBootstrap(of)
    rise, side, inside, area = np.array(figures).T
    return DrawnFigures(
        films=len(of),
        patients=len(set(of)),
        rise=mean_interval(resamples, rise),
        on_its_side=mean_interval(resamples, side),
        peak_inside=mean_interval(resamples, inside),
        ahead_of_chance=mean_interval(resamples, inside - area),
    )


def _one(
    reader: Reader,
    screener: Screener,
    task: Task,
    film: Radiograph,
    organ: Organ,
    rng: np.random.Generator,
) -> tuple[float, float, float, float] | None:
    """Rise of the probability, peak on its side, peak inside, and the opacity's share of area."""
    screening = screener.screen(film)
    field = screening.anatomy.lung_field
    if field is None:
        return None
    before = screening.radiograph
    lung = _fitted(screening.anatomy.organs.masks[organ].astype(np.float32), before.pixels.shape)
    drawn = draw_opacity(before.pixels, lung, rng, weakest=_WEAKEST)
    if drawn is None:
        return None
    card = reader.card
    clean, opaque = reader.read_many([before, replace(before, pixels=drawn.pixels)], [field, field])
    added = (
        evidence_maps(opaque, card, task)[task.finding]
        - evidence_maps(clean, card, task)[task.finding]
    )
    place = place_of(reader.card, before, screening)
    heat = lying(place.raster(added), place)
    # Where it takes at least half of what it takes at its middle.
    opacity = _fitted(drawn.cover, (SIDE, SIDE)) >= drawn.cover.max() / 2
    row, column = np.unravel_index(int(heat.argmax()), heat.shape)
    middle = SIDE * (field.box.left + field.box.right) / 2
    is_left_in_picture = np.argwhere(opacity)[:, 1].mean() < middle
    read = even_field(place) > 0
    return (
        opaque.probability(task.finding) - clean.probability(task.finding),
        float(heat.max() > 0 and (column < middle) == is_left_in_picture),
        float(heat.max() > 0 and opacity[row, column]),
        float((opacity & read).sum() / read.sum()),
    )


def _fitted(plane: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    rows, columns = shape
    fitted = cv2.resize(plane, (columns, rows), interpolation=cv2.INTER_LINEAR)
    return np.asarray(fitted, dtype=np.float32)
