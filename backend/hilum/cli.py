"""The command `hilum`."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hilum import __version__
from hilum.api import Settings, create_app
from hilum.errors import DatasetError, HilumError
from hilum.imaging import decode
from hilum.models import Registry

app = typer.Typer(
    name="hilum",
    help="Read chest X-rays. For research and education; not a medical device.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
train_app = typer.Typer(help="Train a model.", no_args_is_help=True)
app.add_typer(train_app, name="train")
evaluate_app = typer.Typer(help="Measure a model on data.", no_args_is_help=True)
app.add_typer(evaluate_app, name="evaluate")

_console = Console(stderr=True)


_TILE_PX = 192
_TILES_A_SHEET = 40


def main() -> None:
    """Run the command; an expected error is a message and exit status 1."""
    try:
        app()
    except HilumError as exc:
        _console.print(f"[bold red]Error:[/] {exc}", highlight=False)
        sys.exit(1)
    except ModuleNotFoundError as exc:
        if exc.name is None or exc.name.startswith("hilum"):
            raise
        _console.print(
            f"[bold red]Error:[/] this needs {exc.name}, which comes with the extra 'train': "
            "run `make train`, or pip install -e '.\\[train]'."
        )
        sys.exit(1)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


def _registry() -> tuple[Settings, Registry]:
    settings = Settings()
    return settings, Registry(
        settings.models_dir, default=settings.default_model, runtime=settings.runtime
    )


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Serve the page and the API."""
    import uvicorn

    _console.print(f"Hilum {__version__} on http://{host}:{port} (API: /docs). Ctrl-C stops it.")
    uvicorn.run(create_app(), host=host, port=port, timeout_graceful_shutdown=30)


@app.command()
def openapi() -> None:
    """Print the API's OpenAPI document."""
    typer.echo(json.dumps(create_app().openapi(), indent=2))


@app.command()
def read(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)],
    model: Annotated[str | None, typer.Option(help="Name of the model.")] = None,
) -> None:
    """Read radiographs and print a line of JSON for each."""
    settings, registry = _registry()
    reader = registry.reader(model)
    for path in files:
        radiograph = decode(
            path.read_bytes(), limits=settings.limits, smallest_side_px=reader.smallest_side_px
        )
        reading = reader.read(radiograph)
        probabilities = {
            read.finding.value: round(read.probability, 6) for read in reading.findings
        }
        typer.echo(json.dumps({"file": str(path), "decision": reading.decision, **probabilities}))


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
def data(
    name: Annotated[str, typer.Argument(help="chest_xray or nih_chestxray14.")],
    to: Annotated[Path, typer.Option("--to", help="Folder to put it in.")],
    origin: Annotated[
        str | None, typer.Option("--from", help="Another home of the data set, such as kaggle.")
    ] = None,
    parts: Annotated[
        str | None, typer.Option(help="Only these archives, such as 1,2 (nih_chestxray14).")
    ] = None,
) -> None:
    """Fetch a public data set from its home, resuming where it stopped."""
    from hilum.training.sources import fetch

    chosen = [int(part) for part in parts.split(",")] if parts else None
    folder = fetch(name, to, origin=origin, parts=chosen, console=_console)
    typer.echo(str(folder))


@app.command()
def look(
    pictures: Annotated[Path, typer.Argument(exists=True, help="A folder of radiographs.")],
    to: Annotated[Path, typer.Option("--to", help="Folder for the sheets.")] = Path(".look"),
    count: Annotated[int, typer.Option(help="How many, chosen at random.")] = 100,
    seed: int = 0,
) -> None:
    """Tile the anatomy's outlines over pictures, to look at; never commit such a sheet."""
    import numpy as np

    from hilum.evaluation.contact_sheet import draw_tile, write_sheet

    settings, registry = _registry()
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


@train_app.command("pneumonia")
def train_pneumonia(
    data: Annotated[Path, typer.Option(help="Folder of the chest_xray data set.")],
    out: Annotated[Path, typer.Option(help="Folder of the bundle to write.")] = Path(
        "ml_model/pneumonia"
    ),
    checkpoints: Annotated[Path, typer.Option(help="A killed run goes on from here.")] = Path(
        ".checkpoints/pneumonia"
    ),
    version: Annotated[str, typer.Option(help="Version of the bundle.")] = "dev",
    epochs: int = 24,
    seed: int = 20,
) -> None:
    """Train, calibrate, measure and write the pneumonia bundle."""
    from rich.progress import track

    from hilum.training.config import TrainingConfig
    from hilum.training.pneumonia import fit_pneumonia, load_splits, make_bundle

    config = TrainingConfig(epochs=epochs, seed=seed)
    splits = load_splits(
        data,
        config,
        progress=lambda paths, name: track(paths, f"reading {name}", console=_console),
    )
    fitted = fit_pneumonia(config, splits, checkpoints=checkpoints)
    card = make_bundle(fitted, splits, config, out, version=version)
    auroc = card.metrics["test"].auroc
    typer.echo(
        f"{out}: AUROC {auroc.value:.3f} ({auroc.low:.3f} to {auroc.high:.3f}) on "
        f"{card.metrics['test'].patients} patients that trained nothing"
    )


@train_app.command("anatomy")
def train_anatomy(
    data: Annotated[Path, typer.Option(help="Folder with jsrt/ and wingspan/.")],
    unmasked: Annotated[
        list[Path] | None,
        typer.Option(help="A folder of upright films that teach orientation; may be repeated."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the bundle to write.")] = Path(
        "ml_model/anatomy"
    ),
    checkpoints: Annotated[Path, typer.Option(help="A killed run goes on from here.")] = Path(
        ".checkpoints/anatomy"
    ),
    version: Annotated[str, typer.Option(help="Version of the bundle.")] = "dev",
    epochs: int = 24,
    seed: int = 20,
) -> None:
    """Train, measure and write the anatomy bundle."""
    from hilum.training.anatomy import train_anatomy_bundle
    from hilum.training.anatomy_fit import AnatomyConfig

    config = AnatomyConfig(epochs=epochs, seed=seed)
    card = train_anatomy_bundle(
        config, data, unmasked or [], out, checkpoints=checkpoints, version=version
    )
    figures = card.metrics["test"]
    overlap = ", ".join(f"{organ} {dice.value:.3f}" for organ, dice in figures.dice.items())
    ratio = figures.cardiothoracic_ratio.mae.value
    typer.echo(f"{out}: Dice {overlap}; ratio error {ratio:.3f} on {figures.images} test films")


@evaluate_app.command("anatomy")
def evaluate_anatomy(
    data: Annotated[Path, typer.Option(help="Folder with jsrt/ and wingspan/.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare outlines and the cardiothoracic ratio with drawn masks.

    Pictures that trained or tuned the model are left out, and counted.
    """
    from rich.progress import track

    from hilum.evaluation.anatomy import as_plain_figures, figures_table
    from hilum.training.anatomy import measure_cases, summarise, unseen_samples

    reader = _registry()[1].anatomy()
    samples, seen = unseen_samples(data, reader.card)
    if not samples:
        raise DatasetError(f"All {seen} radiographs in {data} trained this model.")
    cases = measure_cases(
        reader, samples, progress=lambda each: track(each, "measuring", console=_console)
    )
    groups = summarise(cases, "all")
    if seen:
        _console.print(f"{seen} radiographs trained or tuned this model and were left out.")
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
