"""Plots of an evaluation as SVG: as files, or for a page that sets the colours."""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from hilum.evaluation.evaluate import TaskEvaluation

_INK, _QUIET, _MODEL, _ILL = "#14212a", "#6b7c87", "#1b6379", "#a83b07"
_PAGE_COLOURS = {
    _INK: "currentColor",
    _QUIET: "var(--quiet)",
    _MODEL: "var(--model)",
    _ILL: "var(--ill)",
}
_STYLE: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": _INK,
    "axes.edgecolor": _QUIET,
    "axes.labelcolor": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "svg.fonttype": "none",
}
_STRONGEST = 0.4
"""Opacity of a full cell: the count on it is still read."""

Draw = Callable[[Axes], None]


def plots(
    task: TaskEvaluation, by_finding: Mapping[str, Mapping[str, int]]
) -> dict[str, tuple[str, Draw]]:
    """The plots of one task of an evaluation; none without curves.

    Parameters
    ----------
    by_finding : mapping of str to mapping of str to int
        Not drawn where it is empty.

    Returns
    -------
    mapping of str to tuple of str and callable
        By file name without ending: a caption, and a function that draws the plot.
    """
    if task.curves is None:
        return {}
    curves, point, confusion = task.curves.model_dump(), task.operating_point, task.confusion
    counts = curves["histogram"]
    ill, well = sum(counts["positive"]), sum(counts["negative"])
    prevalence, sensitivity = ill / (ill + well), confusion["positive"]["positive"] / ill
    false_alarms = confusion["negative"]["positive"] / well
    at = f"operating point {point.threshold:.2f}"

    def roc(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], ":", color=_QUIET)
        points = curves["roc"]
        x = [0.0, *(1 - each["specificity"] for each in points)]
        axes.plot(x, [0.0, *(each["sensitivity"] for each in points)], color=_MODEL)
        axes.plot([false_alarms], [sensitivity], "o", color=_ILL, label=at)
        axes.set(xlabel="1 - specificity", ylabel="sensitivity")
        axes.legend(loc="lower right")

    def precision_recall(axes: Axes) -> None:
        axes.axhline(prevalence, color=_QUIET, linestyle=":", label="calling at random")
        points = curves["precision_recall"]
        recall = [0.0, *(each["recall"] for each in points)]
        precision = [points[0]["precision"], *(each["precision"] for each in points)]
        # Between two points neither is reached at once: average precision is the area of steps.
        axes.plot(recall, precision, color=_MODEL, drawstyle="steps-pre")
        axes.set(xlabel="recall (sensitivity)", ylabel="precision (predictive value)")
        axes.set_ylim(0, 1.03)
        axes.legend(loc="lower left")

    def decision(axes: Axes) -> None:
        points = curves["decision"]
        x = [each["threshold"] for each in points]
        axes.plot(x, [each["model"] for each in points], color=_MODEL, label="model")
        everyone = [each["treat_all"] for each in points]
        axes.plot(x, everyone, "--", color=_ILL, label="treat all")
        axes.axhline(0, color=_QUIET, linestyle=":", label="treat none")
        axes.set(xlabel="threshold probability", ylabel="net benefit")
        axes.set_ylim(-0.15 * prevalence, 1.08 * prevalence)
        axes.legend(loc="best")

    def histogram(axes: Axes) -> None:
        edges = counts["edges"]
        for name, colour in (("negative", _MODEL), ("positive", _ILL)):
            axes.stairs(counts[name], edges, color=colour, fill=True, alpha=0.45, label=name)
            axes.stairs(counts[name], edges, color=colour)
        axes.axvline(point.threshold, color=_INK, linestyle="--", linewidth=1, label=at)
        axes.set(xlabel="predicted probability", ylabel="pictures")
        axes.legend(loc="best")

    drawn: dict[str, tuple[str, Draw]] = {
        "roc": ("ROC: sensitivity over the false positive rate", roc),
        "precision_recall": ("Precision and recall", precision_recall),
        "reliability": (
            "Reliability in 10 equal bins: observed share over predicted probability, with counts",
            _reliability(curves["reliability"]),
        ),
        "decision": ("Decision curve: net benefit by threshold probability", decision),
        "histogram": ("Predicted probability by label", histogram),
        "confusion": ("Confusion matrix at the operating point", _matrix(confusion, "decided")),
    }
    if by_finding:
        matrix = _matrix(by_finding, "most probable")
        drawn["confusion_by_finding"] = (
            "Confusion matrix of labels and most probable findings",
            matrix,
        )
    return drawn


def _reliability(bins: Sequence[Mapping[str, Any]]) -> Draw:
    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], ":", color=_QUIET)
        x, y = [b["predicted"] for b in bins], [b["observed"] for b in bins]
        axes.plot(x, y, "o-", color=_MODEL)
        for b in bins:
            up = b["observed"] < 0.85
            axes.annotate(
                str(b["count"]),
                (b["predicted"], b["observed"]),
                xytext=(0, 7 if up else -14),
                textcoords="offset points",
                ha="center",
                fontsize=7,
                color=_QUIET,
            )
        axes.set(xlabel="mean predicted probability", ylabel="observed share")

    return draw


def _matrix(counts: Mapping[str, Mapping[str, int]], across: str) -> Draw:
    def draw(axes: Axes) -> None:
        columns = list(next(iter(counts.values())))
        for y, row in enumerate(counts.values()):
            total = max(1, sum(row.values()))
            for x, count in enumerate(row.values()):
                share = count / total
                cell = Rectangle((x - 0.5, y - 0.5), 1, 1, color=_MODEL, linewidth=0)
                cell.set_alpha(_STRONGEST * share)
                axes.add_patch(cell)
                axes.text(x, y, f"{count}\n{100 * share:.0f} %", ha="center", va="center")
        axes.set_xticks(range(len(columns)), [_words(name) for name in columns])
        axes.set_yticks(range(len(counts)), [_words(name) for name in counts])
        axes.set(
            xlim=(-0.5, len(columns) - 0.5),
            ylim=(len(counts) - 0.5, -0.5),
            xlabel=across,
            ylabel="true",
        )
        axes.tick_params(length=0)

    return draw


def _words(code: str) -> str:
    return code.replace("_", "\n")


def as_svg(draw: Draw, *, name: str) -> str:
    """Draw a plot as a whole SVG file, ink on white, its words as text."""
    buffer = io.StringIO()
    with rc_context(cast("Any", {**_STYLE, "svg.hashsalt": name})):
        figure = Figure(figsize=(4.4, 3.6), layout="constrained")
        draw(figure.add_subplot())
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def inline_svg(svg: str, *, name: str, words: str) -> str:
    """Make an SVG file of `as_svg` part of a page: no background, the page's own colours.

    Parameters
    ----------
    name : str
        Set before every id, which are unique in a page.
    words : str
        Text alternative of the plot, in plain characters.

    Returns
    -------
    str
        With colours from the page: its text colour, ``--quiet``, ``--model`` and ``--ill``.
    """
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{name}-", svg)
    svg = re.sub(
        r'<svg [^>]*?(viewBox="[^"]*")[^>]*>', rf'<svg \1 role="img" aria-label="{words}">', svg
    )
    svg = re.sub(r"fill: #ffffff", "fill: none", svg)
    for fixed, page in _PAGE_COLOURS.items():
        svg = svg.replace(fixed, page)
    return svg
