"""Readings outside the event loop, with a limited number in progress and waiting."""

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import anyio
from anyio import CapacityLimiter

from hilum.api.client_address import CLIENT
from hilum.api.evidence_schemas import EvidenceAnswer, EvidencePart
from hilum.api.fair_limiter import FairLimiter
from hilum.api.problems import BUSY, EMPTY_FILE, ProblemError
from hilum.api.settings import Settings
from hilum.imaging import Radiograph, decode
from hilum.imaging.film_warning import FilmWarning, FilmWarningCode
from hilum.isolation import CANCELLATION, Cancellation, Content, FileContent, Isolation
from hilum.models import PipelineResult, Registry, Screener, read_file
from hilum.models.anatomy import Anatomy, AnatomyReader
from hilum.models.in_progress import READINGS
from hilum.models.reading_models import ReadingModels
from hilum.models.suitability import ReasonCode
from hilum.reporting.forms import Format
from hilum.words.catalogue import Catalogue

if TYPE_CHECKING:
    from hilum.reporting.outputs import Output


@dataclass(frozen=True, slots=True)
class Request:
    """Options for reading a file.

    Attributes
    ----------
    words : Catalogue
        Of the texts in the answer.
    is_forced : bool
        Also read pictures that fail the suitability check.
    may_turn : bool
        Rotate an image that is on its side or upside down.
    evidence : frozenset of EvidencePart
        Requested parts of the evidence; empty if none is requested.
    """

    models: ReadingModels
    words: Catalogue
    is_forced: bool = False
    may_turn: bool = False
    evidence: frozenset[EvidencePart] = frozenset()


@dataclass(frozen=True, slots=True)
class Done:
    """A file that was read, and the evidence of each reading for the answer."""

    result: PipelineResult
    evidence: tuple[EvidenceAnswer | None, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A radiograph and its anatomy."""

    radiograph: Radiograph
    anatomy: Anatomy


T = TypeVar("T")


class ReadingService:
    """Reads uploads in worker threads.

    Parameters
    ----------
    isolation : Isolation
        Decodes files.
    """

    def __init__(self, settings: Settings, registry: Registry, isolation: Isolation) -> None:
        self.registry = registry
        self.isolation = isolation
        self.max_files = settings.max_files
        self.limits = settings.limits
        self.reading_models = settings.reading_models
        self.language = settings.language
        self._max_pending = settings.max_pending_readings
        self._pending: Counter[str] = Counter()
        self._slots = FairLimiter(settings.worker_threads)
        self._threads = CapacityLimiter(settings.worker_threads)

    async def read(self, file: BinaryIO, request: Request) -> Done:
        """Screen and read one uploaded file in a worker thread.

        Raises
        ------
        ProblemError
            Too many readings are waiting, or the file is empty.
        ImageError
            The file is not a usable radiograph.
        UnsuitableRadiographError
            The image failed the suitability check, and reading was not forced.
        BundleError
            The model reads the lung field, and there is no anatomy bundle to find it.
        """
        return await self._in_worker(partial(self._read, file, request))

    async def measure(
        self, file: BinaryIO, anatomy_reader: AnatomyReader, *, may_turn: bool
    ) -> Measured:
        """Measure one uploaded file in a worker thread; errors as `read`."""
        return await self._in_worker(
            partial(self._measure, file, anatomy_reader, may_turn=may_turn)
        )

    async def report(
        self,
        file: BinaryIO,
        request: Request,
        wanted: Format,
        *,
        with_identity: bool,
    ) -> "Output":
        """Read one uploaded file in a worker thread and write its report; errors as `read`.

        Raises
        ------
        ReportError
            The report is not available in this format.
        """
        return await self._in_worker(
            partial(self._report, file, request, wanted, with_identity=with_identity)
        )

    async def run(self, work: Callable[[], T]) -> T:
        """Run other work in turn with the readings; raises `ProblemError` if there are too many."""
        return await self._in_worker(work)

    async def _in_worker(self, work: Callable[[], T]) -> T:
        """Run work in its turn; cancel it if the client disconnects."""
        cancellation, scope = Cancellation(), anyio.CancelScope()
        CANCELLATION.set(cancellation)
        # A task of its own: it holds its place until the thread has ended, whoever waits for it.
        turn = asyncio.create_task(self._in_turn(work, scope))
        try:
            return await asyncio.shield(turn)
        except asyncio.CancelledError:
            cancellation.cancel()
            scope.cancel()
            turn.add_done_callback(_forget)
            raise

    async def _in_turn(self, work: Callable[[], T], scope: anyio.CancelScope) -> T:
        client = CLIENT.get()
        # No client has more than half of the places, so that there is one for another.
        is_full = self._pending.total() >= self._max_pending
        if is_full or self._pending[client] >= max(1, self._max_pending // 2):
            raise ProblemError(BUSY, "Too many readings are waiting. Send it again after a second.")
        self._pending[client] += 1
        try:
            with scope:
                async with self._slots.slot(client):
                    return await anyio.to_thread.run_sync(work, limiter=self._threads)
            raise asyncio.CancelledError
        finally:
            self._pending[client] -= 1
            if not self._pending[client]:
                del self._pending[client]

    def _read(self, file: BinaryIO, request: Request) -> Done:
        content = self._unread(file)
        result = self._read_file(content, request, with_evidence=bool(request.evidence))
        # Drawn here and not at the answer: the event loop is for others.
        evidence = tuple(
            EvidenceAnswer.of(result, made, request.evidence, request.words)
            for made in result.readings
        )
        return Done(result, evidence)

    def _report(
        self,
        file: BinaryIO,
        request: Request,
        wanted: Format,
        *,
        with_identity: bool,
    ) -> "Output":
        # Serving starts without what DICOM, PDF and FHIR take.
        from hilum.reporting.outputs import make
        from hilum.reporting.report import prepare

        content = self.content(file)
        result = self._read_file(content, request, with_evidence=True)
        report = prepare(
            result,
            content,
            language=request.words.language,
            limits=self.limits,
            isolation=self.isolation,
        )
        return make(report, wanted, with_identity=with_identity)

    def _read_file(
        self, content: Content, request: Request, *, with_evidence: bool
    ) -> PipelineResult:
        return read_file(
            content,
            request.models,
            is_forced=request.is_forced,
            may_turn=request.may_turn,
            with_evidence=with_evidence,
            language=request.words.language,
            limits=self.limits,
            isolation=self.isolation,
        )

    @READINGS.counted()
    def _measure(
        self, file: BinaryIO, anatomy_reader: AnatomyReader, *, may_turn: bool
    ) -> Measured:
        decoded = self.isolation.call(
            decode,
            self._unread(file),
            limits=self.limits,
            smallest_side_px=anatomy_reader.smallest_side_px,
        )
        # As before a reading, so that the same film has the same outlines: inverted ones too.
        seen = Screener(anatomy_reader).screen(decoded, may_turn=may_turn)
        mended = [
            FilmWarning(FilmWarningCode.INVERTED)
            for note in seen.suitability.notes
            if note.code is ReasonCode.INVERTED
        ]
        warnings = (*seen.radiograph.warnings, *mended)
        return Measured(replace(seen.radiograph, warnings=warnings), seen.anatomy)

    def content(self, file: BinaryIO) -> bytes:
        """All of an uploaded file, for work that `run` does; raises as `read`."""
        self._size(file)
        # The bytes enter memory here, not at the upload: no more of them than there are workers.
        file.seek(0)
        return file.read()

    def _unread(self, file: BinaryIO) -> Content:
        """The same; on the disk, where the upload is there, for a worker to read it."""
        size = self._size(file)
        # `fileno` would have a small one written to the disk.
        if getattr(file, "_rolled", False) and hasattr(os, "pread"):
            return FileContent(file.fileno(), size)
        return self.content(file)

    def _size(self, file: BinaryIO) -> int:
        file.seek(0, 2)
        size = file.tell()
        self.limits.check_bytes(size)
        if not size:
            raise ProblemError(EMPTY_FILE, "The file has no content. Choose it again.")
        return size


def _forget(turn: "asyncio.Task[Any]") -> None:
    """Retrieve the result of abandoned work, so that asyncio does not log its error."""
    if not turn.cancelled():
        turn.exception()
