"""The anatomy model on radiographs with drawn masks, one case per radiograph."""

from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from hilum.datasets.anatomy_films import AnatomyFilm
from hilum.datasets.organ_masks import SOURCES, load_masks
from hilum.evaluation.anatomy.figures import CaseFigures, anatomy_metrics, case_figures
from hilum.imaging import decode
from hilum.models.anatomy import AnatomyReader
from hilum.models.anatomy.card import AnatomyMetrics

_INSIDE = 0.5


def measure_cases(reader: AnatomyReader, films: Iterable[AnatomyFilm]) -> list[CaseFigures]:
    """Read films as the service does, and compare each with its drawn masks.

    Parameters
    ----------
    films : iterable of AnatomyFilm
        Each with masks of three organs.
    """
    cases = []
    for film in films:
        radiograph = decode(film.path.read_bytes(), smallest_side_px=reader.smallest_side_px)
        found = reader.read(radiograph).organs
        size = (found.grid.side, found.grid.side)
        # Drawn on the file's pixels.
        masks = radiograph.orientation.display(load_masks(film.masks))
        drawn = np.asarray(cv2.resize(masks, size, interpolation=cv2.INTER_AREA))
        cases.append(case_figures(found, drawn > _INSIDE, case=film.patient, source=film.source))
    return cases


def summarise(cases: Sequence[CaseFigures], split: str) -> dict[str, AnatomyMetrics]:
    """Figures of a split, and of each of its sources.

    Parameters
    ----------
    split : str
        Name of the split.

    Returns
    -------
    mapping of str to AnatomyMetrics
        Under the split's name, and ``SPLIT_SOURCE`` for each source that has cases.
    """
    by_source = {
        f"{split}_{source.name}": [case for case in cases if case.source == source.name]
        for source in SOURCES
    }
    groups = {split: list(cases), **by_source}
    return {name: anatomy_metrics(group) for name, group in groups.items() if group}
