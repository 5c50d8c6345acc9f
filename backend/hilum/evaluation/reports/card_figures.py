"""The card's figures in words for people."""

from hilum.models.card import Card
from hilum.models.measured import Interval, SplitMetrics

_ROWS = (
    ("AUROC, pneumonia", "auroc"),
    ("Sensitivity at the operating point", "sensitivity"),
    ("Specificity at the operating point", "specificity"),
    ("Accuracy at the operating point", "accuracy"),
    ("Expected calibration error", "expected_calibration_error"),
    ("Brier score", "brier"),
    ("Truth in the set of labels, pneumonia", "conformal_coverage_positive"),
    ("Truth in the set of labels, normal", "conformal_coverage_negative"),
    ("Share read as uncertain", "uncertain_share"),
    ("AUROC, bacterial against viral", "bacterial_against_viral_auroc"),
)


def figures_table(card: Card, split: str = "test") -> str:
    """Figures of one split as a Markdown table, each with its 95 % interval.

    Parameters
    ----------
    card : Card
    split : str

    Returns
    -------
    str
    """
    metrics = card.metrics[split]
    lines = [
        f"| {metrics.images} radiographs of {metrics.patients} patients | figure | 95 % interval |",
        "|---|---|---|",
    ]
    for words, name in _ROWS:
        interval = _interval(metrics, name)
        if interval is not None:
            lines.append(
                f"| {words} | {interval.value:.3f} | {interval.low:.3f} to {interval.high:.3f} |"
            )
    return "\n".join(lines)


def _interval(metrics: SplitMetrics, name: str) -> Interval | None:
    found: Interval | None = getattr(metrics, name)
    return found
