"""Films of any number in one file, decoded once, and read again as training needs them."""

import errno
import hashlib
import json
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hilum.imaging import Box, Preprocessing
from hilum.models import Screener
from hilum.training.classifier.films import Films, Loaded, load_film

_LEVELS = 65535
"""Steps of grey in the file: finer than any display's, and half of float32's size."""

_EMPTY, _FILM, _UNREADABLE = 0, 1, 2
INDEX = np.dtype([("state", "u1"), ("box", "<f8", (4,))])
"""Entry of one film in the file that lists which are stored."""

_AHEAD = 4
"""Films decoded ahead of the one that is written, for each thread."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Images in a file, each read when it is asked for; they stand in for an array.

    Attributes
    ----------
    path : Path
    record : dtype
        Of one film.
    field : str
        Field of the record.
    rows : ndarray of int
        Records of these images.
    """

    path: Path
    record: np.dtype[np.void]
    field: str
    rows: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int | np.integer[Any] | Sequence[int] | NDArray[np.intp]) -> Any:
        """One image, shape (side, side); or `Rows` of several indices."""
        if not isinstance(index, (int, np.integer)):
            return Rows(self.path, self.record, self.field, self.rows[np.asarray(index)])
        stored = self._stored(int(self.rows[index]))
        if self.field == "picture":
            return np.asarray(stored, dtype=np.float32) / np.float32(_LEVELS)
        side = self.record["picture"].shape[0]
        return np.unpackbits(stored, count=side * side).reshape(side, side)

    def _stored(self, row: int) -> NDArray[Any]:
        # Not mapped into memory: mapped pages would count as the process's own.
        record = np.empty((), dtype=self.record)[self.field]
        offset = row * self.record.itemsize + _offset(self.record, self.field)
        with self.path.open("rb", buffering=0) as file:
            data = os.pread(file.fileno(), record.nbytes, offset)
        return np.frombuffer(data, dtype=record.dtype).reshape(record.shape)


def _offset(record: np.dtype[np.void], field: str) -> int:
    assert record.fields is not None
    return int(record.fields[field][1])


def pack_films(
    paths: Sequence[Path],
    how: Preprocessing,
    screener: Screener | None,
    file: Path,
    *,
    progress: Iterable[Path] | None = None,
    threads: int | None = None,
) -> tuple[Films, list[int]]:
    """Load films as `hilum.training.classifier.films.load_films` does, into a file.

    Memory does not grow with their number. A file that was begun, also by a killed run, is
    continued; one of other films, or made in another way, is made again.

    Parameters
    ----------
    file : Path
        In a folder with room for about 2.1 bytes a pixel. Two small files beside it describe it
        and list what is stored.
    threads : int, optional
        Films decoded at the same time; by default as many as there are processors.

    Returns
    -------
    Films
        With `Rows` in place of arrays.
    list of int
        Which of `paths` cannot be decoded.
    """
    side = how.sampled_px or how.input_size_px
    record = np.dtype([("picture", "<u2", (side, side)), ("chest", "u1", (-(-side * side // 8),))])
    listed = file.with_suffix(".index")
    _begin(file, len(paths), record, _described(paths, how, screener))
    missing = np.flatnonzero(np.fromfile(listed, INDEX)["state"] == _EMPTY)
    with file.open("r+b", buffering=0) as films, listed.open("r+b", buffering=0) as index:
        found = _ahead(progress or paths, set(missing.tolist()), how, screener, threads)
        for at, film in found:
            entry = np.zeros((), dtype=INDEX)
            entry["state"] = _UNREADABLE
            if film is not None:
                stored = np.zeros((), dtype=record)
                stored["picture"] = np.rint(film.picture * _LEVELS)
                stored["chest"] = np.packbits(film.chest)
                _write(films, stored.tobytes(), at * record.itemsize)
                entry["state"], entry["box"] = _FILM, film.box
            # After its film: what is listed is complete.
            _write(index, entry.tobytes(), at * INDEX.itemsize)
    entries = np.fromfile(listed, INDEX)
    rows = np.flatnonzero(entries["state"] == _FILM)
    boxes = [Box(*box) for box in entries["box"][rows].tolist()]
    chests = None if how.sampled_px is None else Rows(file, record, "chest", rows)
    films_of = Films(Rows(file, record, "picture", rows), boxes, chests)
    return films_of, np.flatnonzero(entries["state"] == _UNREADABLE).tolist()


def _write(file: RawIOBase, data: bytes, offset: int) -> None:
    """Write all of it, or raise: a full disk takes a part of it without an error."""
    if os.pwrite(file.fileno(), data, offset) < len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _ahead(
    paths: Iterable[Path],
    wanted: set[int],
    how: Preprocessing,
    screener: Screener | None,
    threads: int | None,
) -> Iterator[tuple[int, Loaded | None]]:
    """The wanted films in their order, decoded in threads a few ahead."""
    count = threads or os.cpu_count() or 1
    waiting: deque[tuple[int, Future[Loaded | None]]] = deque()
    with ThreadPoolExecutor(count) as pool:
        for index, path in enumerate(paths):
            if index not in wanted:
                continue
            waiting.append((index, pool.submit(load_film, path, how, screener)))
            if len(waiting) >= _AHEAD * count:
                done, future = waiting.popleft()
                yield done, future.result()
        for done, future in waiting:
            yield done, future.result()


def _described(
    paths: Sequence[Path], how: Preprocessing, screener: Screener | None
) -> dict[str, str]:
    """What the file is made of: it is made again if anything of it changes."""
    listed = hashlib.sha256()
    for path in paths:
        status = path.stat() if path.exists() else None
        of_file = (status.st_size, status.st_mtime_ns) if status else None
        listed.update(f"{path.name} {of_file}\n".encode())
    return {
        "films": listed.hexdigest(),
        "preprocessing": how.model_dump_json(include={"sampled_px", "input_size_px", "fit"}),
        "anatomy": screener.anatomy_reader.bundle.sha256 if screener else "",
    }


def _begin(file: Path, count: int, record: np.dtype[np.void], described: dict[str, str]) -> None:
    """Make the files of `count` empty records, unless they are there."""
    beside = file.with_suffix(".json")
    sizes = {file: count * record.itemsize, file.with_suffix(".index"): count * INDEX.itemsize}
    is_same = (
        beside.is_file()
        and json.loads(beside.read_text(encoding="utf-8")) == described
        and all(each.is_file() and each.stat().st_size == size for each, size in sizes.items())
    )
    if is_same:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    beside.unlink(missing_ok=True)
    for each, size in sizes.items():
        with each.open("wb") as opened:
            # Zeros, which are empty records, and which take no room until they are written.
            opened.truncate(size)
    beside.write_text(json.dumps(described), encoding="utf-8")
