"""Readings off the event loop: a bounded number at work, a bounded number waiting."""

import time
from dataclasses import dataclass
from typing import BinaryIO

import anyio
from anyio import CapacityLimiter

from hilum.api.problems import BUSY, EMPTY_FILE, ProblemError
from hilum.api.settings import Settings
from hilum.imaging import Radiograph, decode
from hilum.models import Reader, Reading, Registry


@dataclass(frozen=True, slots=True)
class TimedReading:
    """A reading, the radiograph it is of, and how long decoding and all of it took."""

    radiograph: Radiograph
    reading: Reading
    decode_ms: float
    total_ms: float


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

    async def read(self, file: BinaryIO, reader: Reader) -> TimedReading:
        """Read one uploaded file in a worker thread.

        Raises
        ------
        ProblemError
            Too many readings are waiting, or the file is empty.
        ImageError
            The file is no usable radiograph.
        """
        if self._pending >= self._max_pending:
            raise ProblemError(BUSY, "Too many readings are waiting. Send it again after a second.")
        self._pending += 1
        try:
            return await anyio.to_thread.run_sync(self._read, file, reader, limiter=self._limiter)
        finally:
            self._pending -= 1

    def _read(self, file: BinaryIO, reader: Reader) -> TimedReading:
        started = time.perf_counter()
        # The bytes enter memory here, not at the upload: no more of them than there are workers.
        file.seek(0, 2)
        self._limits.check_bytes(file.tell())
        file.seek(0)
        content = file.read()
        if not content:
            raise ProblemError(EMPTY_FILE, "The file has no content. Choose it again.")
        radiograph = decode(content, limits=self._limits, smallest_side_px=reader.smallest_side_px)
        decoded = time.perf_counter()
        reading = reader.read(radiograph)
        finished = time.perf_counter()
        return TimedReading(
            radiograph, reading, 1000 * (decoded - started), 1000 * (finished - started)
        )
