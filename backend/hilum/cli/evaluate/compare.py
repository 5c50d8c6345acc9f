"""`hilum evaluate compare`."""

from pathlib import Path
from typing import Annotated

import typer

from hilum.cli.common import PointOptions, load_registry, reader_called, show_progress
from hilum.cli.evaluate.options import (
    AllowLeaks,
    AsJson,
    Data,
    Model,
    OneFinding,
    SplitName,
    not_anatomy,
    task_on,
)


def compare(
    model: Model,
    other: Annotated[
        str,
        typer.Argument(
            help="Second model: its name, or the folder of its bundle.", callback=not_anatomy
        ),
    ],
    data: Data,
    split: SplitName = None,
    finding: OneFinding = None,
    operating_point: PointOptions = None,
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = Path("comparison"),
    allow_leaks: AllowLeaks = False,
    as_json: AsJson = False,
) -> None:
    """Compare two models on the same radiographs.

    Each model reads at its own operating point, or at the requested one. Prints both
    models' figures and their differences with paired 95 % intervals, DeLong's and McNemar's tests
    and kappa, and writes a report (report.html, metrics.json, plots).
    """
    from hilum.cli.evaluate.evaluation import tell, tested
    from hilum.datasets.card_splits import find_split
    from hilum.evaluation.comparisons.table import comparison_table
    from hilum.evaluation.evaluate import evaluate

    settings, registry = load_registry()
    first, second = (reader_called(name, settings, registry) for name in (model, other))
    task = task_on(first.card, finding)
    task_on(second.card, task.finding)
    chosen = find_split(data, first.bundle, split)
    found = evaluate(
        tested(first, settings, registry, operating_point),
        chosen.splits,
        chosen.name,
        data=data.name,
        origin=chosen.origin,
        against=tested(second, settings, registry, operating_point),
        finding=task.finding,
        allow_leaks=allow_leaks,
        progress=show_progress,
    )
    assert found.comparison is not None
    tell(found, comparison_table(found.comparison), out, as_json=as_json)
