"""Outlines of children's lungs compared with masks drawn by people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from hilum.datasets.anatomy_films import AnatomyFilm
from hilum.evaluation.figures.resampling import PatientBootstrap, mean_interval
from hilum.imaging import decode
from hilum.models.anatomy import AnatomyReader, Organ
from hilum.models.anatomy.card import ChildrenMetrics
from hilum.models.measured import Interval

_INSIDE = 127
_MUCH = 0.1


@dataclass(frozen=True, slots=True)
class ChildCase:
    """Figures of one film of a child.

    Attributes
    ----------
    outside : float or None
        Share of the outlined lungs outside the drawn ones; None where none are outlined.
    covered : float
        Share of the drawn lungs within the outlined lungs or the heart.
    """

    patient: str
    outside: float | None
    covered: float


def child_cases(reader: AnatomyReader, films: Iterable[AnatomyFilm]) -> list[ChildCase]:
    """Read films as the service does, and compare each with its drawn lungs.

    Parameters
    ----------
    films : iterable of AnatomyFilm
        Each with a mask of both lungs.
    """
    cases = []
    for film in films:
        radiograph = decode(film.path.read_bytes(), smallest_side_px=reader.smallest_side_px)
        anatomy = reader.read(radiograph)
        if anatomy.measures is None:
            cases.append(ChildCase(film.patient, None, 0.0))
            continue
        organs = anatomy.organs
        size = (organs.grid.side, organs.grid.side)
        mask = np.asarray(Image.open(film.masks[0]).convert("L"))
        drawn = cv2.resize(mask, size, interpolation=cv2.INTER_LINEAR) > _INSIDE
        lungs = organs.masks[Organ.RIGHT_LUNG] | organs.masks[Organ.LEFT_LUNG]
        found = lungs | organs.masks[Organ.HEART]
        outside = float((lungs & ~drawn).sum() / lungs.sum())
        cases.append(ChildCase(film.patient, outside, float((drawn & found).sum() / drawn.sum())))
    return cases


def children_metrics(cases: Sequence[ChildCase]) -> ChildrenMetrics | None:
    """Sum up; None where lungs were outlined on none of the films."""
    outlined = [case for case in cases if case.outside is not None]
    if not outlined:
        return None
    resamples = PatientBootstrap([case.patient for case in outlined])

    def mean(values: list[float]) -> Interval:
        return mean_interval(resamples, np.array(values))

    outside = [case.outside or 0.0 for case in outlined]
    return ChildrenMetrics(
        images=len(cases),
        not_outlined=len(cases) - len(outlined),
        outside=mean(outside),
        over_a_tenth=mean([float(value > _MUCH) for value in outside]),
        covered=mean([case.covered for case in outlined]),
    )
