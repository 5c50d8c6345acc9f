"""`hilum data`: download and verify public data sets and starting weights."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hilum.cli.common import console
from hilum.errors import DataSourceError

if TYPE_CHECKING:
    from hilum.datasets.downloads import Source


def data(
    name: Annotated[
        str,
        typer.Argument(
            help="Name of the data set or weights: chest_xray, nih_chestxray14, mobilenet_v2, …"
        ),
    ],
    to: Annotated[Path, typer.Option("--to", help="Destination folder.")],
    origin: Annotated[
        str | None,
        typer.Option("--from", help="Alternative source of the data set, such as kaggle."),
    ] = None,
    parts: Annotated[
        str | None, typer.Option(help="Only these archives, such as 1,2 (nih_chestxray14).")
    ] = None,
) -> None:
    """Download a public data set or starting weights; an interrupted download continues."""
    from hilum.datasets.downloads import fetch

    chosen = _numbers(parts) if parts else None
    folder = fetch(find_source(name), to, origin=origin, parts=chosen, console=console)
    typer.echo(str(folder))


def _numbers(parts: str) -> list[int]:
    try:
        return [int(part) for part in parts.split(",")]
    except ValueError:
        raise typer.BadParameter(
            f"{parts!r} are not numbers, such as 1,2.", param_hint="--parts"
        ) from None


def find_source(name: str) -> "Source":
    """Look up a data set, or starting weights, that can be downloaded.

    Raises
    ------
    DataSourceError
        The name is unknown.
    """
    sources = public_sources()
    try:
        return sources[name]
    except KeyError:
        known = ", ".join(sources)
        raise DataSourceError(
            f"There is no public data set named {name!r}. Known ones: {known}."
        ) from None


def public_sources() -> "dict[str, Source]":
    """All data sets and starting weights that can be downloaded, by name."""
    from hilum.architectures.classifiers import weights_sources
    from hilum.datasets.public import DATASETS

    fetched = [each.source for each in DATASETS.values() if each.source is not None]
    return {source.name: source for source in (*fetched, *weights_sources())}
