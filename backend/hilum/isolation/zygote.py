"""Process that workers are forked from: it has loaded the libraries and runs no threads.

A fork of the service itself would copy locks that its threads hold; a new interpreter for each
worker would take a second. Run with the number of its end of a socket, see `hilum.isolation.start`.
"""

import ctypes
import gc
import importlib
import os
import signal
import socket
import struct
import sys
from contextlib import suppress
from enum import IntEnum

from hilum.isolation.budget import Budget
from hilum.isolation.worker import work

REQUEST = struct.Struct("<Bq")
ANSWER = struct.Struct("<q")

# What decodes and de-identifies; imported by name, since this package stands below them.
_LOADED = (
    "hilum.imaging.decode",
    "hilum.imaging.dicom",
    "hilum.imaging.heif",
    "hilum.imaging.jpeg_xl",
    "hilum.deidentification.deidentify",
    "hilum.deidentification.pixel_text",
    "hilum.deidentification.mask_text",
    "hilum.reporting.source",
    "PIL.ImageDraw",
    "imagecodecs._jpeg2k",
    "imagecodecs._jpeg8",
    "imagecodecs._jpegls",
)
_PR_SET_PDEATHSIG = 1


class Wish(IntEnum):
    """A request of the service."""

    FORK = 1
    """A worker for the socket that comes with it; answered by its id, or a negative errno."""
    END = 2
    """The end of a worker by its id; answered by its exit code, as `subprocess` has it."""
    TRY = 3
    """A fork that ends at once; answered by 0, or a negative errno."""


NOT_ITS_OWN = 1000
"""Answer where a worker to be ended was forked by an earlier process: no exit code."""


def load_libraries() -> None:
    """Import what tasks need, each of one thread."""
    for name in _LOADED:
        with suppress(ModuleNotFoundError):
            importlib.import_module(name)
    import cv2

    cv2.setNumThreads(1)


def _serve(control: socket.socket, budget: Budget) -> None:
    load_libraries()
    # Workers share what is never written to; counting references there would copy it.
    gc.collect()
    gc.freeze()
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, REQUEST.size, 1)
        if len(request) < REQUEST.size:
            # The service is no more. The workers follow, see `_fork`.
            return
        wish, number = REQUEST.unpack(request)
        if wish == Wish.FORK:
            answer = _fork(control, descriptors[0], budget)
            os.close(descriptors[0])
        elif wish == Wish.END:
            answer = _end(number)
        else:
            answer = _try()
        control.sendall(ANSWER.pack(answer))


def _fork(control: socket.socket, descriptor: int, budget: Budget) -> int:
    parent = os.getpid()
    try:
        worker = os.fork()
    except OSError as exc:
        return -(exc.errno or 1)
    if worker:
        return worker
    status = 1
    try:
        control.close()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == parent:
            # Of a group of its own, so that what it starts ends with it.
            os.setpgid(0, 0)
            work(socket.socket(fileno=descriptor), budget)
            status = 0
    finally:
        os._exit(status)


def _try() -> int:
    try:
        child = os.fork()
    except OSError as exc:
        return -(exc.errno or 1)
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    return 0


def _end(worker: int) -> int:
    try:
        os.waitid(os.P_PID, worker, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        # Its id may be another's by now.
        return NOT_ITS_OWN
    for kill in (os.killpg, os.kill):
        with suppress(OSError):
            kill(worker, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])


if __name__ == "__main__":
    _, _number, _seconds, _bytes = sys.argv
    _serve(socket.socket(fileno=int(_number)), Budget(float(_seconds), int(_bytes)))
