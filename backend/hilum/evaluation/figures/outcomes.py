"""What one model said of labelled pictures."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hilum.datasets.labelled import LabelledPicture, LabelledSet, LeftOut
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
    """Labelled pictures and what one model said of them.

    Attributes
    ----------
    pictures : tuple of LabelledPicture, length n
    probabilities : ndarray of float64, shape (n, k)
        Calibrated, in the card's order of findings.
    left_out : tuple of LeftOut
    knows_patients : bool
    refused : tuple of LeftOut
        Pictures that the service would refuse unless forced to; they are in the figures.
    """

    pictures: tuple[LabelledPicture, ...]
    probabilities: NDArray[np.float64]
    left_out: tuple[LeftOut, ...] = ()
    knows_patients: bool = True
    refused: tuple[LeftOut, ...] = ()

    @property
    def patients(self) -> list[str]:
        """Patient of each picture."""
        return [picture.patient for picture in self.pictures]

    def of(self, card: Card, finding: Finding) -> NDArray[np.float64]:
        """Probability of a finding or of a composite of findings, shape (n,)."""
        parts = [card.findings.index(part) for part in _parts(card, finding)]
        return np.asarray(self.probabilities[:, parts].sum(axis=1)).clip(0, 1)

    def has(self, card: Card, finding: Finding) -> NDArray[np.bool_]:
        """Whether the truth is the finding, or one of a composite's parts, shape (n,)."""
        meant = {finding, *_parts(card, finding)}
        return np.array([picture.label in meant for picture in self.pictures])


def _parts(card: Card, finding: Finding) -> tuple[Finding, ...]:
    return card.composites.get(finding, (finding,))


def check_labels(pictures: Sequence[LabelledPicture], card: Card) -> None:
    """Refuse labels that a model cannot be measured on.

    Parameters
    ----------
    pictures : sequence of LabelledPicture
    card : Card

    Raises
    ------
    DatasetError
        No pictures, labels that the model does not know, or none with, or none without, its
        target finding.
    """
    target = card.target
    if not pictures:
        raise DatasetError("There are no pictures to measure on.")
    known = {*card.findings, *card.composites}
    strange = sorted({p.label.value for p in pictures if p.label not in known})
    if strange:
        count = sum(picture.label not in known for picture in pictures)
        raise DatasetError(
            f"{counted(count, 'picture')} {agreeing(count, 'is', 'are')} labelled "
            f"{first_few(strange)}, which model {card.name!r} does not tell: "
            f"it knows {', '.join(sorted(f.value for f in known))}."
        )
    ill = sum(picture.label in {target, *_parts(card, target)} for picture in pictures)
    if ill in (0, len(pictures)):
        missing = "without" if ill else "with"
        labels = ", ".join(sorted({picture.label.value for picture in pictures}))
        raise DatasetError(
            f"All of {counted(len(pictures), 'picture')} are of one class ({labels}): none "
            f"is {missing} {target.label.lower()}, so nothing can be told apart."
        )


def read_pictures(
    labelled: LabelledSet,
    read: Read,
    card: Card,
    *,
    progress: Callable[[Sequence[Path]], Iterable[Path]] | None = None,
) -> Outcomes:
    """Have a model read every picture of a split.

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
    check_labels(labelled.pictures, card)
    paths = [picture.path for picture in labelled.pictures]
    left_out = list(labelled.left_out)
    kept: list[LabelledPicture] = []
    rows: list[list[float]] = []
    refused: list[LeftOut] = []
    shown = progress(paths) if progress else paths
    for picture, path in zip(labelled.pictures, shown, strict=True):
        try:
            answer = read(path.read_bytes())
        except OSError:
            left_out.append(LeftOut(picture.name, "the file cannot be opened"))
        except HilumError as exc:
            left_out.append(LeftOut(picture.name, str(exc)))
        else:
            kept.append(picture)
            rows.append([answer.reading.probability(finding) for finding in card.findings])
            if answer.refusal:
                refused.append(LeftOut(picture.name, answer.refusal))
    if not kept:
        names = [each.name for each in left_out]
        raise DatasetError(
            f"None of {counted(len(paths), 'picture')} can be read: {first_few(names)}. "
            f"The first: {left_out[len(labelled.left_out)].reason}"
        )
    check_labels(kept, card)
    return Outcomes(
        tuple(kept),
        np.array(rows),
        tuple(left_out),
        labelled.knows_patients,
        tuple(refused),
    )
