"""Arguments and options that several commands of `hilum evaluate` share."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from hilum.cli.common import console
from hilum.findings import Finding
from hilum.models.card import Card
from hilum.models.loading import ANATOMY
from hilum.models.task import Task


def not_anatomy(name: str) -> str:
    """Reject the anatomy model for a command that measures findings.

    Raises
    ------
    typer.BadParameter
    """
    if name == ANATOMY:
        raise typer.BadParameter(
            f"this command does not measure the anatomy model. Use hilum evaluate {ANATOMY} or "
            f"hilum evaluate robustness {ANATOMY}."
        )
    return name


Model = Annotated[
    str,
    typer.Argument(help="Name of a model, or the folder of its bundle.", callback=not_anatomy),
]
ModelOrAnatomy = Annotated[
    str,
    typer.Argument(help=f"Name of a model, the folder of its bundle, or `{ANATOMY}`."),
]
LABELLED = typer.Option(
    "--data",
    help="Labelled radiographs: a folder with one subfolder for each finding, or a table (CSV).",
)
Data = Annotated[Path, LABELLED]
SplitName = Annotated[
    str | None,
    typer.Option(
        "--split",
        help="Split of the data to measure on. card:test and card:validation are the splits of the "
        "model's training.",
    ),
]
OneFinding = Annotated[
    Finding | None,
    typer.Option(
        "--finding",
        metavar="CODE",
        help="Finding to measure, for a model that decides on several. Default: its main one.",
    ),
]
SomeFindings = Annotated[
    list[Finding] | None,
    typer.Option(
        "--finding",
        metavar="CODE",
        help="Finding to measure, for a model that decides on several. Repeatable: each radiograph "
        "is read once for all. Default: its main one.",
    ),
]
Sample = Annotated[
    int, typer.Option(min=0, help="Number of radiographs, drawn at random; 0: all of them.")
]
IntoCard = Annotated[
    bool,
    typer.Option(help="Write the figures to the bundle's card and replace earlier ones."),
]
AllowLeaks = Annotated[
    bool,
    typer.Option(help="Continue even if splits share patients or images."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def refuse(given: Mapping[str, object], why: str) -> None:
    """Reject options that would have no effect.

    Raises
    ------
    typer.BadParameter
        One of them has a value.
    """
    names = [name for name, value in given.items() if value not in (None, False)]
    if names:
        raise typer.BadParameter(f"{' and '.join(names)} cannot be used {why}.")


def task_on(card: Card, finding: Finding | None) -> Task:
    """Find the task of a finding; default: the main task.

    Raises
    ------
    typer.BadParameter
        The model does not decide on the finding.
    """
    if finding is None:
        return card.main_task
    try:
        return card.task(finding)
    except KeyError:
        known = ", ".join(task.finding.value for task in card.tasks_in_order)
        raise typer.BadParameter(
            f"Model {card.name!r} does not decide on {finding.value}. It decides on: {known}.",
            param_hint="--finding",
        ) from None


def tell_caution(words: str) -> None:
    """Print a caution beside the output."""
    console.print(f"[yellow]{escape(words)}[/]", highlight=False)
