"""The steps of ``hilum data``: download, verify, unpack, move into place."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from hilum.datasets.downloads.archive import move_into, unpack
from hilum.datasets.downloads.download import download, new_client
from hilum.datasets.downloads.kaggle import read_token
from hilum.datasets.downloads.receipts import FOLDER, count_fetched, has_receipt, write_receipt
from hilum.datasets.downloads.source import Origin, RemoteFile, Source
from hilum.errors import DataSourceError


def fetch(
    source: Source,
    to: Path,
    *,
    origin: str | None = None,
    parts: Sequence[int] | None = None,
    console: Console | None = None,
) -> Path:
    """Download the missing parts of a public data set.

    Parameters
    ----------
    to : Path
        Folder to put the data set's folder in. Archives come here too and are removed once
        unpacked; one that was saved here by hand under its own name is used.
    origin : str or None
        Where from, the data set's first origin by default.
    parts : sequence of int or None
        Which archives, from 1; all by default.
    console : Console or None
        Where to write.

    Returns
    -------
    Path
        The data set's folder.

    Raises
    ------
    DataSourceError
        What was asked for does not exist, could not be fetched or verified, or would be mixed
        with other files.
    """
    console = console or Console()
    chosen = _choose_origin(source, origin)
    archives = _choose_archives(source, chosen, parts)
    folder = to / source.name
    present = _find_complete(source, folder, chosen, archives, whole=parts is None)
    if present is not None:
        console.print(
            f"{source.name} is already present and verified, from {present.name}: nothing to do."
        )
        return folder
    _refuse_to_mix(source, chosen, folder)
    auth = read_token() if chosen.needs_kaggle_token else None
    console.print(f"{source.title}\nLicence: {source.licence}\nCite: {source.citation}")
    with _named_disk_errors(), new_client() as client, _progress(console) as progress:
        run = _Run(chosen, folder, client, progress, auth)
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
        for table in chosen.tables:
            run.bring(table, folder)
        for archive in archives:
            if count_fetched(folder, archive) is None:
                run.bring_unpacked(archive)
    _sum_up(source, chosen, folder, archives, console)
    return folder


@dataclass(frozen=True, slots=True)
class _Run:
    """State shared by the steps of one run."""

    origin: Origin
    folder: Path
    client: httpx2.Client
    progress: Progress
    auth: tuple[str, str] | None

    def bring(self, remote: RemoteFile, folder: Path) -> Path:
        """Download one file; if that fails, name alternatives in the error."""
        task = self.progress.add_task(remote.filename, total=remote.size_bytes)
        try:
            return download(
                remote,
                folder / remote.filename,
                client=self.client,
                report=lambda done, total: self.progress.update(task, completed=done, total=total),
                auth=self.auth,
            )
        except DataSourceError as error:
            place = "DIR" if folder != self.folder else f"DIR/{folder.name}"
            raise DataSourceError(
                f"{error}\nTo download it by hand, save it from {self.origin.homepage} as "
                f"{place}/{remote.filename}, where DIR is the folder given with --to, and run the "
                "command again."
            ) from error

    def bring_unpacked(self, archive: RemoteFile) -> None:
        """Download one archive and unpack it into place."""
        _check_space(archive, self.folder.parent)
        path = self.bring(archive, self.folder.parent)
        staged = self.folder / FOLDER / "unpacking"
        shutil.rmtree(staged, ignore_errors=True)
        task = self.progress.add_task(f"unpacking {archive.filename}", total=None)
        try:
            files = unpack(
                path,
                staged,
                self.origin.place,
                report=lambda done: self.progress.update(task, completed=done),
            )
        except DataSourceError:
            # With no checksum to tell, a kept bad archive would fail in the same way for ever.
            if archive.checksum is None:
                path.unlink()
            shutil.rmtree(staged, ignore_errors=True)
            raise
        move_into(staged, self.folder, files)
        write_receipt(self.folder, self.origin, archive, files)
        path.unlink()
        done = sum(files.values())
        self.progress.update(task, completed=done, total=done)


def _choose_origin(source: Source, wanted: str | None) -> Origin:
    for origin in source.origins:
        if wanted in (None, origin.name):
            return origin
    known = ", ".join(origin.name for origin in source.origins)
    raise DataSourceError(f"{source.name} cannot be fetched from {wanted!r}, only from: {known}.")


def _choose_archives(
    source: Source, origin: Origin, parts: Sequence[int] | None
) -> tuple[RemoteFile, ...]:
    if parts is None:
        return origin.archives
    last = len(origin.archives)
    if not parts or not all(1 <= part <= last for part in parts):
        raise DataSourceError(f"The parts of {source.name} are numbered from 1 to {last}.")
    return tuple(origin.archives[part - 1] for part in sorted(set(parts)))


def _find_complete(
    source: Source, folder: Path, chosen: Origin, archives: Sequence[RemoteFile], *, whole: bool
) -> Origin | None:
    """Find the origin that nothing is missing from; the whole set may have come from any."""
    wanted = [(chosen, archives)]
    if whole:
        wanted = [(origin, origin.archives) for origin in source.origins]
    for origin, needed in wanted:
        if all(count_fetched(folder, archive) is not None for archive in needed) and all(
            _is_intact(folder, table) for table in origin.tables
        ):
            return origin
    return None


def _is_intact(folder: Path, table: RemoteFile) -> bool:
    path = folder / table.filename
    return path.is_file() and path.stat().st_size == table.size_bytes


def _refuse_to_mix(source: Source, chosen: Origin, folder: Path) -> None:
    """Leave alone what this command did not put there, or put there from another origin."""
    kept = {FOLDER, *(table.filename for table in chosen.tables)}
    if (
        folder.exists()
        and not (folder / FOLDER).exists()
        and any(entry.name not in kept for entry in folder.iterdir())
    ):
        raise DataSourceError(
            f"The folder {source.name} already holds files that were not fetched by this command. "
            "Use them as they are, or give another folder with --to."
        )
    for origin in source.origins:
        if origin is not chosen and any(has_receipt(folder, each) for each in origin.archives):
            raise DataSourceError(
                f"The folder {source.name} came from {origin.name} and files of it are missing: "
                f"fetch it with --from {origin.name} again, or give another folder with --to."
            )


def _check_space(archive: RemoteFile, folder: Path) -> None:
    """Refuse before the download what would fill the disk: the archive and its pictures."""
    if archive.size_bytes is None:
        return
    needed = 2 * archive.size_bytes
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DataSourceError(
            f"{archive.filename} needs {needed / 1e9:.1f} GB of free space while it is fetched "
            f"and unpacked; there are {free / 1e9:.1f} GB."
        )


def _sum_up(
    source: Source,
    origin: Origin,
    folder: Path,
    archives: Sequence[RemoteFile],
    console: Console,
) -> None:
    for table in () if origin.archives else origin.tables:
        console.print(f"{folder / table.filename}: verified.")
    if not origin.archives:
        return
    counts = [count_fetched(folder, archive) for archive in archives]
    pictures = sum(count or 0 for count in counts)
    console.print(f"{source.name}: {pictures:,} radiographs.")
    if any(archive.checksum is None for archive in archives):
        console.print(
            f"{origin.name} publishes no checksum: the archive was verified by its own CRC-32 "
            "sums alone."
        )
    if len(archives) == len(origin.archives) and pictures != source.pictures:
        console.print(
            f"[yellow]The complete set is published to have {source.pictures:,}.[/yellow]"
        )


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
    )


@contextmanager
def _named_disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DataSourceError(
            f"The data set could not be written: {error.strerror or 'the disk failed'}."
        ) from error
