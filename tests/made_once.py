"""Folders that are slow to make, made once for all test processes and kept between runs."""

import hashlib
import shutil
import sys
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock

ROOT = Path(__file__).resolve().parents[1]
_KEPT = ROOT / ".build" / "tests"
_PACKAGES = ("keras", "numpy", "onnx", "onnxruntime", "opencv-python-headless", "openvino",
             "pillow", "tensorflow", "tf2onnx")  # fmt: skip
# The import contracts let training import everything but these.
_NOT_IMPORTED = {"api", "cli"}


def made_once(
    name: str, make: Callable[[Path], object], sources: Iterable[Path], *, kept: Path = _KEPT
) -> Path:
    """Return a folder that `make` fills, unless a process has made it of the same sources before.

    Those of other sources stay, since tests may be running on them: ``make clean`` removes them.

    Parameters
    ----------
    name : str
        What the folder holds.
    make : callable
        Takes the folder, which exists and is empty.
    sources : iterable of Path
        The files that it depends on besides Hilum's own modules and the libraries.
    kept : Path
        Where such folders are.

    Returns
    -------
    Path
        Not to be written to.
    """
    folder = kept / f"{name}-{_hash_of(sources)}"
    kept.mkdir(parents=True, exist_ok=True)
    with FileLock(kept / f"{name}.lock"):
        if not folder.is_dir():
            unfinished = kept / f"{name}-unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(folder)
    return folder


def _hash_of(sources: Iterable[Path]) -> str:
    package = ROOT / "backend" / "hilum"
    modules = (
        path
        for path in package.rglob("*")
        if path.is_file()
        and path.parent.name != "__pycache__"
        and path.relative_to(package).parts[0] not in _NOT_IMPORTED
    )
    digest = hashlib.sha256(sys.version.encode())
    for package_name in _PACKAGES:
        digest.update(f"{package_name} {version(package_name)}\n".encode())
    for path in sorted({Path(__file__), *modules, *sources}):
        digest.update(str(path).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
