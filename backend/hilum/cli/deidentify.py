"""`hilum deidentify`: de-identify DICOM files by the Basic Profile of PS3.15."""

import contextlib
import hashlib
import os
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from hilum.cli.common import console
from hilum.deidentification.retain import RetainOption
from hilum.errors import ImageError, TextMaskError, TextSearchError, UnsupportedFormatError
from hilum.imaging.radiograph import ImageFormat
from hilum.imaging.signature import identify

if TYPE_CHECKING:
    from hilum.deidentification.deidentify import Deidentified
    from hilum.deidentification.pixel_text import PixelText
    from hilum.deidentification.profile import Profile

_NAME_DIGITS = 24
# Enough bytes to detect the format of a file.
_START_BYTES = 256
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
        typer.Option(help="Retain option of the profile (PS3.15 E.3). Repeatable."),
    ] = None,
    mask_text: Annotated[
        bool, typer.Option(help="Mask text burned into the pixels (needs Tesseract).")
    ] = False,
) -> None:
    """De-identify DICOM files by the Basic Profile of PS3.15.

    DICOM files are recognised by their content, not by their name. Pixels do not change unless
    --mask-text is given.
    """
    from hilum.deidentification.profile import Profile
    from hilum.deidentification.tesseract import check_installed

    if mask_text:
        check_installed()
    profile = Profile(frozenset(retain or ()))
    # The same for all files of a run, so that their new UIDs match; discarded afterwards.
    secret = secrets.token_hex(16)
    out.mkdir(parents=True, exist_ok=True)
    told = _Told()
    for path in _files(source, told):
        done = _deidentified(path, profile, secret, told)
        if done is None:
            continue
        text = _handle_text(done.content, masks=mask_text)
        if text is None:
            told.not_masked += 1
            continue
        if not _keep(out, done, text, told):
            break
    typer.echo(f"{told.written} files written to {out}")
    for warning in told.warnings():
        console.print(warning, highlight=False)
    if told.has_failed:
        raise typer.Exit(1)


@dataclass
class _Told:
    """Counts of a run for its messages, without names of files."""

    names: set[str] = field(default_factory=set)
    same: int = 0
    others: int = 0
    links: int = 0
    no_files: int = 0
    stopped_by: str = ""
    directories: int = 0
    burned_in: int = 0
    captures: int = 0
    not_masked: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    removals: Counter[str] = field(default_factory=Counter)
    unknown_codes: Counter[str] = field(default_factory=Counter)
    texts: Counter[str] = field(default_factory=Counter)

    @property
    def written(self) -> int:
        """Number of files."""
        return len(self.names)

    def take(self, name: str, done: "Deidentified", text: "PixelText") -> None:
        if name in self.names:
            self.same += 1
            return
        self.names.add(name)
        self.burned_in += done.has_burned_in_annotation and text.state != "masked"
        self.captures += done.is_secondary_capture
        self.removals.update(done.removals)
        self.unknown_codes.update(done.unknown_codes)
        self.texts[text.state] += 1

    @property
    def has_failed(self) -> bool:
        """A DICOM file other than a directory was left out, or nothing was written."""
        return not self.written or any((self.left_out, self.not_masked, self.stopped_by))

    def warnings(self) -> Iterator[str]:
        """Warnings in the markup of rich."""
        if self.removals:
            yield f"[bold]Removed from hidden places, by files:[/] {_counted(self.removals)}."
        if self.unknown_codes:
            yield (
                "[bold]Codes that DICOM does not define were left out, by files:[/] "
                f"{_counted(self.unknown_codes)}."
            )
        yield from self._of_pixels()
        yield from self._of_left_out()
        if self.stopped_by:
            yield (
                "[bold red]Error:[/] A file could not be written, and no further one was tried: "
                f"{escape(self.stopped_by)}."
            )
        elif not self.written:
            yield "[bold red]Error:[/] No file was de-identified."
        elif self.has_failed:
            yield "[bold red]Error:[/] Not all DICOM files were de-identified."

    def _of_pixels(self) -> Iterator[str]:
        if self.burned_in:
            yield (
                f"[bold yellow]{self.burned_in} say that writing is burned into the picture:[/] "
                "it is still there, and may name the patient. Look at them."
            )
        if self.captures:
            yield (
                f"[bold yellow]{self.captures} are secondary captures:[/] such pictures often "
                "have writing in them. Look at them."
            )
        for state, words in _TEXT.items():
            if self.texts[state]:
                yield f"[bold yellow]{self.texts[state]} {words}"

    def _of_left_out(self) -> Iterator[str]:
        if self.directories:
            yield (
                "[bold yellow]The disc's directory (DICOMDIR) was left out:[/] it names the "
                "patients, and lists files by their old names."
            )
        if self.others:
            yield f"[bold]{self.others} other files left out:[/] they are no DICOM files."
        if self.same:
            yield f"[bold]{self.same} files not written again:[/] they are the same as others."
        if self.links:
            yield (
                f"[bold yellow]{self.links} links left out:[/] they lead to folders, or nowhere."
            )
        if self.no_files:
            yield f"[bold]{self.no_files} left out:[/] they are neither files nor folders."
        for reason, count in sorted(self.left_out.items()):
            yield f"[bold yellow]{count} files left out:[/] {escape(reason)}"
        if self.not_masked:
            yield f"[bold red]Error:[/] {self.not_masked} {_NOT_MASKED}"


def _counted(found: Counter[str]) -> str:
    return escape(", ".join(f"{what} ({count})" for what, count in sorted(found.items())))


def _deidentified(
    path: Path, profile: "Profile", secret: str, told: _Told
) -> "Deidentified | None":
    """De-identify a file; None if that is not possible, which is counted."""
    from hilum.deidentification.deidentify import deidentify
    from hilum.imaging.dicom.objects import DIRECTORY

    try:
        if _is_dicom(path):
            return deidentify(path.read_bytes(), profile, secret=secret)
        told.others += 1
    except OSError:
        told.left_out["The file cannot be opened."] += 1
    except ImageError as exc:
        # Error messages do not quote the content of a file.
        if str(exc) == DIRECTORY:
            told.directories += 1
        else:
            told.left_out[str(exc)] += 1
    return None


def _handle_text(content: bytes, *, masks: bool) -> "PixelText | None":
    """Handle text in pixels; None if it cannot be masked."""
    from hilum.deidentification.pixel_text import handle_text

    try:
        return handle_text(content, masks=masks)
    except (ImageError, TextMaskError, TextSearchError):
        return None


def _is_dicom(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(_START_BYTES)
    try:
        return identify(start) is ImageFormat.DICOM
    except UnsupportedFormatError:
        return False


def _keep(out: Path, done: "Deidentified", text: "PixelText", told: _Told) -> bool:
    """Write a file; False if that fails."""
    # File names may contain names of people: the new one is the hash of the new content.
    name = hashlib.sha256(text.content).hexdigest()[:_NAME_DIGITS]
    try:
        _write(out / f"{name}.dcm", text.content)
    except OSError as exc:
        told.stopped_by = os.strerror(exc.errno or 0)
        return False
    told.take(name, done, text)
    return True


def _write(path: Path, content: bytes) -> None:
    """Write a file completely or not at all."""
    part = path.with_suffix(".part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _files(source: Path, told: _Told) -> Iterator[Path]:
    """Files, also those behind links; other entries are counted."""
    if source.is_file():
        yield source
        return

    def leave_out(_: OSError) -> None:
        told.left_out["A folder of them cannot be opened."] += 1

    walked = os.walk(source, onerror=leave_out)
    found = [Path(folder, name) for folder, *lists in walked for name in chain(*lists)]
    for path in sorted(found):
        if path.is_file():
            yield path
        elif path.is_symlink():
            told.links += 1
        elif not path.is_dir():
            told.no_files += 1
