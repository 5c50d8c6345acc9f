"""Earlier names and defaults of settings, which are still accepted, and empty ones."""

import warnings
from pathlib import Path

from pydantic_settings import BaseSettings, EnvSettingsSource

RENAMED = {
    "HILUM_READERS": "HILUM_PROCESSOR_WORKERS",
    "HILUM_REPORT_LANGUAGE": "HILUM_LANGUAGE",
}
"""New names by old ones. An old one is taken, with a warning, where the new one is not set."""

_DATA = Path(__file__).resolve().parents[3] / "data"
STORE, EARLIER_STORE = _DATA / "store", _DATA / "worklist"
"""The default folder of the store, and the one of earlier versions."""


class RenamingEnvSource(EnvSettingsSource):
    """The environment, with new names of settings in place of old ones, without empty paths."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        super().__init__(settings_cls)
        # Its names are in lower case.
        variables = dict(self.env_vars)
        for old, new in RENAMED.items():
            value = variables.pop(old.lower(), None)
            if value is None:
                continue
            is_both = new.lower() in variables
            variables.setdefault(new.lower(), value)
            _warn(
                f"{old} is now {new}. {f'Both are set: {new} is used' if is_both else 'Rename it'}."
            )
        for name, field in settings_cls.model_fields.items():
            # An empty path would be the current folder.
            key = f"{self.env_prefix}{name}".lower()
            if field.annotation in (Path, Path | None) and variables.get(key) == "":
                del variables[key]
        self.env_vars = variables


def default_store() -> Path:
    """Default folder of the store: the earlier one if only that one exists."""
    return EARLIER_STORE if EARLIER_STORE.exists() and not STORE.exists() else STORE


def warn_of_earlier_store(folder: Path) -> None:
    """Warn if the default folder is the one of earlier versions."""
    if folder == EARLIER_STORE:
        _warn(
            "The folder data/worklist is used. The default of HILUM_STORE is now data/store: stop "
            "Hilum and rename the folder, or set HILUM_STORE to data/worklist."
        )


def _warn(words: str) -> None:
    # The category that Python shows to those who run a program, once for each text.
    warnings.warn(words, FutureWarning, stacklevel=3)
