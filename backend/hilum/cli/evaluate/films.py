"""Radiographs with known labels, for the trials of a model."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hilum.cli.common import console, show_progress
from hilum.cli.evaluate.options import tell_caution
from hilum.datasets.card_splits import find_split
from hilum.datasets.labels import find_truth
from hilum.datasets.leakage import find_leaks, leaks_in_words, refuse_leaks
from hilum.errors import DatasetError
from hilum.evaluation.figures.outcomes import parts_of
from hilum.imaging import Radiograph, decode
from hilum.models import Reader
from hilum.models.task import Task


class Decoded(Sequence[Radiograph]):
    """Radiographs that are decoded on access."""

    def __init__(self, paths: Sequence[Path], smallest_side_px: int) -> None:
        self._paths, self._smallest = paths, smallest_side_px

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, index: int) -> Radiograph:  # type: ignore[override]
        return decode(self._paths[index].read_bytes(), smallest_side_px=self._smallest)


@dataclass(frozen=True, slots=True, eq=False)
class LabelledFilms:
    """Radiographs with a known label for some findings.

    Attributes
    ----------
    paths : tuple of Path, length n
    patients : tuple of str, length n
    labels : ndarray of bool, shape (n, k)
        Each finding is present.
    smallest_side_px : int
        Minimum side for decoding.
    """

    paths: tuple[Path, ...]
    patients: tuple[str, ...]
    labels: NDArray[np.bool_]
    smallest_side_px: int

    @property
    def is_positive(self) -> NDArray[np.bool_]:
        """The first finding is present, shape (n,)."""
        return self.labels[:, 0]

    @property
    def radiographs(self) -> Sequence[Radiograph]:
        """Radiographs of all paths, decoded on access."""
        return Decoded(self.paths, self.smallest_side_px)

    def where(self, chosen: NDArray[np.bool_]) -> "LabelledFilms":
        """Select films by a mask."""
        rows = np.flatnonzero(chosen).tolist()
        return LabelledFilms(
            tuple(self.paths[row] for row in rows),
            tuple(self.patients[row] for row in rows),
            self.labels[chosen],
            self.smallest_side_px,
        )


def find_films(
    data: Path, split: str | None, reader: Reader, *tasks: Task, allow_leaks: bool
) -> LabelledFilms:
    """Find the radiographs of a split that are labelled for the findings of all tasks.

    Prints the split and its cautions.

    Raises
    ------
    DatasetError
        The data cannot be understood, its splits leak and that is not allowed, or it is not
        labelled for the findings.
    """
    chosen = find_split(data, reader.bundle, split)
    looking = partial(show_progress, words="looking for leaks")
    leaks = find_leaks(chosen.splits, chosen.name, progress=looking)
    if not allow_leaks:
        refuse_leaks(leaks)
    console.print(f"On {chosen.origin}.", highlight=False)
    for caution in filter(None, (leaks_in_words(leaks), *chosen.films.cautions)):
        tell_caution(caution)
    radiographs = chosen.films.radiographs
    findings = [task.finding for task in tasks]
    truth = pd.DataFrame(
        {each: find_truth(radiographs, each, parts_of(reader.card, each)) for each in findings}
    )
    known = truth.notna().all(axis=1)
    if not known.any():
        names = " and ".join(each.label.lower() for each in findings)
        raise DatasetError(f"No radiograph is labelled as with or without {names}.")
    radiographs = radiographs[known]
    return LabelledFilms(
        tuple(radiographs["path"]),
        tuple(radiographs["patient"]),
        truth[known].to_numpy(dtype=bool),
        reader.smallest_side_px,
    )
