"""Settings of the store: its locations and rules."""

from dataclasses import dataclass, field
from pathlib import Path

from hilum.imaging import DecodeLimits
from hilum.store.database import sqlite_file
from hilum.store.outbox import Schedule
from hilum.store.processor import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Locations of a deployment's store.

    Attributes
    ----------
    database_url : str
        SQLAlchemy's; empty for an SQLite file in the folder.
    quarantine_bytes : int
        For what waits for a person; see `hilum.store.quarantine`.
    """

    folder: Path
    database_url: str = ""
    limits: DecodeLimits = field(default_factory=DecodeLimits)
    rules: Rules = field(default_factory=Rules)
    schedule: Schedule = field(default_factory=Schedule)
    quarantine_bytes: int = 2048 * 2**20

    @property
    def url(self) -> str:
        """Of the database."""
        return self.database_url or f"sqlite:///{self.folder / 'hilum.sqlite'}"

    @property
    def database_file(self) -> Path | None:
        """Of SQLite; None where the database has none."""
        return sqlite_file(self.url)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Folders of the files: spool, kept files and quarantine."""
        return tuple(self.folder / name for name in ("spool", "kept", "quarantine"))
