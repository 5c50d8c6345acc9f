"""Files that are written completely or not at all, readable by their owner only."""

import contextlib
import errno
import logging
import os
import time
from collections.abc import Container, Iterator
from pathlib import Path
from uuid import uuid4

from hilum.store.errors import FolderError, RefusalCode, RefusedError
from hilum.system_faults import folder_fault

logger = logging.getLogger(__name__)

_PART = ".part"
_OURS_ALONE = 0o700
_ABANDONED_SECONDS = 300


class FileStore:
    """A folder of files with random names.

    A file is written under another name, flushed to the disc and then renamed, and so is the
    folder's entry: a name that is there holds the whole file, after a power cut as well.

    Parameters
    ----------
    folder : Path
        Made where it lacks, for this user alone.

    Raises
    ------
    FolderError
        It cannot be made, or not be written to.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(mode=_OURS_ALONE, parents=True, exist_ok=True)
            is_usable = os.access(folder, os.R_OK | os.W_OK | os.X_OK)
        except OSError as exc:
            raise FolderError(exc.strerror or type(exc).__name__) from exc
        if not is_usable:
            raise FolderError(os.strerror(errno.EACCES))

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
            The disc is full or cannot be written to, or the folder is missing.
        """
        name = uuid4().hex
        path = self.folder / name
        part = path.with_suffix(_PART)
        try:
            _write(part, content)
            part.rename(path)
            _flush_folder(self.folder)
        except OSError as exc:
            self.remove(part.name, name)
            fault = folder_fault(exc)
            words = f"It cannot be kept: {fault}. Send it again later."
            raise RefusedError(RefusalCode.OUT_OF_RESOURCES, words, fault=fault) from exc
        return name

    def get(self, name: str) -> bytes:
        """Read a file whole.

        Raises
        ------
        FileNotFoundError
        """
        return (self.folder / name).read_bytes()

    def remove(self, *names: str | None) -> None:
        """Remove files; one that is not there is passed over, one that stays is swept later."""
        for name in filter(None, names):
            try:
                (self.folder / name).unlink(missing_ok=True)
            except OSError as exc:
                logger.warning("a file of %s/ stays: %s", self.folder.name, exc.strerror)

    def has(self, name: str) -> bool:
        """Whether there is a file of this name."""
        return (self.folder / name).is_file()

    def move(self, name: str, to: "FileStore") -> None:
        """Move a file to another folder, under the same name.

        Raises
        ------
        OSError
            It stays where it is: it is not there, or the other folder is on another disk.
        """
        (self.folder / name).rename(to.folder / name)
        _flush_folder(to.folder)
        _flush_folder(self.folder)

    def sweep(self, in_use: Container[str]) -> None:
        """Remove files left by a crash, complete or partial, whose names are not in use.

        Parameters
        ----------
        in_use : container of str
            Asked for before this is called: what is written since then is too young to be removed.
        """
        self.remove(*self.left_behind(in_use))

    def left_behind(self, in_use: Container[str]) -> list[str]:
        """Names of files that are not in use and were not written to for a while."""
        return [name for name in self._abandoned() if name not in in_use]

    def _abandoned(self) -> Iterator[str]:
        """Names of old files."""
        latest = time.time() - _ABANDONED_SECONDS
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
