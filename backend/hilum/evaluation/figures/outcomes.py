"""What one model said of labelled radiographs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hilum.datasets.labelled import LabelledSet, LeftOut
from hilum.errors import DatasetError, HilumError
from hilum.findings import Finding
from hilum.models.card import Card
from hilum.models.reading import Reading
from hilum.words.counts import agreeing, counted, first_few


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said of a file.

    Attributes
    ----------
    reading : Reading
    refusal : str
        Why the service would not have read it unless forced to; empty where it would.
    """

    reading: Reading
    refusal: str = ""


Read = Callable[[bytes], Answer]
"""Turns a file into an answer; raises `HilumError` on what cannot be read."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """Labelled radiographs and what one model said of them.

    Attributes
    ----------
    radiographs : DataFrame, n rows
        Columns as `hilum.datasets.labelled.RADIOGRAPHS` has them.
    probabilities : ndarray of float64, shape (n, k)
        Calibrated, in the card's order of findings.
    left_out : tuple of LeftOut
    knows_patients : bool
    refused : tuple of LeftOut
        Radiographs that the service would refuse unless forced to; they are in the figures.
    """

    radiographs: pd.DataFrame
    probabilities: NDArray[np.float64]
    left_out: tuple[LeftOut, ...] = ()
    knows_patients: bool = True
    refused: tuple[LeftOut, ...] = ()

    @property
    def patients(self) -> list[str]:
        """Patient of each radiograph."""
        return self.radiographs["patient"].tolist()

    def of(self, card: Card, finding: Finding) -> NDArray[np.float64]:
        """Probability of a finding or of a composite of findings, shape (n,)."""
        parts = [card.findings.index(part) for part in _parts(card, finding)]
        return np.asarray(self.probabilities[:, parts].sum(axis=1)).clip(0, 1)

    def has(self, card: Card, finding: Finding) -> NDArray[np.bool_]:
        """Whether the truth is the finding, or one of a composite's parts, shape (n,)."""
        return _has(self.radiographs, card, finding)


def _parts(card: Card, finding: Finding) -> tuple[Finding, ...]:
    return card.composites.get(finding, (finding,))


def _has(radiographs: pd.DataFrame, card: Card, finding: Finding) -> NDArray[np.bool_]:
    return radiographs["finding"].isin([finding, *_parts(card, finding)]).to_numpy()


def check_labels(radiographs: pd.DataFrame, card: Card) -> None:
    """Refuse labels that a model cannot be measured on.

    Parameters
    ----------
    radiographs : DataFrame
        Columns as `hilum.datasets.labelled.RADIOGRAPHS` has them.
    card : Card

    Raises
    ------
    DatasetError
        No radiographs, labels that the model does not know, or none with, or none without, its
        target finding.
    """
    target, labels = card.target, radiographs["finding"]
    if radiographs.empty:
        raise DatasetError("There are no pictures to measure on.")
    known = sorted(finding.value for finding in {*card.findings, *card.composites})
    strange = labels[~labels.isin(known)]
    if len(strange):
        raise DatasetError(
            f"{counted(len(strange), 'picture')} {agreeing(len(strange), 'is', 'are')} labelled "
            f"{first_few(sorted(strange.unique()))}, which model {card.name!r} does not tell: "
            f"it knows {', '.join(known)}."
        )
    is_positive = _has(radiographs, card, target)
    if is_positive.all() or not is_positive.any():
        missing = "without" if is_positive.all() else "with"
        raise DatasetError(
            f"All of {counted(len(labels), 'picture')} are of one class "
            f"({', '.join(sorted(labels.unique()))}): none "
            f"is {missing} {target.label.lower()}, so nothing can be told apart."
        )


def read_pictures(
    labelled: LabelledSet,
    read: Read,
    card: Card,
    *,
    progress: Callable[[Sequence[Path]], Iterable[Path]] | None = None,
) -> Outcomes:
    """Have a model read every radiograph of a split.

    Parameters
    ----------
    labelled : LabelledSet
    read : callable
        See `Read`.
    card : Card
        Of the model that reads.
    progress : callable, optional
        Wraps the paths to show progress.

    Returns
    -------
    Outcomes
        What could not be read is in `left_out`, with the error's words.

    Raises
    ------
    DatasetError
        See `check_labels`; it is asked before the reading, and after.
    """
    check_labels(labelled.radiographs, card)
    names, paths = (labelled.radiographs[column].tolist() for column in ("name", "path"))
    left_out = list(labelled.left_out)
    kept: list[int] = []
    rows: list[list[float]] = []
    refused: list[LeftOut] = []
    for index, path in enumerate(progress(paths) if progress else paths):
        try:
            answer = read(path.read_bytes())
        except OSError:
            left_out.append(LeftOut(names[index], "the file cannot be opened"))
        except HilumError as exc:
            left_out.append(LeftOut(names[index], str(exc)))
        else:
            kept.append(index)
            rows.append([answer.reading.probability(finding) for finding in card.findings])
            if answer.refusal:
                refused.append(LeftOut(names[index], answer.refusal))
    if not kept:
        unread = [each.name for each in left_out]
        raise DatasetError(
            f"None of {counted(len(paths), 'picture')} can be read: {first_few(unread)}. "
            f"The first: {left_out[len(labelled.left_out)].reason}"
        )
    radiographs = labelled.radiographs.iloc[kept]
    check_labels(radiographs, card)
    return Outcomes(
        radiographs,
        np.array(rows),
        tuple(left_out),
        labelled.knows_patients,
        tuple(refused),
    )
