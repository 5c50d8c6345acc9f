"""Resource limits for one file, and the number of workers that fit into memory."""

import os
from dataclasses import dataclass
from pathlib import Path

_SHARE = 4
_SECONDS_PER_BYTE = 0.5 / 2**20
_MOST_FOR_SIZE_SECONDS = 9.0
_WAITING = 20
_LONGEST_WAIT_SECONDS = 30.0
# Threads of other workers share the processors.
_LEAST_WAITING = 3
# The largest upload.
_CONTENT_BYTES = 64 * 2**20
# Of a worker before it has a file: measured, 85 MB, of which most is shared with the others.
_BASELINE_BYTES = 64 * 2**20
_UNKNOWN_BYTES = 8 * 2**30
_CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


@dataclass(frozen=True, slots=True)
class Budget:
    """Resource limits for the work on one file.

    Attributes
    ----------
    cpu_seconds : float
        Of processor time, of all threads together, for a small file; see `seconds_for`.
    memory_bytes : int
        Above what a worker has before it gets a file.
    """

    cpu_seconds: float = 1.0
    memory_bytes: int = 512 * 2**20

    @property
    def result_bytes(self) -> int:
        """Of shared memory for the result, beside `memory_bytes`: the pixels, four bytes each."""
        return self.memory_bytes // 2

    def seconds_for(self, size_bytes: int) -> float:
        """Processor time for a file of this size: lossless JPEG 2000 takes half a second a MB.

        What size adds is bounded: bytes cost a sender nothing.
        """
        return self.cpu_seconds + min(_SECONDS_PER_BYTE * size_bytes, _MOST_FOR_SIZE_SECONDS)

    def wall_seconds_for(self, size_bytes: int) -> float:
        """When a worker is ended that waits, or that has to share its processor with many."""
        seconds = self.seconds_for(size_bytes)
        return max(min(_WAITING * seconds, _LONGEST_WAIT_SECONDS), _LEAST_WAITING * seconds)


def default_workers(most: int, budget: Budget, memory_bytes: int | None = None) -> int:
    """Choose a number of workers that together stay within a quarter of the memory.

    Parameters
    ----------
    most : int
        More are of no use.
    budget : Budget
        Of each.
    memory_bytes : int, optional
        Default: of this machine or container.

    Returns
    -------
    int
        At least 1.
    """
    total = available_bytes() if memory_bytes is None else memory_bytes
    each = _BASELINE_BYTES + _CONTENT_BYTES + budget.memory_bytes + budget.result_bytes
    fitting = total // _SHARE // each
    return max(1, min(most, fitting))


def available_bytes() -> int:
    """Memory of this machine, or of the container if that has less."""
    limits = [int(text) for path in _CGROUP_LIMITS if (text := _read(path)).isdecimal()]
    return min([_physical_bytes(), *limits])


def _physical_bytes() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError):
        # Windows does not say.
        return _UNKNOWN_BYTES


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
