"""Boxes that radiologists drew, from the table of NIH ChestX-ray14."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from hilum.errors import DatasetError
from hilum.evaluation.labelled import first_few
from hilum.evaluation.table import read_rows
from hilum.imaging import Box

BOX_TABLE = "BBox_List_2017.csv"

_COLUMNS = ("image index", "finding label", "bbox [x", "y", "w", "h]")
_ORIGINAL_PX = 1024
"""Boxes are in pixels of originals of this side, whatever the size of the files at hand."""
_PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".dcm"}


@dataclass(frozen=True, slots=True)
class BoxedFilm:
    """A radiograph on which radiologists drew boxes.

    Attributes
    ----------
    path : Path
    patient : str
    boxes : mapping of str to tuple of Box
        By finding, as the table spells it; shares of the picture.
    """

    path: Path
    patient: str
    boxes: dict[str, tuple[Box, ...]]


def has_boxes(folder: Path) -> bool:
    """Whether a folder holds a table of boxes."""
    return (folder / BOX_TABLE).is_file()


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
    table = folder / BOX_TABLE
    if not table.is_file():
        raise DatasetError(f"{folder} has no {BOX_TABLE}, the boxes of NIH ChestX-ray14.")
    boxes: dict[str, dict[str, list[Box]]] = defaultdict(lambda: defaultdict(list))
    for row in read_rows(table, _COLUMNS, ()):
        try:
            x, y, width, height = (float(row[name]) / _ORIGINAL_PX for name in _COLUMNS[2:])
        except ValueError as exc:
            raise DatasetError(f"{BOX_TABLE}: the box of {row['image index']} is none.") from exc
        found = boxes[Path(row["image index"]).stem][row["finding label"]]
        found.append(Box(x, y, x + width, y + height))
    paths = {p.stem: p for p in folder.rglob("*") if p.suffix.lower() in _PICTURES}
    films = [
        # A name is patient_follow-up.
        BoxedFilm(
            paths[stem],
            stem.split("_", maxsplit=1)[0],
            {finding: tuple(each) for finding, each in drawn.items()},
        )
        for stem, drawn in boxes.items()
        if stem in paths
    ]
    if not films:
        raise DatasetError(
            f"None of the {len(boxes)} pictures in {BOX_TABLE} is in {folder}, for example "
            f"{first_few(list(boxes))}."
        )
    return sorted(films, key=lambda film: film.path)
