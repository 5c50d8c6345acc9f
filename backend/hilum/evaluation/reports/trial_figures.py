"""Figures of a model's trials for its card: localisation, robustness, shortcuts."""

from collections.abc import Mapping
from pathlib import Path

from hilum.evaluation.localisation.report import BoxRow, DrawnFigures, Localisation
from hilum.evaluation.reports.card_files import update_task
from hilum.evaluation.robustness.report import FIGURES, Robustness
from hilum.evaluation.shortcuts.report import Shortcuts
from hilum.findings import Finding
from hilum.models.bundle import load_bundle_of
from hilum.models.card import Card
from hilum.models.measured import Interval, Trial, TrialFigure

Report = Localisation | Robustness | Shortcuts

_FIGURE_WORDS = {"auroc": "AUROC", "sensitivity": "sensitivity", "specificity": "specificity"}
_BOX_WORDS = {"pointing": "peak in a box", "auprc": "pixel AUPRC", "inside": "share in a box"}
_OTHERS = {
    "even_field": "chance",
    "even_chest": "evidence uniform over lungs and heart",
    "centre": "a central blob",
}


def trial_figures(report: Report) -> tuple[TrialFigure, ...]:
    """The figures of a report that its model's card states."""
    if isinstance(report, Localisation):
        boxes = tuple(each for row in report.boxes if row.is_of_all for each in _against_boxes(row))
        return (*_of_positives(report), *_of_drawn(report.drawn), *boxes)
    if isinstance(report, Robustness):
        return _under_changes(report)
    return tuple(
        figure
        for row in report.rows
        for figure in _stated({f"AUROC, {row.title}": row.auroc}, row.images, report.patients)
    )


def put_into_card(folder: Path, finding: Finding, reports: dict[Trial, Report]) -> None:
    """Write figures of trials into the card of a bundle, in place of those of the same trials.

    Parameters
    ----------
    folder : Path
        The bundle.
    finding : Finding
        Of the task that was tried.
    """
    task = load_bundle_of(Card, folder).card.task(finding)
    found = {name: trial_figures(report) for name, report in reports.items()}
    update_task(folder, finding, trials={**task.trials, **found})


def _stated(
    figures: Mapping[str, Interval | None], images: int, patients: int, of: str = ""
) -> tuple[TrialFigure, ...]:
    """Figures by their words, those that could be measured."""
    return tuple(
        TrialFigure(words=of + words, figure=figure, images=images, patients=patients)
        for words, figure in figures.items()
        if figure is not None
    )


def _of_positives(report: Localisation) -> tuple[TrialFigure, ...]:
    stated = {"evidence in lungs and heart": report.in_chest}
    for each in report.orders:
        if each.evidence_better is not None:
            taken, brought = each.evidence_better
            stated[f"deletion, evidence first: lower than {each.order} first by"] = taken
            stated[f"insertion, evidence first: higher than {each.order} first by"] = brought
    if report.stability is not None:
        stated["overlap of the evidence under small changes"] = report.stability.overlap
    return _stated(stated, report.images, report.patients)


def _of_drawn(drawn: DrawnFigures | None) -> tuple[TrialFigure, ...]:
    if drawn is None:
        return ()
    stated = {
        "probability increases by": drawn.rise,
        "added evidence peaks on the side of the opacity": drawn.on_its_side,
        "added evidence peaks in the opacity": drawn.peak_inside,
        "added evidence peaks in the opacity, above chance by": drawn.ahead_of_chance,
    }
    of = "opacity drawn into one lung of a normal film: "
    return _stated(stated, drawn.films, drawn.patients, of)


def _against_boxes(row: BoxRow) -> tuple[TrialFigure, ...]:
    model, *others = row.methods
    stated = {}
    for name, words in _BOX_WORDS.items():
        stated[words] = model.figures[name]
        for other in others:
            stated[f"{words}, above {_OTHERS[other.method]} by"] = other.model_ahead[name]
    findings = row.findings[:1].lower() + row.findings[1:]
    return _stated(stated, row.films, row.patients, f"radiologists' boxes, {findings}: ")


def _under_changes(report: Robustness) -> tuple[TrialFigure, ...]:
    summaries = {
        "unchanged": report.clean,
        "mean over all changes": report.mean,
        "worst of all changes": report.worst,
    }
    stated = {
        f"{_FIGURE_WORDS[name]}, {words}": getattr(figures, name)
        for words, figures in summaries.items()
        if figures is not None
        for name in FIGURES
    }
    return _stated(stated, report.images, report.patients)
