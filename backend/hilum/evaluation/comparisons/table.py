"""A comparison of two models as a table."""

from hilum.evaluation.comparisons.models import ModelComparison
from hilum.evaluation.figures.words import figure_words
from hilum.models.measured import Interval
from hilum.words.counts import counted


def comparison_table(comparison: ModelComparison) -> str:
    """Write a comparison as a Markdown table, and its tests as a line each.

    Returns
    -------
    str
        95 % intervals in brackets.
    """
    words = figure_words()
    head = (
        f"{comparison.finding.label} in {counted(comparison.images, 'picture')} of "
        f"{counted(comparison.patients, 'patient')}, {comparison.positives} positive"
    )
    lines = [
        f"| {head} | {comparison.first} | {comparison.second} | difference |",
        "|---|---|---|---|",
    ]
    for name, difference in comparison.differences.items():
        first, second = comparison.first_figures[name], comparison.second_figures[name]
        lines.append(
            f"| {words[name]} | {told(first)} | {told(second)} | {told(difference, '+')} |"
        )
    lines.append("")
    if comparison.delong is not None:
        lines.append(f"DeLong's test of the AUROCs: p {_p_value(comparison.delong.p_value)}")
    mcnemar = comparison.mcnemar
    lines.append(
        f"McNemar's test of correct decisions: {mcnemar.only_first} only by the first model, "
        f"{mcnemar.only_second} only by the second, p {_p_value(mcnemar.p_value)}"
    )
    lines.append(f"Agreement of decisions (kappa): {told(comparison.kappa)}")
    return "\n".join(lines)


def told(each: Interval | None, sign: str = "") -> str:
    """Write a figure with its interval in brackets; a dash where there is none."""
    if each is None:
        return "-"
    return f"{each.value:{sign}.3f} ({each.low:{sign}.3f} to {each.high:{sign}.3f})"


def _p_value(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"= {value:.3f}"
