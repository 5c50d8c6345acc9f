"""Boxes that radiologists drew, from the table of NIH ChestX-ray14."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from hilum.datasets.public.nih_chestxray14 import BOXES
from hilum.datasets.tables import PICTURE_ENDINGS, read_cells
from hilum.datasets.walk import files_below
from hilum.errors import DatasetError
from hilum.imaging import Box
from hilum.words.counts import agreeing, counted, first_few


@dataclass(frozen=True, slots=True)
class BoxedFilm:
    """A radiograph on which radiologists drew boxes.

    Attributes
    ----------
    boxes : mapping of str to tuple of Box
        By finding, as the table spells it; shares of the picture.
    """

    path: Path
    patient: str
    boxes: dict[str, tuple[Box, ...]]


def find_boxed_films(folder: Path) -> list[BoxedFilm]:
    """List the pictures that have boxes.

    Parameters
    ----------
    folder : Path
        With ``BBox_List_2017.csv`` (Wang et al., CVPR 2017) and the pictures anywhere below; the
        table's names are matched without their ending, since people convert.

    Returns
    -------
    list of BoxedFilm
        Sorted by path; those without a picture are left out.

    Raises
    ------
    DatasetError
        No table, one that cannot be understood, or none of its pictures.
    """
    table = folder / BOXES.filename
    if not table.is_file():
        raise DatasetError(f"{folder} has no {BOXES.filename}, the boxes of NIH ChestX-ray14.")
    boxes: dict[str, dict[str, list[Box]]] = defaultdict(lambda: defaultdict(list))
    cells = read_cells(table, (BOXES.image, BOXES.finding, *BOXES.box), ())
    drawn = cells[list(BOXES.box)].apply(pd.to_numeric, errors="coerce") / BOXES.original_px
    wrong = cells[BOXES.image][drawn.isna().any(axis=1)].tolist()
    if wrong:
        raise DatasetError(
            f"{counted(len(wrong), 'row')} of {table.name} {agreeing(len(wrong), 'has', 'have')} "
            f"a box that is not four numbers: {first_few(wrong)}."
        )
    for image, finding, (x, y, width, height) in zip(
        cells[BOXES.image], cells[BOXES.finding], drawn.to_numpy().tolist(), strict=True
    ):
        boxes[Path(image).stem][finding].append(Box(x, y, x + width, y + height))
    paths = {p.stem: p for p in files_below(folder) if p.suffix.lower() in PICTURE_ENDINGS}
    films = [
        # A name is patient_follow-up.
        BoxedFilm(
            paths[stem],
            stem.split("_", maxsplit=1)[0],
            {finding: tuple(each) for finding, each in found.items()},
        )
        for stem, found in boxes.items()
        if stem in paths
    ]
    if not films:
        raise DatasetError(
            f"None of the {len(boxes)} pictures in {BOXES.filename} is in {folder}, for example "
            f"{first_few(list(boxes))}."
        )
    return sorted(films, key=lambda film: film.path)
