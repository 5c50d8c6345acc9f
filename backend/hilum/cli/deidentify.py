"""`hilum deidentify`: DICOM files without identity, by PS3.15's Basic Profile."""

import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from hilum.cli.common import console
from hilum.deidentification.retain import RetainOption
from hilum.errors import CorruptImageError, UnsupportedFormatError

_PREAMBLE_BYTES = 132
_NAME_DIGITS = 24


def deidentify(
    source: Annotated[Path, typer.Argument(exists=True, help="A DICOM file, or a folder of them.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the new files.")],
    retain: Annotated[
        list[RetainOption] | None,
        typer.Option(help="What the profile's options retain. Repeatable."),
    ] = None,
) -> None:
    """Write DICOM files anew without identity: PS3.15's Basic Profile. Pixels stay as they are."""
    from hilum.deidentification.deidentify import deidentify
    from hilum.deidentification.profile import Profile

    profile = Profile(frozenset(retain or ()))
    # The same for all files of a run, so that they still belong together; gone after it.
    secret = secrets.token_hex(16)
    out.mkdir(parents=True, exist_ok=True)
    written = failed = directories = burned_in = captures = 0
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
        # Names of files hold names of people: the new one is of the new content.
        name = hashlib.sha256(done.content).hexdigest()[:_NAME_DIGITS]
        (out / f"{name}.dcm").write_bytes(done.content)
        written += 1
        burned_in += done.has_burned_in_annotation
        captures += done.is_secondary_capture
    typer.echo(f"{written} files written to {out}")
    if directories:
        console.print(
            "[bold yellow]The disc's directory (DICOMDIR) was left out:[/] it names the patients, "
            "and lists files by their old names.",
            highlight=False,
        )
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
    if failed or not written:
        what = f"{failed} files are damaged and were left out." if failed else "No DICOM file."
        console.print(f"[bold red]Error:[/] {what}", highlight=False)
        raise typer.Exit(1)


def _files(source: Path) -> Iterator[Path]:
    if source.is_file():
        yield source
        return
    yield from (path for path in sorted(source.rglob("*")) if path.is_file())
