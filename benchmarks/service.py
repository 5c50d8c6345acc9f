"""`hilum serve` as a process, with a store and the DICOM listener."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Service:
    """A running service.

    Attributes
    ----------
    number : int
        Its process id.
    port, dicom_port : int
    """

    number: int
    port: int
    dicom_port: int


@contextmanager
def hilum_served(files: int | None = None) -> Iterator[Service]:
    """Serve on free ports, until the block ends.

    Parameters
    ----------
    files : int, optional
        That the service may have open.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        dicom_port = free.getsockname()[1]

    bound = f"ulimit -n {files} && " if files else ""
    code = "from hilum.cli import main; main()"
    command = f"{bound}exec '{sys.executable}' -c '{code}' serve --port 0"
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        more = {"HILUM_STORE": folder, "HILUM_DICOM_PORT": str(dicom_port), "PYTHONUNBUFFERED": "1"}
        with log.open("w") as file:
            process = subprocess.Popen(
                ["bash", "-c", command], env=os.environ | more, stdout=file, stderr=file
            )
        try:
            yield Service(process.pid, _port(process, log), dicom_port)
        finally:
            process.terminate()
            process.wait()


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    """The port that the service says it listens on."""
    while process.poll() is None:
        if found := re.search(r"running on http://127\.0\.0\.1:(\d+)", log.read_text()):
            return int(found[1])
        time.sleep(0.1)
    raise SystemExit(f"the service did not start:\n{log.read_text()}")
