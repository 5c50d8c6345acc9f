"""Options and functions that several commands use."""

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
    """Whether films that are not upright are rotated."""

    FILE = "file"
    AUTO = "auto"


Orient = Annotated[
    Orientation,
    typer.Option(
        help="auto: rotate a film that is upside down or on its side, and note the rotation; films "
        "are never mirrored."
    ),
]

PointOptions = Annotated[
    list[str] | None,
    typer.Option(
        "--operating-point",
        help="Operating point: youden, sensitivity:0.98, specificity:0.95 or a threshold such as "
        "0.4; for one finding with its code in front: effusion:0.4. Repeatable.",
    ),
]

ModelOptions = Annotated[
    list[str] | None,
    typer.Option(
        "--model",
        help="Name of the model, or name@version. Repeatable; the first model gives the main "
        "reading. auto: the models for the patient's age; all: all models. Default: the default "
        "of the service (HILUM_DEFAULT_MODEL).",
    ),
]

Language = Annotated[
    str | None, typer.Option(help="Language of the texts. Default: HILUM_LANGUAGE, or English.")
]

T = TypeVar("T")

console = Console(stderr=True)


def load_registry(
    *, in_background: bool = False, to_verify: bool = False
) -> tuple[Settings, Registry]:
    """Load the settings from the environment, and the models; see `Registry`.

    Parameters
    ----------
    to_verify : bool
        Load the models by `RuntimeName.verified`.
    """
    settings = Settings()
    return settings, Registry(
        settings.models_dir,
        default=settings.default_model,
        runtime=settings.runtime.verified if to_verify else settings.runtime,
        site_profiles=settings.site_profiles,
        in_background=in_background,
    )


def reader_called(name: str, settings: Settings, registry: Registry) -> Reader:
    """Find the reader of a model by its name or by the folder of its bundle.

    Raises
    ------
    UnknownModelError
        There is no model of that name and no bundle in that folder.
    BundleError
        It cannot be loaded.
    """
    if name not in registry.names and (Path(name) / CARD_FILE).is_file():
        return Reader(load_bundle(Path(name)), settings.runtime)
    return registry.reader(name)


def show_progress(things: Sequence[T], words: str) -> Iterable[T]:
    """Iterate with a progress bar and this text beside it."""
    return track(things, words, console=console)
