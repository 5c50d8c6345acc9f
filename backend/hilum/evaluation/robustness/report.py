"""Report of the robustness suite: its data, and its table."""

from pydantic import BaseModel, ConfigDict

from hilum.models.measured import Interval

FIGURES = ("auroc", "sensitivity", "specificity")
"""The figures that are given for every change."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ChangedFigures(_Part):
    """Figures under one change at one strength, on the images that were not refused.

    Attributes
    ----------
    auroc, sensitivity, specificity : float or None
        None where a class is left without a reading.
    mean_absolute_change : float or None
        Of the probability against that of the unchanged picture, over those read both times.
    flipped_share : float or None
        Share of decisions that are others than on the unchanged picture, over the same.
    refused_share : float
        Share of the pictures read unchanged that are refused now.
    """

    change: str
    words: str
    unit: str
    strength: float
    auroc: float | None
    sensitivity: float | None
    specificity: float | None
    mean_absolute_change: float | None
    flipped_share: float | None
    refused_share: float


class FiguresWithIntervals(_Part):
    """Three figures, each with its 95 % interval by bootstrap over patients."""

    auroc: Interval
    sensitivity: Interval
    specificity: Interval


class Robustness(_Part):
    """The suite's figures on one set of pictures.

    Attributes
    ----------
    images, patients, positives : int
        Of the pictures that the model reads unchanged: the suite is run on these.
    refused_clean : int
        Pictures that the model refuses unchanged.
    threshold : float
        At and above which a picture is called positive.
    mean, worst : FiguresWithIntervals or None
        Over all changes and strengths: the mean, and of each figure the lowest row with that
        row's own interval. Rows that refuse every picture of a class have no figure and count
        in neither; None where no row is left.
    worst_rows : mapping of str to str
        For each figure the change and strength that is its worst.
    """

    images: int
    patients: int
    positives: int
    refused_clean: int
    threshold: float
    seed: int
    clean: FiguresWithIntervals
    mean: FiguresWithIntervals | None
    worst: FiguresWithIntervals | None
    worst_rows: dict[str, str]
    rows: tuple[ChangedFigures, ...]


def robustness_table(report: Robustness) -> str:
    """Write the suite's figures as a Markdown table.

    Returns
    -------
    str
        Clean, mean and worst with their 95 % intervals, then a row for each change and strength.
    """
    head = (
        f"| {report.images} radiographs of {report.patients} patients, threshold "
        f"{report.threshold:.3f} | AUROC | sensitivity | specificity | mean change of probability "
        "| decisions flipped | refused |"
    )
    lines = [head, "|---|---|---|---|---|---|---|"]
    summary = {
        "unchanged": report.clean,
        "mean over all changes": report.mean,
        "worst of all changes": report.worst,
    }
    for words, figures in summary.items():
        if figures is None:
            continue
        cells = [_interval(getattr(figures, name)) for name in FIGURES]
        lines.append(f"| **{words}** | {' | '.join(cells)} | | | |")
    for row in report.rows:
        cells = [_plain(getattr(row, name)) for name in (*FIGURES, "mean_absolute_change")]
        shares = [_percent(row.flipped_share), _percent(row.refused_share)]
        words = f"{row.words}, {row.strength:g} ({row.unit})"
        lines.append(f"| {words} | {' | '.join([*cells, *shares])} |")
    return "\n".join(lines)


def _interval(each: Interval) -> str:
    return f"{each.value:.3f} ({each.low:.3f} to {each.high:.3f})"


def _plain(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"
