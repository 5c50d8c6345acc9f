"""Readiness of a store: its database, folders and disk space."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hilum.store.database import Database, stored_database_fault
from hilum.store.settings import StoreSettings

_LEAST_FREE_BYTES = 64 * 2**20
"""The largest film by default (`DecodeLimits`)."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a deployment.

    Attributes
    ----------
    fault : str or None
        A clause that says what keeps it from its work; None where nothing does.
    """

    name: str
    fault: str | None = None


def store_parts(settings: StoreSettings, database: Database | None = None) -> tuple[Part, ...]:
    """Look at a store, and make nothing.

    Parameters
    ----------
    database : Database, optional
        The store's own, where it is open. Without it, the database is looked at as it is stored:
        an SQLite file is then gone through whole.

    Returns
    -------
    tuple of Part
        Of one part alone where there is no store yet: it is made when it is first needed.
    """
    file = settings.database_file
    folders = settings.folders
    if database is None and not any(map(Path.exists, (*folders, *([file] if file else [])))):
        place = _first_that_is_there(settings.folder)
        return (Part("store, which is not made yet", _folder_fault(place) or _room([place])),)
    fault = stored_database_fault(settings.url) if database is None else database.fault()
    return (
        Part("database", fault),
        *(Part(f"folder {each.name}", _folder_fault(each)) for each in folders),
        Part("disk", _room([*folders, *([file.parent] if file else [])])),
    )


def _folder_fault(folder: Path) -> str | None:
    if not folder.is_dir():
        return f"the folder {folder.name} of the store is not there"
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return f"the folder {folder.name} of the store cannot be written to"
    return None


def _room(folders: Sequence[Path]) -> str | None:
    """Room on the disks that these are on, those that are not there left out."""
    free = (shutil.disk_usage(each).free for each in folders if each.is_dir())
    if min(free, default=_LEAST_FREE_BYTES) < _LEAST_FREE_BYTES:
        return f"the disk has under {_LEAST_FREE_BYTES / 2**20:.0f} MB left"
    return None


def _first_that_is_there(folder: Path) -> Path:
    return next(each for each in (folder, *folder.absolute().parents) if each.is_dir())
