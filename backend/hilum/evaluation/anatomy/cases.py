"""The anatomy model on radiographs with drawn masks, one case each."""

from collections.abc import Callable, Iterable, Sequence

import cv2
import numpy as np

from hilum.datasets.organ_masks import SOURCES, MaskedSample, load_masks
from hilum.evaluation.anatomy.figures import CaseFigures, anatomy_metrics, case_figures
from hilum.imaging import decode
from hilum.models.anatomy import AnatomyReader
from hilum.models.anatomy.card import AnatomyMetrics

Progress = Callable[[Sequence[MaskedSample]], Iterable[MaskedSample]]

_INSIDE = 0.5


def measure_cases(
    reader: AnatomyReader, samples: Sequence[MaskedSample], *, progress: Progress | None = None
) -> list[CaseFigures]:
    """Read radiographs as the service does, and compare each with its drawn masks.

    Parameters
    ----------
    progress : callable, optional
        Wraps the samples to show progress.
    """
    cases = []
    for sample in progress(samples) if progress else samples:
        radiograph = decode(sample.path.read_bytes(), smallest_side_px=reader.smallest_side_px)
        found = reader.read(radiograph).organs
        # Drawn on the file's pixels.
        drawn = radiograph.orientation.display(load_masks(sample)) > _INSIDE
        if drawn.shape[0] != found.grid.side:
            size = (found.grid.side, found.grid.side)
            drawn = cv2.resize(drawn.astype(np.float32), size) > _INSIDE
        cases.append(
            case_figures(found, drawn, case=sample.patient, source=SOURCES[sample.label].name)
        )
    return cases


def summarise(cases: Sequence[CaseFigures], split: str) -> dict[str, AnatomyMetrics]:
    """Figures of a split, and of each of its sources.

    Parameters
    ----------
    split : str
        What to call the split.

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
