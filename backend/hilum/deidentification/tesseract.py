"""The OCR engine Tesseract, applied in memory to lines cut out of a film."""

import io
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hilum.errors import TextSearchError

_PROGRAM = "tesseract"
_MISSING = (
    "Text in the pixels cannot be looked for: the program tesseract is not installed. Install "
    "Debian's package tesseract-ocr, or Tesseract 4 or later with its English data."
)
_FAILED = (
    "Text in the pixels cannot be looked for: the program tesseract failed, or took too long. "
    "Check that Tesseract 4 or later and its English data (Debian's tesseract-ocr) are installed."
)
_TIMEOUT_SECONDS = 120
# One line in each picture; the network of Tesseract 4 and later; a table of words.
_OPTIONS = ("stdin", "stdout", "--psm", "7", "--oem", "1", "-l", "eng", "tsv")
_WORD, _PAGE, _CONFIDENCE, _TEXT = "5", 1, 10, 11


@dataclass(frozen=True, slots=True)
class Read:
    """Amount of text read in a line; the text is not kept, since it may be a name.

    Attributes
    ----------
    characters : int
        Letters and digits.
    certain : float
        Their number, each weighed by Tesseract's confidence in its word, from 0 to 1.
    """

    characters: int = 0
    certain: float = 0.0


def check_installed() -> None:
    """Raise `TextSearchError` if Tesseract is not installed."""
    if shutil.which(_PROGRAM) is None:
        raise TextSearchError(_MISSING)


def read_lines(lines: Sequence[NDArray[np.uint8]]) -> list[Read]:
    """Read lines, black on white, with one run of Tesseract.

    Parameters
    ----------
    lines : sequence of ndarray of uint8, shape (rows, columns)

    Returns
    -------
    list of Read
        One for each line.

    Raises
    ------
    TextSearchError
        Tesseract is not installed, fails, or takes too long.
    """
    check_installed()
    if not lines:
        return []
    first, *others = [Image.fromarray(line) for line in lines]
    pages = io.BytesIO()
    first.save(pages, "TIFF", save_all=True, append_images=others)
    try:
        # Pictures go in by a pipe, since a file of them might be left behind.
        done = subprocess.run(  # noqa: S603
            [_PROGRAM, *_OPTIONS],
            input=pages.getvalue(),
            capture_output=True,
            check=True,
            timeout=_TIMEOUT_SECONDS,
            # Its threads wait for each other where the pictures are as small as these.
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.SubprocessError):
        # Its output is left out of the error's context: it may quote what was read.
        raise TextSearchError(_FAILED) from None
    characters, certain = [0] * len(lines), [0.0] * len(lines)
    for row in done.stdout.decode("utf-8", "replace").splitlines():
        fields = row.split("\t")
        if fields[0] == _WORD:
            page, count = int(fields[_PAGE]) - 1, sum(map(str.isalnum, fields[_TEXT]))
            characters[page] += count
            certain[page] += count * max(0.0, float(fields[_CONFIDENCE])) / 100
    return [Read(*each) for each in zip(characters, certain, strict=True)]
