"""Figures of the card as text for users."""

from hilum.evaluation.figures.words import figure_words
from hilum.models.card import Card
from hilum.models.measured import Interval, SplitMetrics

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
    """Figures of the main task on one split as a Markdown table, each with its 95 % interval."""
    metrics, words = card.main_task.metrics[split], figure_words()
    lines = [
        f"| {metrics.images} radiographs of {metrics.patients} patients | figure | 95 % interval |",
        "|---|---|---|",
    ]
    for name in _ROWS:
        interval = _interval(metrics, name)
        if interval is not None:
            lines.append(
                f"| {words[name]} | {interval.value:.3f} "
                f"| {interval.low:.3f} to {interval.high:.3f} |"
            )
    return "\n".join(lines)


def _interval(metrics: SplitMetrics, name: str) -> Interval | None:
    found: Interval | None = getattr(metrics, name)
    return found
