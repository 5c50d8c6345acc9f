"""What the commands share."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import track

from hilum.api import Settings
from hilum.models import Reader, Registry, load_bundle
from hilum.models.bundle import CARD_FILE


class Orientation(StrEnum):
    """Whether films that do not lie upright are turned."""

    FILE = "file"
    AUTO = "auto"


Orient = Annotated[
    Orientation,
    typer.Option(
        help="auto: turn a film that lies on its side or upside down, and mark it; never mirrored."
    ),
]

PointOptions = Annotated[
    list[str] | None,
    typer.Option(
        "--operating-point",
        help="youden, sensitivity:0.98, specificity:0.95 or 0.4; for one finding alone with its "
        "code before it: effusion:0.4. Repeatable.",
    ),
]

ModelOptions = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        help="Name of the model, or name@version. Repeatable: the first one's reading is the main "
        "one.",
    ),
]

Language = Annotated[
    str | None, typer.Option(help="Language of the texts. Default: HILUM_LANGUAGE, or English.")
]

T = TypeVar("T")

console = Console(stderr=True)


def load_registry(*, in_background: bool = False) -> tuple[Settings, Registry]:
    """Settings from the environment, and the models that they name; see `Registry`."""
    settings = Settings()
    return settings, Registry(
        settings.models_dir,
        default=settings.default_model,
        runtime=settings.runtime,
        in_background=in_background,
    )


def reader_called(name: str, settings: Settings, registry: Registry) -> Reader:
    """The reader of a model, by its name or by the folder of its bundle.

    Raises
    ------
    UnknownModelError
        There is neither a model of that name nor a bundle there.
    BundleError
        It cannot be loaded.
    """
    if name not in registry.names and (Path(name) / CARD_FILE).is_file():
        return Reader(load_bundle(Path(name)), settings.runtime)
    return registry.reader(name)


def show_progress(things: Sequence[T], words: str) -> Iterable[T]:
    """Go through things with a bar beside these words."""
    return track(things, words, console=console)
