"""Report of the shortcut test: its data, and its table."""

from pydantic import BaseModel, ConfigDict

from hilum.models.measured import Interval

_ACQUISITION = "above 0.5: the model's features contain how a radiograph was acquired"

WORDS = {
    "model_whole": (
        "the model, whole pictures",
        "reference for the next rows, on the same radiographs",
    ),
    "model_without_chest": (
        "the model, lungs and heart filled with one grey",
        "remaining predictions come from other areas, or from the shape of the filled area",
    ),
    "model_without_box": (
        "the model, the whole box around lungs and heart filled",
        "remaining predictions come from frame, markers, arms or exposure",
    ),
    "model_chest": (
        "the model, all but lungs and heart filled",
        "a decrease from whole pictures is due to the surroundings of lungs and heart",
    ),
    "border": (
        "a linear classifier on the outer sixteenth of the picture",
        "above 0.5: the classes are framed, collimated or marked differently",
    ),
    "histogram": (
        "a linear classifier on the histogram of greys",
        "diseased lungs are whiter; if near the model's figure, exposure predicts the class",
    ),
    "size": (
        "a linear classifier on rows, columns and their ratio",
        "above 0.5: the classes come from different machines or were cropped differently",
    ),
    "maps_series": (
        "series of negative radiographs, predicted from the model's maps",
        f"{_ACQUISITION} (by a linear classifier)",
    ),
    "maps_size": (
        "size of negative radiographs, predicted from the model's maps",
        f"{_ACQUISITION} (above or below the median)",
    ),
    "maps_border": (
        "border brightness of negative radiographs, predicted from the model's maps",
        f"{_ACQUISITION} (above or below the median)",
    ),
}
"""Title and meaning of each row, for people, in the order of the table."""


class ShortcutRow(BaseModel):
    """How well one part of the images predicts the label.

    Attributes
    ----------
    code : str
        ``model_...`` for rows of the model, else of a classifier that is fitted here:
        ``maps_...`` to the model's activation maps, to predict the acquisition.
    title, meaning : str
        For people.
    images : int
        What the figure is measured on.
    auroc : Interval or None
        With its 95 % interval by bootstrap over patients, which for a classifier that is fitted
        here holds for the fits at hand; None where nothing could be measured.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    title: str
    meaning: str
    images: int
    auroc: Interval | None


class Shortcuts(BaseModel):
    """The shortcut test on one set of pictures.

    Attributes
    ----------
    left_out : int
        Radiographs left out of the model's rows: no lungs were found, or the model refused one
        of their forms.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    images: int
    patients: int
    left_out: int
    seed: int
    rows: tuple[ShortcutRow, ...]


def shortcuts_table(report: Shortcuts) -> str:
    """Write the shortcut test as a Markdown table."""
    head = f"| {report.images} radiographs of {report.patients} patients "
    lines = [head + "| AUROC (95 % interval) | on | what it means |", "|---|---|---|---|"]
    for row in report.rows:
        each = row.auroc
        figure = f"{each.value:.3f} ({each.low:.3f} to {each.high:.3f})" if each else "none"
        lines.append(f"| {row.title} | {figure} | {row.images} | {row.meaning} |")
    return "\n".join(lines)
