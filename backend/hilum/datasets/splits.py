"""Splits by patient: no one's pictures are on both sides."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Protocol, TypeVar

import numpy as np

from hilum.errors import DatasetError


class Labelled(Protocol):
    """Anything with a label and a patient."""

    @property
    def label(self) -> int: ...
    @property
    def patient(self) -> str: ...


T = TypeVar("T", bound=Labelled)


def split_by_patient(
    samples: Sequence[T], shares: dict[str, float], *, seed: int, names: Sequence[str] = ()
) -> dict[str, list[T]]:
    """Split samples so that each patient is in one part and each part has the classes' shares.

    Parameters
    ----------
    samples : sequence
        With ``label`` and ``patient``.
    shares : mapping of str to float
        Share of the pictures for each named part; what is left goes to ``"train"``.
    seed : int
    names : sequence of str
        Of the labels, for messages.

    Returns
    -------
    mapping of str to list
        ``"train"`` and the named parts; samples keep their order.

    Raises
    ------
    DatasetError
        A class has too few patients to be in every part.
    """
    patients: dict[Hashable, list[int]] = defaultdict(list)
    for index, sample in enumerate(samples):
        patients[sample.patient].append(index)
    strata: dict[int, list[list[int]]] = defaultdict(list)
    for indices in patients.values():
        strata[samples[indices[0]].label].append(indices)
    rng = np.random.default_rng(seed)
    part_of: dict[int, str] = {}
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
                part_of.update(dict.fromkeys(group, name))
        part_of.update({index: "train" for group in groups for index in group})
    parts: dict[str, list[T]] = {name: [] for name in ("train", *shares)}
    for index, sample in enumerate(samples):
        parts[part_of[index]].append(sample)
    return parts
