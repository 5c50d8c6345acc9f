"""Reuse of memory between training steps."""

import ctypes
import platform
from typing import Any

import keras

# Options of glibc's mallopt(3).
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4


class KeepMemory(keras.callbacks.Callback):
    """Have the C library keep freed buffers for the next step.

    TensorFlow's data set lowers glibc's trim threshold, which also ends its adapting to large
    buffers: each activation map of each step is then mapped and unmapped, and half of a
    step goes into page faults; ``benchmarks/training_step.py`` measures it. Without glibc there
    is nothing to do.
    """

    def __init__(self) -> None:
        super().__init__()
        self._is_done = platform.libc_ver()[0] != "glibc"

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:  # noqa: ARG002
        """At the first step, since TensorFlow sets its own when training begins."""
        if self._is_done:
            return
        library = ctypes.CDLL(None)
        library.mallopt(_MMAP_MAX, 0)
        library.mallopt(_TRIM_THRESHOLD, 2**31 - 1)
        library.mallopt(_TOP_PAD, 2**28)
        self._is_done = True
