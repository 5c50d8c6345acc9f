"""`hilum evaluate` for the anatomy model: outlines, ratio, kinds of images."""

import json
from collections.abc import Sequence
from pathlib import Path

import typer

from hilum.cli.common import console, load_registry, show_progress
from hilum.cli.evaluate.films import Decoded
from hilum.cli.evaluate.trials import bar
from hilum.datasets.anatomy_films import AnatomyFilm, film_hash, find_anatomy_films
from hilum.datasets.tables import PICTURE_ENDINGS
from hilum.datasets.walk import files_below
from hilum.errors import DatasetError
from hilum.evaluation.anatomy.agreement import agreement_table, anatomy_agreement
from hilum.evaluation.anatomy.figures import figures_table
from hilum.evaluation.anatomy.measured import measured_anatomy
from hilum.evaluation.anatomy.tables import as_plain_measured, children_table, pictures_table
from hilum.models.anatomy import AnatomyCard
from hilum.models.bundle import Bundle
from hilum.models.split_lists import read_split_lists


def measure_anatomy(data: Path, *, as_json: bool) -> None:
    """Compare outlines, ratio, age groups and views with the labels, and print the figures.

    Images used for training or tuning the model are left out and counted. All images of a kind that
    was left out of training are measured.
    """
    reader = load_registry()[1].anatomy()
    films = find_anatomy_films(data)
    unseen = _unseen_by(reader.bundle, films)
    seen = len(films) - len(unseen)
    if not unseen:
        raise DatasetError(f"All {seen} images in {data} were used to train or tune this model.")
    found = measured_anatomy(
        reader, unseen, "all", seed=0, progress=lambda some: show_progress(some, "measuring")
    )
    if seen:
        console.print(f"{seen} images used to train or tune this model were left out.")
    if as_json:
        numbers = as_plain_measured(found) | {"left_out_as_seen": seen}
        typer.echo(json.dumps(numbers, indent=2))
        return
    for name, figures in found.metrics.items():
        typer.echo(f"\n{name}\n{figures_table(figures)}")
    if found.children:
        typer.echo(f"\nchildren\n{children_table(found.children)}")
    typer.echo(f"\npictures\n{pictures_table(found.pictures)}")


def _unseen_by(bundle: Bundle[AnatomyCard], films: Sequence[AnatomyFilm]) -> list[AnatomyFilm]:
    """Films that neither trained nor tuned a model, in their order."""
    lists = read_split_lists(bundle) or {}
    used = lists.get("train", frozenset()) | lists.get("validation", frozenset())
    left_out = bundle.card.training.get("config", {}).get("left_out", ())
    return [film for film in films if film.kind in left_out or film_hash(film.path) not in used]


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
