"""`hilum calibrate`."""

import re
from pathlib import Path
from typing import Annotated

import typer

from hilum.cli.common import console, load_registry, reader_called, show_progress
from hilum.cli.evaluate.options import Data, Model, SplitName, tell_caution
from hilum.models.site_profile import SITE_NAME
from hilum.words.counts import counted, first_few


def calibrate(
    model: Model,
    data: Data,
    split: SplitName = None,
    name: Annotated[
        str,
        typer.Option(
            help="Name of the site in every answer: lower-case letters, digits and hyphens, at "
            "most 24."
        ),
    ] = "site",
    to: Annotated[
        Path | None,
        typer.Option(
            help="File to write.", show_default="MODEL.NAME.json beside the bundle's folder"
        ),
    ] = None,
) -> None:
    """Fit calibration, operating points and prediction sets to labelled radiographs of one site.

    Writes a site profile, which the service uses if HILUM_SITE_PROFILES names it. Does not train,
    and does not change the bundle. Requires at least 50 radiographs, of at least 25 patients with
    the finding and 25 without it. Prints the figures before and after, and their differences, with
    95 % intervals.
    """
    if not re.fullmatch(SITE_NAME, name):
        raise typer.BadParameter(
            "Use lower-case letters, digits and hyphens, at most 24.", param_hint="--name"
        )
    import datetime as dt

    from hilum.datasets.card_splits import find_split
    from hilum.evaluation.calibration.profile import make_site_profile, site_table
    from hilum.evaluation.figures.outcomes import read_pictures
    from hilum.evaluation.model_under_test import model_under_test

    settings, registry = load_registry()
    reader = reader_called(model, settings, registry).without_site
    chosen = find_split(data, reader.bundle, split)
    tested = model_under_test(
        reader, registry.screener(needed=reader.reads_lung_field), limits=settings.limits
    )
    outcomes = read_pictures(
        chosen.films,
        tested.read,
        reader.card,
        progress=lambda paths: show_progress(paths, "reading"),
    )
    for words in chosen.films.cautions:
        tell_caution(words)
    for left_out, why in (
        (outcomes.left_out, "cannot be read"),
        (outcomes.refused, "would be refused by the service"),
    ):
        if left_out:
            names = first_few([each.name for each in left_out])
            films = counted(len(left_out), "radiograph")
            tell_caution(f"Left out, since they {why}: {films} ({names}).")
    today = dt.datetime.now(dt.UTC).date()
    profile = make_site_profile(outcomes, reader.bundle, site=name, created=today)
    typer.echo(site_table(profile, reader.card))
    folder = reader.bundle.folder
    path = to or folder.parent / f"{folder.name}.{name}.json"
    path.write_text(profile.model_dump_json(indent=2) + "\n", encoding="utf-8")
    console.print(f"Site profile: {path}. Set HILUM_SITE_PROFILES to it.", highlight=False)
