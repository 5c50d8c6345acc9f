"""Runs a target in a process of its own, which may crash or hang: that is a finding, no end."""

import faulthandler
import logging
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import SynchronizedArray
from pathlib import Path

from tests.fuzz.inputs import PEAK_BYTES, Finding, Inputs, peak_bytes, read_findings
from tests.fuzz.target import Target

_STARTING_SECONDS = 120.0
_MOST_KEPT = 3
"""Findings of one kind that are kept; of the others, the number."""
_ADDRESS_SPACE_BYTES = 6 << 30
_POLL_SECONDS = 0.2
_IS_READY, _NUMBER, _DONE, _ACCEPTED, _FAILED = range(5)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the inputs of a target; how many were accepted, where that is counted."""

    target: str
    inputs: int
    accepted: int | None
    failed: int
    seconds: float
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which inputs to try.

    Attributes
    ----------
    target : Target
    seed : int
    inputs : int
        How many at most.
    seconds : float
        How long at most.
    folder : Path
        Where findings are kept.
    hang_seconds : float
        An input that takes longer by the clock is taken for a hang: its process is ended.
    kind_of_inputs : type of Inputs
        How they are made.
    """

    target: Target
    seed: int
    inputs: int
    seconds: float
    folder: Path
    hang_seconds: float = 30.0
    kind_of_inputs: type[Inputs] = Inputs

    @property
    def made(self) -> Inputs:
        """The inputs, which are made when they are asked for."""
        return self.kind_of_inputs(self.target, self.seed)

    @property
    def log(self) -> Path:
        """What libraries of C say of an input, and where it crashed."""
        return self.folder / f"{self.target.file_name}.log"


def run(plan: Plan) -> Outcome:
    """Try the inputs of one target, in another process after each crash."""
    started = time.monotonic()
    context = multiprocessing.get_context("spawn")
    state = context.Array("q", 5)
    while state[_NUMBER] < plan.inputs and time.monotonic() - started < plan.seconds:
        left = plan.seconds - (time.monotonic() - started)
        state[_IS_READY] = 0
        process = context.Process(target=_work, args=(plan, state, left))
        process.start()
        is_hung = not _wait(process, state, plan.hang_seconds)
        if process.exitcode:
            _note_crash(plan, state, is_hung=is_hung, status=process.exitcode)
    seconds = time.monotonic() - started
    kinds = {each.kind for each in read_findings(plan.folder) if each.target == plan.target.name}
    counts = (state[_DONE], state[_ACCEPTED], state[_FAILED])
    return Outcome(plan.target.name, *counts, seconds, tuple(sorted(kinds)))


def _wait(process: SpawnProcess, state: "SynchronizedArray[int]", hang_seconds: float) -> bool:
    """Wait for the end; where nothing is done for too long, end it: False."""
    last, since = -1, time.monotonic()
    while process.is_alive():
        process.join(_POLL_SECONDS)
        allowed = hang_seconds if state[_IS_READY] else _STARTING_SECONDS
        if state[_DONE] != last:
            last, since = state[_DONE], time.monotonic()
        elif time.monotonic() - since > allowed:
            # Its stack goes to the log.
            os.kill(process.pid or 0, signal.SIGABRT)
            process.join()
            return False
    return True


def _note_crash(plan: Plan, state: "SynchronizedArray[int]", *, is_hung: bool, status: int) -> None:
    said = plan.log.read_text("utf-8", "replace")[-4000:] if plan.log.exists() else ""
    if status > 0 or not state[_IS_READY]:
        raise RuntimeError(f"fuzzing {plan.target.name} failed with {status}: {said}")
    number, inputs = state[_NUMBER], plan.made
    kind = "hang" if is_hung else f"crash, {signal.Signals(-status).name}"
    inputs.finding(number, kind, said).keep(plan.folder, inputs.make(number))
    state[_NUMBER], state[_DONE], state[_FAILED] = number + 1, state[_DONE] + 1, state[_FAILED] + 1


def _work(plan: Plan, state: "SynchronizedArray[int]", seconds: float) -> None:
    """Try one input after the other, from where the state says; in the other process."""
    end = time.monotonic() + seconds
    logging.disable()
    plan.folder.mkdir(parents=True, exist_ok=True)
    with plan.log.open("w", encoding="utf-8") as log:
        # Libraries of C write there; and so does Python where it crashes.
        os.dup2(log.fileno(), sys.stderr.fileno())
        faulthandler.enable()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE_BYTES, _ADDRESS_SPACE_BYTES))
        inputs = plan.made
        for each in inputs.seeds:
            # Slow imports and tables of the first use, not counted.
            inputs.try_one(0, each.sound)
        state[_IS_READY] = 1
        _try_all(inputs, plan, state, end, log.fileno())


def _try_all(
    inputs: Inputs, plan: Plan, state: "SynchronizedArray[int]", end: float, log: int
) -> None:
    before, name = peak_bytes(), plan.target.name
    kept = Counter(each.kind for each in read_findings(plan.folder) if each.target == name)
    for number in range(state[_NUMBER], plan.inputs):
        if time.monotonic() > end:
            return
        os.ftruncate(log, 0)
        os.lseek(log, 0, os.SEEK_SET)
        state[_NUMBER] = number
        content = inputs.make(number)
        found = inputs.try_one(number, content)
        if is_greedy := peak_bytes() - before > PEAK_BYTES:
            more = (peak_bytes() - before) >> 20
            found = inputs.finding(number, "memory", f"{more} MB more than before")
        state[_DONE] += 1
        state[_ACCEPTED] += found is True
        if isinstance(found, Finding):
            state[_FAILED] += 1
            kept[found.kind] += 1
            if kept[found.kind] <= _MOST_KEPT:
                found.keep(plan.folder, content)
        state[_NUMBER] = number + 1
        if is_greedy:
            # A new process has a new peak.
            return
