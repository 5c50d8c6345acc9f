"""The code on the pages of docs/how-to."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "docs" / "how-to").glob("*.md"))

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"^`([\w./-]+\.py)`[^\n]*:\n\n```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def page(name: str) -> Path:
    """The page on adding one thing."""
    return ROOT / "docs" / "how-to" / f"{name}.md"


def blocks(of: Path, language: str) -> list[str]:
    """The blocks of code in one language; commands have none."""
    found = _FENCE.findall(of.read_text(encoding="utf-8"))
    return [code for named, code in found if named == language]


def files(of: Path) -> dict[str, str]:
    """The files that a page gives whole, by their paths from the root."""
    return dict(_FILE.findall(of.read_text(encoding="utf-8")))
