"""Images and targets of the findings model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hilum.datasets.folders import WHOLE, find_splits
from hilum.datasets.label_table import LabelTable
from hilum.datasets.label_table_reading import read_label_table
from hilum.datasets.labelled import LabelledSet
from hilum.datasets.labels import find_truth
from hilum.datasets.leakage import find_leaks, refuse_leaks
from hilum.datasets.public import label_tables
from hilum.datasets.rereads import REREAD_LABELS, reread_answers
from hilum.errors import DatasetError
from hilum.models import Screener
from hilum.models.task import LabelPolicy
from hilum.training.classifier.films import Films
from hilum.training.classifier.packed import pack_films
from hilum.training.classifier.pneumonia import Progress
from hilum.training.findings.config import FindingsConfig
from hilum.words.counts import counted, first_few

_UNCERTAIN = {"absent": 0.0, "present": 1.0, "soft": 0.5}


@dataclass(frozen=True, slots=True, eq=False)
class FindingsData:
    """Images with their targets.

    Attributes
    ----------
    radiographs : DataFrame, n rows
        Columns as `hilum.datasets.labelled.RADIOGRAPHS` has them.
    films : Films
    targets : ndarray of float32, shape (n, k)
        By `FindingsConfig.findings`: 1 present, 0 absent, not a number where it is unknown.
    left_out : tuple of str
        Names of files that could not be read.
    rereads : DataFrame or None
        Labels of radiologists; see `hilum.datasets.rereads.read_rereads`.
    """

    radiographs: pd.DataFrame
    films: Films
    targets: NDArray[np.float32]
    left_out: tuple[str, ...] = ()
    rereads: pd.DataFrame | None = None

    @property
    def patients(self) -> list[str]:
        """Patient of each image."""
        return self.radiographs["patient"].tolist()

    @property
    def stems(self) -> list[str]:
        """Name of each image without its ending."""
        return [path.stem for path in self.radiographs["path"]]

    def take(self, chosen: Sequence[int] | NDArray[np.intp]) -> "FindingsData":
        """The chosen images."""
        rows = list(chosen)
        return replace(
            self,
            radiographs=self.radiographs.iloc[rows],
            films=self.films.take(rows),
            targets=self.targets[rows],
            left_out=(),
        )


def reread_targets(data: FindingsData, config: FindingsConfig) -> NDArray[np.float32]:
    """Labels of radiologists who read an image again, of the findings that mean the same.

    Returns
    -------
    ndarray of float32, shape (n, k)
        1, 0, or not a number where they did not read it.
    """
    found = np.full_like(data.targets, np.nan)
    if data.rereads is None:
        return found
    for label in REREAD_LABELS:
        answers = reread_answers(data.rereads, label, data.stems)
        for finding in label.findings:
            if label.is_same and finding in config.findings:
                column = found[:, config.findings.index(finding)]
                column[:] = np.where(np.isnan(answers), column, answers)
    return found


def mixed_targets(
    targets: NDArray[np.float32], others: NDArray[np.float32], share: float
) -> NDArray[np.float32]:
    """Weighted means of two labels where both are known, else the first.

    Parameters
    ----------
    targets, others : ndarray of float32, shape (n, k)
        Not a number where unknown.
    share : float
        Weight of the second, in [0, 1].
    """
    mean = (1 - share) * targets + share * others
    return np.where(np.isnan(mean), targets, mean).astype(np.float32)


def find_labelled(folder: Path, mapping: LabelTable | None = None) -> dict[str, LabelledSet]:
    """Labelled images of a data set, by split.

    Parameters
    ----------
    mapping : LabelTable, optional
        Describes the table; by default one of a known data set, or ``labels.csv``.

    Raises
    ------
    DatasetError
        See `read_label_table` and `find_splits`.
    """
    if mapping is not None:
        return read_label_table(folder, mapping)
    return find_splits(folder, tables=label_tables())


def labelled_for_training(
    splits: Mapping[str, LabelledSet], *, allows_leaks: bool = False
) -> LabelledSet:
    """The images to train on: all, or the split ``train`` where the data has official splits.

    Parameters
    ----------
    allows_leaks : bool
        Whether images of ``train`` may be in ``test``.

    Raises
    ------
    DatasetError
        There are splits, and none is named ``train``; or images of ``train`` are in ``test``.
    """
    if WHOLE in splits and len(splits) == 1:
        return splits[WHOLE]
    if "train" not in splits:
        raise DatasetError(
            f"The data has {counted(len(splits), 'split')} ({first_few(list(splits))}) and none "
            "named train to learn from."
        )
    if "test" in splits and not allows_leaks:
        refuse_leaks(find_leaks(splits, "test"))
    return splits["train"]


def targets_of(labelled: LabelledSet, config: FindingsConfig) -> NDArray[np.float32]:
    """Targets of images by their labels; see `FindingsData.targets`.

    Raises
    ------
    DatasetError
        A finding is never present, never absent, or always unknown.
    """
    columns = []
    for finding in config.findings:
        truth = find_truth(labelled.radiographs, finding).astype("Float32")
        column = truth.to_numpy(dtype=np.float32, na_value=np.nan)
        columns.append(_with_policy(column, labelled, finding, config.labels))
    targets = np.stack(columns, axis=1)
    for is_lacking, words in (
        (np.isnan(targets).all(axis=0), "has no known label"),
        (~(targets == 1).any(axis=0), "is never labelled as present"),
        (~(targets == 0).any(axis=0), "is never labelled as absent"),
    ):
        names = [config.findings[at].value for at in np.flatnonzero(is_lacking)]
        if names:
            raise DatasetError(
                f"In {len(targets)} images no example can be learned from: {first_few(names)} "
                f"{words}. Add images, or leave the finding out with --set findings=…"
            )
    return targets


def _with_policy(
    column: NDArray[np.float32], labelled: LabelledSet, finding: str, policy: LabelPolicy
) -> NDArray[np.float32]:
    is_uncertain = np.array(
        [(name, finding) in labelled.uncertain for name in labelled.radiographs["name"]], dtype=bool
    )
    if policy.unknown == "absent":
        column = np.where(np.isnan(column) & ~is_uncertain, np.float32(0), column)
    if policy.uncertain in _UNCERTAIN:
        column = np.where(is_uncertain, np.float32(_UNCERTAIN[policy.uncertain]), column)
    return column


def load_findings(
    labelled: LabelledSet,
    config: FindingsConfig,
    screener: Screener | None,
    file: Path,
    *,
    rereads: pd.DataFrame | None = None,
    progress: Progress | None = None,
    name: str = "images",
) -> FindingsData:
    """Load targets, and images into a file; images that cannot be read are left out.

    Parameters
    ----------
    screener : Screener or None
        Required if the network reads the lung field.
    file : Path
        See `pack_films`.
    rereads : DataFrame, optional
        See `FindingsData.rereads`.
    progress : callable, optional
        Wraps the paths to show progress; takes them and `name`.
    """
    targets = targets_of(labelled, config)
    paths = labelled.radiographs["path"].tolist()
    shown = progress(paths, name) if progress else None
    films, unreadable = pack_films(paths, config.preprocessing, screener, file, progress=shown)
    kept = np.delete(np.arange(len(paths)), unreadable)
    left_out = tuple(paths[index].name for index in unreadable)
    return FindingsData(labelled.radiographs.iloc[kept], films, targets[kept], left_out, rereads)
