"""What the commands share."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track

from hilum.api import Settings
from hilum.models import Registry

console = Console(stderr=True)


def load_registry() -> tuple[Settings, Registry]:
    """Settings from the environment, and the models that they name."""
    settings = Settings()
    return settings, Registry(
        settings.models_dir, default=settings.default_model, runtime=settings.runtime
    )


def show_progress(paths: Sequence[Path], words: str) -> Iterable[Path]:
    """Go through paths with a bar beside these words."""
    return track(paths, words, console=console)
