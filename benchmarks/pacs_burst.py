"""A burst by C-STORE with a kill -9 in the middle: what was acknowledged, read and sent back.

Run: ``python -m benchmarks.pacs_burst``. `hilum listen` runs as a process of its own with the
shipped models. Four associations send 500 drawn films of 1000 x 800 pixels at once; when 150 are
acknowledged the process is killed, started again, and everything is sent again. All that is held
and sent by default is made of each film: seven forms to be held, four to be sent.
"""

import argparse
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table
from tests.pacs.burst import burst
from tests.pacs.films import film


def main() -> None:
    """Run it and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--films", type=int, default=500)
    parser.add_argument("--associations", type=int, default=4)
    given = parser.parse_args()
    films = [film(number, rows=1000, columns=800) for number in range(given.films)]
    with tempfile.TemporaryDirectory() as folder:
        done = burst(
            films,
            Path(folder),
            associations=given.associations,
            killed_after=given.films * 3 // 10,
            settings={},
            seconds=7200,
        )
    table = Table("", "", title=f"{given.films} films, {given.associations} associations")
    for name, value in vars(done).items():
        if name not in {"studies", "log"}:
            table.add_row(name.replace("_", " "), f"{value:.1f}" if value % 1 else str(int(value)))
    table.add_row("seconds a film", f"{done.seconds_in_all / given.films:.2f}")
    Console().print(table)
    lost = given.films - len(done.studies)
    raise SystemExit(f"{lost} films lost" if lost or done.read_more_than_once else 0)


if __name__ == "__main__":
    main()
