"""Bootstrap over patients, for many figures at once."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from hilum.models.measured import Interval

Weights = NDArray[np.float64]
"""Shape (r, n): how often each of n pictures is in each of r resamples."""

Figure = Callable[[Weights], NDArray[np.float64]]
"""From weights of shape (r, n) to the figure in each resample, shape (r,); nan: undefined."""

_CELLS_AT_ONCE = 2_000_000
"""Weights of so many resamples times pictures are in memory at a time: 16 MB."""


class PatientBootstrap:
    """Resamples of patients, drawn once and shared by all figures.

    Patients are drawn with replacement, and all pictures of a patient come along (the cluster
    bootstrap; Field and Welsh, JRSS B 69(3), 2007). What was drawn is kept as counts, so that a
    figure is a few products of matrices instead of a thousand calls.

    Parameters
    ----------
    patients : sequence of str, length n
        Patient of each picture.
    """

    def __init__(self, patients: Sequence[str], *, resamples: int = 1000, seed: int = 0) -> None:
        _, self._group = np.unique(np.asarray(patients), return_inverse=True)
        count = int(self._group.max()) + 1
        rng = np.random.default_rng(seed)
        self._drawn = np.empty((resamples, count), dtype=np.uint16)
        for row in self._drawn:
            row[:] = np.bincount(rng.integers(0, count, count), minlength=count)

    def draws(self, figure: Figure) -> NDArray[np.float64]:
        """The figure in each resample, shape (resamples,)."""
        rows = max(1, _CELLS_AT_ONCE // len(self._group))
        return np.concatenate(
            [
                figure(self._drawn[start : start + rows, self._group].astype(np.float64))
                for start in range(0, len(self._drawn), rows)
            ]
        )

    def interval(self, figure: Figure) -> Interval | None:
        """A figure with its 95 % percentile interval.

        Parameters
        ----------
        figure : callable
            See `Figure`.

        Returns
        -------
        Interval or None
            None if the figure is undefined on the pictures themselves, such as a sensitivity
            without positives. Resamples in which it is undefined are left out.
        """
        value = self._value(figure)
        if value is None:
            return None
        low, high = np.nanpercentile(self.draws(figure), [2.5, 97.5])
        return Interval(value=value, low=float(low), high=float(high))

    def centred_interval(self, figure: Figure) -> Interval | None:
        """A figure with its 95 % interval, for one that resampling by itself makes larger.

        A calibration error is a sum of absolute gaps: noise in a bin adds to it and never takes
        away, and each resample brings noise of its own on top of the pictures' (the plug-in
        estimate's bias: Roelofs et al., "Mitigating Bias in Calibration Error Estimation",
        AISTATS 2022). The percentile interval then lies above its own value. Here the resamples
        are moved so that their mean is the value: the interval is as wide, and around it. What
        bias the value itself has, stays in it.

        Parameters
        ----------
        figure : callable
            See `Figure`; at least 0.

        Returns
        -------
        Interval or None
            See `interval`; not below 0.
        """
        value = self._value(figure)
        if value is None:
            return None
        drawn = self.draws(figure)
        drawn += value - np.nanmean(drawn)
        low, high = np.nanpercentile(drawn, [2.5, 97.5])
        return Interval(value=value, low=max(0.0, float(low)), high=float(high))

    def _value(self, figure: Figure) -> float | None:
        """The figure on the original sample; None if it is undefined."""
        value = float(figure(np.ones((1, len(self._group))))[0])
        return value if np.isfinite(value) else None


def mean_interval(resamples: PatientBootstrap, values: NDArray[np.float64]) -> Interval:
    """The mean over pictures with its 95 % interval.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        None of them nan.
    """
    found = resamples.interval(lambda weights: weights @ values / weights.sum(axis=1))
    assert found is not None
    return found
