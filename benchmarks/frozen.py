"""Code and networks of an earlier commit, exported for measurements against the present ones."""

import shutil
import subprocess
from enum import StrEnum
from pathlib import Path

from benchmarks.load import ROOT

COMMIT = "4037be905d1c949ed73b63f2b110d718a1e56cd1"
"""The last one that reads with anatomy 2026.11.1 and pneumonia 2026.11.4."""

_FOLDER = ROOT / ".build" / "frozen" / COMMIT[:8]


class Networks(StrEnum):
    """The bundles that a comparator reads with."""

    FROZEN = "frozen"
    PRESENT = "present"

    @property
    def folder(self) -> Path:
        """Folder of the bundles."""
        return (frozen() if self is Networks.FROZEN else ROOT) / "ml_model"


def frozen() -> Path:
    """Export ``backend`` and ``ml_model`` of `COMMIT`, once.

    Returns
    -------
    Path
        The folder that holds both.
    """
    if _FOLDER.is_dir():
        return _FOLDER
    export = ["git", "archive", COMMIT, "backend", "ml_model"]
    found = subprocess.run(export, cwd=ROOT, capture_output=True, check=False)
    if found.returncode:
        raise SystemExit(
            f"Commit {COMMIT} is needed, and this checkout's history does not have it: "
            f"{found.stderr.decode().strip()}. Clone the repository with its history."
        )
    # Moved into place when it is complete: an interrupted export is made again.
    unfinished = _FOLDER.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    subprocess.run(["tar", "x"], cwd=unfinished, input=found.stdout, check=True)
    return unfinished.rename(_FOLDER)
