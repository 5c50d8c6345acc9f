"""Figures of an anatomy bundle as tables and as plain numbers."""

from typing import Any

from hilum.evaluation.anatomy.figures import as_plain_figures
from hilum.evaluation.anatomy.measured import MeasuredAnatomy
from hilum.models.anatomy.card import ChildrenMetrics, PictureMetrics
from hilum.models.measured import Interval
from hilum.words.catalogue import load_catalogue

_CHILDREN = ("outside", "over_a_tenth", "covered")
_ESTIMATES = (
    "adult_auroc", "adult_unknown", "adult_wrong", "ap_auroc", "ap_unknown", "ap_wrong",
)  # fmt: skip


def children_table(metrics: ChildrenMetrics) -> str:
    """Figures of children's lungs as a Markdown table, each with its 95 % interval."""
    head = f"| {metrics.images} radiographs of children, {metrics.not_outlined} not outlined "
    return _table(head, {_words(name): getattr(metrics, name) for name in _CHILDREN})


def pictures_table(metrics: PictureMetrics) -> str:
    """Figures on whole images, as a Markdown table."""
    rows = {
        _words("read", group=name.replace("_", " "), count=metrics.counts[name]): share
        for name, share in metrics.accepted.items()
    }
    estimates = {name: getattr(metrics, name) for name in _ESTIMATES}
    rows |= {_words(name): figure for name, figure in estimates.items() if figure is not None}
    return _table(f"| {sum(metrics.counts.values())} pictures ", rows)


def _words(name: str, **fields: object) -> str:
    return load_catalogue().say(f"anatomy_card.{name}", **fields)


def _table(head: str, rows: dict[str, Interval]) -> str:
    lines = [f"{head}| figure | 95 % interval |", "|---|---|---|"]
    lines += [
        f"| {words} | {each.value:.3f} | {each.low:.3f} to {each.high:.3f} |"
        for words, each in rows.items()
    ]
    return "\n".join(lines)


def as_plain_measured(measured: MeasuredAnatomy) -> dict[str, Any]:
    """All figures as plain numbers.

    Returns
    -------
    dict
        Of the films with masks of three organs as `as_plain_figures` gives them, with
        ``by_source``; ``children`` and ``pictures`` with each figure's value, low and high.
    """
    groups = {name: as_plain_figures(figures) for name, figures in measured.metrics.items()}
    by_source = {name.partition("_")[2]: figures for name, figures in groups.items() if "_" in name}
    whole = next(iter(groups.values()), {})
    return {
        **whole,
        "by_source": by_source,
        "children": measured.children.model_dump(mode="json") if measured.children else None,
        "pictures": measured.pictures.model_dump(mode="json"),
    }
