"""Inputs that are kept and changed further where they reach new code, by Atheris (libFuzzer)."""

import logging
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fuzz.inputs import Inputs
    from tests.fuzz.run import Outcome, Plan

MISSING = (
    "Atheris is not installed, so nothing was fuzzed by coverage. On Linux x86-64: "
    "pip install '.[fuzz]'"
)
# Whose branches are counted: the parsers, and those in Python that they use.
_INSTRUMENTED = ["hilum", "pydicom", "python_multipart"]
_MOST_KEPT = 3
_LARGEST_INPUT_BYTES = 64 << 10
# Instrumenting takes long where others use the machine.
_ENDING_SECONDS = 600


def is_available() -> bool:
    """Whether Atheris is installed."""
    return find_spec("atheris") is not None


def run(plan: "Plan") -> "Outcome":
    """Fuzz one target in another process, again after each crash."""
    from tests.fuzz.inputs import read_findings
    from tests.fuzz.run import Outcome

    started, executed = time.monotonic(), 0
    while (left := plan.seconds - (time.monotonic() - started)) > 1:
        command = [sys.executable, "-m", "tests.fuzz.guided", plan.target.name, str(plan.seed),
                   str(plan.folder), str(int(left) or 1)]  # fmt: skip
        done = subprocess.run(
            command, capture_output=True, check=False, timeout=left + _ENDING_SECONDS
        )
        log = done.stderr.decode("utf-8", "replace")
        found = re.findall(r"number_of_executed_units: (\d+)", log) or re.findall(r"#(\d+)\t", log)
        executed += int(found[-1]) if found else 0
        if not done.returncode:
            break
        if not found:
            raise RuntimeError(f"fuzzing {plan.target.name} failed: {log[-2000:]}")
        plan.folder.mkdir(parents=True, exist_ok=True)
        (plan.folder / f"{plan.target.file_name}.log").write_text(log[-20_000:], encoding="utf-8")
    kept = [each for each in read_findings(plan.folder) if each.target == plan.target.name]
    crashes = list(plan.folder.glob(f"{plan.target.file_name}-crash-*"))
    kinds = sorted({each.kind for each in kept} | {each.name for each in crashes})
    seconds = time.monotonic() - started
    return Outcome(
        plan.target.name, executed, None, len(kept) + len(crashes), seconds, tuple(kinds)
    )


def _main(name: str, seed: int, folder: Path, seconds: int) -> None:
    import atheris

    logging.disable()
    with atheris.instrument_imports(include=_INSTRUMENTED):
        from tests.fuzz.inputs import Inputs, read_findings
        from tests.fuzz.targets import TARGETS

    target = TARGETS[name]
    inputs = Inputs(target, seed)
    corpus = folder / f"{target.file_name}-corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, each in enumerate(inputs.seeds):
        (corpus / f"seed-{number}").write_bytes(each.sound)
    kept: Counter[str] = Counter()
    numbers = count(len(read_findings(folder)))

    def try_one(content: bytes) -> None:
        found = inputs.try_one(0, content)
        if isinstance(found, bool):
            return
        kept[found.kind] += 1
        if kept[found.kind] <= _MOST_KEPT:
            replace(found, number=next(numbers)).keep(folder, content)

    atheris.Setup(
        [
            "fuzz",
            str(corpus),
            f"-seed={seed}",
            f"-max_total_time={seconds}",
            f"-max_len={_LARGEST_INPUT_BYTES}",
            "-timeout=10",
            "-rss_limit_mb=2048",
            f"-artifact_prefix={folder}/{target.file_name}-crash-",
            "-print_final_stats=1",
            # What libraries of C write of each damaged file is much.
            "-close_fd_mask=2",
        ],
        try_one,
        custom_mutator=_mutator(inputs),
    )
    atheris.Fuzz()


def _mutator(inputs: "Inputs"):
    """Change as the mutator does, by pieces of the format, or as libFuzzer does."""
    import atheris

    def change(content: bytes, max_size: int, seed: int) -> bytes:
        rng = Random(seed)
        if rng.random() < 0.5:
            return atheris.Mutate(content, max_size)
        return inputs.change(content, rng.choice(inputs.seeds), rng)[:max_size]

    return change


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
