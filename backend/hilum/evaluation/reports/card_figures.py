"""Figures of the card as text for users."""

from hilum.evaluation.comparisons.table import told
from hilum.evaluation.figures.words import figure_words
from hilum.models.card import Card

_ROWS = (
    "auroc",
    "sensitivity",
    "specificity",
    "accuracy",
    "expected_calibration_error",
    "brier",
    "conformal_coverage_positive",
    "conformal_coverage_negative",
    "uncertain_share",
    "parts_auroc",
)


def figures_table(card: Card, split: str = "test") -> str:
    """Figures of the main task as a Markdown table, each with its 95 % interval.

    On one split, and on each acquisition that networks of the same recipe were not trained on.
    """
    task, words = card.main_task, figure_words()
    measured = {split: task.metrics[split], **task.across_acquisitions}
    heads = [
        f"{name}: {each.images} radiographs of {each.patients} patients"
        for name, each in measured.items()
    ]
    lines = [f"| figure (95 % interval) | {' | '.join(heads)} |", "|---" * (1 + len(heads)) + "|"]
    for name in _ROWS:
        intervals = [getattr(each, name) for each in measured.values()]
        if any(intervals):
            lines.append(f"| {words[name]} | {' | '.join(map(told, intervals))} |")
    return "\n".join(lines)
