"""How often findings are, how much they contribute to the loss, and which occur together."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hilum.findings import Finding
from hilum.training.classifier.objective import LOSSES, FindingsLoss


def frequencies(targets: NDArray[np.float32], findings: Sequence[Finding]) -> pd.DataFrame:
    """Counts of each finding.

    Parameters
    ----------
    targets : ndarray of float32, shape (n, k)
        See `hilum.training.classifier.objective.Objective`.

    Returns
    -------
    DataFrame, k rows by finding
        Columns ``present``, ``absent``, ``unknown`` and ``share``, of the present ones among those
        that are known. An uncertain label is neither.
    """
    present, absent = (targets == 1).sum(axis=0), (targets == 0).sum(axis=0)
    return pd.DataFrame(
        {
            "present": present,
            "absent": absent,
            "unknown": np.isnan(targets).sum(axis=0),
            "share": present / np.maximum(1, present + absent),
        },
        index=pd.Index([finding.value for finding in findings], name="finding"),
    )


def contributions(targets: NDArray[np.float32], findings: Sequence[Finding]) -> pd.DataFrame:
    """Share of the loss that images with each finding have, if the network knows nothing.

    At a probability of 0.5 of each finding, as before training.

    Returns
    -------
    DataFrame, k rows by finding
        A column for each of `LOSSES`: 0.5 where present and absent weigh the same as a whole.
    """
    shares = np.nanmean(targets, axis=0)
    unsure = np.zeros((1, len(shares)), dtype=np.float32)
    columns = {}
    for kind in LOSSES:
        present, absent = map(np.asarray, FindingsLoss(kind, shares.tolist()).terms(unsure))
        weighed = shares * present[0]
        columns[kind] = weighed / (weighed + (1 - shares) * absent[0])
    return pd.DataFrame(
        columns, index=pd.Index([finding.value for finding in findings], name="finding")
    )


def co_occurrence(targets: NDArray[np.float32], findings: Sequence[Finding]) -> pd.DataFrame:
    """How often findings are present together.

    Returns
    -------
    DataFrame, shape (k, k)
        Of the images with the finding of the row, the share with that of the column.
    """
    present = (targets == 1).astype(np.float64)
    together = present.T @ present
    names = [finding.value for finding in findings]
    return pd.DataFrame(
        together / np.maximum(1, np.diag(together))[:, np.newaxis], index=names, columns=names
    )
