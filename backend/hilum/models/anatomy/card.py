"""The card of an anatomy bundle."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from hilum.models.anatomy.masks import Organ
from hilum.models.anatomy.out_of_distribution import KnownFilms
from hilum.models.card import BundleCard
from hilum.models.measured import Interval


class RatioError(BaseModel):
    """How far the cardiothoracic ratio is from that of the drawn masks.

    Attributes
    ----------
    mae : Interval
        Mean absolute error.
    bias : Interval
        Mean of measured minus drawn.
    limits_of_agreement : tuple of Interval
        Bias minus and plus 1.96 standard deviations (Bland and Altman, Lancet 1986).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mae: Interval
    bias: Interval
    limits_of_agreement: tuple[Interval, Interval]


class AnatomyMetrics(BaseModel):
    """Figures on one group of radiographs that trained nothing.

    Attributes
    ----------
    not_credible : int
        Radiographs whose masks were not believed, so that nothing was measured on them. They
        count in Dice and in the distance, not in the ratio.
    dice : mapping of Organ to Interval
        In [0, 1].
    hausdorff95_px : mapping of Organ to Interval
        95th percentile of the distances between both outlines, in pixels of a 512 x 512
        picture.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    images: int
    not_credible: int
    dice: dict[Organ, Interval]
    hausdorff95_px: dict[Organ, Interval]
    cardiothoracic_ratio: RatioError


class AnatomyCard(BundleCard):
    """The card of an anatomy bundle; see `docs/anatomy.md`.

    Attributes
    ----------
    organs : tuple of Organ
        The network's masks, in their order.
    known_films : KnownFilms
        What the network's distances are to.
    metrics : mapping of str to AnatomyMetrics
        For all test radiographs (``test``) and for each source by itself.
    """

    kind: Literal["anatomy"] = "anatomy"
    organs: tuple[Organ, ...]
    known_films: KnownFilms
    metrics: dict[str, AnatomyMetrics]
