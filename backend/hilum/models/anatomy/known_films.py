"""What a picture shows by its distance to known films: bundles from before there was a gate."""

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from hilum.models.anatomy.picture import Picture, PictureKind
from hilum.populations import Population

_NEAR_SHARE = 0.9
"""Of the limit: films that are farther nearly all have a credible outline."""


class KnownFilms(BaseModel):
    """The groups of films whose distances the network answers, and how far is too far.

    Attributes
    ----------
    groups : mapping of str to Population
        Names in the order of the network's ``distances``.
    limit : float
        Mahalanobis distance to the nearest group (Lee et al., NeurIPS 2018) beyond which a
        picture is unlike them all.
    limit_from : str
        How the limit was chosen.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    groups: dict[str, Population]
    limit: float = Field(gt=0)
    limit_from: str


def picture_by_distance(distances: NDArray[np.float32], known: KnownFilms) -> Picture:
    """Tell what a picture is like.

    Parameters
    ----------
    distances : ndarray of float32, shape (groups,)
    """
    nearest = int(distances.argmin())
    distance = float(distances[nearest])
    population = list(known.groups.values())[nearest]
    is_known = distance <= known.limit
    kind = PictureKind.OTHER
    if is_known:
        is_phantom = population is Population.DRAWN
        kind = PictureKind.PHANTOM if is_phantom else PictureKind.FRONTAL_CHEST
    return Picture(
        kind=kind,
        is_known=is_known,
        is_near=distance <= _NEAR_SHARE * known.limit,
        population=population,
        distance=distance,
    )
