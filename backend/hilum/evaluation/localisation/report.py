"""Report on the localisation of evidence: its data, and its tables."""

from pydantic import BaseModel, ConfigDict

from hilum.evaluation.localisation.heat import BOX_FIGURES
from hilum.models.evidence import Region
from hilum.models.measured import Interval
from hilum.words.catalogue import load_catalogue

METHODS = {
    "model": "the model's evidence",
    "even_field": "chance: uniform over the lung field",
    "even_chest": "uniform over lungs and heart",
    "centre": "a blob at the centre of the lung field",
}
"""Names of the maps that are compared with the boxes."""

FIGURE_WORDS = {
    "pointing": "peak in a box",
    "auprc": "pixel AUPRC",
    **{name: f"IoU at {name.removeprefix('iou_')}" for name in BOX_FIGURES if "iou" in name},
    "inside": "evidence in a box",
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MethodFigures(_Part):
    """Figures of one method compared with the boxes.

    Attributes
    ----------
    method : str
        One of `METHODS`.
    figures : mapping of str to Interval
        By `hilum.evaluation.localisation.heat.BOX_FIGURES`; means over films.
    model_ahead : mapping of str to Interval
        The model's figure minus this one's on the same films; empty for the model.
    """

    method: str
    figures: dict[str, Interval]
    model_ahead: dict[str, Interval]


class BoxRow(_Part):
    """Films with boxes of some findings.

    Attributes
    ----------
    is_of_all : bool
        Of all films, not only of those above the operating point.
    """

    findings: str
    is_of_all: bool
    films: int
    patients: int
    read_positive: int
    methods: tuple[MethodFigures, ...]


class OrderFigures(_Part):
    """Mean probability while a film is removed or restored in one order.

    Attributes
    ----------
    deletion, insertion : Interval
        Lower and higher are better.
    evidence_better : tuple of Interval or None
        How much lower "evidence first" is in deletion, and how much higher in insertion.
    """

    order: str
    deletion: Interval
    insertion: Interval
    evidence_better: tuple[Interval, Interval] | None


class RandomisedRow(_Part):
    """Rank correlation between maps and those of the network with shuffled weights."""

    shuffled: str
    rank_correlation: Interval


class Stability(_Part):
    """Share of evidence that stays in place under small changes.

    Attributes
    ----------
    overlap : Interval
        Mean over films and changes.
    with_another_film : Interval
        The same between films of different patients.
    """

    overlap: Interval
    with_another_film: Interval
    by_change: dict[str, float]


class DrawnFigures(_Part):
    """What opacities drawn into one lung of normal films add to the evidence.

    Attributes
    ----------
    rise : Interval
        Of the probability.
    on_its_side : Interval
        Share of films where the added evidence peaks on the side of the opacity; chance: 0.5.
    peak_inside : Interval
        Share of films where it peaks in the opacity.
    ahead_of_chance : Interval
        The same, minus the opacity's share of the lung field.
    """

    films: int
    patients: int
    rise: Interval
    on_its_side: Interval
    peak_inside: Interval
    ahead_of_chance: Interval


class Localisation(_Part):
    """Localisation of a model's evidence.

    Attributes
    ----------
    boxes_without_lungs : int
        Films with boxes in which no lungs were found; left out.
    images, patients : int
        Positive films above the operating point on which lungs were found. The figures below
        are of these.
    not_read_positive : int
        Positive films that were not.
    in_chest : Interval or None
        Share of the evidence in lungs and heart; None without such films.
    by_region : mapping of Region to float
        Mean share of the evidence.
    even_in_chest : float or None
        Share in lungs and heart of evidence that is uniform over the map.
    stability : Stability or None
    drawn : DrawnFigures or None
        None without normal films.
    """

    boxes: tuple[BoxRow, ...]
    boxes_without_lungs: int
    images: int
    patients: int
    not_read_positive: int
    seed: int
    in_chest: Interval | None
    by_region: dict[Region, float]
    even_in_chest: float | None
    orders: tuple[OrderFigures, ...]
    randomised: tuple[RandomisedRow, ...]
    stability: Stability | None
    drawn: DrawnFigures | None = None


def localisation_table(report: Localisation) -> str:
    """Write the report as Markdown tables.

    Returns
    -------
    str
        95 % intervals in brackets.
    """
    parts = [_box_table(row) for row in report.boxes]
    if report.in_chest is not None:
        parts.append(_positives_table(report))
    if report.drawn is not None:
        parts.append(_drawn_table(report.drawn))
    return "\n\n".join(parts)


def _box_table(row: BoxRow) -> str:
    head = (
        f"| {row.findings}: {row.films} films of {row.patients} patients, "
        f"{row.read_positive} above the operating point | "
        + " | ".join(FIGURE_WORDS[name] for name in BOX_FIGURES)
        + " |"
    )
    lines = [head, "|---" * (1 + len(BOX_FIGURES)) + "|"]
    for each in row.methods:
        cells = " | ".join(_interval(each.figures[name]) for name in BOX_FIGURES)
        lines.append(f"| {METHODS[each.method]} | {cells} |")
    for each in row.methods:
        if each.model_ahead:
            cells = " | ".join(_interval(each.model_ahead[name], "+") for name in BOX_FIGURES)
            lines.append(f"| *model minus {METHODS[each.method]}* | {cells} |")
    return "\n".join(lines)


def _positives_table(report: Localisation) -> str:
    assert report.in_chest is not None
    lines = [
        (
            f"| {report.images} positives of {report.patients} patients, above the operating point "
            "| figure |"
        ),
        "|---|---|",
        f"| evidence in lungs and heart | {_interval(report.in_chest)} |",
        f"| the same, if uniform over the map | {report.even_in_chest or 0:.3f} |",
    ]
    lines += [
        f"| evidence in: {load_catalogue().say(f'region.{region.value}')} | {share:.3f} |"
        for region, share in report.by_region.items()
    ]
    for each in report.orders:
        lines.append(f"| deletion, {each.order} first | {_interval(each.deletion)} |")
        if each.evidence_better:
            lines.append(
                f"| *{each.order} first minus evidence first* "
                f"| {_interval(each.evidence_better[0], '+')} |"
            )
    for each in report.orders:
        lines.append(f"| insertion, {each.order} first | {_interval(each.insertion)} |")
        if each.evidence_better:
            lines.append(
                f"| *evidence first minus {each.order} first* "
                f"| {_interval(each.evidence_better[1], '+')} |"
            )
    lines += [
        f"| rank correlation, shuffled: {row.shuffled} | {_interval(row.rank_correlation)} |"
        for row in report.randomised
    ]
    if (stability := report.stability) is not None:
        lines += [
            f"| overlap of the evidence under small changes | {_interval(stability.overlap)} |",
            (
                "| overlap with the evidence of another patient "
                f"| {_interval(stability.with_another_film)} |"
            ),
        ]
        lines += [
            f"| overlap under: {words} | {value:.3f} |"
            for words, value in stability.by_change.items()
        ]
    return "\n".join(lines)


def _drawn_table(drawn: DrawnFigures) -> str:
    head = (
        f"| an opacity drawn into one lung of {drawn.films} normal films of {drawn.patients} "
        "patients | figure |"
    )
    rows = {
        "increase of the probability": _interval(drawn.rise, "+"),
        "added evidence peaks on the side of the opacity (chance: 0.5)": _interval(
            drawn.on_its_side
        ),
        "added evidence peaks in the opacity": _interval(drawn.peak_inside),
        "*the same, minus chance*": _interval(drawn.ahead_of_chance, "+"),
    }
    lines = [head, "|---|---|", *(f"| {words} | {cell} |" for words, cell in rows.items())]
    return "\n".join(lines)


def _interval(each: Interval, sign: str = "") -> str:
    value = f"{each.value:{sign}.3f}"
    return f"{value} ({each.low:{sign}.3f} to {each.high:{sign}.3f})"
