"""Take the pictures of the page that the README and the docs show, of synthetic phantoms.

Run: ``python -m tests.e2e.screenshots`` against a service on 127.0.0.1:8000 that was started with
``HILUM_DEFAULT_MODEL=pneumonia``: a phantom shows no age, and would be read by all models.
"""

import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import FilePayload, expect, sync_playwright

from hilum.imaging.phantom import Zone, draw_phantom
from tests.e2e.conftest import BROWSER_ARGUMENTS
from tests.e2e.find_browser import find_browser
from tests.e2e.steps import open_viewer, read

ADDRESS = "http://127.0.0.1:8000"
DOCS = Path(__file__).resolve().parents[2] / "docs"
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def phantom(name: str, seed: int, opacity: Zone | None) -> FilePayload:
    """Draw a film and encode it as a JPEG."""
    pixels = np.uint8(255 * draw_phantom(1400, 1800, seed=seed, opacity=opacity))
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=90)
    return {"name": name, "mimeType": "image/jpeg", "buffer": file.getvalue()}


def main(folder: Path = DOCS) -> None:
    """Write ``page.png`` and ``page-phone.png`` into `folder`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_ARGUMENTS)
        for name, viewport in (("page", DESKTOP), ("page-phone", PHONE)):
            page = browser.new_page(viewport=viewport, color_scheme="dark")
            page.goto(ADDRESS)
            read(page, phantom("phantom.jpg", 0, "both"))
            open_viewer(page)
            expect(page.locator("canvas[data-drawn]")).to_have_count(1)
            page.screenshot(path=folder / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
