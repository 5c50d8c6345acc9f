"""The comparators' own environment, and their services as processes."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.frozen import Networks
from benchmarks.load import ROOT, free_port, running

_FOLDER = ROOT / ".build" / "comparators"
_PINS = Path(__file__).parent / "requirements.txt"
_NO_USAGE_REPORTS = {"BENTOML_DO_NOT_TRACK": "True"}


def environment() -> Path:
    """Folder of the environment's programs; what is pinned is installed at the first use."""
    programs, installed = _FOLDER / "bin", _FOLDER / "installed.txt"
    pins = _PINS.read_text("utf-8")
    if not installed.is_file() or installed.read_text("utf-8") != pins:
        print(f"== Comparators' environment in {_FOLDER.relative_to(ROOT)}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", _FOLDER], check=True)
        install: list[str | Path] = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--requirement",
            _PINS,
        ]
        subprocess.run([programs / "python", *install], check=True)
        installed.write_text(pins, "utf-8")
    return programs


@contextmanager
def litserve(networks: Networks) -> Iterator[int]:
    """Serve with LitServe until the block ends; gives the port."""
    port = free_port()
    module = "benchmarks.comparators.litserve_service"
    command = ["python", "-m", module, "--networks", networks, "--port", str(port)]
    with _service(command, networks, port):
        yield port


@contextmanager
def bentoml(networks: Networks) -> Iterator[int]:
    """Serve with BentoML until the block ends; gives the port."""
    port = free_port()
    service = "benchmarks.comparators.bentoml_service:Chest"
    address = ["--host", "127.0.0.1", "--port", str(port)]
    command = ["bentoml", "serve", service, *address, "--arg", f"networks={networks}", "--quiet"]
    with _service(command, networks, port):
        yield port


@contextmanager
def _service(command: list[str], networks: Networks, port: int) -> Iterator[None]:
    # Exported before the service's processes would do it, all at once.
    _ = networks.folder
    program, *rest = command
    with running([str(environment() / program), *rest], ROOT, port, **_NO_USAGE_REPORTS):
        yield
