"""The command `hilum`: root and short commands; longer ones have their own files."""

import json
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.markup import escape

from hilum import __version__
from hilum.api import Settings, create_app
from hilum.api.cross_origin import is_loopback
from hilum.api.holdings import migrate
from hilum.cli.calibrate import calibrate
from hilum.cli.check import check
from hilum.cli.common import console, load_registry
from hilum.cli.data import data
from hilum.cli.deidentify import deidentify
from hilum.cli.evaluate.app import evaluate_app
from hilum.cli.listen import listen
from hilum.cli.migrate_card import migrate_cards
from hilum.cli.pull import pull
from hilum.cli.read import read
from hilum.cli.report import report
from hilum.cli.search import search
from hilum.cli.train import train_app
from hilum.errors import HilumError, ImageError
from hilum.extras import how_to_get
from hilum.imaging import decode
from hilum.imaging.phantom import Zone, draw_phantom
from hilum.imaging.phantom_files import DICOM_ENDINGS, PICTURE_ENDINGS, as_file

app = typer.Typer(
    name="hilum",
    help="Read chest X-rays. For research and education; not a medical device.",
    no_args_is_help=True,
    # Joins the lines of a paragraph.
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(train_app, name="train")
app.command()(calibrate)
app.command()(check)
app.command()(data)
app.command()(listen)
app.command("migrate-card")(migrate_cards)
app.command()(pull)
app.command()(read)
app.command()(deidentify)
app.command()(report)
app.command()(search)


# The limits of the service.
_SIDE = typer.Option(min=32, max=8000, help="Size in pixels.")
_TILE_PX = 192
_TILES_A_SHEET = 40


def main() -> None:
    """Run the command; an expected error is a message and exit status 1."""
    try:
        app()
    except HilumError as exc:
        _end(str(exc))
    except ValidationError as exc:
        if exc.title != Settings.__name__:
            raise
        _end(_settings_errors(exc))
    except OSError as exc:
        # Such as a folder that cannot be written to or a full disk: path and message of the system.
        where = f"{exc.filename}: " if exc.filename else ""
        _end(f"{where}{exc.strerror or exc}")
    except ModuleNotFoundError as exc:
        if exc.name is None or exc.name.startswith("hilum"):
            raise
        _end(how_to_get(exc.name))


def _end(words: str) -> None:
    console.print(f"[bold red]Error:[/] {escape(words)}", highlight=False)
    sys.exit(1)


def _settings_errors(exc: ValidationError) -> str:
    """Errors of settings, with the names of the environment variables."""
    prefix = Settings.model_config["env_prefix"]
    errors = []
    for each in exc.errors():
        name = f"{prefix}{each['loc'][0]}: ".upper() if each["loc"] else ""
        errors.append(f"{name}{each['msg'].removeprefix('Value error, ')}")
    return "; ".join(errors)


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
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
) -> None:
    """Serve the page and the API."""
    import uvicorn

    from hilum.api.connections import ConnectionLimits, bounded_protocol
    from hilum.cli.log_format import server_log_config

    settings = Settings()
    if not is_loopback(host):
        if settings.secret is None and not settings.allow_unauthenticated:
            _end(
                f"{host} can be reached by others: set HILUM_TOKEN to a secret of 16 characters or "
                "more. Behind a proxy that authenticates, set HILUM_ALLOW_UNAUTHENTICATED=true."
            )
        if settings.allowed_origins is None:
            # Connections from this machine use a loopback address, too.
            settings = settings.model_copy(update={"allowed_origins": ()})
    _check_free(host, port)
    migrate(settings)
    limits = ConnectionLimits(settings.max_connections, settings.max_connections_per_address)
    scheme = "https" if settings.tls_certificate else "http"
    if scheme == "http" and not is_loopback(host):
        console.print(
            "[bold yellow]Without HTTPS:[/] films and the token can be read on the network. Set "
            "HILUM_TLS_CERTIFICATE and HILUM_TLS_KEY, or use a proxy with TLS.",
            highlight=False,
        )
    console.print(f"Hilum {__version__} on {scheme}://{host}:{port} (API: /docs). Ctrl-C stops it.")
    uvicorn.run(
        create_app(settings),
        host=host,
        port=port,
        http=bounded_protocol(limits.fitted()),
        log_config=server_log_config(),
        timeout_graceful_shutdown=30,
        # There are no web sockets here, and uvicorn would log their addresses whole.
        ws="none",
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=",".join(settings.trusted_proxies),
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
    )


def _check_free(host: str, port: int) -> None:
    """Exit if the address is in use; uvicorn reports it only after it has started the service."""
    try:
        with socket.create_server((host, port), family=_family(host)):
            pass
    except OSError as exc:
        _end(f"Port {port} of {host} cannot be used: {exc.strerror}. Choose another by --port.")


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


@app.command()
def openapi() -> None:
    """Print the API's OpenAPI document."""
    typer.echo(json.dumps(create_app().openapi(), indent=2))


@app.command()
def phantom(
    to: Annotated[
        Path,
        typer.Argument(help="File to write: a picture (.png, .jpg, …), or .dcm for DICOM."),
    ],
    rows: Annotated[int, _SIDE] = 1400,
    columns: Annotated[int, _SIDE] = 1800,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    opacity: Annotated[Zone | None, typer.Option(help="Zone in which to draw an opacity.")] = None,
) -> None:
    """Draw a synthetic chest phantom as JPEG, PNG or DICOM."""
    if to.suffix.lower() not in (*DICOM_ENDINGS, *PICTURE_ENDINGS):
        endings = ", ".join((*PICTURE_ENDINGS, *DICOM_ENDINGS))
        raise typer.BadParameter(f"The file's name ends in none of {endings}.", param_hint="TO")
    pixels = draw_phantom(rows, columns, seed=seed, opacity=opacity)
    to.write_bytes(as_file(pixels, to.suffix))


@app.command()
def look(
    pictures: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="A folder of radiographs.")
    ],
    to: Annotated[Path, typer.Option("--to", help="Folder for the sheets.")] = Path(".look"),
    count: Annotated[int, typer.Option(min=1, help="Number of pictures, chosen at random.")] = 100,
    seed: Annotated[int, typer.Option(min=0)] = 0,
) -> None:
    """Draw outlines of lungs and heart on contact sheets, to check them by eye.

    Never commit a sheet of patients' images.
    """
    import numpy as np

    from hilum.datasets.walk import files_below
    from hilum.evaluation.reports.contact_sheet import draw_tile, write_sheet

    settings, registry = load_registry()
    reader = registry.anatomy()
    paths = files_below(pictures)
    chosen = [paths[i] for i in np.random.default_rng(seed).permutation(len(paths))[:count]]
    tiles, doubted, unread = [], 0, 0
    for number, path in enumerate(chosen):
        try:
            radiograph = decode(path.read_bytes(), limits=settings.limits)
        except ImageError as exc:
            unread += 1
            console.print(f"{path}: {exc}", highlight=False, markup=False)
            continue
        anatomy = reader.read(radiograph)
        doubted += anatomy.measures is None
        tiles.append(draw_tile(radiograph, anatomy, label=str(number), side=_TILE_PX))
    to.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(tiles), _TILES_A_SHEET):
        path = to / f"sheet-{start // _TILES_A_SHEET}.png"
        write_sheet(tiles[start : start + _TILES_A_SHEET], path, across=8)
        typer.echo(str(path))
    typer.echo(f"{doubted} of {len(tiles)} were not measured")
    if unread:
        console.print(f"[bold red]{unread} of {len(chosen)} files could not be read.[/]")
        raise typer.Exit(1)
