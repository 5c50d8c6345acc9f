"""Checks of a page that is shown: for screen readers and contrast by axe, for phones by width."""

from functools import cache

from playwright.sync_api import Page, expect

from .conftest import ROOT


@cache
def _axe() -> str:
    path = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
    return path.read_text(encoding="utf-8")


def check_with_axe(page: Page) -> None:
    """Nothing serious, in light and in dark."""
    page.evaluate(_axe())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
        violations = page.evaluate("async () => (await axe.run(document)).violations")
        serious = [
            f"{found['id']}: {found['help']}: {[node['target'] for node in found['nodes']]}"
            for found in violations
            if found["impact"] in {"serious", "critical"}
        ]
        assert serious == [], scheme


def check_on_a_phone(page: Page) -> None:
    """No sideways scrolling, at the widths of common phones."""
    for width in (375, 360):
        page.set_viewport_size({"width": width, "height": 812})
        assert page.evaluate("document.documentElement.scrollWidth") == width
