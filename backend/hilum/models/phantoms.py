"""Shipped phantoms for checking an installation: small files, and how they are drawn.

They are files, because drawing rounds differently on other processors, and the check is of reading.
"""

from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hilum.imaging.phantom import Zone, draw_phantom

ROWS, COLUMNS = 256, 320

Display = Literal["upright", "inverted", "upside_down"]


@dataclass(frozen=True, slots=True)
class Phantom:
    """A shipped phantom.

    Attributes
    ----------
    file : str
        Its name in the package; the ending tells the format.
    opacity : str or None
        See `hilum.imaging.phantom.draw_phantom`.
    display : {"upright", "inverted", "upside_down"}
        As drawn, with bone dark, or turned by half a turn.
    """

    name: str
    file: str
    seed: int
    opacity: Zone | None = None
    display: Display = "upright"

    @property
    def content(self) -> bytes:
        """The file's bytes."""
        return files("hilum.models").joinpath("phantom_files", self.file).read_bytes()

    def draw(self) -> NDArray[np.float32]:
        """Draw the content of the file, in 256 grey levels.

        Returns
        -------
        ndarray of float32, shape (rows, columns)
            Values in [0, 1].
        """
        drawn = draw_phantom(ROWS, COLUMNS, seed=self.seed, opacity=self.opacity)
        if self.display == "inverted":
            drawn = 1 - drawn
        elif self.display == "upside_down":
            drawn = np.rot90(drawn, 2)
        return np.asarray(np.round(255 * drawn) / 255, dtype=np.float32)


PHANTOMS = (
    Phantom("normal", "normal.png", seed=4),
    Phantom("opacity", "opacity.png", seed=5, opacity="right_lower"),
    Phantom("inverted", "inverted.png", seed=1, display="inverted"),
    Phantom("upside_down", "upside_down.png", seed=7, display="upside_down"),
    Phantom("dicom", "dicom.dcm", seed=4, opacity="left_upper"),
)
