"""Writing of measured figures into the card of a bundle on disk."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hilum.errors import DatasetError
from hilum.evaluation.figures.decided import Figures
from hilum.evaluation.reports.model_card import CARD_TEXT_FILE, card_text
from hilum.findings import Finding
from hilum.models.bundle import load_bundle_of, write_card
from hilum.models.card import Card
from hilum.models.measured import SplitMetrics


def update_card(folder: Path, **changes: Any) -> Card:
    """Write other facts into the card of a bundle, and its text for people.

    Parameters
    ----------
    folder : Path
        The bundle.
    **changes
        Fields of the card.

    Returns
    -------
    Card
        As it is now.
    """
    card = load_bundle_of(Card, folder).card.model_copy(update=changes)
    write_card(card, folder)
    (folder / CARD_TEXT_FILE).write_text(card_text(card), encoding="utf-8")
    return card


def update_task(folder: Path, finding: Finding, **changes: Any) -> Card:
    """Write other facts of one task into the card of a bundle, and its text for people.

    Parameters
    ----------
    folder : Path
        The bundle.
    finding : Finding
        Of the task.
    **changes
        Fields of the task.

    Returns
    -------
    Card
        As it is now.
    """
    card = load_bundle_of(Card, folder).card
    tasks = tuple(
        task.model_copy(update=changes) if task.finding is finding else task for task in card.tasks
    )
    return update_card(folder, tasks=tasks)


def add_missing_figures(
    folder: Path, finding: Finding, split: str, figures: Figures
) -> tuple[str, ...]:
    """State the figures of a split that a card of an earlier version lacks; none is replaced.

    Parameters
    ----------
    folder : Path
        The bundle.
    finding : Finding
        Of the task.
    split : str
        Of the card.
    figures : Figures
        Measured on that split.

    Returns
    -------
    tuple of str
        Names of the figures that were added.

    Raises
    ------
    DatasetError
        The card has no such split, or it is of other radiographs than were measured.
    """
    task = load_bundle_of(Card, folder).card.task(finding)
    metrics = task.metrics.get(split)
    if metrics is None or (metrics.images, metrics.patients) != (figures.images, figures.patients):
        raise DatasetError(
            f"The card states no figures of these {figures.images} radiographs: measure a split "
            "of the card itself, such as --split card:test, on the data that it was made from."
        )
    missing = {
        name: figure
        for name, figure in figures.figures.items()
        if figure is not None
        and name in SplitMetrics.model_fields
        and getattr(metrics, name) is None
    }
    measured = {**task.metrics, split: metrics.model_copy(update=missing)}
    update_task(folder, finding, metrics=measured)
    return tuple(missing)


def put_acquisitions(folder: Path, finding: Finding, measured: Mapping[str, SplitMetrics]) -> None:
    """State the figures of networks of the same recipe across acquisitions.

    Parameters
    ----------
    folder : Path
        The bundle.
    finding : Finding
        Of the task.
    measured : mapping of str to SplitMetrics
        By the acquisition that was measured on.
    """
    update_task(folder, finding, across_acquisitions=dict(measured))
