"""Readings off the event loop: a bounded number at work, a bounded number waiting."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, TypeVar

import anyio
from anyio import CapacityLimiter

from hilum.api.problems import BUSY, EMPTY_FILE, ProblemError
from hilum.api.settings import Settings
from hilum.imaging import Radiograph, decode
from hilum.models import Reader, Reading, Registry
from hilum.models.anatomy import Anatomy, AnatomyReader


@dataclass(frozen=True, slots=True)
class Steps:
    """Milliseconds: decoding, and all of it."""

    decode_ms: float
    total_ms: float


@dataclass(frozen=True, slots=True)
class TimedReading:
    """A reading, the radiograph it is of, its anatomy where asked for, and the time they took."""

    radiograph: Radiograph
    reading: Reading
    anatomy: Anatomy | None
    steps: Steps


@dataclass(frozen=True, slots=True)
class TimedAnatomy:
    """An anatomy, the radiograph it is of, and the time it took."""

    radiograph: Radiograph
    anatomy: Anatomy
    steps: Steps


T = TypeVar("T")


class ReadingRoom:
    """Where uploads are read.

    Parameters
    ----------
    settings : Settings
    registry : Registry
    """

    def __init__(self, settings: Settings, registry: Registry) -> None:
        self.registry = registry
        self.max_files = settings.max_files
        self._limits = settings.limits
        self._max_pending = settings.max_pending_readings
        self._pending = 0
        self._limiter = CapacityLimiter(settings.worker_threads)

    async def read(
        self, file: BinaryIO, reader: Reader, anatomy_reader: AnatomyReader | None = None
    ) -> TimedReading:
        """Read one uploaded file in a worker thread, and measure it where asked to.

        Raises
        ------
        ProblemError
            Too many readings are waiting, or the file is empty.
        ImageError
            The file is no usable radiograph.
        """
        return await self._in_worker(partial(self._read, file, reader, anatomy_reader))

    async def measure(self, file: BinaryIO, anatomy_reader: AnatomyReader) -> TimedAnatomy:
        """Measure one uploaded file in a worker thread; errors as `read`."""
        return await self._in_worker(partial(self._measure, file, anatomy_reader))

    async def _in_worker(self, work: Callable[[], T]) -> T:
        if self._pending >= self._max_pending:
            raise ProblemError(BUSY, "Too many readings are waiting. Send it again after a second.")
        self._pending += 1
        try:
            return await anyio.to_thread.run_sync(work, limiter=self._limiter)
        finally:
            self._pending -= 1

    def _read(
        self, file: BinaryIO, reader: Reader, anatomy_reader: AnatomyReader | None
    ) -> TimedReading:
        started = time.perf_counter()
        smallest = max(each.smallest_side_px for each in (reader, anatomy_reader) if each)
        radiograph = self._decode(file, smallest)
        decoded = time.perf_counter()
        reading = reader.read(radiograph)
        anatomy = anatomy_reader.read(radiograph) if anatomy_reader else None
        return TimedReading(radiograph, reading, anatomy, _steps(started, decoded))

    def _measure(self, file: BinaryIO, anatomy_reader: AnatomyReader) -> TimedAnatomy:
        started = time.perf_counter()
        radiograph = self._decode(file, anatomy_reader.smallest_side_px)
        decoded = time.perf_counter()
        anatomy = anatomy_reader.read(radiograph)
        return TimedAnatomy(radiograph, anatomy, _steps(started, decoded))

    def _decode(self, file: BinaryIO, smallest_side_px: int) -> Radiograph:
        # The bytes enter memory here, not at the upload: no more of them than there are workers.
        file.seek(0, 2)
        self._limits.check_bytes(file.tell())
        file.seek(0)
        content = file.read()
        if not content:
            raise ProblemError(EMPTY_FILE, "The file has no content. Choose it again.")
        return decode(content, limits=self._limits, smallest_side_px=smallest_side_px)


def _steps(started: float, decoded: float) -> Steps:
    return Steps(1000 * (decoded - started), 1000 * (time.perf_counter() - started))
