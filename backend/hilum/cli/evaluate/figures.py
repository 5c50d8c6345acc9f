"""`hilum evaluate figures`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hilum.cli.common import PointOptions, console, load_registry, reader_called, show_progress
from hilum.cli.evaluate.options import (
    AllowLeaks,
    AsJson,
    Data,
    ModelOrAnatomy,
    SplitName,
    refuse,
)
from hilum.models.loading import ANATOMY
from hilum.words.counts import counted

if TYPE_CHECKING:
    from hilum.evaluation.evaluate import Evaluation

_OUT = Path("evaluation")


def figures(
    model: ModelOrAnatomy,
    data: Data,
    split: SplitName = None,
    readers: Annotated[
        Path | None,
        typer.Option(help="Table (CSV) of reader labels for the same radiographs, for comparison."),
    ] = None,
    prevalence: Annotated[
        float | None,
        typer.Option(min=0.0001, max=0.9999, help="Additional prevalence for predictive values."),
    ] = None,
    operating_point: PointOptions = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the report.", show_default=str(_OUT)),
    ] = None,
    into_card: Annotated[
        bool,
        typer.Option(help="Add figures that the card lacks for this split, such as card:test."),
    ] = False,
    allow_leaks: AllowLeaks = False,
    as_json: AsJson = False,
) -> None:
    """Measure every figure of a model, each with its 95 % interval.

    Reads each radiograph as the service would. Prints AUROC, sensitivity, specificity,
    calibration and counts of decisions for each finding that the model decides on, and writes
    report.html, metrics.json and plots.

    For `anatomy`, compares outlines and the cardiothoracic ratio with drawn masks, and
    prints the figures.
    """
    if model == ANATOMY:
        from hilum.cli.evaluate.anatomy import measure_anatomy

        given = {
            "--split": split,
            "--readers": readers,
            "--prevalence": prevalence,
            "--operating-point": operating_point,
            "--out": out,
            "--into-card": into_card,
            "--allow-leaks": allow_leaks,
        }
        refuse(given, f"with {ANATOMY}")
        measure_anatomy(data, as_json=as_json)
        return
    card_split = split.removeprefix("card:") if split and split.startswith("card:") else None
    if into_card and (card_split is None or operating_point):
        raise typer.BadParameter(
            "--into-card needs a split of the card, such as --split card:test, and the card's own "
            "operating point."
        )
    from hilum.cli.evaluate.evaluation import tell, tested
    from hilum.datasets.card_splits import find_split
    from hilum.evaluation.evaluate import evaluate
    from hilum.evaluation.reports.card_files import add_missing_figures

    settings, registry = load_registry()
    reader = reader_called(model, settings, registry)
    if into_card:
        reader = reader.without_site
    chosen = find_split(data, reader.bundle, split)
    found = evaluate(
        tested(reader, settings, registry, operating_point),
        chosen.splits,
        chosen.name,
        data=data.name,
        origin=chosen.origin,
        prevalence=prevalence,
        readers=readers,
        allow_leaks=allow_leaks,
        progress=show_progress,
    )
    tell(found, _in_words(found), out or _OUT, as_json=as_json)
    if into_card and card_split is not None:
        added = [
            f"{task.finding.label}: {name}"
            for task in found.tasks
            for name in add_missing_figures(
                reader.bundle.folder, task.finding, card_split, task.figures
            )
        ]
        console.print(f"Added to the card: {', '.join(added) or 'nothing'}.")


def _in_words(found: "Evaluation") -> str:
    """Figures and decisions, one per line."""
    from hilum.evaluation.figures.words import figure_words
    from hilum.evaluation.reports.report import UNCERTAIN_WORDS

    lines = [f"{found.card.name} {found.card.version} on {found.data}, {found.origin}"]
    words = figure_words()
    for task in found.tasks:
        lines.append(f"{task.finding.label}: {counted(task.figures.positives, 'positive picture')}")
        lines += [
            f"{words[name]:<52} {figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"
            for name, figure in task.figures.figures.items()
            if figure is not None
        ]
        for true, row in task.decided.items():
            counts = ", ".join(f"{said} {count}" for said, count in row.items())
            lines.append(f"Labelled {true}: decided {counts}")
    return "\n".join([*lines, UNCERTAIN_WORDS])
