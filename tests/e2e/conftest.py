"""The real server with the built page, a real browser, and drawn radiographs to give them."""

import io
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FilePayload,
    Page,
    expect,
    sync_playwright,
)

from hilum.imaging.phantom import Zone, draw_phantom

from .find_browser import find_browser

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "frontend" / "dist"
START_SECONDS = 60
PATIENCE_MS = 20_000
BROWSER_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    # The viewer draws by WebGL, here without a graphics card.
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # One process for all pages of a service, which has their scripts compiled.
    "--process-per-site",
]

MakeFile = Callable[..., FilePayload]
OpenPage = Callable[..., Page]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether a process ends within a tenth of a second."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=0.1)
    return process.returncode is not None


@contextmanager
def served(models: Path, log: Path, *, wait_on: str, **options: str) -> Iterator[str]:
    """The service in a process of its own, as a person starts it; its address.

    Its store is beside the log, unless the options name one.
    """
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "main:app", "--port", str(port)]
    settings = {
        "HILUM_MODELS_DIR": str(models),
        "HILUM_PAGE_DIR": str(DIST),
        "HILUM_STORE": str(log.with_suffix(".store")),
    } | options
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT / "backend",
            env=os.environ | settings,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            deadline = time.monotonic() + START_SECONDS
            while not _answers(address + wait_on):
                if _has_ended(process) or time.monotonic() > deadline:
                    pytest.fail(f"The server did not start:\n{log.read_text(errors='replace')}")
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="session")
def built_page() -> Path:
    if not (DIST / "index.html").is_file():
        pytest.fail("The page is not built: run `npm ci && npm run build` in frontend/.")
    return DIST


@pytest.fixture(scope="session")
def models_with_weights(request: pytest.FixtureRequest) -> Path:
    """The shipped bundle; in a checkout without one, the tests' bundle of random weights."""
    shipped = ROOT / "ml_model"
    if (shipped / "pneumonia" / "card.json").is_file():
        return shipped
    folder: Path = request.getfixturevalue("models_dir")
    return folder


@pytest.fixture(scope="session")
def service(
    built_page: Path, models_with_weights: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """With one model that reads whoever the patient is: drawn films have no age."""
    assert built_page
    log = tmp_path_factory.mktemp("service") / "log.txt"
    one = {"HILUM_DEFAULT_MODEL": "pneumonia"}
    with served(models_with_weights, log, wait_on="/health/ready", **one) as address:
        yield address


@pytest.fixture(scope="session")
def service_without_model(
    built_page: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    assert built_page
    folder = tmp_path_factory.mktemp("no-models")
    with served(folder, folder / "log.txt", wait_on="/health/live") as address:
        yield address


# Ends with the tests of this folder: Playwright runs an event loop in its thread, where others
# start their own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


class Windows:
    """One browser window for each service and kind of screen, whose process outlives the pages.

    To start a browser's process and compile the page's scripts takes longer than most tests.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._windows: dict[tuple[str, bool], BrowserContext] = {}

    def new_page(self, address: str, *, touch: bool) -> Page:
        if (address, touch) not in self._windows:
            window = self._browser.new_context(base_url=address, is_mobile=touch, has_touch=touch)
            # A page without scripts that stays.
            window.new_page().goto("/health/live")
            self._windows[address, touch] = window
        return self._windows[address, touch].new_page()

    def clean(self) -> None:
        """Close every page, and undo what they did to their window."""
        for window in self._windows.values():
            first, *pages = window.pages
            for page in pages:
                page.close()
            first.evaluate("localStorage.clear()")
            window.clear_cookies()
            window.clear_permissions()
            window.set_offline(False)


@pytest.fixture(scope="package")
def windows(browser: Browser) -> Windows:
    return Windows(browser)


@pytest.fixture
def open_page(windows: Windows, service: str) -> Iterator[OpenPage]:
    """Open the page as nobody did before; fails the test if the page's code failed."""
    faults: list[str] = []

    def open_at(
        path: str = "/",
        *,
        width: int = 1440,
        height: int = 900,
        scheme: Literal["light", "dark"] = "light",
        touch: bool = False,
        address: str = service,
    ) -> Page:
        page = windows.new_page(address, touch=touch)
        page.set_default_timeout(PATIENCE_MS)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        # Has the browser hand over every file chooser from the start: asked for only when one is
        # expected, it may come too late for a key press.
        page.on("filechooser", lambda _: None)
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on(
            "console",
            lambda message: (
                faults.append(message.text) if "Security Policy" in message.text else None
            ),
        )
        page.goto(path)
        return page

    yield open_at
    windows.clean()
    assert faults == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture(scope="session")
def draw_file() -> MakeFile:
    """A drawn radiograph as a file that a browser can be given."""

    def to_file(
        name: str = "phantom.jpg",
        *,
        rows: int = 700,
        columns: int = 700,
        seed: int = 1,
        opacity: Zone | None = "right_lower",
    ) -> FilePayload:
        grey = np.round(255 * draw_phantom(rows, columns, seed=seed, opacity=opacity))
        buffer = io.BytesIO()
        image_format = {"jpg": "JPEG", "png": "PNG", "tif": "TIFF"}[name.rsplit(".", 1)[1]]
        Image.fromarray(grey.astype(np.uint8)).save(buffer, image_format)
        return {"name": name, "mimeType": "application/octet-stream", "buffer": buffer.getvalue()}

    return to_file
