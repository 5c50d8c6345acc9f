"""Films of the anatomy network in memory, at its input size."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hilum.datasets.anatomy_films import AnatomyFilm
from hilum.imaging import decode
from hilum.imaging.phantom import Zone, draw_phantom
from hilum.imaging.preprocess import resample
from hilum.models.anatomy import AnatomyReader, Organ
from hilum.models.anatomy.picture import PictureKind
from hilum.training.pictures import load_pictures

_ZONES: tuple[Zone | None, ...] = (None, "right_lower", "left_lower", "both", "right_upper")
_LEAST_PART = 0.05
"""Of a drawn mask: a smaller piece is a slip of the pen, not a lung."""


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """One image in memory, with its labels.

    Attributes
    ----------
    pixels : ndarray of uint8, shape (side, side)
    masks : ndarray of uint8, shape (side, side, 3), or None
        0 to 255, in the order of `Organ`.
    lungs : ndarray of uint8, shape (side, side, 2), or None
        Right and left lung with what of them lies behind the heart.
    outlined : ndarray of uint8, shape (side, side, 3), or None
        Organs as an earlier anatomy model outlines them, where not all of them were drawn.
    is_adult, is_ap : bool or None
        None where that is not known.
    """

    pixels: NDArray[np.uint8]
    kind: PictureKind
    masks: NDArray[np.uint8] | None = None
    lungs: NDArray[np.uint8] | None = None
    outlined: NDArray[np.uint8] | None = None
    is_adult: bool | None = None
    is_ap: bool | None = None

    @property
    def grey(self) -> NDArray[np.float32]:
        """The pixels in [0, 1]."""
        return np.asarray(self.pixels, dtype=np.float32) / np.float32(255)

    @property
    def planes(self) -> NDArray[np.uint8] | None:
        """Known masks: all three organs; or both lungs, with the heart if outlined."""
        if self.masks is not None or self.lungs is None:
            return self.masks if self.masks is not None else self.outlined
        if self.outlined is None:
            return self.lungs
        return np.concatenate([self.lungs, self.outlined[:, :, 2:]], axis=2)

    @property
    def is_unmasked(self) -> bool:
        """No one drew masks of its organs or lungs."""
        return self.masks is None and self.lungs is None

    def resized(self, side: int) -> "Film":
        """The same film with pixels and masks of another side."""
        masks, lungs, outlined = (
            None if planes is None else _resized(planes, side)
            for planes in (self.masks, self.lungs, self.outlined)
        )
        return replace(
            self, pixels=_resized(self.pixels, side), masks=masks, lungs=lungs, outlined=outlined
        )


def load_films(
    films: Sequence[AnatomyFilm], side: int, *, earlier: AnatomyReader | None = None
) -> list[Film]:
    """Decode films and their masks, through the service's own code.

    Parameters
    ----------
    earlier : AnatomyReader, optional
        Model that outlines organs of adults without drawn masks, and hearts if only lungs are
        drawn.

    Raises
    ------
    DatasetError
        Files that cannot be decoded.
    """
    pictures = load_pictures([film.path for film in films], side)
    loaded = []
    for film, pixels in zip(films, pictures, strict=True):
        planes = [_mask(path, side) for path in film.masks]
        outlined = _outlined(film, earlier, side) if earlier and _lacks(film) else None
        # Drawn lungs include the part behind the heart: without the heart, they are unknown.
        has_lungs = len(planes) == 1 and (outlined is not None or earlier is None)
        loaded.append(
            Film(
                _bytes(pixels),
                film.kind,
                masks=np.stack(planes, axis=2) if len(planes) == len(Organ) else None,
                lungs=sides_of(planes[0]) if has_lungs else None,
                outlined=outlined,
                is_adult=film.is_adult,
                is_ap=film.is_ap,
            )
        )
    return loaded


def _lacks(film: AnatomyFilm) -> bool:
    """Whether an earlier model may provide masks; it is not reliable for children."""
    is_chest = film.kind is PictureKind.FRONTAL_CHEST
    return is_chest and (len(film.masks) == 1 or (not film.masks and bool(film.is_adult)))


def _outlined(film: AnatomyFilm, reader: AnatomyReader, side: int) -> NDArray[np.uint8] | None:
    """Masks of organs from a model; None if they are not credible."""
    anatomy = reader.read(decode(film.path.read_bytes(), smallest_side_px=reader.smallest_side_px))
    if anatomy.measures is None:
        return None
    masks = anatomy.organs.masks
    planes = [_bytes(resample(masks[organ].astype(np.float32), side)) for organ in Organ]
    return np.stack(planes, axis=2)


def draw_phantoms(side: int, *, films: int) -> list[Film]:
    """Phantoms: the pictures that people try the software with are known as what they are."""
    return [
        Film(
            _bytes(draw_phantom(side, side, seed=seed, opacity=_ZONES[seed % len(_ZONES)])),
            PictureKind.PHANTOM,
        )
        for seed in range(films)
    ]


def sides_of(lungs: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Divide a mask of both lungs: the patient's right one is on the picture's left.

    Parameters
    ----------
    lungs : ndarray of uint8, shape (side, side)

    Returns
    -------
    ndarray of uint8, shape (side, side, 2)
        Right, left.
    """
    count, labels, stats, centres = cv2.connectedComponentsWithStats((lungs > 127).view(np.uint8))
    areas = stats[:, cv2.CC_STAT_AREA]
    large = [k for k in range(1, count) if areas[k] >= _LEAST_PART * areas[1:].sum()]
    columns = np.arange(lungs.shape[1])
    # Between both lungs, or through the middle where they are drawn as one.
    middle = lungs.shape[1] / 2
    if len(large) > 1:
        middle = (centres[large, 0].min() + centres[large, 0].max()) / 2
    nearer_left = np.broadcast_to(columns >= middle, lungs.shape).copy()
    for k in large if len(large) > 1 else ():
        nearer_left[labels == k] = centres[k, 0] >= middle
    zero = np.zeros_like(lungs)
    return np.stack([np.where(nearer_left, zero, lungs), np.where(nearer_left, lungs, zero)], 2)


def _mask(path: object, side: int) -> NDArray[np.uint8]:
    plane = np.asarray(Image.open(str(path)).convert("L"), dtype=np.float32) / np.float32(255)
    return _bytes(resample(plane, side))


def _resized(plane: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(plane, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def _bytes(pixels: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.asarray(np.round(255 * np.clip(pixels, 0, 1)), dtype=np.uint8)
