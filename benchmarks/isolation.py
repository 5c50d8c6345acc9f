"""What decoding in a worker process costs: the same films, read here and there in turn.

    python -m benchmarks.isolation

A reading is `hilum.models.read_file` with the shipped models, on one core. The figures are the
smallest of all rounds, which other work on the machine disturbs least, and medians beside them.
"""

import argparse
import io
import statistics
import time
from pathlib import Path

import cv2
import numpy as np
import pydicom
from pydicom.uid import JPEGLSLossless, generate_uid

from hilum.imaging.phantom import draw_phantom
from hilum.imaging.phantom_files import as_file
from hilum.isolation import IN_PROCESS, Budget, Isolation
from hilum.isolation.pool import WorkerPool
from hilum.models import Registry, RuntimeName, read_file

_MODELS = Path(__file__).parents[1] / "ml_model"
_LEAST_MS, _SHARE = 1.0, 0.03


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


def main() -> None:
    """Print a row of a Markdown table for each film."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    cv2.setNumThreads(1)
    registry = Registry(_MODELS, default="pneumonia", runtime=RuntimeName.OPENVINO)
    reader, screener = registry.reader(), registry.screener(needed=True)
    # What the time of a worker is limited to does not matter here.
    pool = WorkerPool(1, Budget(cpu_seconds=60))

    def milliseconds(content: bytes, isolation: Isolation) -> float:
        started = time.perf_counter()
        read_file(content, reader, screener, is_forced=True, isolation=isolation)
        return 1000 * (time.perf_counter() - started)

    print("| film | file | in process | in a worker | cost | cost, medians | allowed |")
    print("|---|---|---|---|---|---|---|")
    for name, content in _films().items():
        here, there = [], []
        for _ in range(3):
            milliseconds(content, IN_PROCESS), milliseconds(content, pool)
        for _ in range(rounds):
            here.append(milliseconds(content, IN_PROCESS))
            there.append(milliseconds(content, pool))
        cost = min(there) - min(here)
        median = statistics.median(there) - statistics.median(here)
        allowed = max(_LEAST_MS, _SHARE * min(here))
        print(
            f"| {name} | {len(content) / 2**20:.1f} MB | {min(here):.1f} ms | {min(there):.1f} ms "
            f"| {cost:.1f} ms ({100 * cost / min(here):.1f} %) | {median:.1f} ms | {allowed:.1f} ms |",
            flush=True,
        )
    pool.close()


if __name__ == "__main__":
    main()
