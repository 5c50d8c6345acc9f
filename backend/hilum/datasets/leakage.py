"""Leakage: patients or images that two splits share."""

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hilum.datasets.labelled import LabelledSet
from hilum.errors import DatasetError, ImageError
from hilum.imaging import decode
from hilum.words.counts import first_few

_SIDE = 64
_DETAIL = 2.0
_ALIKE = 0.85
_AT_ONCE = 1024

Progress = Callable[[Sequence[Path]], Iterable[Path]]


class LeakKind(StrEnum):
    """Kind of leak between two splits."""

    PATIENT = "same_patient"
    FILE = "same_file"
    PICTURE = "nearly_same_picture"

    @property
    def words(self) -> str:
        """Display name."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Leak:
    """Two pictures of two splits that are not independent.

    Attributes
    ----------
    names : tuple of str
        One picture of each split.
    similarity : float
        Of nearly the same pictures, see `similarities`; 1 for the other kinds.
    """

    kind: LeakKind
    splits: tuple[str, str]
    names: tuple[str, str]
    similarity: float = 1.0


def fingerprint(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """A picture's detail at 64 x 64 pixels, the same whatever its size, file and brightness.

    The mean of areas, less its own blur (sigma 2 pixels, about 1/30 of the picture), scaled
    to length 1. Without the blur taken out, chests of different people are alike to 0.97.

    Parameters
    ----------
    pixels : ndarray of float32, shape (rows, columns)

    Returns
    -------
    ndarray of float32, shape (4096,)
    """
    small = cv2.resize(pixels, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    detail = small - cv2.GaussianBlur(small, (0, 0), _DETAIL)
    detail -= detail.mean()
    flat: NDArray[np.float32] = detail.ravel()
    return np.asarray(flat / max(float(np.linalg.norm(flat)), 1e-9), dtype=np.float32)


def similarities(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """How alike pictures are: correlation of fingerprints, its sign dropped (a negative print).

    At 0.85 and above two pictures count as nearly the same. Of the 13.6 million pairs of
    pictures of different patients in the public chest_xray train folder, and of 0.8 million of
    ChestX-ray14, none reaches it (the highest are 0.77 and 0.79). Copies of 300 of the former
    as JPEG of quality 10, at a third or four times the size, stretched, inverted, or with a
    gamma of 0.6 or 1.5 all do (the lowest is 0.89). Of copies with equalised histograms one in
    nine, and of those cropped by 1 % or more most, pass unseen. `docs/experiments.md` has the
    commands.

    Parameters
    ----------
    first : ndarray of float32, shape (n, 4096)
    second : ndarray of float32, shape (m, 4096)

    Returns
    -------
    ndarray of float32, shape (n, m), in [0, 1]
    """
    return np.asarray(np.abs(first @ second.T), dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Looked:
    """Hashes of a split's images; images that cannot be opened have none."""

    names: list[str] = field(default_factory=list)
    hashes: list[str | None] = field(default_factory=list)
    readable: list[int] = field(default_factory=list)
    prints: list[NDArray[np.float16]] = field(default_factory=list)

    def stacked(self, start: int) -> NDArray[np.float32]:
        return np.stack(self.prints[start : start + _AT_ONCE]).astype(np.float32)


def find_leaks(
    splits: Mapping[str, LabelledSet], split: str, *, progress: Progress | None = None
) -> tuple[Leak, ...]:
    """Find patients and images that one split shares with others.

    Parameters
    ----------
    split : str
        The one to be measured on.
    progress : callable, optional
        Wraps the paths of each split to show progress.

    Returns
    -------
    tuple of Leak
        Each pair of pictures once, as the gravest kind that holds: same file, then nearly same
        picture, then same patient (one pair for each shared patient, where patients are known).
    """
    others = [name for name in splits if name != split]
    if not others:
        return ()
    looked = {name: _look(splits[name].radiographs, progress) for name in (split, *others)}
    pairs = [(split, other) for other in others]
    return tuple(leak for pair in pairs for leak in _leaks_of(pair, splits, looked))


def find_leaks_among(
    splits: Mapping[str, LabelledSet], *, progress: Progress | None = None
) -> tuple[Leak, ...]:
    """Find patients and images that any two splits share; see `find_leaks`."""
    looked = {name: _look(split.radiographs, progress) for name, split in splits.items()}
    pairs = combinations(splits, 2)
    return tuple(leak for pair in pairs for leak in _leaks_of(pair, splits, looked))


def _leaks_of(
    pair: tuple[str, str], splits: Mapping[str, LabelledSet], looked: Mapping[str, _Looked]
) -> list[Leak]:
    ours, theirs = (looked[name] for name in pair)
    leaks = _same_files(pair, ours, theirs)
    seen = {leak.names for leak in leaks}
    leaks += [leak for leak in _nearly_same(pair, ours, theirs) if leak.names not in seen]
    first, second = (splits[name] for name in pair)
    if first.knows_patients and second.knows_patients:
        seen = {leak.names for leak in leaks}
        found = _same_patients(pair, first.radiographs, second.radiographs)
        leaks += [leak for leak in found if leak.names not in seen]
    return leaks


def refuse_leaks(leaks: Sequence[Leak]) -> None:
    """Raise if there are leaks, naming the first few.

    Raises
    ------
    DatasetError
    """
    if words := leaks_in_words(leaks):
        raise DatasetError(f"{words} Correct the splits, or continue with --allow-leaks.")


def leaks_in_words(leaks: Sequence[Leak]) -> str:
    """Text on leaks: counts by kind, the first few named; empty if there are none."""
    if not leaks:
        return ""
    counts = {kind: sum(leak.kind is kind for leak in leaks) for kind in LeakKind}
    by_kind = ", ".join(f"{kind.words}: {count}" for kind, count in counts.items() if count)
    named = [
        f"{leak.splits[0]}/{leak.names[0]} = {leak.splits[1]}/{leak.names[1]}" for leak in leaks
    ]
    return f"Splits are not independent ({by_kind}): {first_few(named)}. The figures are too good."


def _look(radiographs: pd.DataFrame, progress: Progress | None) -> _Looked:
    looked = _Looked(radiographs["name"].tolist())
    paths = radiographs["path"].tolist()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        seen = pool.map(_hash_and_print, paths)
        for index, (_, (digest, own)) in enumerate(
            zip(progress(paths) if progress else paths, seen, strict=True)
        ):
            looked.hashes.append(digest)
            if own is not None:
                looked.readable.append(index)
                looked.prints.append(own)
    return looked


def _hash_and_print(path: Path) -> tuple[str | None, NDArray[np.float16] | None]:
    """Hash of a file and fingerprint of its image; None where it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError:
        return None, None
    digest = hashlib.sha256(content).hexdigest()
    try:
        pixels = decode(content, smallest_side_px=_SIDE).pixels
    except ImageError:
        return digest, None
    return digest, fingerprint(pixels).astype(np.float16)


def _same_files(pair: tuple[str, str], ours: _Looked, theirs: _Looked) -> list[Leak]:
    by_hash = defaultdict(list)
    for name, digest in zip(theirs.names, theirs.hashes, strict=True):
        by_hash[digest].append(name)
    return [
        Leak(LeakKind.FILE, pair, (name, other))
        for name, digest in zip(ours.names, ours.hashes, strict=True)
        if digest is not None
        for other in by_hash.get(digest, ())
    ]


def _nearly_same(pair: tuple[str, str], ours: _Looked, theirs: _Looked) -> list[Leak]:
    found = []
    for start in range(0, len(ours.prints), _AT_ONCE):
        mine = ours.stacked(start)
        for other in range(0, len(theirs.prints), _AT_ONCE):
            alike = similarities(mine, theirs.stacked(other))
            for i, j in np.argwhere(alike >= _ALIKE):
                names = (
                    ours.names[ours.readable[start + int(i)]],
                    theirs.names[theirs.readable[other + int(j)]],
                )
                found.append(Leak(LeakKind.PICTURE, pair, names, min(1.0, float(alike[i, j]))))
    return found


def _same_patients(pair: tuple[str, str], ours: pd.DataFrame, theirs: pd.DataFrame) -> list[Leak]:
    """The first radiograph of each shared patient on either side."""
    first, second = (each.drop_duplicates("patient") for each in (ours, theirs))
    shared = first.merge(second, on="patient")
    return [
        Leak(LeakKind.PATIENT, pair, names)
        for names in zip(shared["name_x"], shared["name_y"], strict=True)
    ]
