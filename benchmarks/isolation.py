"""What decoding in a worker process costs: the same films, read here and there in turn.

    python -m benchmarks.isolation

A reading is `hilum.models.read_file` with the shipped models. Time is that of the processor, of
service and worker together, which other work on the machine disturbs least; beside it, what the
call that decodes costs without the networks, whose time varies by more than that, and how much
later the reading is done. All are the smallest of all rounds. As in the service, files of more
than 1 MB are read from the disk, in process and by the worker.
"""

import argparse
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import cv2
import numpy as np
import pydicom
from pydicom.uid import JPEGLSLossless, generate_uid

from hilum.imaging.phantom import draw_phantom
from hilum.imaging.phantom_files import as_file
from hilum.isolation import IN_PROCESS, Budget, Content, FileContent, Isolation
from hilum.isolation.pool import WorkerPool
from hilum.models import Registry, RuntimeName, read_file
from hilum.models.reading_models import ReadingModels

_MODELS = Path(__file__).parents[1] / "ml_model"
_LEAST_MS, _SHARE = 1.0, 0.03
_WARMING = 3
_IN_MEMORY_BYTES = 2**20


def _dicom(rows: int, columns: int, *, compressed: bool = False) -> bytes:
    """A film of 12 bits with the noise of a detector."""
    noise = np.random.default_rng(0).normal(0, 0.01, (rows, columns))
    shown = (draw_phantom(rows, columns, seed=1) + noise).clip(0, 1)
    dataset = pydicom.dcmread(io.BytesIO(as_file(shown, ".dcm")))
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    dataset["PixelData"].VR = "OW"
    dataset.PixelData = np.round(4095 * shown).astype("<u2").tobytes()
    if compressed:
        dataset.compress(JPEGLSLossless, encoding_plugin="pyjpegls")
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    stream = io.BytesIO()
    dataset.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def _films() -> dict[str, bytes]:
    return {
        "JPEG, 1400 x 1800": as_file(draw_phantom(1400, 1800, seed=1), ".jpg"),
        "PNG, 1024 x 1024": as_file(draw_phantom(1024, 1024, seed=1), ".png"),
        "DICOM, 2 megapixels": _dicom(1430, 1430),
        "DICOM, 4 megapixels": _dicom(2000, 2000),
        "DICOM, 9 megapixels": _dicom(3000, 3000),
        "DICOM, 9 megapixels, JPEG-LS": _dicom(3000, 3000, compressed=True),
    }


@contextmanager
def _as_uploaded(content: bytes) -> Iterator[Content]:
    if len(content) <= _IN_MEMORY_BYTES:
        yield content
        return
    with TemporaryFile() as file:
        file.write(content)
        file.flush()
        yield FileContent(file.fileno(), len(content))


def _cpu_ms(pool: WorkerPool) -> float:
    """Processor time of this process and of the worker that waits."""
    workers = [
        int(Path(f"/proc/{number}/schedstat").read_text().split()[0])
        for number in pool.worker_numbers
    ]
    return 1000 * time.process_time() + sum(workers) / 1e6


class _Timed:
    """An isolation, and the processor time of its last call."""

    def __init__(self, isolation: Isolation, pool: WorkerPool) -> None:
        self._isolation, self._pool = isolation, pool
        self.cpu_ms = 0.0

    def call(self, *args: Any, **kwargs: Any) -> Any:
        before = _cpu_ms(self._pool)
        result = self._isolation.call(*args, **kwargs)
        self.cpu_ms = _cpu_ms(self._pool) - before
        return result

    def fault(self) -> str | None:
        return self._isolation.fault()

    def close(self) -> None:
        self._isolation.close()


def _least(rounds: list[tuple[float, ...]]) -> list[float]:
    return [min(each) for each in zip(*rounds, strict=True)]


def main() -> None:
    """Print a row of a Markdown table for each film."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    cv2.setNumThreads(1)
    registry = Registry(_MODELS, default="pneumonia", runtime=RuntimeName.OPENVINO)
    models = ReadingModels.choose(registry)
    # What the time of a worker is limited to does not matter here.
    pool = WorkerPool(1, Budget(cpu_seconds=60))

    def read(content: Content, isolation: Isolation) -> tuple[float, ...]:
        """Milliseconds: of processor time, of that of the call, and until it was done."""
        timed = _Timed(isolation, pool)
        before, started = _cpu_ms(pool), time.perf_counter()
        read_file(content, models, is_forced=True, isolation=timed)
        return _cpu_ms(pool) - before, timed.cpu_ms, 1000 * (time.perf_counter() - started)

    print("| film | file | in process | in a worker | cost | of the call | later by | allowed |")
    print("|---|---|---|---|---|---|---|---|")
    for name, content in _films().items():
        here, there = [], []
        for number in range(rounds + _WARMING):
            with _as_uploaded(content) as upload:
                pair = read(upload, IN_PROCESS), read(upload, pool)
            if number >= _WARMING:
                here.append(pair[0])
                there.append(pair[1])
        here_cpu, here_call, here_wall = _least(here)
        there_cpu, there_call, there_wall = _least(there)
        cost = there_cpu - here_cpu
        allowed = max(_LEAST_MS, _SHARE * here_cpu)
        print(
            f"| {name} | {len(content) / 2**20:.1f} MB | {here_cpu:.1f} ms | {there_cpu:.1f} ms "
            f"| {cost:.1f} ms ({100 * cost / here_cpu:.1f} %) | {there_call - here_call:.1f} ms "
            f"| {there_wall - here_wall:.1f} ms | {allowed:.1f} ms |",
            flush=True,
        )
    pool.close()


if __name__ == "__main__":
    main()
