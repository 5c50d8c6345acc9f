"""`python -m tests.fuzz`: changed inputs for every parser, and a table of what came of them."""

import argparse
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from tests.fuzz import guided
from tests.fuzz.inputs import Inputs
from tests.fuzz.run import Outcome, Plan, run
from tests.fuzz.targets import TARGETS

FOLDER = Path(".build/fuzz")
_NO_LIMIT = 10**9
_ROW = "{:17}{:>9}{:>10}{:>11}{:>10}  {}\n"


def main() -> int:
    """Run what the command line asks for: 1 where there are findings."""
    given = _arguments()
    if given.file:
        return _try_file(given.target, given.file)
    names = given.target or list(TARGETS)
    folder = given.folder / str(given.seed)
    sys.stdout.write(f"Seed {given.seed}; findings are kept in {folder}\n\n")
    failed = _show(run, _plans(given, names, given.inputs, given.seconds, folder))
    if not given.guided_seconds:
        return failed
    if not guided.is_available():
        sys.stdout.write(f"\n{guided.MISSING}\n")
        return failed
    sys.stdout.write("\nGuided by coverage:\n\n")
    plans = _plans(given, names, 0, given.guided_seconds, folder / "guided")
    return failed | _show(guided.run, plans)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=0, help="in all; 0 for no limit")
    parser.add_argument("--seconds", type=float, default=60, help="in all; 0 for no limit")
    parser.add_argument("--guided-seconds", type=float, default=60, help="by coverage; 0 for none")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="default: new")
    parser.add_argument("--target", action="append", choices=TARGETS, help="default: all")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where findings are kept")
    parser.add_argument("--file", type=Path, help="try this file alone, such as a finding's")
    return parser.parse_args()


def _plans(
    given: argparse.Namespace, names: list[str], inputs: int, seconds: float, folder: Path
) -> list[Plan]:
    """For each target its share."""
    count, share = -(-inputs // len(names)) or _NO_LIMIT, seconds / len(names) or _NO_LIMIT
    return [Plan(TARGETS[name], given.seed, count, share, folder) for name in names]


def _show(run_one: Callable[[Plan], Outcome], plans: list[Plan]) -> int:
    """Run targets and print a row for each: 1 where there are findings."""
    sys.stdout.write(_ROW.format("target", "inputs", "a second", "accepted", "findings", ""))
    inputs, failed, seconds = 0, 0, 1e-9
    for plan in plans:
        done = run_one(plan)
        share = "" if done.accepted is None else f"{done.accepted / max(done.inputs, 1):.1%}"
        speed, kinds = f"{done.inputs / done.seconds:.0f}", "; ".join(done.kinds)
        sys.stdout.write(_ROW.format(done.target, done.inputs, speed, share, done.failed, kinds))
        sys.stdout.flush()
        inputs, failed, seconds = inputs + done.inputs, failed + done.failed, seconds + done.seconds
    sys.stdout.write(_ROW.format("all", inputs, f"{inputs / seconds:.0f}", "", failed, ""))
    return int(failed > 0)


def _try_file(targets: list[str] | None, file: Path) -> int:
    """Hand a file to targets as it is; to the one that its name begins with, if none is named."""
    named = [name for name, each in TARGETS.items() if file.name.startswith(f"{each.file_name}-")]
    failed = 0
    for name in targets or named:
        found = Inputs(TARGETS[name], 0).try_one(0, file.read_bytes())
        if isinstance(found, bool):
            sys.stdout.write(f"{name}: {'accepted' if found else 'refused'}\n")
        else:
            failed = 1
            sys.stdout.write(f"{name}: {found.kind}\n{found.reason}\n")
    return failed


if __name__ == "__main__":
    sys.exit(main())
