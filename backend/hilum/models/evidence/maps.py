"""Evidence per cell for each finding, from a network's class activation maps."""

import numpy as np
from numpy.typing import NDArray

from hilum.findings import Finding
from hilum.models.calibration import calibrated_logits
from hilum.models.card import Activation, Card
from hilum.models.reading import Reading
from hilum.models.task import Task

Map = NDArray[np.float64]


def evidence_maps(reading: Reading, card: Card, task: Task) -> dict[Finding, Map]:
    """What speaks for and against a task's finding and each of its parts.

    Parameters
    ----------
    reading : Reading
        With activation maps.
    card : Card
        Of the model that read.

    Returns
    -------
    mapping of Finding to ndarray of float64, shape (rows, columns)
        Calibrated log-odds, the task's finding first: above zero speaks for the finding.
    """
    assert reading.activation_maps is not None
    maps = calibrated_logits(reading.activation_maps, card.calibration)
    wanted = {finding: card.columns(finding) for finding in (task.finding, *task.parts)}
    if card.activation is Activation.SIGMOID:
        # A sigmoid's logits are log-odds.
        return {finding: maps[:, :, columns[0]] for finding, columns in wanted.items()}
    # The probabilities, and not the maps' means: they are what weighs the classes.
    given = np.array([reading.probability(finding) for finding in card.outputs])
    return {finding: log_odds_map(maps, given, columns) for finding, columns in wanted.items()}


def log_odds_map(maps: Map, probabilities: Map, classes: list[int]) -> Map:
    """Spread the log-odds of some classes against all others over a grid.

    The log of a sum of exponentials is the sum of the logits weighed by their softmax, plus the
    entropy of these weights: so the log-odds are a weighted sum of maps and a constant, to first
    order and at this picture exactly.

    Parameters
    ----------
    maps : ndarray of float64, shape (rows, columns, k)
        Calibrated: their means over the grid are the calibrated logits.
    probabilities : ndarray of float64, shape (k,)
    classes : list of int
        Not all of them.

    Returns
    -------
    ndarray of float64, shape (rows, columns)
        Its mean over the grid is ``log(p / (1 - p))`` of the classes' probability p.
    """
    others = [index for index in range(maps.shape[2]) if index not in classes]
    return _log_sum_map(maps, probabilities, classes) - _log_sum_map(maps, probabilities, others)


def _log_sum_map(maps: Map, probabilities: Map, classes: list[int]) -> Map:
    given = np.maximum(probabilities[classes], 1e-300)
    weights = given / given.sum()
    return np.asarray(maps[:, :, classes] @ weights - weights @ np.log(weights))
