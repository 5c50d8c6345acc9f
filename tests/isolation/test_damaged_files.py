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
from hilum.isolation.pool import WorkerPool
from tests.imaging.dicom_files import SYNTAXES, write
from tests.isolation import tasks

pytestmark = pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="nothing is shared")

_FILM = np.random.default_rng(0).integers(0, 4096, (260, 260)).astype(np.uint16)
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
