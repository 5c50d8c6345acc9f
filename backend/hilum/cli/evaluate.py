"""`hilum evaluate`: the check that anyone can run."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from hilum.cli.common import PointOptions, console, load_registry, reader_called, show_progress
from hilum.errors import DatasetError
from hilum.models import Reader
from hilum.models.measured import Trial
from hilum.models.operating_point import choose_operating_points
from hilum.models.registry import ANATOMY
from hilum.words.counts import counted

if TYPE_CHECKING:
    from hilum.datasets.card_splits import ChosenSplit
    from hilum.datasets.labelled import LabelledSet
    from hilum.evaluation.evaluate import Evaluation


_REPORT = "evaluation"


def evaluate(
    model: Annotated[str, typer.Argument(help="Name of a model, or `anatomy`.")],
    data: Annotated[Path, typer.Option(help="Folder or table of labelled radiographs.")],
    split: Annotated[
        str | None, typer.Option(help="Which of the data's splits; card:test is the card's own.")
    ] = None,
    readers: Annotated[Path | None, typer.Option(help="Table of people's labels.")] = None,
    against: Annotated[
        str | None, typer.Option(help="Another model, by name or folder, to compare with.")
    ] = None,
    prevalence: Annotated[
        float | None,
        typer.Option(min=0.0001, max=0.9999, help="State predictive values at it, too."),
    ] = None,
    operating_point: PointOptions = None,
    out: Annotated[
        Path | None, typer.Option(help=f"Folder for the report; {_REPORT} where none is given.")
    ] = None,
    robustness: Annotated[
        bool, typer.Option(help="Read under changes of exposure, framing, processing, storage.")
    ] = False,
    shortcuts: Annotated[
        bool, typer.Option(help="Test what can be told without the lungs.")
    ] = False,
    localisation: Annotated[
        bool, typer.Option(help="Measure where the evidence lies; see --boxes.")
    ] = False,
    boxes: Annotated[
        Path | None, typer.Option(help="Folder of NIH ChestX-ray14 with BBox_List_2017.csv.")
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(min=0, help="So many films for robustness, shortcuts, localisation. All: 0."),
    ] = 200,
    into_card: Annotated[
        bool,
        typer.Option(
            help="State what robustness, shortcuts, localisation find in the card; with a split "
            "of the card, the figures that it lacks."
        ),
    ] = False,
    allow_leaks: Annotated[
        bool, typer.Option(help="Go on where splits share patients or pictures.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure a model on labelled data, each figure with its 95 % interval."""
    of_report = {
        "--readers": readers,
        "--against": against,
        "--prevalence": prevalence,
        "--operating-point": operating_point,
        "--out": out,
    }
    asked: dict[Trial, bool] = {
        "robustness": robustness,
        "shortcuts": shortcuts,
        "localisation": localisation,
    }
    wanted = [name for name, is_asked in asked.items() if is_asked]
    if model == ANATOMY:
        others = {"--split": split, "--boxes": boxes, "--allow-leaks": allow_leaks}
        trials = {"--shortcuts": shortcuts, "--localisation": localisation}
        _refuse(of_report | others | trials | {"--into-card": into_card}, f"with {ANATOMY}")
        _evaluate_anatomy(data, robustness=robustness, sample=sample or None, as_json=as_json)
        return
    card_split = split.removeprefix("card:") if split and split.startswith("card:") else None
    if into_card and not wanted and (card_split is None or operating_point):
        raise typer.BadParameter(
            "--into-card goes with robustness, shortcuts, localisation, or a split of the card at "
            "its own operating point, such as --split card:test."
        )
    if not localisation:
        _refuse({"--boxes": boxes}, "without --localisation")
    if wanted:
        _refuse(of_report, f"with --{wanted[0]}")
        _try(
            wanted,
            model,
            data,
            split,
            boxes,
            sample or None,
            as_json=as_json,
            into_card=into_card,
            allow_leaks=allow_leaks,
        )
        return
    from hilum.datasets.card_splits import find_split
    from hilum.evaluation.evaluate import evaluate as check
    from hilum.evaluation.model_under_test import ModelUnderTest, model_under_test
    from hilum.evaluation.reports.evaluation_json import as_json as in_json
    from hilum.evaluation.reports.report import write_report

    settings, registry = load_registry()

    def tested(chosen: Reader, asked: Sequence[str]) -> ModelUnderTest:
        return model_under_test(
            chosen,
            registry.screener(needed=chosen.reads_lung_field),
            limits=settings.limits,
            points=choose_operating_points(chosen.card, asked),
        )

    reader = registry.reader(model)
    other = reader_called(against, settings, registry) if against else None
    chosen = find_split(data, reader.bundle, split)
    found = check(
        tested(reader, operating_point or ()),
        chosen.splits,
        chosen.name,
        data=data.name,
        origin=chosen.origin,
        prevalence=prevalence,
        readers=readers,
        against=tested(other, ()) if other else None,
        allow_leaks=allow_leaks,
        progress=show_progress,
    )
    report = write_report(found, out or Path(_REPORT))
    if as_json:
        typer.echo(json.dumps(in_json(found), indent=2))
    else:
        _print(found)
    console.print(f"Report: {report}")
    if into_card and card_split is not None:
        from hilum.evaluation.reports.card_files import add_missing_figures

        added = [
            f"{task.finding.label}: {name}"
            for task in found.tasks
            for name in add_missing_figures(
                reader.bundle.folder, task.finding, card_split, task.figures
            )
        ]
        console.print(f"Added to the card: {', '.join(added) or 'nothing'}.")


def _print(found: "Evaluation") -> None:
    """Figures and decisions to the output, cautions beside it."""
    from hilum.evaluation.figures.words import figure_words
    from hilum.evaluation.reports.report import UNCERTAIN_WORDS

    typer.echo(f"{found.card.name} {found.card.version} on {found.data}, {found.origin}")
    words = figure_words()
    for task in found.tasks:
        typer.echo(f"{task.finding.label}: {counted(task.figures.positives, 'positive picture')}")
        for name, figure in task.figures.figures.items():
            if figure is not None:
                typer.echo(
                    f"{words[name]:<52} {figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"
                )
        for true, row in task.decided.items():
            counts = ", ".join(f"{said} {count}" for said, count in row.items())
            typer.echo(f"Truth {true}: decided {counts}")
    typer.echo(UNCERTAIN_WORDS)
    for caution in found.cautions:
        console.print(f"[yellow]{escape(caution)}[/]", highlight=False)


def _refuse(given: Mapping[str, object], where: str) -> None:
    """Say of options that would be passed over that they are not for this."""
    names = [name for name, value in given.items() if value not in (None, False)]
    if names:
        raise typer.BadParameter(f"{' and '.join(names)} cannot be used {where}.")


def _try(
    trials: list[Trial],
    model: str,
    data: Path,
    split: str | None,
    boxes: Path | None,
    sample: int | None,
    *,
    as_json: bool,
    into_card: bool,
    allow_leaks: bool,
) -> None:
    """Run trials of a classifier, print what they find, and put it into the card where asked."""
    from hilum.cli.trials import table, try_localisation, try_robustness, try_shortcuts
    from hilum.datasets.boxes import has_boxes
    from hilum.datasets.card_splits import find_split
    from hilum.evaluation.reports.trial_figures import Report, put_into_card

    registry = load_registry()[1]
    reader = registry.reader(model)
    screener = registry.screener(needed=reader.reads_lung_field or "localisation" in trials)
    films = None
    if trials != ["localisation"] or not has_boxes(data):
        films = _independent(find_split(data, reader.bundle, split), allow_leaks=allow_leaks)
    found: dict[Trial, Report] = {}
    if films is not None and "robustness" in trials:
        found["robustness"] = try_robustness(reader, screener, films, sample)
    if films is not None and "shortcuts" in trials:
        found["shortcuts"] = try_shortcuts(reader, screener, films, sample)
    if screener is not None and "localisation" in trials:
        boxes = boxes or (data if has_boxes(data) else None)
        found["localisation"] = try_localisation(reader, screener, films, boxes, sample)
    for report in found.values():
        typer.echo(report.model_dump_json(indent=2) if as_json else table(report))
    if into_card:
        put_into_card(reader.bundle.folder, reader.card.main, found)
        console.print("The card states these figures now.")


def _independent(chosen: "ChosenSplit", *, allow_leaks: bool) -> "LabelledSet":
    """The pictures to try a model on; leaks are refused, or told where they are allowed."""
    from hilum.datasets.leakage import find_leaks, leaks_in_words, refuse_leaks

    looking = partial(show_progress, words="looking for leaks")
    leaks = find_leaks(chosen.splits, chosen.name, progress=looking)
    if not allow_leaks:
        refuse_leaks(leaks)
    console.print(f"On {chosen.origin}.", highlight=False)
    for caution in filter(None, (leaks_in_words(leaks), *chosen.films.cautions)):
        console.print(f"[yellow]{escape(caution)}[/]", highlight=False)
    return chosen.films


def _evaluate_anatomy(data: Path, *, robustness: bool, sample: int | None, as_json: bool) -> None:
    """Compare outlines and the ratio with drawn masks, or outlines under changes with themselves.

    Pictures that trained or tuned the model are left out of the first, and counted.
    """
    from hilum.datasets.organ_masks import unseen_samples
    from hilum.evaluation.anatomy.cases import measure_cases, summarise
    from hilum.evaluation.anatomy.figures import as_plain_figures, figures_table

    reader = load_registry()[1].anatomy()
    if robustness:
        from hilum.cli.trials import try_agreement

        typer.echo(try_agreement(reader, data, sample, as_json=as_json))
        return
    samples, seen = unseen_samples(data, reader.card.training["seen"])
    if not samples:
        raise DatasetError(f"All {seen} radiographs in {data} trained this model.")
    paths = {each.path: each for each in samples}
    cases = measure_cases(
        reader,
        samples,
        progress=lambda _: (paths[path] for path in show_progress(list(paths), "measuring")),
    )
    groups = summarise(cases, "all")
    if seen:
        console.print(f"{seen} radiographs trained or tuned this model and were left out.")
    if as_json:
        typer.echo(
            json.dumps(
                as_plain_figures(groups["all"])
                | {
                    "by_source": {
                        name.removeprefix("all_"): as_plain_figures(figures)
                        for name, figures in groups.items()
                        if name != "all"
                    },
                    "left_out_as_seen": seen,
                },
                indent=2,
            )
        )
    else:
        for name, figures in groups.items():
            typer.echo(f"\n{name}\n{figures_table(figures)}")
