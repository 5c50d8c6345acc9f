"""A PostgreSQL server of its own for the tests."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

# Debian keeps it apart for each version.
_DEBIANS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
INITDB = shutil.which("initdb") or next((str(each / "initdb") for each in _DEBIANS), None)

_OWNER = "postgres"


@contextmanager
def server() -> Iterator[Callable[[], str]]:
    """Start one, reached by a socket alone; gives a function that makes a database, for its URL."""
    assert INITDB is not None
    programs = Path(INITDB).resolve().parent
    # A socket's address is short: pytest's folders would be too deep.
    folder = Path(mkdtemp(prefix="pg-", dir="/tmp"))
    # It refuses to run as root, as containers do.
    as_owner = ["runuser", "-u", _OWNER, "--"] if os.geteuid() == 0 else []
    if as_owner:
        shutil.chown(folder, _OWNER)

    def run(program: str, *arguments: str) -> None:
        command = [*as_owner, str(programs / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)

    data = str(folder / "data")
    numbers = count()

    def new_database() -> str:
        name = f"hilum{next(numbers)}"
        run("createdb", "-h", str(folder), "-U", _OWNER, name)
        return f"postgresql+psycopg://{_OWNER}@/{name}?host={folder}"

    try:
        run("initdb", "-D", data, "-A", "trust", "-U", _OWNER)
        settings = f"-c listen_addresses='' -c fsync=off -k {folder}"
        run("pg_ctl", "-D", data, "-o", settings, "-l", str(folder / "log"), "-w", "start")
        try:
            yield new_database
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
