"""Unpack a downloaded archive: only wanted, regular files, only inside the folder."""

import gzip
import lzma
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from hilum.datasets.downloads.source import Place
from hilum.errors import DataSourceError

MAX_UNPACKED_BYTES = 16 << 30
"""No archive of the catalogue unpacks to a third of it: more is a bomb."""

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class _Member:
    path: PurePosixPath
    size_bytes: int
    open: Callable[[], IO[bytes]]


def unpack(
    archive: Path,
    into: Path,
    place: Place,
    *,
    report: Callable[[int], None] = lambda _: None,
) -> dict[str, int]:
    """Unpack the wanted members of a zip or gzipped tar archive.

    Reading to the end checks the archive's own CRC-32 sums: each unpacked member's in a zip, the
    whole stream's in a gzip.

    Parameters
    ----------
    into : Path
        Folder, made where it is missing.
    place : Place
        Where each member goes under `into`.
    report : callable
        Called with the bytes unpacked so far.

    Returns
    -------
    dict of str to int
        Size of each unpacked file by its POSIX path under `into`.

    Raises
    ------
    DataSourceError
        The archive is damaged, of another format, holds nothing that is wanted, holds two
        different files for one place, or tries to write outside its folder.
    """
    sums: dict[str, int] = {}
    sizes: dict[str, int] = {}
    unpacked_bytes = 0
    with _named_errors(archive.name):
        for member in _members(archive):
            unpacked_bytes += member.size_bytes
            if unpacked_bytes > MAX_UNPACKED_BYTES:
                raise DataSourceError(f"{archive.name} unpacks to more than any known data set.")
            where = place(member.path)
            if where is None:
                continue
            key = where.as_posix()
            with member.open() as stream:
                crc = _copy(stream, None if key in sums else into / where)
            if sums.setdefault(key, crc) != crc:
                raise DataSourceError(f"{archive.name} holds two different files named {key}.")
            sizes[key] = member.size_bytes
            report(unpacked_bytes)
    if not sizes:
        raise DataSourceError(f"{archive.name} holds no radiographs in the expected layout.")
    return sizes


def _copy(stream: IO[bytes], target: Path | None) -> int:
    """Write a member, or read it alone where the file is there already; give its CRC-32."""
    crc = 0
    if target is None:
        while chunk := stream.read(_CHUNK_BYTES):
            crc = zlib.crc32(chunk, crc)
        return crc
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        while chunk := stream.read(_CHUNK_BYTES):
            crc = zlib.crc32(chunk, crc)
            out.write(chunk)
    return crc


@contextmanager
def _named_errors(name: str) -> Iterator[None]:
    try:
        yield
    except (
        zipfile.BadZipFile,
        tarfile.TarError,
        gzip.BadGzipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        NotImplementedError,
    ) as error:
        raise DataSourceError(f"{name} is damaged and cannot be unpacked.") from error


def _members(archive: Path) -> Iterator[_Member]:
    with archive.open("rb") as stream:
        signature = stream.read(4)
    if signature[:2] == b"PK":
        return _zip_members(archive)
    if signature[:2] == b"\x1f\x8b":
        return _tar_members(archive)
    raise DataSourceError(f"{archive.name} is neither a zip nor a gzipped tar archive.")


def _zip_members(archive: Path) -> Iterator[_Member]:
    with zipfile.ZipFile(archive) as opened:
        for info in opened.infolist():
            path = _safe_path(info.filename, archive.name)
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise DataSourceError(f"{archive.name} holds a link or device: {path}.")
            if info.flag_bits & 0x1:
                raise DataSourceError(f"{archive.name} is encrypted.")
            if not info.is_dir():
                yield _Member(path, info.file_size, partial(opened.open, info))


def _tar_members(archive: Path) -> Iterator[_Member]:
    with gzip.open(archive) as stream, tarfile.open(fileobj=stream, mode="r|") as opened:
        for info in opened:
            path = _safe_path(info.name, archive.name)
            if not (info.isreg() or info.isdir()):
                raise DataSourceError(f"{archive.name} holds a link or device: {path}.")
            if info.isreg():
                yield _Member(path, info.size, partial(_open_tar_member, opened, info))
        # The tar reader stops at its last block; the gzip's CRC-32 comes after it.
        while stream.read(_CHUNK_BYTES):
            pass


def _open_tar_member(opened: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    stream = opened.extractfile(info)
    if stream is None:
        raise tarfile.ReadError(info.name)
    return stream


def _safe_path(name: str, archive_name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    drive = bool(path.parts) and ":" in path.parts[0]
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or drive:
        raise DataSourceError(
            f"{archive_name} contains a path outside its folder ({name!r}) and was not unpacked."
        )
    return path


def move_into(staged: Path, folder: Path, files: dict[str, int]) -> None:
    """Move unpacked files to their places and remove the folder they were staged in.

    Parameters
    ----------
    staged : Path
        On the same file system as `folder`.
    files : dict of str to int
        What `unpack` returned.
    """
    for name in files:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (staged / name).replace(target)
    shutil.rmtree(staged)
