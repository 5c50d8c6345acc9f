"""The build's context: the files of this checkout that .dockerignore lets through."""

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath


class Context:
    """A folder with a .dockerignore, whose last matching line decides on a file.

    Parameters
    ----------
    root : Path
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        lines = (root / ".dockerignore").read_text(encoding="utf-8").splitlines()
        self._rules = [
            (not line.startswith("!"), _pattern(line.removeprefix("!")))
            for line in lines
            if line and not line.startswith("#")
        ]

    def ignores(self, name: PurePosixPath) -> bool:
        """Whether a path relative to the root is left out, by its own name or a folder's."""
        names = [str(name), *map(str, name.parents)]
        ignored = False
        for leaves_out, pattern in self._rules:
            if any(pattern.fullmatch(each) for each in names):
                ignored = leaves_out
        return ignored

    def files(self, source: str) -> Iterator[tuple[Path, PurePosixPath]]:
        """Yield each file of a COPY's source, with its path below the destination."""
        name = PurePosixPath(source)
        if (self.root / name).is_file() and not self.ignores(name):
            yield self.root / name, PurePosixPath(name.name)
        for folder, folders, files in os.walk(self.root / name):
            below = PurePosixPath(Path(folder).relative_to(self.root / name).as_posix())
            folders[:] = [each for each in folders if not self.ignores(name / below / each)]
            for each in sorted(files):
                if not self.ignores(name / below / each):
                    yield Path(folder) / each, below / each


def _pattern(line: str) -> re.Pattern[str]:
    """Translate a line of .dockerignore: ``**`` is any folders, ``*`` is within one name."""
    parts = re.split(r"(\*\*/|\*)", line)
    known = {"**/": "(.*/)?", "*": "[^/]*"}
    return re.compile("".join(known.get(part, re.escape(part)) for part in parts))
