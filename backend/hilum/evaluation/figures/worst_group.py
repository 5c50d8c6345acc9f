"""The group of radiographs on which a model finds something worst."""

import pandas as pd

from hilum.datasets.spelling import NOT_STATED
from hilum.evaluation.figures.predictions import Predictions, task_metrics
from hilum.evaluation.figures.statistics import auroc
from hilum.models.card import Card
from hilum.models.measured import GroupFigures
from hilum.models.task import Task

_LEAST = 15
"""Radiographs with the finding, and without, that a group needs to be stated."""


def with_worst_groups(card: Card, said: Predictions, groups: pd.DataFrame) -> Card:
    """State the worst group of each task of a card; see `worst_group`."""
    tasks = (
        task.model_copy(update={"worst_group": worst_group(card, task, said, groups)})
        for task in card.tasks
    )
    return card.model_copy(update={"tasks": tuple(tasks)})


def worst_group(
    card: Card, task: Task, said: Predictions, groups: pd.DataFrame
) -> GroupFigures | None:
    """Figures of the group with the lowest AUROC; None if no kind has two groups to compare.

    Parameters
    ----------
    said : Predictions, n images
    groups : DataFrame, n rows
        A column for each kind, such as ``view``; see `hilum.datasets.spelling.SUBGROUPS`.
    """
    truth = said.truth(card, task.finding)
    score = said.of(card, task.finding)
    found: list[tuple[float, str, str, Predictions]] = []
    for kind in groups:
        of_kind = []
        for group in groups[kind].astype(str).unique():
            chosen = (groups[kind].astype(str) == group).to_numpy() & truth.notna().to_numpy()
            is_positive = truth[chosen].to_numpy(dtype=bool)
            if group == NOT_STATED or min(is_positive.sum(), (~is_positive).sum()) < _LEAST:
                continue
            value = float(auroc(is_positive, score[chosen])[0])
            of_kind.append((value, str(kind), group, said.where(chosen)))
        if len(of_kind) > 1:
            found += of_kind
    if not found:
        return None
    _, kind, group, some = min(found, key=lambda each: each[:3])
    return GroupFigures(kind=kind, group=group, metrics=task_metrics(some, card, task))
