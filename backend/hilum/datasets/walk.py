"""Files below a folder, without files that systems and editors create."""

import os
from collections.abc import Iterator
from pathlib import Path

_SIDE_FOLDERS = frozenset(
    {"@eadir", "@recycle", "@tmp", "#recycle", "#snapshot", "$recycle.bin", "lost+found",
     "system volume information"}
)  # fmt: skip


def is_aside(name: str) -> bool:
    """Whether a folder of this name is none of a person's.

    Parameters
    ----------
    name : str
        Of hidden ones (``.ipynb_checkpoints``), of ``__MACOSX`` and its like, and of what storage
        devices make (``@eaDir``).
    """
    return name.startswith((".", "__")) or name.lower() in _SIDE_FOLDERS


def files_below(root: Path) -> list[Path]:
    """All files below a folder, at any depth; sorted.

    Hidden ones, such as macOS's ``._film.jpeg``, and those in folders that are aside are not.
    """
    return sorted(path for path, is_left_out in _walk(root) if not is_left_out)


def files_aside(root: Path) -> list[Path]:
    """The files below a folder that `files_below` leaves out; sorted."""
    return sorted(path for path, is_left_out in _walk(root) if is_left_out)


def located(path: Path) -> Path:
    """The one path of a file: absolute, and through no link to a folder.

    A link to a file stays one: it is a file of its own, and a copy of the other.
    """
    return path.parent.resolve() / path.name


def _walk(root: Path) -> Iterator[tuple[Path, bool]]:
    for folder, _, names in os.walk(root):
        within = Path(folder).relative_to(root).parts
        is_folder_aside = any(map(is_aside, within))
        for name in names:
            yield Path(folder, name), is_folder_aside or name.startswith(".")
