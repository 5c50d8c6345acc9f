"""The tasks of a card with their figures."""

from collections.abc import Mapping

from hilum.evaluation.figures.curves import curves
from hilum.evaluation.figures.predictions import Predictions, task_metrics
from hilum.evaluation.figures.task_outcomes import task_outcomes
from hilum.models.card import Card
from hilum.models.measured import Curves
from hilum.models.task import Task

_CALIBRATION = ("brier", "expected_calibration_error")


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


def with_calibration_of(card: Card, split: str, predictions: Predictions) -> Card:
    """State the calibration of other probabilities of the same images for one split.

    Figures that compare images with each other stay: probabilities of different calibrations, such
    as one for each fold, do not compare. Brier score, expected calibration error and the
    reliability curve change.

    Parameters
    ----------
    card : Card
        See `with_figures`.
    predictions : Predictions
        Of the split's images.
    """

    def of(task: Task) -> Task:
        found = task_metrics(predictions, card, task)
        metrics = task.metrics[split].model_copy(
            update={name: getattr(found, name) for name in _CALIBRATION}
        )
        plots = _curves(predictions, card, task)
        plots = task.curves[split].model_copy(update={"reliability": plots.reliability})
        return task.model_copy(
            update={
                "metrics": {**task.metrics, split: metrics},
                "curves": {**task.curves, split: plots},
            }
        )

    return card.model_copy(update={"tasks": tuple(of(task) for task in card.tasks)})


def _curves(said: Predictions, card: Card, task: Task) -> Curves:
    outcomes = task_outcomes(said, card, task.finding)
    return curves(outcomes.truth, outcomes.score)
