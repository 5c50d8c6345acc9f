"""One input after the other: made from a seed number, tried, and kept where it fails."""

import gc
import json
import re
import resource
import time
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from tests.fuzz.mutate import mutate
from tests.fuzz.target import Seed, Target

CPU_SECONDS = 1.0
"""Most that an input may take."""
PEAK_BYTES = 256 << 20
"""Most memory that inputs may add to what the process had; a picture has a megapixel at most."""
_REPAIRED = 0.8
_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Finding:
    """An input that did what no input may do.

    Attributes
    ----------
    target : str
    seed, number : int
        Which input it is; see `Inputs.make`.
    kind : str
        What is wrong and where, the same for inputs with the same cause.
    reason : str
        In full.
    """

    target: str
    seed: int
    number: int
    kind: str
    reason: str

    def keep(self, folder: Path, content: bytes) -> None:
        """Write the input, and why it is kept."""
        name = f"{self.target.replace(' ', '-')}-{self.seed}-{self.number}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        (folder / f"{name}.txt").write_text(f"{self.kind}\n\n{self.reason}", encoding="utf-8")
        with (folder / "findings.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(self)) + "\n")


def read_findings(folder: Path) -> list[Finding]:
    """Read what was kept."""
    file = folder / "findings.jsonl"
    if not file.exists():
        return []
    lines = file.read_text("utf-8").splitlines()
    return [Finding(**json.loads(line)) for line in lines]


@dataclass(frozen=True)
class Inputs:
    """The inputs of a target: each follows from the seed and its number."""

    target: Target
    seed: int

    @cached_property
    def seeds(self) -> Sequence[Seed]:
        """What is changed; made once."""
        return self.target.make_seeds()

    @cached_property
    def _contents(self) -> list[bytes]:
        return [each.content for each in self.seeds]

    def make(self, number: int) -> bytes:
        """Make an input; the first ones are the files as they are."""
        if number < len(self.seeds):
            return self.seeds[number].sound
        rng = Random(f"{self.target.name} {self.seed} {number}")
        start = rng.choice(self.seeds)
        return self.change(start.content, start, rng)

    def change(self, content: bytes, start: Seed, rng: Random) -> bytes:
        """Change a file, and most times make its checksums fit again."""
        changed = mutate(content, rng, self._contents, start.split, self.target.tokens)
        if start.repair and rng.random() < _REPAIRED:
            try:
                return start.repair(changed)
            except (ArithmeticError, LookupError, ValueError):
                return changed
        return changed

    def try_one(self, number: int, content: bytes) -> Finding | bool:
        """Hand an input to the target: whether it was accepted, or what is wrong."""
        # Without what other tests have left, through which a collection would go.
        gc.freeze()
        started = time.thread_time()
        try:
            accepted = self.target.check(content)
        except Exception as exc:
            return self.finding(number, *_told(exc))
        finally:
            taken = time.thread_time() - started
            gc.unfreeze()
        if taken > CPU_SECONDS:
            return self.finding(number, "slow", f"{taken:.1f} s of CPU")
        return accepted

    def finding(self, number: int, kind: str, reason: str) -> Finding:
        """Make a finding of an input."""
        return Finding(self.target.name, self.seed, number, kind, reason)


def peak_bytes() -> int:
    """Most memory that this process has had."""
    if _STATUS.exists():
        # What the system counts as `ru_maxrss` begins with the peak of the parent process.
        found = re.search(r"VmHWM:\s+(\d+)", _STATUS.read_text("ascii"))
        return 1024 * int(found[1]) if found else 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _told(exc: BaseException) -> tuple[str, str]:
    frames: list[Any] = traceback.extract_tb(exc.__traceback__)
    ours = [each for each in frames if "/hilum/" in each.filename] or frames
    last, reached = ours[-1], frames[-1]
    kind = f"{type(exc).__name__} at {Path(last.filename).name}:{last.lineno}"
    if reached is not last:
        kind += f" in {reached.name}"
    if isinstance(exc, AssertionError):
        kind = f"AssertionError: {reached.line}"
    return kind, "".join(traceback.format_exception(exc))
