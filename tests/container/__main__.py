"""Runs the Dockerfile's steps without a container engine, and the service that they make.

Run: ``make test-container``, as root on Debian with debootstrap. Each stage is carried out in a
bare root of the release that its FROM names, the last one is started, and what a person who runs
the image relies on is checked (`tests.container.serve`). Prints the size of the image.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.container.build import bare_debian, build
from tests.container.context import Context
from tests.container.dockerfile import Stage, read_dockerfile

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("apt-get", "debootstrap", "setpriv", "unshare")


def main() -> int:
    """Build every stage in a temporary folder, then serve from the last one."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing or os.geteuid() != 0:
        sys.stderr.write(f"This needs root, Debian, and: {', '.join(PROGRAMS)}.\n")
        return 1
    with tempfile.TemporaryDirectory(prefix="hilum-container-") as folder:
        image = _build(read_dockerfile(ROOT / "Dockerfile"), Path(folder))
        sys.stdout.write(f"Size of the image: {_megabytes(image):.0f} MB\n")
        sys.stdout.flush()
        isolated = [
            "unshare",
            "--mount",
            "--net",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
        ]
        serve = [sys.executable, "-m", "tests.container.serve", str(ROOT / "Dockerfile"), image]
        return subprocess.run([*isolated, *serve], check=False).returncode


def _build(stages: list[Stage], folder: Path) -> Path:
    """Build all stages; the root of the last one is the image."""
    context = Context(ROOT)
    built: dict[str, Path] = {}
    for stage in stages:
        started = time.monotonic()
        base = folder / stage.image.replace(":", "-")
        if not base.exists():
            bare_debian(_suite(stage.image), base)
        root = folder / f"stage-{len(built)}"
        subprocess.run(["cp", "--archive", "--reflink=auto", base, root], check=True)
        build(stage, root, built, context)
        built[stage.name] = root
        sys.stdout.write(
            f"Stage {stage.name or 'of the image'}: {time.monotonic() - started:.0f} s\n"
        )
        sys.stdout.flush()
    return root


def _suite(image: str) -> str:
    name, _, tag = image.partition(":")
    if name != "debian" or not tag.endswith("-slim"):
        raise ValueError(f"FROM {image}: debootstrap makes debian:SUITE-slim alone")
    return tag.removesuffix("-slim")


def _megabytes(root: Path) -> float:
    size = subprocess.run(
        ["du", "--summarize", "--block-size=1", root], check=True, capture_output=True, text=True
    ).stdout
    return int(size.split()[0]) / 1e6


if __name__ == "__main__":
    sys.exit(main())
