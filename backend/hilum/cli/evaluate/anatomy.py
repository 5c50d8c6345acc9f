"""What `hilum evaluate` measures of the anatomy: outlines and the cardiothoracic ratio."""

import json
from pathlib import Path

import typer

from hilum.cli.common import console, load_registry, show_progress
from hilum.cli.evaluate.films import Decoded
from hilum.cli.evaluate.trials import bar
from hilum.datasets.organ_masks import unseen_samples
from hilum.datasets.tables import PICTURE_ENDINGS
from hilum.datasets.walk import files_below
from hilum.errors import DatasetError
from hilum.evaluation.anatomy.agreement import agreement_table, anatomy_agreement
from hilum.evaluation.anatomy.cases import measure_cases, summarise
from hilum.evaluation.anatomy.figures import as_plain_figures, figures_table


def measure_anatomy(data: Path, *, as_json: bool) -> None:
    """Compare outlines and the ratio with drawn masks, and print the figures.

    Pictures that trained or tuned the model are left out, and counted.
    """
    reader = load_registry()[1].anatomy()
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
    if not as_json:
        for name, figures in groups.items():
            typer.echo(f"\n{name}\n{figures_table(figures)}")
        return
    by_source = {
        name.removeprefix("all_"): as_plain_figures(figures)
        for name, figures in groups.items()
        if name != "all"
    }
    told = as_plain_figures(groups["all"]) | {"by_source": by_source, "left_out_as_seen": seen}
    typer.echo(json.dumps(told, indent=2))


def measure_agreement(folder: Path, sample: int | None, *, as_json: bool) -> None:
    """Compare outlines under changes with those of the unchanged film, and print the figures."""
    reader = load_registry()[1].anatomy()
    files = files_below(folder) if folder.is_dir() else []
    paths = [path for path in files if path.suffix.lower() in PICTURE_ENDINGS]
    if not paths:
        raise DatasetError(f"There are no pictures in {folder}.")
    report = anatomy_agreement(
        reader.read_many,
        Decoded(paths, reader.smallest_side_px),
        sample=sample,
        progress=bar("measuring changed films"),
    )
    typer.echo(report.model_dump_json(indent=2) if as_json else agreement_table(report))
