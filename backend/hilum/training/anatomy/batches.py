"""Training batches of the anatomy network: films of several kinds, and other images."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from hilum.evaluation.anatomy.drawn_pictures import DRAWN_KINDS, draw_picture
from hilum.imaging import Preprocessing
from hilum.imaging.opacity import draw_opacity
from hilum.imaging.preprocess import normalise
from hilum.models.anatomy.picture import READ_KINDS, PictureKind
from hilum.training.anatomy.films import Film
from hilum.training.anatomy.targets import (
    Batch,
    Targets,
    lung_area,
    no_organs,
    organ_targets,
    stacked,
)
from hilum.training.augment import draw_placement, place, recast
from hilum.training.batches import SeededBatches
from hilum.training.config import Augmentation

_MOST_IN_BATCH = 1000
_WITHOUT_LUNGS = (PictureKind.PAGE, PictureKind.OTHER, PictureKind.LIMB)


class Mixture(BaseModel):
    """Composition of a batch.

    Attributes
    ----------
    organs, lungs, plain, phantoms, other, drawn : int
        Films with masks of three organs, films with a mask of both lungs, any films, drawn
        phantoms, pictures that are no frontal chest films, and such pictures drawn anew.
    opacity_share : float
        Share of the films with masks that an opacity is drawn into.
    turned_share, inverted_share : float
        Shares of the `plain` films that are turned, and of all that are shown inverted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    organs: int = Field(default=8, ge=1)
    lungs: int = Field(default=8, ge=0)
    plain: int = Field(default=8, ge=0)
    phantoms: int = Field(default=1, ge=0)
    other: int = Field(default=3, ge=0)
    drawn: int = Field(default=4, ge=0)
    opacity_share: float = Field(default=0.3, ge=0, le=1)
    turned_share: float = Field(default=0.4, ge=0, le=1)
    inverted_share: float = Field(default=0.15, ge=0, le=1)


class AnatomyBatches(SeededBatches):
    """Batches of all that the network learns from.

    Parameters
    ----------
    films : sequence of Film
    left_out : collection of PictureKind
        Kinds that are not shown.
    steps : int
        Batches in an epoch.
    stride : int
        The network's masks have this part of its input's side.
    """

    def __init__(
        self,
        films: Sequence[Film],
        how: Preprocessing,
        changes: Augmentation,
        *,
        mixture: Mixture,
        left_out: Collection[PictureKind] = (),
        steps: int,
        stride: int,
        seed: int,
    ) -> None:
        super().__init__(steps, batch_size=1, seed=seed)
        self._how, self._changes, self._mixture, self._stride = how, changes, mixture, stride
        chest = [film for film in films if film.kind is PictureKind.FRONTAL_CHEST]
        groups = {
            "organs": [[film for film in chest if film.masks is not None]],
            "lungs": [[film for film in chest if film.lungs is not None]],
            # Views are known of some adults only: these come as often as all others.
            "plain": [
                [film for film in chest if film.is_ap is not None],
                [film for film in chest if film.is_ap is None],
            ],
            "phantoms": [[film for film in films if film.kind is PictureKind.PHANTOM]],
            "other": [
                [film for film in films if film.kind is kind]
                for kind in PictureKind
                if kind not in (*READ_KINDS, *left_out)
            ],
        }
        self._drawn_kinds = [kind for kind in DRAWN_KINDS if kind not in left_out]
        self._chest = chest
        self._groups = {name: [each for each in lists if each] for name, lists in groups.items()}

    def __getitem__(self, batch: int) -> Batch:
        pictures: list[NDArray[np.float32]] = []
        targets: list[Targets] = []
        for name, lists in self._groups.items():
            count = getattr(self._mixture, name)
            for k in range(count if lists else 0):
                rng = self._rng_of(batch, len(pictures))
                # By turns: each list's as often as any other's.
                films = lists[(batch * count + k) % len(lists)]
                film = films[int(rng.integers(len(films)))]
                pixels, target = self._item(film, rng, may_turn=name not in ("organs", "lungs"))
                pictures.append(pixels)
                targets.append(target)
        for k in range(self._mixture.drawn):
            rng = self._rng_of(batch, len(pictures))
            kind = self._drawn_kinds[(batch * self._mixture.drawn + k) % len(self._drawn_kinds)]
            drawn = recast(draw_picture(kind, self._any_film, rng), self._changes, rng)
            pictures.append(normalise(drawn, self._how))
            targets.append(Targets(kind, self._masks_of(kind)))
        return stacked(pictures, targets, stride=self._stride)

    def _rng_of(self, batch: int, item: int) -> np.random.Generator:
        return self._rng(int(self._chosen(batch)[0]) * _MOST_IN_BATCH + item)

    def _any_film(self, rng: np.random.Generator) -> NDArray[np.float32]:
        film = self._chest[int(rng.integers(len(self._chest)))]
        return film.grey

    def _masks_of(self, kind: PictureKind) -> NDArray[np.float32] | None:
        side = self._how.input_size_px // self._stride
        return no_organs(side) if kind in _WITHOUT_LUNGS else None

    def _item(
        self, film: Film, rng: np.random.Generator, *, may_turn: bool
    ) -> tuple[NDArray[np.float32], Targets]:
        side = self._how.input_size_px
        is_chest = film.kind in READ_KINDS
        is_turned = may_turn and rng.random() < self._mixture.turned_share
        turns = int(rng.integers(1, 4)) if is_turned else 0
        matrix = draw_placement(side, self._changes, rng)
        fills = bool(rng.random() < 0.3)
        pixels = place(np.rot90(film.pixels, turns).copy(), matrix, fills=fills) / np.float32(255)
        masks = self._masks_of(film.kind)
        if film.planes is not None and not turns:
            masks = organ_targets(film, matrix, self._stride)
            if rng.random() < self._mixture.opacity_share:
                # The films have next to none, and a network taught on them alone leaves an
                # opaque part out of the lung.
                drawn = draw_opacity(pixels, lung_area(masks, side), rng)
                pixels = drawn.pixels if drawn else pixels
        is_inverted = bool(rng.random() < self._mixture.inverted_share)
        if is_inverted:
            pixels = 1 - pixels
        return normalise(recast(pixels, self._changes, rng), self._how), Targets(
            kind=film.kind,
            masks=masks,
            turns=turns if is_chest else None,
            is_inverted=is_inverted if is_chest else None,
            is_adult=film.is_adult,
            is_ap=film.is_ap,
        )
