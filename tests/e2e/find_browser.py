"""Finds the Chromium that the page's tests drive; run with `--install` to fetch one if need be."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_browser() -> str | None:
    """The browser's path: by HILUM_CHROMIUM, else of this system; None for Playwright's own."""
    named = os.environ.get("HILUM_CHROMIUM")
    if named:
        return named
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def install_browser() -> int:
    """Have Playwright fetch its own Chromium, unless there is a browser already."""
    if find_browser():
        return 0
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        if Path(playwright.chromium.executable_path).is_file():
            return 0
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(install_browser() if "--install" in sys.argv[1:] else 0)
