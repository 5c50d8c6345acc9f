"""Boxes drawn by radiologists, read from the tables of data sets."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hilum.datasets.csv_cells import read_cells
from hilum.datasets.public import DATASETS, BoxTable
from hilum.datasets.tables import PICTURE_ENDINGS
from hilum.datasets.walk import files_below
from hilum.errors import DatasetError
from hilum.findings import Finding
from hilum.imaging import Box
from hilum.words.counts import agreeing, counted, first_few


@dataclass(frozen=True, slots=True)
class BoxedFilm:
    """A radiograph on which radiologists drew boxes.

    Attributes
    ----------
    boxes : mapping of str to tuple of Box
        By finding, as the table spells it; shares of the picture.
    spelt : mapping of Finding to mapping of str to frozenset of str
        See `hilum.datasets.public.BoxTable`.
    """

    path: Path
    patient: str
    boxes: dict[str, tuple[Box, ...]]
    spelt: Mapping[Finding, Mapping[str, frozenset[str]]]

    def of(self, finding: Finding) -> dict[str, list[Box]]:
        """Boxes of a finding, by the titles of the groups that the data set has them in."""
        groups = {
            title: [box for name in sorted(names) for box in self.boxes.get(name, ())]
            for title, names in self.spelt.get(finding, {}).items()
        }
        return {title: boxes for title, boxes in groups.items() if boxes}


def find_boxed_films(folder: Path) -> list[BoxedFilm]:
    """List the pictures that have boxes.

    Parameters
    ----------
    folder : Path
        With tables of boxes of a known data set, and the pictures anywhere below; the table's
        names are matched without their ending, since people convert.

    Returns
    -------
    list of BoxedFilm
        One table after the other, sorted by path; those without a picture are left out.

    Raises
    ------
    DatasetError
        No table, one that cannot be understood, or none of its pictures.
    """
    known = [table for each in DATASETS.values() for table in each.boxes]
    present = [each for each in known if (folder / each.filename).is_file()]
    if not present:
        names = " or ".join(each.filename for each in known)
        raise DatasetError(f"{folder} has no table of boxes: {names}.")
    return [film for spelling in present for film in _boxed_films(folder, spelling)]


def _boxed_films(folder: Path, spelling: BoxTable) -> list[BoxedFilm]:
    table = folder / spelling.filename
    boxes: dict[str, dict[str, list[Box]]] = defaultdict(lambda: defaultdict(list))
    cells = read_cells(table, (spelling.image, spelling.finding, *spelling.box), ())
    if len(spelling.box) == 1:
        drawn = cells[spelling.box[0]].map(_listed)
    else:
        drawn = cells[list(spelling.box)].apply(list, axis=1).map(lambda one: _numbers([one]))
    wrong = cells[spelling.image][drawn.isna()].tolist()
    if wrong:
        raise DatasetError(
            f"{counted(len(wrong), 'row')} of {table.name} {agreeing(len(wrong), 'has', 'have')} "
            f"a box that is not four numbers: {first_few(wrong)}."
        )
    for image, finding, found in zip(
        cells[spelling.image], cells[spelling.finding], drawn, strict=True
    ):
        for x, y, width, height in found / spelling.original_px:
            boxes[Path(image).stem][finding].append(Box(x, y, x + width, y + height))
    paths = {p.stem: p for p in files_below(folder) if p.suffix.lower() in PICTURE_ENDINGS}
    films = [
        BoxedFilm(
            paths[stem],
            spelling.patient(stem),
            {finding: tuple(each) for finding, each in found.items()},
            spelling.spelt,
        )
        for stem, found in boxes.items()
        if stem in paths
    ]
    if not films:
        raise DatasetError(
            f"None of the {len(boxes)} pictures in {spelling.filename} is in {folder}, for example "
            f"{first_few(list(boxes))}."
        )
    return sorted(films, key=lambda film: film.path)


def _listed(cell: str) -> NDArray[np.float64] | None:
    """Boxes of a cell; an empty cell has none."""
    try:
        return _numbers(json.loads(cell or "[]"))
    except ValueError:
        return None


def _numbers(boxes: Sequence[object]) -> NDArray[np.float64] | None:
    """Boxes as an array of shape (n, 4); None if one is not four finite numbers."""
    try:
        found = np.array(boxes, dtype=np.float64).reshape(-1, 4)
    except (TypeError, ValueError):
        return None
    return found if len(found) == len(boxes) and np.isfinite(found).all() else None
