"""A site profile from outcomes, and what is told of it."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from hilum.datasets.labelled import LeftOut
from hilum.evaluation.calibration.profile import make_site_profile, site_table
from hilum.evaluation.figures.outcomes import Outcomes
from hilum.findings import Finding
from hilum.models.bundle import Bundle
from tests.site_films import outcomes_at_site


def _profile(card, outcomes):
    return make_site_profile(
        outcomes, Bundle(Path("pneumonia"), card), site="ward-3", created=date(2026, 5, 6)
    )


def test_a_profile_says_what_it_was_fitted_to_and_for(card):
    profile = _profile(card, outcomes_at_site(card, 120))

    assert (profile.site, profile.created) == ("ward-3", date(2026, 5, 6))
    assert (profile.model, profile.version, profile.sha256) == ("pneumonia", "0.1", "ab" * 32)
    assert (profile.images, profile.patients) == (120, 120)
    task = profile.tasks[Finding.PNEUMONIA]
    assert task.conformal.coverage == card.main_task.conformal.coverage
    counts = task.metrics.confusion
    assert counts["present"]["present"] + counts["present"]["absent"] == task.metrics.positives
    assert sum(sum(row.values()) for row in counts.values()) == task.metrics.images == 120
    right = counts["present"]["present"] / task.metrics.positives
    assert task.metrics.sensitivity.value == pytest.approx(right)


def test_films_that_the_service_would_refuse_are_left_out(card):
    outcomes = outcomes_at_site(card, 120)
    spoilt = outcomes.probabilities.copy()
    spoilt[:20] = [1, 0, 0]
    refused = tuple(LeftOut(f"{number}.png", "no lungs") for number in range(20))

    profile = _profile(card, Outcomes(outcomes.radiographs, spoilt, refused=refused))

    kept = Outcomes(outcomes.radiographs[20:], outcomes.probabilities[20:])
    assert profile.images == 100
    assert profile == _profile(card, kept)


def test_the_table_has_both_figures_and_their_difference(card):
    profile = _profile(card, outcomes_at_site(card, 120))

    told = site_table(profile, card)

    task = profile.tasks[Finding.PNEUMONIA]
    assert "pneumonia 0.1 on 120 radiographs of 120 patients of ward-3." in told
    rows = {line.split(" | ")[0].strip("| "): line for line in told.splitlines() if "|" in line}
    for words, name in (
        ("AUROC", "auroc"),
        ("Specificity", "specificity"),
        ("Expected calibration error", "expected_calibration_error"),
        ("Conformal coverage, negative radiographs", "conformal_coverage_negative"),
    ):
        before, after = getattr(task.before, name), getattr(task.metrics, name)
        assert f"| {before.value:.3f} ({before.low:.3f} to {before.high:.3f}) |" in rows[words]
        assert f"| {after.value:.3f} ({after.low:.3f} to {after.high:.3f}) |" in rows[words]
        assert f"| {after.value - before.value:+.3f} (" in rows[words]
    assert f"| 0.500 | {task.operating_point.threshold:.3f} |" in rows["Operating point"]
    assert "Too few" not in told


def test_unknown_labels_are_no_films_without_the_finding(card):
    outcomes = outcomes_at_site(card, 120)
    films = outcomes.radiographs.copy()
    films.loc[:9, [Finding.NORMAL.value, Finding.PNEUMONIA.value]] = pd.NA

    profile = _profile(card, Outcomes(films, outcomes.probabilities))

    assert profile.tasks[Finding.PNEUMONIA].metrics.images == 110
