"""What a target of fuzzing is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.fuzz.mutate import Split


@dataclass(frozen=True, slots=True)
class Seed:
    """A file to be changed.

    Attributes
    ----------
    content : bytes
    split : callable or None
        Takes it apart into the pieces of its format.
    repair : callable or None
        Makes checksums and compression fit again after a change; done for most inputs.
    """

    content: bytes
    split: Split | None = None
    repair: Callable[[bytes], bytes] | None = None

    @property
    def sound(self) -> bytes:
        """The file itself, as it is read."""
        return self.repair(self.content) if self.repair else self.content


@dataclass(frozen=True, slots=True)
class Target:
    """A parser of what others send.

    Attributes
    ----------
    name : str
    make_seeds : callable
        Makes the inputs that mutation starts from.
    check : callable
        Takes an input; True where it was accepted, False where it was refused with a documented
        error. Whatever it raises is a finding.
    tokens : sequence of bytes
        Words of a grammar, to be put in.
    """

    name: str
    make_seeds: Callable[[], Sequence[Seed]]
    check: Callable[[bytes], bool]
    tokens: Sequence[bytes] = ()

    @property
    def file_name(self) -> str:
        """The name without spaces."""
        return self.name.replace(" ", "-")
