"""The tasks of a card with their figures."""

from collections.abc import Mapping

from hilum.evaluation.figures.curves import curves
from hilum.evaluation.figures.predictions import Predictions, task_metrics
from hilum.evaluation.figures.task_outcomes import task_outcomes
from hilum.models.card import Card
from hilum.models.measured import Curves
from hilum.models.task import Task


def with_figures(card: Card, predictions: Mapping[str, Predictions]) -> Card:
    """State figures and curves of each split in each task of a card.

    Parameters
    ----------
    card : Card
        Its tasks are decided: they have their operating points.
    predictions : mapping of str to Predictions
        By split.

    Raises
    ------
    DatasetError
        A finding is present, or absent, in every picture of a split.
    """
    tasks = (
        task.model_copy(
            update={
                "metrics": {n: task_metrics(said, card, task) for n, said in predictions.items()},
                "curves": {n: _curves(said, card, task) for n, said in predictions.items()},
            }
        )
        for task in card.tasks
    )
    return card.model_copy(update={"tasks": tuple(tasks)})


def _curves(said: Predictions, card: Card, task: Task) -> Curves:
    outcomes = task_outcomes(said, card, task.finding)
    return curves(outcomes.truth, outcomes.score)
