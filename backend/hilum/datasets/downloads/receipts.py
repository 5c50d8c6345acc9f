"""Records of verified downloads, so that they are not repeated."""

import json
from pathlib import Path

from hilum.datasets.downloads.source import Origin, RemoteFile

FOLDER = ".hilum"
"""Under the data set's folder: receipts, and what is being unpacked."""


def write_receipt(folder: Path, origin: Origin, archive: RemoteFile, files: dict[str, int]) -> None:
    """Note that an archive's files are in their places.

    Parameters
    ----------
    folder : Path
        The data set's folder.
    files : dict of str to int
        Size in bytes by path under `folder`.
    """
    receipt = {
        "origin": origin.name,
        "url": archive.url,
        "checksum": ":".join(archive.checksum) if archive.checksum else None,
        "files": files,
    }
    path = _path(folder, archive)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(receipt), encoding="utf-8")


def count_fetched(folder: Path, archive: RemoteFile) -> int | None:
    """Count an archive's files, where all of them are still there with their sizes.

    Parameters
    ----------
    folder : Path
        The data set's folder.

    Returns
    -------
    int or None
        None where the archive was not fetched, or a file has gone or changed its size since.
    """
    try:
        files = json.loads(_path(folder, archive).read_text(encoding="utf-8"))["files"]
        intact = all((folder / name).stat().st_size == size for name, size in files.items())
    except (OSError, ValueError, KeyError):
        return None
    return len(files) if intact else None


def has_receipt(folder: Path, archive: RemoteFile) -> bool:
    """Say whether an archive was fetched once, whatever became of its files.

    Parameters
    ----------
    folder : Path
        The data set's folder.
    """
    return _path(folder, archive).exists()


def _path(folder: Path, archive: RemoteFile) -> Path:
    return folder / FOLDER / f"{archive.filename}.json"
