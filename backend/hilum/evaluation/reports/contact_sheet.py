"""Contact sheets of images with outlines, for checking by eye; never publish those of patients."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from hilum.imaging import Radiograph
from hilum.models.anatomy import Anatomy, Organ

_COLOURS = {
    Organ.RIGHT_LUNG: (86, 180, 233),
    Organ.LEFT_LUNG: (0, 158, 115),
    Organ.HEART: (230, 159, 0),
}
_DOUBTED, _TEXT = (213, 94, 0), (255, 255, 255)


def draw_tile(
    radiograph: Radiograph, anatomy: Anatomy, *, label: str, side: int
) -> NDArray[np.uint8]:
    """Draw one radiograph with its organs' outlines and the ratio's lines.

    Parameters
    ----------
    label : str
        Written into the corner, with the ratio or the reason why there is none.
    side : int
        Of the square tile, in pixels.

    Returns
    -------
    ndarray of uint8, shape (side, side, 3)
        RGB. The picture is stretched to the square, as the network sees it.
    """
    grey = cv2.resize(radiograph.pixels, (side, side), interpolation=cv2.INTER_AREA)
    low, high = np.percentile(grey, [1, 99])
    shown = np.clip((grey - low) / max(high - low, 1e-6), 0, 1) * 255
    tile = np.repeat(shown.astype(np.uint8)[:, :, np.newaxis], 3, axis=2)
    for organ, mask in anatomy.organs.masks.items():
        small = cv2.resize(mask.astype(np.uint8), (side, side), interpolation=cv2.INTER_NEAREST)
        contours, _ = cv2.findContours(small, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(tile, contours, -1, _COLOURS[organ], 1, cv2.LINE_AA)
    words = label
    if anatomy.measures is None:
        cv2.rectangle(tile, (0, 0), (side - 1, side - 1), _DOUBTED, 2)
        words += " " + ",".join(note.code for note in anatomy.notes)
    else:
        ratio = anatomy.measures.ratio
        scale = np.array([side / radiograph.columns, side / radiograph.rows])
        for line in (ratio.heart, ratio.thorax):
            start, end = (tuple(int(v) for v in np.array(point) * scale) for point in line)
            cv2.line(tile, start, end, _TEXT, 1, cv2.LINE_AA)
        codes = ",".join(note.code for note in anatomy.notes)
        words += f" {ratio.value:.2f} {codes}"
    cv2.putText(tile, words, (4, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.36, _TEXT, 1, cv2.LINE_AA)
    return np.asarray(tile, dtype=np.uint8)


def write_sheet(tiles: Sequence[NDArray[np.uint8]], path: Path, *, across: int) -> None:
    """Write tiles of one size as one picture, `across` in a row."""
    blank = np.zeros_like(tiles[0])
    padded = [*tiles, *[blank] * (-len(tiles) % across)]
    rows = [np.hstack(padded[i : i + across]) for i in range(0, len(padded), across)]
    cv2.imwrite(str(path), cv2.cvtColor(np.vstack(rows), cv2.COLOR_RGB2BGR))
