"""Fonts of pages and images.

Atkinson Hyperlegible Next (Braille Institute, SIL Open Font License): drawn for readers of low
vision, so that letters cannot be confused.
"""

import io
from importlib.resources import files

FAMILY = "AtkinsonHyperlegibleNext"
PLAIN, STRONG = f"{FAMILY}-Regular", f"{FAMILY}-SemiBold"


def font_file(name: str) -> io.BytesIO:
    """Open a font, `PLAIN` or `STRONG`, as a file of TrueType outlines."""
    folder = files("hilum.reporting") / "typefaces"
    return io.BytesIO((folder / f"{name}.ttf").read_bytes())
