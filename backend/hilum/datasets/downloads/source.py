"""Description of a public data set or public weights: files, sources, licence terms."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

Place = Callable[[PurePosixPath], PurePosixPath | None]
"""Maps an archive member's path to its path in the data set's folder, or to None to skip it."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file at its public address.

    Attributes
    ----------
    filename : str
        Name of the file on disk.
    size_bytes : int or None
        Its published size, None where none was confirmed.
    checksum : tuple of (str, str) or None
        Name of the hash algorithm and lower-case hexadecimal digest, None where none is published.
    """

    url: str
    filename: str
    size_bytes: int | None = None
    checksum: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """One place that a data set can be fetched from.

    Attributes
    ----------
    name : str
        What ``--from`` takes.
    homepage : str
        Page for people.
    archives : tuple of RemoteFile
        In the order in which ``--parts`` counts them, from 1.
    place : Place
        Where an archive's members go.
    tables : tuple of RemoteFile
        Plain files beside the pictures; the only files of a source of weights.
    """

    name: str
    homepage: str
    archives: tuple[RemoteFile, ...]
    place: Place
    tables: tuple[RemoteFile, ...] = ()
    needs_kaggle_token: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A public data set.

    Attributes
    ----------
    name : str
        Its code, and the name of its folder.
    title, licence, citation, homepage : str
        For the card of a model that is trained on it.
    layout : str
        Files in its folder, in one line.
    pictures : int
        How many radiographs the complete set is published to have; weights have none.
    origins : tuple of Origin
        The first is the default.
    """

    name: str
    title: str
    licence: str
    citation: str
    homepage: str
    layout: str
    pictures: int
    origins: tuple[Origin, ...]

    def how_to_get(self) -> str:
        """Say how to get it, in three lines, for commands that find it absent."""
        return (
            f"Download it with: hilum data {self.name} --to DIR\n"
            f"or by hand from {self.homepage} ({self.licence}).\n"
            f"Expected layout: DIR/{self.layout}"
        )
