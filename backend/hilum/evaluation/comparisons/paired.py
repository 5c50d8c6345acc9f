"""Statistical tests for two ways of reading the same images."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest, norm, rankdata

_Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class DelongTest:
    """Two AUROCs of the same pictures compared.

    Attributes
    ----------
    difference, low, high : float
        Second minus first, with its 95 % interval.
    p_value : float
        Two-sided; null hypothesis: no difference.
    """

    first: float
    second: float
    difference: float
    low: float
    high: float
    p_value: float


def delong_test(
    is_positive: NDArray[np.bool_], first: NDArray[np.float64], second: NDArray[np.float64]
) -> DelongTest:
    """Compare two AUROCs of the same pictures (DeLong et al., Biometrics 44(3), 1988).

    Computed with midranks (Sun and Xu, IEEE Signal Process Lett 21(11), 2014). Pictures count
    as independent; where patients have several, trust the bootstrap over patients more.

    Parameters
    ----------
    is_positive : ndarray of bool, shape (n,)
        At least two of each.
    first, second : ndarray, shape (n,)
        Scores, each on any scale.

    Raises
    ------
    ValueError
        Fewer than two positive or two negative pictures.
    """
    ill, well = int(is_positive.sum()), int((~is_positive).sum())
    if min(ill, well) < 2:
        raise ValueError("DeLong's test needs two positive and two negative pictures.")
    placed = [_placements(is_positive, score) for score in (first, second)]
    areas = [float(of_ill.mean()) for of_ill, _ in placed]
    of_ill, of_well = (np.stack(values) for values in zip(*placed, strict=True))
    covariance = np.cov(of_ill) / ill + np.cov(of_well) / well
    variance = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    difference = areas[1] - areas[0]
    spread = float(np.sqrt(max(variance, 0.0)))
    return DelongTest(
        first=areas[0],
        second=areas[1],
        difference=difference,
        low=difference - _Z_95 * spread,
        high=difference + _Z_95 * spread,
        p_value=_two_sided(difference, spread),
    )


def _placements(
    is_positive: NDArray[np.bool_], score: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of negatives below each positive, and of positives above each negative."""
    ill, well = score[is_positive], score[~is_positive]
    together = rankdata(np.concatenate([ill, well]))
    of_ill = (together[: len(ill)] - rankdata(ill)) / len(well)
    of_well = 1 - (together[len(ill) :] - rankdata(well)) / len(ill)
    return of_ill, of_well


def _two_sided(difference: float, spread: float) -> float:
    if abs(difference) < 1e-12:
        return 1.0
    # Without spread a difference is certain: both areas are 0, 1/2 or 1 in every resample.
    return float(2 * norm.sf(abs(difference) / spread)) if spread > 0 else 0.0


@dataclass(frozen=True, slots=True)
class McnemarTest:
    """Pictures on which two readers differ, and a test whether one is correct more often.

    Attributes
    ----------
    only_first, only_second : int
        Pictures that only one of them read correctly.
    p_value : float
        Two-sided; null hypothesis: both err equally often.
    """

    only_first: int
    only_second: int
    p_value: float


def mcnemar_test(
    is_right_first: NDArray[np.bool_], is_right_second: NDArray[np.bool_]
) -> McnemarTest:
    """Compare how often two readers of the same pictures are correct.

    McNemar (Psychometrika 12, 1947), exact: of the pictures that only one read rightly, the
    number that the first did is binomial with one half.

    Parameters
    ----------
    is_right_first, is_right_second : ndarray of bool, shape (n,)

    Returns
    -------
    McnemarTest
        `p_value` is 1 if they differ on no picture.
    """
    only_first = int((is_right_first & ~is_right_second).sum())
    only_second = int((~is_right_first & is_right_second).sum())
    differing = only_first + only_second
    p_value = float(binomtest(only_first, differing).pvalue) if differing else 1.0
    return McnemarTest(only_first, only_second, p_value)
