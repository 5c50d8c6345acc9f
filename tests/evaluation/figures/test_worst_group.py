"""The group of radiographs on which a model finds something worst."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from hilum.evaluation.figures.predictions import Predictions
from hilum.evaluation.figures.worst_group import with_worst_groups, worst_group

COUNT = 400


@pytest.fixture
def card(make_card):
    return make_card({})


@pytest.fixture
def groups():
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "view": rng.choice(["PA", "AP", "not stated"], COUNT),
            "sex": rng.choice(["male", "female"], COUNT),
            # Too few of one of them.
            "age": ["65 years or older" if at < 12 else "40 to 64 years" for at in range(COUNT)],
        }
    )


def _said(card, groups, finding):
    """Scores of AP images, and of those without a view, tell less than those of PA images."""
    rng = np.random.default_rng(2)
    truth = rng.random(COUNT) < 0.4
    noise = np.where(groups["view"] == "PA", 0.5, 4.0)
    score = 1 / (1 + np.exp(-(2 * truth - 1 + noise * rng.normal(size=COUNT))))
    probabilities = np.tile(score[:, np.newaxis], (1, len(card.outputs)))
    labels = pd.DataFrame({finding.value: pd.array(truth, dtype="boolean")})
    labels.iloc[::50] = pd.NA
    return Predictions(probabilities, labels, [f"p{at}" for at in range(COUNT)])


def test_it_is_the_group_with_the_lowest_auroc_of_those_with_enough(card, groups):
    task = card.main_task
    said = _said(card, groups, task.finding)

    found = worst_group(card, task, said, groups)

    assert (found.kind, found.group) == ("view", "AP")
    rows = (groups["view"] == "AP").to_numpy() & said.labels[task.finding.value].notna().to_numpy()
    truth = said.labels[task.finding.value][rows].to_numpy(dtype=bool)
    expected = roc_auc_score(truth, said.of(card, task.finding)[rows])
    assert found.metrics.auroc.value == pytest.approx(expected)
    assert found.metrics.images == rows.sum()
    assert with_worst_groups(card, said, groups).main_task.worst_group == found


def test_without_two_groups_of_a_kind_there_is_none(card, groups):
    said = _said(card, groups, card.main_task.finding)
    assert worst_group(card, card.main_task, said, groups[["age"]]) is None
    assert worst_group(card, card.main_task, said, pd.DataFrame(index=groups.index)) is None
