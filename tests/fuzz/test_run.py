"""What an input does to the process that it is tried in is a finding, and the others are tried."""

import os
import signal
import time

import numpy as np

from tests.fuzz import inputs
from tests.fuzz.inputs import PEAK_BYTES, Inputs, read_findings
from tests.fuzz.run import Plan, run
from tests.fuzz.target import Seed, Target

LETTERS = b"acfghmrs"


def _seeds() -> list[Seed]:
    return [Seed(b"a"), Seed(b"r")]


def _check(content: bytes) -> bool:
    """Do what the first letter says."""
    match content[:1]:
        case b"c":
            os.kill(os.getpid(), signal.SIGSEGV)
        case b"f":
            raise ValueError("not documented")
        case b"h":
            time.sleep(60)
        case b"m":
            np.ones(PEAK_BYTES + (32 << 20), np.uint8)
    return content[:1] == b"a"


class Letters(Inputs):
    """One input for each letter."""

    def make(self, number: int) -> bytes:
        return LETTERS[number : number + 1]


def test_a_crash_a_hang_and_whatever_is_raised_are_findings_and_do_not_end_the_run(tmp_path):
    target = Target("letters", _seeds, _check)
    plan = Plan(target, 1, len(LETTERS), 60, tmp_path, hang_seconds=5, kind_of_inputs=Letters)
    outcome = run(plan)
    assert (outcome.inputs, outcome.accepted, outcome.failed) == (len(LETTERS), 1, 4)
    found = {each.number: each.kind for each in read_findings(tmp_path)}
    assert found.keys() == {LETTERS.index(each) for each in b"cfhm"}
    assert found[LETTERS.index(b"c")] == "crash, SIGSEGV"
    assert found[LETTERS.index(b"f")].startswith("ValueError at test_run.py")
    assert found[LETTERS.index(b"h")] == "hang"
    assert found[LETTERS.index(b"m")] == "memory"
    assert (tmp_path / f"letters-1-{LETTERS.index(b'f')}").read_bytes() == b"f"
    stack = (tmp_path / f"letters-1-{LETTERS.index(b'h')}.txt").read_text("utf-8")
    assert "test_run.py" in stack


def _busy(_content: bytes) -> bool:
    end = time.process_time() + 0.05
    while time.process_time() < end:
        pass
    return True


def test_an_input_that_takes_long_is_a_finding(monkeypatch):
    monkeypatch.setattr(inputs, "CPU_SECONDS", 0.04)
    found = Inputs(Target("busy", _seeds, _busy), 1).try_one(0, b"")
    assert not isinstance(found, bool)
    assert found.kind == "slow"


def test_an_input_follows_from_the_seed_and_its_number():
    target = Target("letters", lambda: [Seed(bytes(range(250)))], _check)
    first, again, other = (
        [Inputs(target, seed).make(number) for number in range(1, 50)] for seed in (1, 1, 2)
    )
    assert first == again
    assert len({*first, *other}) > 0.9 * (len(first) + len(other))
