"""Films of a made-up site, where a model's logits are all too high by the same shift."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit

from hilum.datasets.labels import columns_of_one
from hilum.evaluation.figures.outcomes import Outcomes
from hilum.findings import Finding
from hilum.models.card import Card

SHIFT = 1.5


def draw_logits(count: int, *, seed: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Logits of the true probability of a finding, and whether it is present."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, count)
    return logits, rng.random(count) < expit(logits)


def said_of_pneumonia(logits: NDArray[np.float64], *, shift: float = SHIFT) -> NDArray[np.float64]:
    """What a card of normal, bacterial and viral pneumonia says, shape (n, 3)."""
    likely = expit(logits + shift)
    return np.stack([1 - likely, 0.6 * likely, 0.4 * likely], axis=1)


def outcomes_at_site(card: Card, count: int = 120, *, seed: int = 0) -> Outcomes:
    """What a card of pneumonia says of the site's films, each of a patient of its own."""
    assert card.outputs[0] is Finding.NORMAL
    logits, truth = draw_logits(count, seed=seed)
    labels = [Finding.PNEUMONIA if each else Finding.NORMAL for each in truth]
    names = [f"{number}.png" for number in range(count)]
    films = pd.DataFrame({"path": [Path(each) for each in names], "name": names, "patient": names})
    return Outcomes(films.join(columns_of_one(labels)), said_of_pneumonia(logits))
