"""Damaged files, again and again: a worker holds no more after them, and reads the next film."""

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hilum.errors import CorruptImageError
from hilum.imaging import decode
from hilum.isolation import hired
from hilum.isolation.pool import WorkerPool
from tests.imaging.dicom_files import SYNTAXES, write
from tests.isolation import tasks

pytestmark = pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="nothing is shared")

_FILM = np.random.default_rng(0).integers(0, 4096, (320, 320)).astype(np.uint16)
"""Noise, of which half still goes through shared memory."""


def _png() -> bytes:
    stream = io.BytesIO()
    Image.fromarray(_FILM).save(stream, "PNG")
    return stream.getvalue()


def _half_frame(name: str) -> bytes:
    syntax = SYNTAXES[name]
    assert syntax.encode is not None
    frame = syntax.encode(_FILM, 12)
    return write(_FILM, syntax, bits_stored=12, frame=frame[: len(frame) // 2] + b"\xff\xd9")


def _half_png() -> bytes:
    whole = _png()
    return whole[: len(whole) // 2]


def _held(number: int) -> tuple[int, int]:
    """Descriptors and pieces of shared memory of a process."""
    maps = Path(f"/proc/{number}/maps").read_text()
    descriptors = sum(1 for _ in Path(f"/proc/{number}/fd").iterdir())
    return descriptors, maps.count("memfd:hilum")


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(1)
    yield made
    made.close()


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(_half_png, id="PNG"),
        pytest.param(lambda: _half_frame("JPEG lossless, predictor 1"), id="lossless JPEG"),
        pytest.param(lambda: _half_frame("JPEG 2000 lossless"), id="JPEG 2000"),
    ],
)
def test_a_worker_holds_no_more_after_damaged_files(
    pool: WorkerPool, monkeypatch: pytest.MonkeyPatch, damaged: Callable[[], bytes]
) -> None:
    # All by one, whatever it holds.
    monkeypatch.setattr(hired, "_TASKS", 1000)
    monkeypatch.setattr(hired, "_KEPT_FILES", 1000)
    content, number = damaged(), pool.call(tasks.number, b"")
    assert len(content) > 64 * 1024
    held: list[tuple[int, int]] = []
    before = max(_held(os.getpid()))
    for _ in range(200):
        with pytest.raises(CorruptImageError):
            pool.call(decode, content)
        held.append(_held(number))
    assert held[-1] == held[10]
    # Of this process, in which other tests leave and open some, too.
    assert max(_held(os.getpid())) < before + 100
    assert pool.call(decode, _png()).pixels.shape == _FILM.shape
    assert pool.worker_numbers == [number]
