"""Files that are whole or not there, readable by their owner alone."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from hilum.store.errors import RefusalCode, RefusedError

_PART = ".part"
_OURS_ALONE = 0o700


class FileStore:
    """A folder of files under names that say nothing.

    A file is written under another name, flushed to the disc and then renamed, and so is the
    folder's entry: a name that is there holds the whole file, after a power cut as well.

    Parameters
    ----------
    folder : Path
        Made where it lacks, for this user alone.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=_OURS_ALONE, parents=True, exist_ok=True)

    def put(self, content: bytes) -> str:
        """Keep bytes, durably.

        Parameters
        ----------
        content : bytes

        Returns
        -------
        str
            Their name here.

        Raises
        ------
        RefusedError
            The disc is full or cannot be written to.
        """
        name = uuid4().hex
        path = self.folder / name
        part = path.with_suffix(_PART)
        try:
            _write(part, content)
            part.rename(path)
            _flush_folder(self.folder)
        except OSError as exc:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise RefusedError(
                RefusalCode.OUT_OF_RESOURCES, "There is no room to keep this. Try again later."
            ) from exc
        return name

    def get(self, name: str) -> bytes:
        """Read a file whole.

        Raises
        ------
        FileNotFoundError
        """
        return (self.folder / name).read_bytes()

    def remove(self, *names: str | None) -> None:
        """Remove files; those that are not there are passed over."""
        for name in names:
            if name:
                (self.folder / name).unlink(missing_ok=True)

    def abandoned(self, older_than_seconds: float) -> Iterator[str]:
        """Names of files, whole or in part, that nobody has written to for so long."""
        latest = time.time() - older_than_seconds
        for path in self.folder.iterdir():
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < latest:
                    yield path.name


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
