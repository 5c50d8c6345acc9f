"""List the packages whose newest release is older than two years: ``make release-dates``.

Asks the registry, through uv, for the newest release of each package in constraints.txt.
`docs/security.md` says of each that it lists why it is kept.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
UNMAINTAINED_AFTER = timedelta(days=730)


def newest_releases(names: set[str]) -> dict[str, datetime]:
    """Ask when the newest release of each package that installs on Python 3.11 was uploaded."""
    with tempfile.TemporaryDirectory() as folder:
        asked, answer = Path(folder, "names.in"), Path(folder, "pylock.toml")
        asked.write_text("\n".join(names), encoding="utf-8")
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-deps"]
        command += ["--universal", "--python-version", "3.11", "--output-file", str(answer)]
        subprocess.run([*command, str(asked)], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        packages = tomllib.loads(answer.read_text(encoding="utf-8"))["packages"]
    return {each["name"]: _uploaded(each) for each in packages}


def _uploaded(package: dict[str, Any]) -> datetime:
    files = [*package.get("wheels", ()), *filter(None, [package.get("sdist")])]
    return max(file["upload-time"] for file in files)


def main() -> None:
    """Print the packages, the oldest first."""
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    names = set(re.findall(r"^([\w.-]+)==", constraints, flags=re.MULTILINE))
    releases = newest_releases(names)
    for name, uploaded in sorted(releases.items(), key=lambda each: each[1]):
        if datetime.now(UTC) - uploaded > UNMAINTAINED_AFTER:
            sys.stdout.write(f"{uploaded:%Y-%m-%d}  {name}\n")


if __name__ == "__main__":
    main()
