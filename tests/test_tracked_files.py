"""No picture is committed but screenshots and drawn phantoms: a radiograph is never to be."""

import subprocess
from pathlib import Path

import pytest

from hilum.errors import ImageError
from hilum.imaging.signature import identify

ROOT = Path(__file__).parent.parent
# Their drawing is tested: `tests/models/test_phantoms.py`.
PHANTOMS = Path("backend/hilum/models/phantom_files")


def test_no_picture_is_tracked_but_screenshots_and_phantoms() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("This is no checkout of git.")
    names = [name for name in listed.stdout.decode().split("\0") if (ROOT / name).is_file()]
    assert len(names) > 100
    pictures = {name for name in names if _is_picture(ROOT / name)}
    pictures = {name for name in pictures if Path(name).parent != PHANTOMS}

    assert pictures == {"docs/page.png", "docs/page-phone.png"}


def _is_picture(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(4096)
    try:
        identify(start)
    except ImageError:
        return False
    return True
