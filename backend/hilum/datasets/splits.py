"""Splits by patient: all images of a patient are in one split."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from hilum.errors import DatasetError


def split_by_patient(
    labels: Sequence[int] | NDArray[np.intp],
    patients: Iterable[str],
    shares: dict[str, float],
    *,
    seed: int,
    names: Sequence[str] = (),
) -> dict[str, list[int]]:
    """Split radiographs so that each patient is in one part and each part has the labels' shares.

    Parameters
    ----------
    labels : sequence of int, length n
        A patient counts under the label of the first radiograph.
    patients : iterable of str, length n
    shares : mapping of str to float
        Share of the radiographs for each named part; what is left goes to ``"train"``.
    names : sequence of str
        Of the labels, for messages.

    Returns
    -------
    mapping of str to list of int
        Indices of the radiographs of ``"train"`` and of the named parts, in order.

    Raises
    ------
    DatasetError
        A label has too few patients to be in every part.
    """
    by_patient: dict[str, list[int]] = defaultdict(list)
    for index, patient in enumerate(patients):
        by_patient[patient].append(index)
    strata: dict[int, list[list[int]]] = defaultdict(list)
    for indices in by_patient.values():
        strata[labels[indices[0]]].append(indices)
    parts: dict[str, list[int]] = {name: [] for name in ("train", *shares)}
    rng = np.random.default_rng(seed)
    for label in sorted(strata):
        groups = strata[label]
        if len(groups) <= len(shares):
            raise DatasetError(
                f"{names[label] if names else f'Class {label}'} has {len(groups)} patients, too "
                f"few for {len(shares) + 1} parts ({', '.join(('train', *shares))})."
            )
        groups = [groups[i] for i in rng.permutation(len(groups))]
        total = sum(map(len, groups))
        for name, share in shares.items():
            wanted, taken = share * total, 0
            while taken < wanted and len(groups) > 1:
                group = groups.pop()
                taken += len(group)
                parts[name] += group
        parts["train"] += (index for group in groups for index in group)
    return {name: sorted(indices) for name, indices in parts.items()}
