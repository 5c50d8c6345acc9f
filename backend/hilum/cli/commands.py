"""The command `hilum`: serving, looking; the larger ones have files of their own."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from hilum import __version__
from hilum.api import Settings, create_app
from hilum.api.cross_origin import is_loopback
from hilum.api.holdings import migrate
from hilum.cli.common import console, load_registry
from hilum.cli.data import data
from hilum.cli.deidentify import deidentify
from hilum.cli.evaluate import evaluate
from hilum.cli.listen import listen
from hilum.cli.pull import pull
from hilum.cli.read import read
from hilum.cli.report import report
from hilum.cli.search import search
from hilum.cli.train import train_app
from hilum.errors import HilumError
from hilum.extras import how_to_get
from hilum.imaging import decode

app = typer.Typer(
    name="hilum",
    help="Read chest X-rays. For research and education; not a medical device.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(train_app, name="train")
app.command()(data)
app.command()(evaluate)
app.command()(listen)
app.command()(pull)
app.command()(read)
app.command()(deidentify)
app.command()(report)
app.command()(search)


_TILE_PX = 192
_TILES_A_SHEET = 40


def main() -> None:
    """Run the command; an expected error is a message and exit status 1."""
    try:
        app()
    except HilumError as exc:
        console.print(f"[bold red]Error:[/] {escape(str(exc))}", highlight=False)
        sys.exit(1)
    except ModuleNotFoundError as exc:
        if exc.name is None or exc.name.startswith("hilum"):
            raise
        console.print(f"[bold red]Error:[/] {escape(how_to_get(exc.name))}", highlight=False)
        sys.exit(1)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Serve the page and the API."""
    import uvicorn

    settings = Settings()
    if settings.allowed_origins is None and not is_loopback(host):
        # A connection from this machine comes by a loopback address here, too.
        settings = settings.model_copy(update={"allowed_origins": ()})
    migrate(settings)
    console.print(f"Hilum {__version__} on http://{host}:{port} (API: /docs). Ctrl-C stops it.")
    # There are no web sockets here, and uvicorn would log their addresses whole.
    uvicorn.run(create_app(settings), host=host, port=port, timeout_graceful_shutdown=30, ws="none")


@app.command()
def openapi() -> None:
    """Print the API's OpenAPI document."""
    typer.echo(json.dumps(create_app().openapi(), indent=2))


@app.command()
def phantom(
    to: Annotated[Path, typer.Argument(help="Where to write the picture (.png or .jpg).")],
    rows: int = 1400,
    columns: int = 1800,
    seed: int = 0,
    opacity: Annotated[
        str | None, typer.Option(help="right_upper, right_lower, left_upper, left_lower or both.")
    ] = None,
) -> None:
    """Draw a chest phantom, to try things with: it is of nobody."""
    import numpy as np
    from PIL import Image

    from hilum.imaging.phantom import draw_phantom

    pixels = draw_phantom(rows, columns, seed=seed, opacity=opacity)  # type: ignore[arg-type]
    Image.fromarray(np.uint8(np.round(255 * pixels))).save(to)


@app.command()
def look(
    pictures: Annotated[Path, typer.Argument(exists=True, help="A folder of radiographs.")],
    to: Annotated[Path, typer.Option("--to", help="Folder for the sheets.")] = Path(".look"),
    count: Annotated[int, typer.Option(help="How many, chosen at random.")] = 100,
    seed: int = 0,
) -> None:
    """Tile the anatomy's outlines over pictures, to look at; never commit such a sheet."""
    import numpy as np

    from hilum.evaluation.reports.contact_sheet import draw_tile, write_sheet

    settings, registry = load_registry()
    reader = registry.anatomy()
    paths = sorted(path for path in pictures.rglob("*") if path.is_file())
    chosen = [paths[i] for i in np.random.default_rng(seed).permutation(len(paths))[:count]]
    tiles, doubted = [], 0
    for number, path in enumerate(chosen):
        radiograph = decode(path.read_bytes(), limits=settings.limits)
        anatomy = reader.read(radiograph)
        doubted += anatomy.measures is None
        tiles.append(draw_tile(radiograph, anatomy, label=str(number), side=_TILE_PX))
    to.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(tiles), _TILES_A_SHEET):
        path = to / f"sheet-{start // _TILES_A_SHEET}.png"
        write_sheet(tiles[start : start + _TILES_A_SHEET], path, across=8)
        typer.echo(str(path))
    typer.echo(f"{doubted} of {len(chosen)} were not measured")
