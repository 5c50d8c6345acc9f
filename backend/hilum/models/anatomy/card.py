"""The card of an anatomy bundle."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from hilum.models.anatomy.masks import Organ
from hilum.models.anatomy.picture import Estimate, Gate
from hilum.models.card import BundleCard
from hilum.models.measured import Interval


class RatioError(BaseModel):
    """Error of the cardiothoracic ratio, compared with that of the drawn masks.

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
    """Figures on one group of radiographs that were not used for training.

    Attributes
    ----------
    not_credible : int
        Number of radiographs with masks that are not credible, so that nothing was measured. They
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


class ChildrenMetrics(BaseModel):
    """Figures of the lungs' outer edge on films of children not used for training.

    Attributes
    ----------
    not_outlined : int
        Films on which no lungs were found. They count in no other figure.
    outside : Interval
        Mean share of the outlined lungs outside the drawn lungs.
    over_a_tenth : Interval
        Share of the films with more than a tenth of the outlined lungs outside.
    covered : Interval
        Mean share of the drawn lungs inside the outlined lungs or heart; the drawn lungs include
        the part behind the heart.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    images: int
    not_outlined: int
    outside: Interval
    over_a_tenth: Interval
    covered: Interval


class PictureMetrics(BaseModel):
    """Figures of the classification of whole images that were not used for training.

    Attributes
    ----------
    accepted : mapping of str to Interval
        Share of accepted images, for each source of films and each kind of other images.
    counts : mapping of str to int
        Number of images of each.
    adult_auroc, ap_auroc : Interval or None
        None if films of one class are missing.
    adult_unknown, ap_unknown : Interval or None
        Share of images without an answer.
    adult_wrong, ap_wrong : Interval or None
        Share of wrong answers among the others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    accepted: dict[str, Interval]
    counts: dict[str, int]
    adult_auroc: Interval | None = None
    adult_unknown: Interval | None = None
    adult_wrong: Interval | None = None
    ap_auroc: Interval | None = None
    ap_unknown: Interval | None = None
    ap_wrong: Interval | None = None


class AnatomyCard(BundleCard):
    """The card of an anatomy bundle; see `docs/anatomy.md`.

    Attributes
    ----------
    organs : tuple of Organ
        The network's masks, in their order.
    gate : Gate
        Limits for accepting an image as a frontal chest radiograph.
    adult, ap : Estimate
        Calibration of the network's logits of age group and view.
    metrics : mapping of str to AnatomyMetrics
        For all test radiographs (``test``) and for each source by itself.
    children : mapping of str to ChildrenMetrics
        Figures by split, on films of children with a drawn mask of both lungs.
    pictures : mapping of str to PictureMetrics
        Figures by split, on whole films and on other images.
    """

    kind: Literal["anatomy"] = "anatomy"
    organs: tuple[Organ, ...]
    gate: Gate
    adult: Estimate
    ap: Estimate
    metrics: dict[str, AnatomyMetrics]
    children: dict[str, ChildrenMetrics] = Field(default_factory=dict)
    pictures: dict[str, PictureMetrics] = Field(default_factory=dict)
