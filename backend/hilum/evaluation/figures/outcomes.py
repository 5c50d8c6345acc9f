"""Predictions of one model for labelled radiographs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hilum.datasets.labelled import LabelledSet, LeftOut
from hilum.datasets.labels import find_truth, labels_in_words
from hilum.errors import DatasetError, HilumError
from hilum.findings import Finding
from hilum.models.card import Activation, Card
from hilum.models.reading import Reading
from hilum.words.counts import agreeing, counted, first_few


@dataclass(frozen=True, slots=True)
class Answer:
    """A model's answer for one file.

    Attributes
    ----------
    refusal : str
        Why the service would reject the file; empty if it would not.
    """

    reading: Reading
    refusal: str = ""


Read = Callable[[bytes], Answer]
"""Turns a file into an answer; raises `HilumError` on what cannot be read."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """Labelled radiographs with the answers of one model.

    Attributes
    ----------
    radiographs : DataFrame, n rows
        Columns as `hilum.datasets.labelled.RADIOGRAPHS` has them.
    probabilities : ndarray of float64, shape (n, k)
        Calibrated, in the card's order of outputs.
    refused : tuple of LeftOut
        Radiographs that the service would reject as unsuitable; they are in the figures.
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
        """Probability of a finding, shape (n,)."""
        return probability_of(self.probabilities, card, finding)

    def truth(self, card: Card, finding: Finding) -> "pd.Series[bool]":
        """Whether a finding is present; missing if unknown."""
        return find_truth(self.radiographs, finding, parts_of(card, finding))


def probability_of(
    probabilities: NDArray[np.float64], card: Card, finding: Finding
) -> NDArray[np.float64]:
    """Probability of a finding, from those of a card's outputs.

    Parameters
    ----------
    probabilities : ndarray, shape (n, k)
        In the card's order of outputs.

    Returns
    -------
    ndarray of float64, shape (n,)
    """
    return np.asarray(probabilities[:, card.columns(finding)].sum(axis=1)).clip(0, 1)


def parts_of(card: Card, finding: Finding) -> tuple[Finding, ...]:
    """Parts of a finding by a card, or else by the vocabulary."""
    task = card.task_of(finding)
    return task.parts if task and task.finding is finding and task.parts else finding.parts


def check_labels(radiographs: pd.DataFrame, card: Card) -> None:
    """Reject labels on which a model cannot be evaluated.

    Parameters
    ----------
    radiographs : DataFrame
        Columns as `hilum.datasets.labelled.RADIOGRAPHS` has them.

    Raises
    ------
    DatasetError
        No radiographs; labels that are none of a softmax's outputs, which exclude one another;
        or no finding that the model decides on is both present and absent.
    """
    if radiographs.empty:
        raise DatasetError("There are no pictures to measure on.")
    if card.activation is Activation.SOFTMAX:
        _refuse_others(radiographs, card)
    truths = {
        task.finding: find_truth(radiographs, task.finding, parts_of(card, task.finding)).dropna()
        for task in card.tasks_in_order
    }
    if any(truth.nunique() == 2 for truth in truths.values()):
        return
    labelled = {finding: truth for finding, truth in truths.items() if not truth.empty}
    if not labelled:
        findings = " or ".join(finding.label.lower() for finding in truths)
        raise DatasetError(f"No picture is labelled as with or without {findings}.")
    finding, truth = next(iter(labelled.items()))
    raise DatasetError(
        f"All of {counted(len(truth), 'picture')} are of one class "
        f"({', '.join(sorted(set(labels_in_words(radiographs))))}): none "
        f"is {'without' if truth.all() else 'with'} {finding.label.lower()}, so no figures "
        "can be computed."
    )


def _refuse_others(radiographs: pd.DataFrame, card: Card) -> None:
    is_known = np.logical_or.reduce(
        [
            find_truth(radiographs, finding, parts_of(card, finding)).fillna(value=False)
            for finding in card.findings
        ]
    )
    strange = labels_in_words(radiographs[~is_known.astype(bool)])
    if strange:
        known = sorted(finding.value for finding in card.findings)
        raise DatasetError(
            f"{counted(len(strange), 'picture')} {agreeing(len(strange), 'is', 'are')} labelled "
            f"{first_few(sorted(set(strange)))}, which model {card.name!r} does not know: "
            f"it knows {', '.join(known)}."
        )


def read_pictures(
    labelled: LabelledSet,
    read: Read,
    card: Card,
    *,
    progress: Callable[[Sequence[Path]], Iterable[Path]] | None = None,
) -> Outcomes:
    """Read every radiograph of a split with a model.

    Parameters
    ----------
    read : callable
        See `Read`.
    card : Card
        Of the model that reads.
    progress : callable, optional
        Wraps the paths to show progress.

    Returns
    -------
    Outcomes
        Files that could not be read are in `left_out`, with the error message.

    Raises
    ------
    DatasetError
        See `check_labels`, which is called before and after reading.
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
            rows.append([answer.reading.probability(finding) for finding in card.outputs])
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
