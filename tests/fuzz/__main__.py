"""`python -m tests.fuzz`: mutated inputs for every parser, and a table of what came of them."""

import argparse
import secrets
import sys
from pathlib import Path

from tests.fuzz import guided
from tests.fuzz.inputs import Inputs
from tests.fuzz.run import Outcome, Plan, run
from tests.fuzz.targets import TARGETS

FOLDER = Path(".build/fuzz")
_NO_LIMIT = 10**9


def main() -> int:
    """Run what the command line asks for: 1 where there are findings."""
    given = _arguments()
    if given.file:
        return _try_file(given.target, given.file)
    names = given.target or list(TARGETS)
    sys.stdout.write(f"Seed {given.seed}; findings go to {given.folder}\n\n")
    outcomes = _mutated(given, names)
    _show(outcomes)
    if given.guided_seconds:
        outcomes += _guided(given, names)
    return int(any(each.failed for each in outcomes))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=0, help="in all; 0 for no limit")
    parser.add_argument("--seconds", type=float, default=60, help="in all; 0 for no limit")
    parser.add_argument("--guided-seconds", type=float, default=0, help="by coverage (Atheris)")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="default: new")
    parser.add_argument("--target", action="append", choices=TARGETS, help="default: all")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where findings are kept")
    parser.add_argument("--file", type=Path, help="try this file alone, such as a finding's")
    return parser.parse_args()


def _mutated(given: argparse.Namespace, names: list[str]) -> list[Outcome]:
    return [
        run(
            Plan(
                target=TARGETS[name],
                seed=given.seed,
                inputs=-(-given.inputs // len(names)) if given.inputs else _NO_LIMIT,
                seconds=given.seconds / len(names) if given.seconds else _NO_LIMIT,
                folder=given.folder,
            )
        )
        for name in names
    ]


def _guided(given: argparse.Namespace, names: list[str]) -> list[Outcome]:
    if not guided.is_available():
        sys.stdout.write(f"\n{guided.MISSING}\n")
        return []
    sys.stdout.write("\nGuided by coverage:\n\n")
    share = given.guided_seconds / len(names)
    plans = [
        Plan(TARGETS[name], given.seed, _NO_LIMIT, share, given.folder / "guided") for name in names
    ]
    outcomes = [guided.run(plan) for plan in plans]
    _show(outcomes)
    return outcomes


def _show(outcomes: list[Outcome]) -> None:
    row = "{:17}{:>9}{:>10}{:>11}{:>10}  {}\n"
    lines = [row.format("target", "inputs", "a second", "accepted", "findings", "")]
    for each in outcomes:
        speed, share = each.inputs / each.seconds, each.accepted / max(each.inputs, 1)
        lines.append(
            row.format(each.target, each.inputs, f"{speed:.0f}", f"{share:.1%}", each.failed,
                       "; ".join(each.kinds))
        )  # fmt: skip
    inputs, failed = sum(each.inputs for each in outcomes), sum(each.failed for each in outcomes)
    speed = inputs / max(sum(each.seconds for each in outcomes), 1e-9)
    lines.append(row.format("all", inputs, f"{speed:.0f}", "", failed, ""))
    sys.stdout.write("".join(lines))


def _try_file(targets: list[str] | None, file: Path) -> int:
    """Hand a file to a target as it is."""
    failed = 0
    for name in targets or [name for name in TARGETS if file.name.startswith(name)]:
        found = Inputs(TARGETS[name], 0).try_one(0, file.read_bytes())
        is_sound = isinstance(found, bool)
        failed |= not is_sound
        words = ("accepted" if found else "refused") if is_sound else found.reason
        sys.stdout.write(f"{name}: {words}\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
