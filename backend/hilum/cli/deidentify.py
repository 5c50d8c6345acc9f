"""`hilum deidentify`: DICOM files without identity, by PS3.15's Basic Profile."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hilum.cli.common import console
from hilum.deidentification.retain import RetainOption
from hilum.errors import (
    CorruptImageError,
    ImageError,
    TextMaskError,
    TextSearchError,
    UnsupportedFormatError,
)

if TYPE_CHECKING:
    from hilum.deidentification.pixel_text import PixelText

_PREAMBLE_BYTES = 132
_NAME_DIGITS = 24
_TEXT = {
    "found": "have text in the pixels:[/] it may name the patient, and is still there. Mask it "
    "with --mask-text.",
    "masked": "had text in the pixels, which is masked.[/] Not all text is found: look at them.",
    "masked_in_part": "have text in the pixels that is not all masked.[/] Look at them.",
    "not_looked_for": "were not searched for text in the pixels:[/] Tesseract (Debian's package "
    "tesseract-ocr) is not installed, or the picture cannot be decoded. Look at them.",
}
_NOT_MASKED = (
    "files could not be masked and were left out: the picture cannot be decoded, or looks like "
    "text over more than a third of it. Mask them by hand."
)


def deidentify(
    source: Annotated[Path, typer.Argument(exists=True, help="A DICOM file, or a folder of them.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the new files.")],
    retain: Annotated[
        list[RetainOption] | None,
        typer.Option(help="What the profile's options retain. Repeatable."),
    ] = None,
    mask_text: Annotated[
        bool, typer.Option(help="Mask text that is burned into the pixels (needs Tesseract).")
    ] = False,
) -> None:
    """Write DICOM files anew without identity: PS3.15's Basic Profile.

    Pixels stay as they are, unless text in them is to be masked.
    """
    from hilum.deidentification.deidentify import deidentify
    from hilum.deidentification.profile import Profile
    from hilum.deidentification.tesseract import check_installed

    if mask_text:
        check_installed()
    profile = Profile(frozenset(retain or ()))
    # The same for all files of a run, so that they still belong together; gone after it.
    secret = secrets.token_hex(16)
    out.mkdir(parents=True, exist_ok=True)
    written = failed = directories = burned_in = captures = not_masked = 0
    texts: Counter[str] = Counter()
    for path in _files(source):
        content = path.read_bytes()
        if content[_PREAMBLE_BYTES - 4 : _PREAMBLE_BYTES] != b"DICM":
            continue
        try:
            done = deidentify(content, profile, secret=secret)
        except UnsupportedFormatError:
            directories += 1
            continue
        except CorruptImageError:
            failed += 1
            continue
        text = _handle_text(done.content, masks=mask_text)
        if text is None:
            not_masked += 1
            continue
        # Names of files hold names of people: the new one is of the new content.
        name = hashlib.sha256(text.content).hexdigest()[:_NAME_DIGITS]
        (out / f"{name}.dcm").write_bytes(text.content)
        written += 1
        texts[text.state] += 1
        burned_in += done.has_burned_in_annotation and text.state != "masked"
        captures += done.is_secondary_capture
    typer.echo(f"{written} files written to {out}")
    if directories:
        console.print(
            "[bold yellow]The disc's directory (DICOMDIR) was left out:[/] it names the patients, "
            "and lists files by their old names.",
            highlight=False,
        )
    _tell_to_look(burned_in, captures)
    _tell_of_text(texts, not_masked)
    if failed or not (written or not_masked):
        what = f"{failed} files are damaged and were left out." if failed else "No DICOM file."
        console.print(f"[bold red]Error:[/] {what}", highlight=False)
    if failed or not_masked or not written:
        raise typer.Exit(1)


def _tell_to_look(burned_in: int, captures: int) -> None:
    if burned_in:
        console.print(
            f"[bold yellow]{burned_in} say that writing is burned into the picture:[/] "
            "it is still there, and may name the patient. Look at them.",
            highlight=False,
        )
    if captures:
        console.print(
            f"[bold yellow]{captures} are secondary captures:[/] such pictures often have "
            "writing in them. Look at them.",
            highlight=False,
        )


def _handle_text(content: bytes, *, masks: bool) -> "PixelText | None":
    """None where it cannot be masked."""
    from hilum.deidentification.pixel_text import handle_text

    try:
        return handle_text(content, masks=masks)
    except (ImageError, TextMaskError, TextSearchError):
        return None


def _tell_of_text(texts: Counter[str], not_masked: int) -> None:
    for state, words in _TEXT.items():
        if texts[state]:
            console.print(f"[bold yellow]{texts[state]} {words}", highlight=False)
    if not_masked:
        console.print(f"[bold red]Error:[/] {not_masked} {_NOT_MASKED}", highlight=False)


def _files(source: Path) -> Iterator[Path]:
    if source.is_file():
        yield source
        return
    yield from (path for path in sorted(source.rglob("*")) if path.is_file())
