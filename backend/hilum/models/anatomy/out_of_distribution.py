"""How like a picture is to the films that the anatomy network knows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

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
        Mahalanobis distance to the nearest group beyond which a picture is unlike them all.
    limit_from : str
        How the limit was chosen.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    groups: dict[str, Population]
    limit: float = Field(gt=0)
    limit_from: str


@dataclass(frozen=True, slots=True)
class OutOfDistribution:
    """What a picture is like.

    Attributes
    ----------
    distance : float
        Mahalanobis distance of the picture's features to the nearest group (Lee et al.,
        NeurIPS 2018).
    population : Population
        Of that group.
    is_known : bool
        The distance is within the limit.
    is_near : bool
        It is well within: what is farther needs a credible outline to be taken for a film.
    """

    distance: float
    population: Population
    is_known: bool
    is_near: bool = True


def out_of_distribution(distances: NDArray[np.float32], known: KnownFilms) -> OutOfDistribution:
    """Tell what a picture is like.

    Parameters
    ----------
    distances : ndarray of float32, shape (groups,)
    """
    nearest = int(distances.argmin())
    distance = float(distances[nearest])
    return OutOfDistribution(
        distance,
        list(known.groups.values())[nearest],
        is_known=distance <= known.limit,
        is_near=distance <= _NEAR_SHARE * known.limit,
    )
